package cluster

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/bus"
	"clusterplay/node/slot"
)

// TestEveryMutantMisbehaves shows for each deliberate fault a situation in which the sound machine
// and the mutant differ. A mutant that changes nothing would prove nothing about the tests.
func TestEveryMutantMisbehaves(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	vote := func(s *State) bool {
		s.find(idC).primary.set(bus.Failed, true)
		p := bus.Packet{Header: bus.Header{CurrentEpoch: s.currentEpoch, ConfigEpoch: 99, Slots: new(bus.Slots)}}
		s.receiveAuthRequest(now, &inbox{sender: s.find(idC), packet: p})
		return s.lastVote == s.currentEpoch
	}
	replica := func(s *State) {
		s.dropAllSlots(now, s.myself, "removed")
		s.follow(now, s.find(idB), "replicate")
		s.countMasters()
	}
	ack := func(s *State, epoch Epoch) {
		s.receiveAuthAck(&inbox{sender: s.find(idB), packet: bus.Packet{Header: bus.Header{CurrentEpoch: epoch}}})
	}
	claim := func(s *State, sl slot.Slot) {
		var set slot.Set
		set.Add(sl)
		s.applyClaim(now, &claim{by: s.find(idB), epoch: 12, slots: &set})
	}
	served := func(s *State) bool {
		s.cfg.NoFullCoverage = true
		s.updateState(now)
		return s.OK()
	}
	for _, tt := range []struct {
		name     string
		switchOn func(*Mutants)
		differs  func(s *State) bool // true for the mutant, false for the sound machine
	}{
		{"VoteNotPersisted", func(m *Mutants) { m.VoteNotPersisted = true }, func(s *State) bool { return vote(s) && !strings.Contains(string(s.Conf()), "lastVoteEpoch 12") }},
		{"QuorumHalf", func(m *Mutants) { m.QuorumHalf = true }, func(s *State) bool { s.health.size = 4; return s.votesNeeded() == 2 }},
		{"DoubleVoteCount", func(m *Mutants) { m.DoubleVoteCount = true }, func(s *State) bool {
			replica(s)
			s.election = election{sent: true, epoch: 12}
			ack(s, 12)
			ack(s, 12)
			return s.election.votes == 2
		}},
		{"AckEpochUnchecked", func(m *Mutants) { m.AckEpochUnchecked = true }, func(s *State) bool {
			replica(s)
			s.election = election{sent: true, epoch: 12}
			ack(s, 11)
			return s.election.votes == 1
		}},
		{"VotersSlotless", func(m *Mutants) { m.VotersSlotless = true }, func(s *State) bool {
			s.dropAllSlots(now, s.myself, "removed")
			return vote(s)
		}},
		{"FailOnOneReport", func(m *Mutants) { m.FailOnOneReport = true }, func(s *State) bool {
			s.health.size = 5
			n := s.find(idC)
			n.set(bus.PFail, true)
			s.noteReport(now, s.find(idB), n, true)
			return n.is(bus.Failed)
		}},
		{"ReportsNeverExpire", func(m *Mutants) { m.ReportsNeverExpire = true }, func(s *State) bool {
			s.find(idC).fileReport(now, s.find(idB))
			return s.countReports(now.Add(3*s.cfg.NodeTimeout), s.find(idC)) == 1
		}},
		{"FailNeverCleared", func(m *Mutants) { m.FailNeverCleared = true }, func(s *State) bool {
			s.find(idC).set(bus.Failed, true)
			s.markAlive(now, s.find(idC))
			return s.find(idC).is(bus.Failed)
		}},
		{"NoRejoinDelay", func(m *Mutants) { m.NoRejoinDelay = true }, func(s *State) bool {
			s.health.firstLook, s.health.minorityTime = now.Add(-time.Hour), now
			return served(s)
		}},
		{"NoWritableDelay", func(m *Mutants) { m.NoWritableDelay = true }, func(s *State) bool {
			s.health.firstLook = now
			return served(s)
		}},
		{"MinorityIgnored", func(m *Mutants) { m.MinorityIgnored = true }, func(s *State) bool {
			s.health.firstLook = now.Add(-time.Hour)
			s.find(idB).set(bus.PFail, true)
			return served(s)
		}},
		{"DataAgeIgnored", func(m *Mutants) { m.DataAgeIgnored = true }, func(s *State) bool {
			replica(s)
			s.find(idB).set(bus.Failed, true)
			why, _ := s.mayElect(now)
			return why == ""
		}},
		{"EpochNotBumpedOnImport", func(m *Mutants) { m.EpochNotBumpedOnImport = true }, func(s *State) bool {
			require.NoError(t, s.SetSlotNode(now, slotImporting, idA))
			return s.myself.configEpoch == 10
		}},
		{"UpdateIgnored", func(m *Mutants) { m.UpdateIgnored = true }, func(s *State) bool {
			slots := bus.Slots(s.find(idB).slots)
			m := bus.Message{Header: bus.Header{Type: bus.Update}, Subject: s.find(idB).id, SubjectEpoch: 11, SubjectSlots: &slots}
			p, err := bus.Decode(m.Append(nil))
			require.NoError(t, err)
			s.receiveUpdate(now, &inbox{sender: s.find(idC), packet: p})
			return s.find(idB).configEpoch == 7
		}},
		{"DirtyKept", func(m *Mutants) { m.DirtyKept = true }, func(s *State) bool {
			s.host.(*fakeHost).keys[100] = 1
			claim(s, 100)
			return s.host.KeysInSlot(100) == 1
		}},
		{"ClaimWhileImporting", func(m *Mutants) { m.ClaimWhileImporting = true }, func(s *State) bool {
			s.becomesPrimary(s.find(idC))
			s.rebind(now, s.find(idC), slotImporting)
			claim(s, slotImporting)
			return s.slots.owner[slotImporting] == s.find(idB)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, on := range []bool{false, true} {
				s, err := loaded(confText)
				require.NoError(t, err)
				if on {
					tt.switchOn(&s.cfg.Mutants)
				}
				require.Equal(t, on, tt.differs(s))
			}
		})
	}
}
