package replication

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/event"
)

var seeds = flag.Int("seeds", 150, "how many stories TestNoHistoryNamesTwoDataSets plays")

// TestNoHistoryNamesTwoDataSets plays random stories: writes, cuts, promotions, slow snapshots and
// loads. At every step two nodes at the same offset of the same history must hold the same data,
// and no acknowledgement may be ahead of what was executed; in the end all must agree.
func TestNoHistoryNamesTwoDataSets(t *testing.T) {
	for seed := range *seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			play(t, uint64(seed), Mutants{})
		})
	}
}

// play plays one story.
func play(t tester, seed uint64, mutants Mutants) {
	l := newLab(t, 4)
	for _, n := range l.nodes {
		n.cfg.Mutants = mutants
	}
	s := story{lab: l, rng: rand.New(rand.NewPCG(seed, 1)), seen: map[string]string{}}
	l.chunk = s.rng.IntN(3) * 5
	for range 150 {
		s.step()
		l.settle()
		s.check()
	}
	s.heal()
	l.agree(l.nodes...)
}

// witness is a tester that ends a story at its first failure.
type witness struct{ seen string }

func (w *witness) Errorf(format string, args ...any) { w.seen = fmt.Sprintf(format, args...) }
func (w *witness) FailNow()                          { panic(w) }
func (w *witness) Fatal(args ...any)                 { panic(fmt.Sprint(args...)) }
func (w *witness) Helper()                           {}

// TestStoriesNoticeMutants requires that the stories fail under every mutant they can show.
func TestStoriesNoticeMutants(t *testing.T) {
	for _, tt := range []struct {
		name    string
		mutants Mutants
	}{
		{"second offset plus one", Mutants{SecondOffsetPlusOne: true}},
		{"backlog off by one", Mutants{BacklogOffByOne: true}},
		{"replid kept on promote", Mutants{ReplidKeptOnPromote: true}},
		{"ack before apply", Mutants{AckBeforeApply: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			noticed := false
			for seed := uint64(0); seed < 50 && !noticed; seed++ {
				func() {
					defer func() { noticed = recover() != nil }()
					play(&witness{}, seed, tt.mutants)
				}()
			}
			require.True(t, noticed)
		})
	}
}

type story struct {
	*lab
	rng  *rand.Rand
	n    int
	seen map[string]string // history and offset -> data
}

func (s *story) any() *peerNode { return s.nodes[s.rng.IntN(len(s.nodes))] }

func (s *story) step() {
	n := s.any()
	switch s.rng.IntN(14) {
	case 0:
		if m := s.any(); m != n {
			n.SetMaster(s.now, "127.0.0.1", m.port)
		}
	case 1:
		if !n.Loading() {
			n.Promote(s.now)
		}
	case 2:
		if p := s.open(); p != nil {
			s.hangup(p, nil)
		}
	case 3:
		if p := s.open(); p != nil && !p.frozen {
			p.budget, p.stall = s.rng.IntN(120)+1, s.rng.IntN(2) == 0
		}
	case 4:
		n.slow, n.slowLoad = s.rng.IntN(2) == 0, s.rng.IntN(3) == 0
	case 5:
		s.finishAll()
	case 6:
		s.run(time.Duration(s.rng.IntN(30)) * 100 * time.Millisecond)
	case 7:
		n.RequestAcks()
	case 8:
		for _, p := range s.pipes {
			s.thaw(p)
		}
	default:
		s.write(n)
	}
}

// open returns one of the connections there are.
func (s *story) open() *pipe {
	s.pipes = slices.DeleteFunc(s.pipes, func(p *pipe) bool { return p.closed })
	if len(s.pipes) == 0 {
		return nil
	}
	return s.pipes[s.rng.IntN(len(s.pipes))]
}

// write changes n's data, if it is a master: one effect or a transaction of two.
func (s *story) write(n *peerNode) {
	if !n.IsMaster() {
		return
	}
	s.n++
	pairs := []string{fmt.Sprint("k", s.rng.IntN(5)), fmt.Sprint(s.n)}
	if s.rng.IntN(3) == 0 {
		pairs = append(pairs, "both", fmt.Sprint(s.n))
	}
	n.set(pairs...)
}

func (s *story) finishAll() {
	for _, n := range s.nodes {
		n.slow, n.slowLoad = false, false
		n.finish(s.now)
		if n.loading != nil {
			n.load(s.now)
		}
	}
	s.settle()
}

// check compares every node with all that was ever seen at its place in its history. A master
// without a backlog has a history nobody else can know, and its offset stands still.
func (s *story) check() {
	for _, n := range s.nodes {
		if n.Loading() || n.log == nil {
			continue
		}
		place := fmt.Sprint(n.id, " ", n.offset)
		if data, ok := s.seen[place]; ok {
			require.Equal(s.t, data, n.dump(), "node %d at %s", n.port, place)
		}
		s.seen[place] = n.dump()
		for _, r := range n.replicas {
			if peer := s.node(r.port); peer.id == n.id && !peer.Loading() {
				require.LessOrEqual(s.t, r.ack, peer.offset, "acknowledged by %d", peer.port)
			}
			require.LessOrEqual(s.t, r.ack, n.offset, "acknowledged to %d", n.port)
		}
		s.checkEvents(n)
	}
}

// checkEvents requires that a new master shares with its former history what it had executed.
func (s *story) checkEvents(n *peerNode) {
	var renamed event.ReplIDChanged
	for _, e := range n.events {
		switch e := e.(type) {
		case event.ReplIDChanged:
			renamed = e
		case event.MasterMode:
			require.Equal(s.t, renamed.New, e.ReplID)
			require.Equal(s.t, renamed.Offset+1, e.Second)
		}
	}
	n.events = nil
}

func (s *story) heal() {
	s.finishAll()
	for _, p := range slices.Clone(s.pipes) {
		s.thaw(p)
	}
	s.nodes[0].Promote(s.now)
	for _, n := range s.nodes[1:] {
		n.SetMaster(s.now, "127.0.0.1", s.nodes[0].port)
	}
	s.settle()
	s.write(s.nodes[0])
	s.run(15 * time.Second)
	s.finishAll()
	s.run(3 * time.Second)
}
