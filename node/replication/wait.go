package replication

import "time"

// AckedAt returns how many replicas follow us and have executed the stream up to offset: what WAIT
// counts.
func (s *State) AckedAt(offset Offset) int {
	n := 0
	for _, r := range s.replicas {
		if r.state == Online && r.ack >= offset {
			n++
		}
	}
	for _, ack := range s.departed {
		if ack >= offset {
			n++
		}
	}
	return n
}

// RequestAcks asks all replicas to acknowledge now. One request goes into the stream before we
// sleep, however many clients wait.
func (s *State) RequestAcks() { s.wantAcks = true }

// Replicas returns how many replicas are attached.
func (s *State) Replicas() int { return len(s.replicas) }

// GoodReplicas returns how many replicas are near enough for min-replicas-to-write.
func (s *State) GoodReplicas() int { return s.good }

// attentive is how old the last acknowledgement of a replica may be that is worth waiting for: one comes
// every second.
const attentive = 2 * time.Second

// Attentive returns how many replicas follow the stream and have acknowledged lately: those from which
// an answer can be expected at once. One that loads a snapshot or hangs is not among them.
func (s *State) Attentive(now time.Time) (n int) {
	for _, r := range s.replicas {
		if r.state == Online && r.lag(now) <= attentive {
			n++
		}
	}
	return n
}

// TooFewReplicas reports whether a write must be refused with NOREPLICAS.
func (s *State) TooFewReplicas() bool {
	return s.master == nil && s.wantsReplicas() && s.good < s.cfg.MinReplicas
}

func (s *State) wantsReplicas() bool { return s.cfg.MinReplicas > 0 && s.cfg.MaxLag > 0 }

// Reconfigured counts the good replicas anew: with CONFIG SET the new limits hold for the next write,
// not from the next second on.
func (s *State) Reconfigured(now time.Time) { s.countGood(now) }

// countGood counts the good replicas (refreshGoodSlavesCount).
func (s *State) countGood(now time.Time) {
	s.good = 0
	if !s.wantsReplicas() {
		return
	}
	for _, r := range s.replicas {
		if r.state == Online && r.lag(now) <= s.cfg.MaxLag {
			s.good++
		}
	}
}
