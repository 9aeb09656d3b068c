package replication

import (
	"time"

	"clusterplay/node/event"
)

// BeforeSleep gives every replica what it is due and returns what the world must do.
func (s *State) BeforeSleep(now time.Time) *Todo {
	if s.wantAcks && !s.offsetStands(now) {
		s.wantAcks = false
		if s.Feeding() && len(s.replicas) > 0 {
			s.produce([]byte(streamGetAck))
		}
	}
	s.stepFailover(now)
	if len(s.replicas) > 0 {
		s.startSnapshots(now)
		s.letFlow(now)
		s.serveAll(now)
	}
	s.trim()
	s.todo, s.out = s.out, s.todo
	s.todo.reset()
	s.check()
	return s.out
}

// offsetStands reports whether a failover waits for the offset to stand still: a GETACK would move it.
func (s *State) offsetStands(now time.Time) bool {
	return s.failover.state != noFailover || s.host.FailoverPaused(now)
}

// serveAll gives every replica its due; one that is dropped meanwhile leaves the list.
func (s *State) serveAll(now time.Time) {
	for i := 0; i < len(s.replicas); {
		r := s.replicas[i]
		s.serve(now, r)
		if i < len(s.replicas) && s.replicas[i] == r {
			i++
		}
	}
}

// serve gives one replica its due.
func (s *State) serve(now time.Time, r *replica) {
	if r.state == SendBulk || r.flows() {
		s.sendBulk(now, r)
	}
	if r.state == Online && !r.hold {
		s.sendStream(now, r)
	}
	if r.cursor > 0 && s.tooFarBehind(now, r, int64(s.log.next-r.cursor)) {
		s.drop(now, r, event.OutputLimit)
	}
}

// tooFarBehind tells whether more of the stream waits for a replica than the limits allow: the hard
// one at once, the soft one for a while (checkClientOutputBufferLimits).
func (s *State) tooFarBehind(now time.Time, r *replica, waiting int64) bool {
	if s.cfg.SoftLimit == 0 || waiting < s.cfg.SoftLimit {
		r.above = time.Time{}
	} else if r.above.IsZero() {
		r.above = now
	}
	soft := !r.above.IsZero() && now.Sub(r.above) > s.cfg.SoftFor
	return soft || s.cfg.OutputLimit > 0 && waiting > s.cfg.OutputLimit
}

// sendStream gives a replica the bytes it has not got: one copy for a whole pipeline.
func (s *State) sendStream(now time.Time, r *replica) {
	behind := int(s.log.next - r.cursor)
	n := min(behind, window-pending(r.client))
	if n > 0 {
		r.client.Out = s.log.read(r.client.Out, r.cursor, n)
		r.cursor += Offset(n)
		s.flush(r.client)
	}
	if n < behind {
		s.wakeAt(now.Add(windowRetry))
	}
}

func (s *State) wakeAt(t time.Time) {
	if s.todo.Wake.IsZero() || t.Before(s.todo.Wake) {
		s.todo.Wake = t
	}
}
