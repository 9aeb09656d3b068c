package cluster

import (
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/event"
)

// manual is a failover that an operator asked for. On the replica: ask the master to stop writes
// (MFSTART), learn its offset from the first packet marked PAUSED, reach that offset, run an
// election with FORCEACK. On the master: stop writes, ping the replica until it is over.
type manual struct {
	end      time.Time // when to give up; zero: none under way
	canStart bool      // replica: we have all of the master's data, or do not care
	replica  *node     // master: who wants our place
	known    bool      // replica: offset was learnt
	offset   int64     // replica: where the master stopped
}

func (m *manual) active() bool { return !m.end.IsZero() }

// resetManual ends a manual failover; a master takes writes again.
func (s *State) resetManual(now time.Time) {
	paused := s.manual.replica != nil
	s.manual = manual{}
	if paused {
		s.host.ResumeWrites(now)
	}
}

// expireManual gives up when the time is over.
func (s *State) expireManual(now time.Time) {
	if !s.manual.active() || !now.After(s.manual.end) {
		return
	}
	with := s.manual.replica
	if with == nil {
		with = s.myself.primary
	}
	s.resetManual(now)
	s.emit(event.ManualFailover{Step: "timeout", With: ref(with)})
}

// receiveManualStart stops writes on behalf of a replica of ours, and answers on the very link
// with a PING that carries our offset.
func (s *State) receiveManualStart(now time.Time, in *inbox) {
	n := in.sender
	if n.primary != s.myself {
		return
	}
	s.resetManual(now)
	s.manual.end = now.Add(manualTimeout)
	s.manual.replica = n
	s.host.PauseWrites(now, now.Add(manualPauseFactor*manualTimeout))
	s.heartbeat(now, in.link, bus.Ping)
	s.emit(event.ManualFailover{Step: "paused", With: ref(n), Offset: s.host.ReplicationOffset()})
}

// notePausedOffset learns where our master stopped, from its first packet that says so.
func (s *State) notePausedOffset(in *inbox) {
	m := &s.manual
	if !m.active() || m.known || in.sender != s.myself.primary || in.packet.Marks&bus.Paused == 0 {
		return
	}
	m.known, m.offset = true, in.packet.Offset
	s.want.manual = true
	s.emit(event.ManualFailover{Step: "offset-known", With: ref(in.sender), Offset: m.offset})
}

// advanceManual starts the election once we have everything that the master had
// (clusterHandleManualFailover).
func (s *State) advanceManual(time.Time) {
	m := &s.manual
	if !m.active() || m.canStart || !m.known || s.host.ReplicationOffset() != m.offset {
		return
	}
	m.canStart = true
	s.want.failover = true
	s.emit(event.ManualFailover{Step: "ready", With: ref(s.myself.primary), Offset: m.offset})
}

// FailoverMode is how CLUSTER FAILOVER goes about it.
type FailoverMode uint8

// The modes of CLUSTER FAILOVER.
const (
	FailoverDefault  FailoverMode = iota // with the master's help
	FailoverForce                        // without it, but elected
	FailoverTakeover                     // without asking anybody
)

// Failover makes this replica replace its master (CLUSTER FAILOVER). It returns at once; what
// becomes of it shows in events.
func (s *State) Failover(now time.Time, mode FailoverMode) error {
	primary := s.myself.primary
	switch {
	case s.myself.master():
		return ErrFailoverOnMaster
	case primary == nil:
		return ErrMasterUnknown
	case mode == FailoverDefault && (primary.is(bus.Failed) || primary.link == nil):
		return ErrMasterDown
	}
	s.resetManual(now)
	s.resetElection()
	s.manual.end = now.Add(manualTimeout)
	switch mode {
	case FailoverTakeover:
		s.takeOver(now)
	case FailoverForce:
		s.manual.canStart, s.want.failover = true, true
		s.emit(event.ManualFailover{Step: "forced", With: ref(primary)})
	default:
		s.sendTo(primary, s.begin(bus.MFStart))
		s.emit(event.ManualFailover{Step: "started", With: ref(primary)})
	}
	s.check()
	return nil
}

// takeOver claims the master's slots under an epoch that nobody was asked about.
func (s *State) takeOver(now time.Time) {
	s.emit(event.ManualFailover{Step: "takeover", With: ref(s.myself.primary)})
	s.bumpEpoch()
	s.replacePrimary(now, "takeover")
}
