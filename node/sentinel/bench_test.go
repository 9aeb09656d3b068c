package sentinel

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// BenchmarkTick is a tick of a Sentinel that watches a hundred masters, each with two replicas and
// two other Sentinels, and can reach none of them.
func BenchmarkTick(b *testing.B) {
	s, err := New(Config{Port: 26379}, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		b.Fatal(err)
	}
	now := time.Unix(1_800_000_000, 0)
	s.Cron(now)
	for i := range 100 {
		m := s.monitor(fmt.Sprintf("m%d", i), s.addressOf("127.0.0.1", 10000+i), 2)
		s.addReplica(m, s.addressOf("127.0.0.1", 20000+i))
		s.addReplica(m, s.addressOf("127.0.0.1", 30000+i))
		s.share(s.addSentinel(m, s.addressOf("127.0.0.1", 26001), idA))
		s.share(s.addSentinel(m, s.addressOf("127.0.0.1", 26002), idB))
	}
	s.BeforeSleep(now)
	for b.Loop() {
		now = now.Add(100 * time.Millisecond)
		s.BeforeSleep(now)
	}
}
