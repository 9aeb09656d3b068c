package sentinel

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// mutantCases has, for each deliberate fault, a situation in which the sound machine and the mutant
// differ.
var mutantCases = []struct {
	name     string
	switchOn func(*Mutants)
	differs  func(t *testing.T, m Mutants) bool // the unsound thing happened
}{
	{"a vote is not kept", func(m *Mutants) { m.VoteNotPersisted = true }, func(t *testing.T, m Mutants) bool {
		_, h := mutated(t, m)
		h.ask(7000, 5, idA)
		saves := h.saves
		h.mymaster().vote = vote{}
		h.ask(7000, 5, idB)
		return h.saves == saves
	}},
	{"two votes in an epoch", func(m *Mutants) { m.DoubleVote = true }, func(t *testing.T, m Mutants) bool {
		_, h := mutated(t, m)
		h.ask(7000, 5, idA)
		return h.ask(7000, 5, idB) == answer(false, idB, 5)
	}},
	{"a minority elects", func(m *Mutants) { m.MajorityIgnored = true }, func(t *testing.T, m Mutants) bool {
		w, h := mutated(t, m)
		for port := 26001; port < 26005; port++ {
			w.peer(port).says(h, 0, 0, 7000)
		}
		w.nodes[0].die()
		w.run(5 * time.Second)
		return h.has("+elected-leader")
	}},
	{"the dead do not vote", func(m *Mutants) { m.DeadVotersForgotten = true }, func(t *testing.T, m Mutants) bool {
		w, h := mutated(t, m)
		for port := 26001; port < 26005; port++ {
			p := w.peer(port)
			p.says(h, 0, 0, 7000)
			p.dead = true
		}
		w.run(10 * time.Second)
		w.nodes[0].die()
		w.run(5 * time.Second)
		return h.has("+elected-leader")
	}},
	{"any hello is believed", func(m *Mutants) { m.ConfigEpochUnchecked = true }, func(t *testing.T, m Mutants) bool {
		w, h := mutated(t, m)
		p := w.peer(26001)
		p.says(h, 5, 5, 7000)
		p.says(h, 4, 4, 7001)
		return h.mymaster().addr.port == 7001
	}},
	{"the word of the silent is kept", func(m *Mutants) { m.ODownForever = true }, func(t *testing.T, m Mutants) bool {
		w, h := mutated(t, m)
		h.mymaster().quorum = 2
		p := w.peer(26001)
		p.votes = grants
		p.says(h, 0, 0, 7000)
		w.nodes[1].priority, w.nodes[2].priority = 0, 0
		w.nodes[0].die()
		h.wait("+odown")
		p.dead = true
		for _, wr := range h.wires {
			if wr.to == resident(p) {
				wr.hangup()
			}
		}
		w.run(20 * time.Second)
		return !h.has("-odown")
	}},
	{"timers are always trusted", func(m *Mutants) { m.TiltIgnored = true }, func(t *testing.T, m Mutants) bool {
		w, h := mutated(t, m)
		h.frozen = true
		w.nodes[0].die()
		w.run(5 * time.Second)
		h.thaw()
		w.run(5 * time.Second)
		return h.has("+sdown")
	}},
	{"priority 0 is a priority", func(m *Mutants) { m.PriorityZeroEligible = true }, func(t *testing.T, m Mutants) bool {
		w, h := mutated(t, m)
		w.nodes[1].priority, w.nodes[2].priority = 0, 0
		w.run(11 * time.Second)
		w.nodes[0].die()
		w.run(5 * time.Second)
		return h.has("+selected-slave")
	}},
	{"data does not matter", func(m *Mutants) { m.OffsetIgnored = true }, func(t *testing.T, m Mutants) bool {
		w, h := mutated(t, m)
		w.nodes[2].offset = 5000
		w.run(11 * time.Second)
		w.nodes[0].die()
		h.wait("+selected-slave")
		return h.mymaster().failover.promoted.addr.port == 7001
	}},
	{"one attempt after the other", func(m *Mutants) { m.NoFailoverSpacing = true }, func(t *testing.T, m Mutants) bool {
		w, h := mutated(t, m)
		w.nodes[1].priority, w.nodes[2].priority = 0, 0
		w.run(11 * time.Second)
		w.nodes[0].die()
		w.run(5 * time.Second)
		return len(h.heard("+try-failover")) > 1
	}},
}

// mutated is a settled group with one Sentinel that has a fault.
func mutated(t *testing.T, m Mutants) (*town, *house) {
	return alone(t, func(s *Sentinel) { s.cfg.Mutants = m })
}

func TestEachMutantIsNoticed(t *testing.T) {
	for _, row := range mutantCases {
		t.Run(row.name, func(t *testing.T) {
			var m Mutants
			require.False(t, row.differs(t, m), "the sound machine does it too")
			row.switchOn(&m)
			require.True(t, row.differs(t, m), "the mutant does not")
		})
	}
}
