package cluster

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/bus"
	"clusterplay/node/slot"
)

// mutantNow is when all of it happens.
var mutantNow = time.Unix(1_800_000_000, 0)

// mutantVote lets a replica whose master failed ask for a vote, and reports whether it got it.
func mutantVote(s *State) bool {
	s.setFlags(s.find(idC).primary, bus.Failed, true)
	p := bus.Packet{Header: bus.Header{CurrentEpoch: s.currentEpoch, ConfigEpoch: 99, Slots: new(bus.Slots)}}
	s.receiveAuthRequest(mutantNow, &inbox{sender: s.find(idC), packet: p})
	return s.lastVote == s.currentEpoch
}

// mutantReplica makes the node a replica of B.
func mutantReplica(s *State) {
	s.dropAllSlots(mutantNow, s.myself, "removed")
	s.follow(mutantNow, s.find(idB), "replicate")
	s.countMasters()
}

// mutantAcks runs an election in epoch 12 with votes of B in the given epochs, and counts them.
func mutantAcks(s *State, epochs ...Epoch) int {
	mutantReplica(s)
	s.election = election{sent: true, epoch: 12}
	for _, epoch := range epochs {
		s.receiveAuthAck(&inbox{sender: s.find(idB), packet: bus.Packet{Header: bus.Header{CurrentEpoch: epoch}}})
	}
	return s.election.votes
}

// mutantClaim lets B claim a slot with epoch 12.
func mutantClaim(s *State, sl slot.Slot) {
	var set slot.Set
	set.Add(sl)
	s.applyClaim(mutantNow, &claim{by: s.find(idB), epoch: 12, slots: &set})
}

// mutantServes looks at the cluster's state, coverage aside.
func mutantServes(s *State) bool {
	s.cfg.NoFullCoverage = true
	s.updateState(mutantNow)
	return s.OK()
}

// mutantCases has, for each deliberate fault, a situation in which the sound machine and the
// mutant differ.
var mutantCases = []struct {
	name     string
	switchOn func(*Mutants)
	differs  func(s *State) bool // true for the mutant, false for the sound machine
}{
	{"VoteNotPersisted", func(m *Mutants) { m.VoteNotPersisted = true }, func(s *State) bool { return mutantVote(s) && !strings.Contains(string(s.Conf()), "lastVoteEpoch 12") }},
	{"QuorumHalf", func(m *Mutants) { m.QuorumHalf = true }, func(s *State) bool { s.health.size = 4; return s.votesNeeded() == 2 }},
	{"DoubleVoteCount", func(m *Mutants) { m.DoubleVoteCount = true }, func(s *State) bool {
		return mutantAcks(s, 12, 12) == 2
	}},
	{"AckEpochUnchecked", func(m *Mutants) { m.AckEpochUnchecked = true }, func(s *State) bool {
		return mutantAcks(s, 11) == 1
	}},
	{"VotersSlotless", func(m *Mutants) { m.VotersSlotless = true }, func(s *State) bool {
		s.dropAllSlots(mutantNow, s.myself, "removed")
		return mutantVote(s)
	}},
	{"FailOnOneReport", func(m *Mutants) { m.FailOnOneReport = true }, func(s *State) bool {
		for i := range byte(3) { // of five masters, one suspicion and our own are no majority
			s.rebind(mutantNow, s.addNode(mutantNow, ID{'d' + i}, bus.Master), slot.Slot(i))
		}
		n := s.find(idC)
		s.setFlags(n, bus.PFail, true)
		s.noteReport(mutantNow, s.find(idB), n, true)
		return n.is(bus.Failed)
	}},
	{"ReportsNeverExpire", func(m *Mutants) { m.ReportsNeverExpire = true }, func(s *State) bool {
		s.find(idC).fileReport(mutantNow, s.find(idB))
		return s.countReports(mutantNow.Add(3*s.cfg.NodeTimeout), s.find(idC)) == 1
	}},
	{"FailNeverCleared", func(m *Mutants) { m.FailNeverCleared = true }, func(s *State) bool {
		s.setFlags(s.find(idC), bus.Failed, true)
		s.markAlive(mutantNow, s.find(idC))
		return s.find(idC).is(bus.Failed)
	}},
	{"NoRejoinDelay", func(m *Mutants) { m.NoRejoinDelay = true }, func(s *State) bool {
		s.health.firstLook, s.health.minorityTime = mutantNow.Add(-time.Hour), mutantNow
		return mutantServes(s)
	}},
	{"NoWritableDelay", func(m *Mutants) { m.NoWritableDelay = true }, func(s *State) bool {
		s.health.firstLook = mutantNow
		return mutantServes(s)
	}},
	{"MinorityIgnored", func(m *Mutants) { m.MinorityIgnored = true }, func(s *State) bool {
		s.health.firstLook = mutantNow.Add(-time.Hour)
		s.setFlags(s.find(idB), bus.PFail, true)
		return mutantServes(s)
	}},
	{"DataAgeIgnored", func(m *Mutants) { m.DataAgeIgnored = true }, func(s *State) bool {
		mutantReplica(s)
		s.setFlags(s.find(idB), bus.Failed, true)
		why, _ := s.mayElect(mutantNow)
		return why == ""
	}},
	{"EpochNotBumpedOnImport", func(m *Mutants) { m.EpochNotBumpedOnImport = true }, func(s *State) bool {
		_ = s.SetSlotNode(mutantNow, slotImporting, idA)
		return s.myself.configEpoch == 10
	}},
	{"UpdateIgnored", func(m *Mutants) { m.UpdateIgnored = true }, func(s *State) bool {
		slots := bus.Slots(s.find(idB).slots.Set())
		m := bus.Message{Header: bus.Header{Type: bus.Update}, Subject: s.find(idB).id, SubjectEpoch: 11, SubjectSlots: &slots}
		p, _ := bus.Decode(m.Append(nil))
		s.receiveUpdate(mutantNow, &inbox{sender: s.find(idC), packet: p})
		return s.find(idB).configEpoch == 7
	}},
	{"DirtyKept", func(m *Mutants) { m.DirtyKept = true }, func(s *State) bool {
		s.host.(*fakeHost).keys[100] = 1
		mutantClaim(s, 100)
		return s.host.KeysInSlot(100) == 1
	}},
	{"ClaimWhileImporting", func(m *Mutants) { m.ClaimWhileImporting = true }, func(s *State) bool {
		s.becomesPrimary(s.find(idC))
		s.find(idC).inTrouble().former = nil // of a shard of its own
		s.rebind(mutantNow, s.find(idC), slotImporting)
		mutantClaim(s, slotImporting)
		return s.slots.of(slotImporting) == s.find(idB)
	}},
}

// A mutant that changes nothing would prove nothing about the tests.
func TestEveryMutantMisbehaves(t *testing.T) {
	for _, tt := range mutantCases {
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
