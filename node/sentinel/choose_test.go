package sentinel

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/event"
)

func TestTheBestReplicaIsChosen(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	for _, row := range []struct {
		name string
		set  func(m *master, a, b *instance)
		want string // "a", "b", "" for nobody
		why  event.Reason
	}{
		{"the lower priority", func(_ *master, a, b *instance) { a.info.priority, b.info.offset = 10, 1<<40 }, "a", ""},
		{"then the larger offset", func(_ *master, _, b *instance) { b.info.offset = 2 }, "b", ""},
		{"then the smaller run id", func(_ *master, a, b *instance) { a.runID, b.runID = "FF", "aa" }, "b", ""},
		{"a missing run id is last", func(_ *master, a, _ *instance) { a.runID = "" }, "b", ""},
		{"priority 0 is never chosen", func(_ *master, a, b *instance) { a.info.priority, b.info.priority = 0, 500 }, "b", event.PriorityZero},
		{"one held for down", func(_ *master, a, _ *instance) { a.flags.set(flagSDown) }, "b", event.IsSDown},
		{"one without a connection", func(_ *master, a, _ *instance) { a.link.cmd = nil }, "b", event.IsDisconnected},
		{"one that does not answer", func(_ *master, a, _ *instance) { a.link.answered = now.Add(-5001 * time.Millisecond) }, "b", event.PingTooOld},
		{"one that answered lately", func(_ *master, a, _ *instance) { a.link.answered = now.Add(-5 * time.Second) }, "a", ""},
		{"one without INFO", func(_ *master, a, _ *instance) { a.info.at = time.Time{} }, "b", event.InfoTooOld},
		{"an old INFO while the master is well", func(_ *master, a, _ *instance) { a.info.at = now.Add(-30001 * time.Millisecond) }, "b", event.InfoTooOld},
		{"an INFO of 30 s while the master is well", func(_ *master, a, _ *instance) { a.info.at = now.Add(-30 * time.Second) }, "a", ""},
		{"an INFO of 6 s while the master is down", func(m *master, a, _ *instance) { m.markDown(now, 0); a.info.at = now.Add(-6 * time.Second) }, "b", event.InfoTooOld},
		{"a link that is down for long", func(_ *master, a, _ *instance) { a.info.linkDown = 21 * time.Second }, "b", event.LinkDownLong},
		{"a link that is down as long as the master", func(m *master, a, _ *instance) { m.markDown(now, time.Minute); a.info.linkDown = 80 * time.Second }, "a", ""},
		{"a link that is down longer than the master", func(m *master, a, _ *instance) { m.markDown(now, time.Minute); a.info.linkDown = 81 * time.Second }, "b", event.LinkDownLong},
		{"one that never had a link", func(_ *master, a, _ *instance) { a.info.linkDown = -time.Second }, "a", ""},
		{"one that is not announced", func(_ *master, a, _ *instance) { a.info.hidden, a.info.priority = true, 1 }, "a", ""},
		{"nobody", func(_ *master, a, b *instance) { a.info.priority, b.info.priority = 0, 0 }, "", event.PriorityZero},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := &Sentinel{now: now, periods: defaultPeriods()}
			m := s.newMaster("mymaster", s.addressOf("127.0.0.1", 7000), 1)
			m.downAfter = 2 * time.Second
			a, b := fitReplica(s, m, 7001), fitReplica(s, m, 7002)
			a.runID, b.runID = idA, idB
			row.set(m, a, b)
			var reasons []event.Reason
			got := s.choose(m, func(_ *instance, why event.Reason, _ string) { reasons = append(reasons, why) })
			require.Same(t, map[string]*instance{"a": a, "b": b, "": nil}[row.want], got)
			if row.why != "" {
				require.Equal(t, row.why, reasons[0])
			} else {
				require.Empty(t, reasons)
			}
		})
	}
}

// fitReplica is a replica that may be promoted.
func fitReplica(s *Sentinel, m *master, port int) *instance {
	r := s.addReplica(m, s.addressOf("127.0.0.1", port))
	r.info.at = s.now
	r.link.cmd, r.link.sub = &conn{open: true}, &conn{open: true}
	return r
}

// markDown makes a master one that has been down for d.
func (m *master) markDown(now time.Time, d time.Duration) {
	m.flags.set(flagSDown)
	m.sDownSince = now.Add(-d)
}
