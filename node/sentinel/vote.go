package sentinel

import (
	"maps"
	"slices"
	"time"

	"clusterplay/node/event"
)

// maxDesync is by how much candidates are set apart, so that one is likely to be first.
const maxDesync = 1000 // milliseconds

// isMasterDown answers another Sentinel: whether we hold the master at an address for down and, when
// it is a candidate, for whom our vote is.
func (s *Sentinel) isMasterDown(at address, epoch uint64, candidate string) (down bool, v vote) {
	m := s.findAt(at)
	if m == nil {
		return false, vote{}
	}
	down = !s.tilt.on && m.flags.is(flagSDown)
	if candidate != "*" {
		v = s.giveVote(m, epoch, candidate)
	}
	return down, v
}

// giveVote votes for a candidate if its epoch is new, and returns for whom our vote is. The first to
// ask in an epoch has it; the file is written before the answer leaves (sentinelVoteLeader).
func (s *Sentinel) giveVote(m *master, epoch uint64, candidate string) vote {
	s.raiseEpoch(m, epoch)
	if !s.mayVote(m, epoch) {
		s.refuseVote(m, epoch, candidate)
		return m.vote
	}
	m.vote = vote{candidate, s.currentEpoch}
	if !s.cfg.Mutants.VoteNotPersisted {
		s.save()
	}
	s.tell(m, event.VoteForLeader{Leader: candidate, Epoch: m.vote.epoch, Master: m.name})
	if candidate != s.id {
		m.failover.started = s.now.Add(s.desync()) // we stay passive for twice the failover timeout
	}
	return m.vote
}

// mayVote reports whether there is a vote to give: none was given in this epoch, which is the newest.
func (s *Sentinel) mayVote(m *master, epoch uint64) bool {
	return (m.vote.epoch < epoch || s.cfg.Mutants.DoubleVote) && s.currentEpoch <= epoch
}

// refuseVote says why a candidate does not get our vote. One that has it and asks again is no news.
func (s *Sentinel) refuseVote(m *master, epoch uint64, candidate string) {
	why := event.VotedAlready
	if epoch < s.currentEpoch {
		why = event.EpochTooOld
	}
	if m.vote == (vote{candidate, epoch}) {
		return
	}
	refused := event.LeaderVoteRefused{
		Master: s.monitored(&m.instance), Candidate: candidate, Epoch: epoch,
		VotedFor: m.vote.leader, VoteEpoch: m.vote.epoch, Why: why,
	}
	if m.failover.refused != refused.Describe() {
		m.failover.refused = refused.Describe()
		s.emit(refused)
	}
}

// desync is a short time drawn by chance.
func (s *Sentinel) desync() time.Duration {
	return time.Duration(s.rng.IntN(maxDesync)) * time.Millisecond
}

// tally is an election as its candidate sees it.
type tally struct {
	votes  map[string]int
	leader string // who has most votes
	needed int
}

// votesOf is how many votes a candidate has.
func (t tally) votesOf(id string) int { return t.votes[id] }

// won reports whether the leader has enough.
func (t tally) won() bool { return t.leader != "" && t.votes[t.leader] >= t.needed }

// count counts the votes of our failover's epoch and gives our own: to whoever leads, else to us
// (sentinelGetLeader). A leader needs the quorum and a majority of all Sentinels ever seen.
func (s *Sentinel) count(m *master) tally {
	votes := map[string]int{}
	for _, o := range m.sentinels {
		if o.vote.leader != "" && o.vote.epoch == m.failover.epoch {
			votes[o.vote.leader]++
		}
	}
	candidate, _ := most(votes)
	if candidate == "" {
		candidate = s.id
	}
	if s.mayVote(m, m.failover.epoch) {
		s.giveVote(m, m.failover.epoch, candidate)
	}
	if m.vote.leader != "" && m.vote.epoch == m.failover.epoch {
		votes[m.vote.leader]++
	}
	t := tally{votes: votes, needed: max(m.quorum, s.voters(m)/2+1)}
	if s.cfg.Mutants.MajorityIgnored {
		t.needed = m.quorum
	}
	t.leader, _ = most(votes)
	return t
}

// most is who has most votes, the smaller id among equals.
func most(votes map[string]int) (id string, n int) {
	for _, candidate := range slices.Sorted(maps.Keys(votes)) {
		if votes[candidate] > n {
			id, n = candidate, votes[candidate]
		}
	}
	return id, n
}
