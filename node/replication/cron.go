package replication

import (
	"slices"
	"time"

	"clusterplay/node/event"
)

// tick is how often replication looks at its clocks.
const tick = time.Second

// Cron is the 100 ms timer; the work is done once a second, and each time while a FAILOVER is under
// way, so that its handshake is soon over (replicationCron).
func (s *State) Cron(now time.Time) {
	s.redial(now)
	wait := s.nextTick.Sub(now)
	if wait > 0 && wait <= tick && s.failover.state == noFailover { // a longer wait is a clock that was set back
		return
	}
	s.nextTick = s.nextTick.Add(tick)
	if s.nextTick.Before(now) || s.nextTick.After(now.Add(tick)) {
		s.nextTick = now.Add(tick)
	}
	s.tickMaster(now)
	s.tickReplicas(now)
	s.ticks++
}

// tickMaster looks after the link to our master.
func (s *State) tickMaster(now time.Time) {
	m := s.master
	if m == nil {
		return
	}
	silence := now.Sub(m.heard)
	lineLate := len(m.line) > 0 && now.Sub(m.since) > lineTimeout
	switch {
	case m.sync.loading:
		if m.link != 0 {
			s.sendRaw(m.link, "\n")
		}
	case m.state != Connect && (silence > s.cfg.Timeout || lineLate):
		s.loseLink(now, event.MasterTimeout, "")
	case m.state == Connected:
		s.sendAck()
	}
	if m.state == Connect {
		s.dial(now)
	}
}

// tickReplicas looks after our replicas and the backlog. The first tick, which Redis has before anybody can have
// connected, sends no PING.
func (s *State) tickReplicas(now time.Time) {
	period := int64(s.cfg.PingPeriod / time.Second)
	still := !s.failover.until.IsZero() || s.host.FailoverPaused(now) // or the offset would never stand still
	if s.ticks > 0 && s.ticks%period == 0 && s.Feeding() && len(s.replicas) > 0 && !still {
		s.produce([]byte(streamPing))
	}
	for _, r := range slices.Clone(s.replicas) {
		s.tickReplica(now, r)
	}
	s.countGood(now)
	s.expireBacklog(now)
}

// tickReplica comforts a replica that waits and gives up one that is silent.
func (s *State) tickReplica(now time.Time, r *replica) {
	switch {
	case r.state == SendBulk || r.flows():
		if now.Sub(r.sent.moved) > s.cfg.Timeout {
			s.drop(now, r, event.FullSyncTimeout)
		}
	case r.state == WaitSnapshotStart || r.state == WaitSnapshot:
		// An empty line is allowed only in front of the bulk header, where it does not count.
		r.client.Out = append(r.client.Out, '\n')
		s.flush(r.client)
	case r.state == Online:
		if !r.prePsync && now.Sub(r.ackTime) > s.cfg.Timeout {
			s.drop(now, r, event.ReplicaTimeout)
		}
	}
}

// expireBacklog frees the backlog of a master nobody has followed for long. What it writes from
// now on is known to nobody, so it gets a new name as well; a replica keeps its backlog, since it
// may be promoted.
func (s *State) expireBacklog(now time.Time) {
	if s.master != nil || s.log == nil || len(s.replicas) > 0 || s.cfg.BacklogTTL <= 0 {
		return
	}
	if now.Sub(s.aloneSince) > s.cfg.BacklogTTL {
		if !s.cfg.Mutants.ReplidKeptWhenFreed {
			s.replaceIdentity(s.newID(), s.offset, event.BacklogExpired)
		}
		s.freeBacklog(event.BacklogExpired)
	}
}
