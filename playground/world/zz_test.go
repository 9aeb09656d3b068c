package world
import ("testing";"time";"fmt";"clusterplay/node/slot")
func TestZZ(t *testing.T) {
	seed := uint64(171)
	var load *Workload
	testHook = func(l *Workload) { load = l }
	Episode(Config{Seed: seed}, PlanOf(seed, 2*time.Second), nil, func(w *World) {
		for _, x := range load.Writes { if x.Outcome == Acked && x.Seen == 0 { sl := slot.OfString(load.keys[x.Key]); if w.fates.explain(sl, x.By, x.AckedAt) == Unexplained { fmt.Println(x.N, load.keys[x.Key], sl, "sent", x.At, "acked", x.AckedAt, "by", x.By) } } }
	})
}
var _ = testHook
