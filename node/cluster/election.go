package cluster

import (
	"fmt"
	"slices"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/event"
)

// An election, as one replica lives it:
//
//	idle --master FAIL--> scheduled --delay over--> asked --majority--> promoted
//	                          ^                       |
//	                          +---- retry time -------+ expired

// election is this replica's attempt to replace its master.
type election struct {
	due   time.Time // when to ask for votes; zero: there was no election yet
	sent  bool      // votes were asked for
	epoch Epoch     // in this epoch
	rank  int       // siblings with more data
	votes int
	from  []ID         // who voted
	told  event.Reason // the last reason given for not running, so that it is given once
	over  bool         // the expiry was reported
}

// resetElection forgets an election: this node's role changed. 7.0 keeps the state, so that old
// votes can win a later election.
func (s *State) resetElection() {
	if !s.cfg.Switches.KeepElectionState {
		s.election = election{}
	}
}

// authTimeout is how long votes are waited for, retryTime when the next attempt may begin.
func (s *State) authTimeout() time.Duration { return max(s.nt(authTimeoutFactor), minAuthTimeout) }
func (s *State) retryTime() time.Duration   { return retryFactor * s.authTimeout() }

// advanceElection takes the next step of an election (clusterHandleSlaveFailover).
func (s *State) advanceElection(now time.Time) {
	e := &s.election
	if why, detail := s.mayElect(now); why != "" {
		s.noElection(why, detail)
		return
	}
	age := now.Sub(e.due)
	switch {
	case e.due.IsZero() || age > s.retryTime():
		s.schedule(now)
	case s.rankGrew() || now.Before(e.due):
		s.noElection("waiting", fmt.Sprintf("%d ms to go", e.due.Sub(now).Milliseconds()))
	case age > s.authTimeout():
		s.expireElection()
	case !e.sent:
		s.askForVotes()
	case e.votes >= s.votesNeeded():
		s.win(now)
	default:
		s.noElection("waiting-votes", fmt.Sprintf("%d of %d", e.votes, s.votesNeeded()))
	}
}

// mayElect says why this node must not run for election now; "" means that it may.
func (s *State) mayElect(now time.Time) (why event.Reason, detail string) {
	primary, manual := s.myself.primary, s.manual.canStart
	switch {
	case s.myself.master() || primary == nil:
		return "idle", ""
	case !primary.is(bus.Failed) && !manual:
		return "master-up", ""
	case s.cfg.NoFailover && !manual:
		return "no-failover", ""
	case primary.numSlots == 0 && !s.awaitsSlots():
		return "no-slots", ""
	case !manual && !s.cfg.Switches.ElectEmpty && !s.host.HasHistory():
		return "empty", ""
	}
	limit := s.dataAgeLimit()
	if age := s.dataAge(now); limit >= 0 && age > limit && !manual && !s.cfg.Mutants.DataAgeIgnored {
		return "data-too-old", fmt.Sprintf("limit %d ms", limit.Milliseconds())
	}
	return "", ""
}

// dataAge is how far our data lags behind: the time since we heard of our master, without the
// node timeout that its failure took to be noticed.
func (s *State) dataAge(now time.Time) time.Duration {
	age := s.host.ReplicationAge(now).Truncate(time.Second)
	if age > s.cfg.NodeTimeout {
		age -= s.cfg.NodeTimeout
	}
	return age
}

// dataAgeLimit is how old our data may be; negative: no limit.
func (s *State) dataAgeLimit() time.Duration {
	if s.cfg.ValidityFactor < 0 {
		return -1
	}
	return s.cfg.ReplPingPeriod + s.nt(s.cfg.ValidityFactor)
}

// noElection says once why there is no election, or why it does not advance.
func (s *State) noElection(why event.Reason, detail string) {
	if why == s.election.told {
		return
	}
	quiet := why == "idle" || (why == "master-up" && s.election.told == "")
	s.election.told = why
	if !quiet {
		s.emit(event.NoElection{Reason: why, Detail: detail})
	}
}

// schedule sets the time to ask for votes: half a second for FAIL to spread, as much again by
// chance, and a second for every sibling that has more data. A manual failover does not wait.
func (s *State) schedule(now time.Time) {
	rank := s.rank()
	delay := electionDelay + time.Duration(s.rng.IntN(electionJitter))*time.Millisecond + time.Duration(rank)*rankDelay
	manual := s.manual.active()
	if manual {
		delay, rank = 0, 0
		s.want.failover = true
	}
	s.election = election{due: now.Add(delay), rank: rank}
	s.emit(event.ElectionScheduled{
		Delay: event.MillisOf(delay), Rank: rank, Offset: s.host.ReplicationOffset(), Manual: manual,
	})
	s.broadcastPong(now, s.sibling)
}

// rank counts the siblings that have more data than we do.
func (s *State) rank() int {
	if s.cfg.Mutants.RankIgnored || s.myself.primary == nil {
		return 0
	}
	rank, offset := 0, s.host.ReplicationOffset()
	for _, r := range s.myself.primary.replicas {
		if r != s.myself && !r.is(bus.NoFailover) && r.offset > offset {
			rank++
		}
	}
	return rank
}

// rankGrew waits longer when siblings turn out to have more data, and reports whether it did. The
// rank never shrinks.
func (s *State) rankGrew() bool {
	e := &s.election
	if e.sent || s.manual.active() {
		return false
	}
	rank := s.rank()
	if rank <= e.rank {
		return false
	}
	added := time.Duration(rank-e.rank) * rankDelay
	e.due, e.rank = e.due.Add(added), rank
	s.emit(event.ElectionDelayed{Added: event.MillisOf(added), Rank: rank})
	return true
}

// askForVotes begins a new epoch and asks all nodes to vote for us in it.
func (s *State) askForVotes() {
	e := &s.election
	e.epoch, e.sent = s.nextEpoch("election"), true
	m := s.begin(bus.AuthRequest)
	if s.manual.active() {
		m.Marks |= bus.ForceAck
	}
	s.broadcast(m)
	s.want.state = true
	s.emit(event.ElectionStarted{Epoch: e.epoch, Primary: ref(s.myself.primary), Needed: s.votesNeeded()})
}

// votesNeeded is a majority of the masters with slots, the failed one included.
func (s *State) votesNeeded() int {
	if s.cfg.Mutants.QuorumHalf {
		return s.health.size / 2
	}
	return s.quorum()
}

// receiveAuthAck counts a vote: of a master with slots, for this election, once.
func (s *State) receiveAuthAck(in *inbox) {
	n, e := in.sender, &s.election
	if !n.voter() || !e.sent || s.myself.master() {
		return
	}
	if in.packet.CurrentEpoch != e.epoch && !s.cfg.Mutants.AckEpochUnchecked {
		return
	}
	if slices.Contains(e.from, n.id) && !s.cfg.Mutants.DoubleVoteCount {
		return
	}
	e.from = append(e.from, n.id)
	e.votes++
	s.want.failover = true
	s.emit(event.GotVote{From: ref(n), Epoch: e.epoch, Votes: e.votes, Needed: s.votesNeeded()})
}

// expireElection says once that the votes did not come.
func (s *State) expireElection() {
	e := &s.election
	if e.over {
		return
	}
	e.over, e.told = true, "expired"
	s.emit(event.ElectionExpired{Epoch: e.epoch, Votes: e.votes, Needed: s.votesNeeded()})
}

// win takes the epoch that we were elected in, and the master's place.
func (s *State) win(now time.Time) {
	e := s.election.epoch
	if s.myself.configEpoch < e {
		s.claimEpoch(e, "elected")
	}
	why := event.Reason("elected")
	if s.manual.active() {
		why = "manual"
	}
	s.replacePrimary(now, why)
}

// replacePrimary makes this replica a master in the place of its own, and tells everybody at once
// (clusterFailoverReplaceYourMaster).
func (s *State) replacePrimary(now time.Time, why event.Reason) {
	me, old := s.myself, s.myself.primary
	if me.master() || old == nil {
		return
	}
	s.becomesPrimary(me)
	s.host.Promote(now)
	taken := old.slots.Set()
	for sl := range taken.All() {
		s.rebind(now, me, sl)
	}
	s.inheritOpen()
	s.emit(event.Promoted{Epoch: me.configEpoch, Primary: ref(old), Slots: taken.String(), Reason: why})
	s.updateState(now)
	s.saveSync()
	s.broadcastPong(now, everybody)
	s.resetManual(now)
	s.resetElection()
}
