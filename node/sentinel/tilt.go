package sentinel

import (
	"time"

	"clusterplay/node/event"
)

// tilt is the mode in which timers are not trusted: the clock jumped, or this process slept.
type tilt struct {
	on    bool
	since time.Time // the last anomaly
	last  time.Time // the last tick
}

// checkTilt compares the time with that of the last tick (sentinelCheckTiltCondition). Every door
// asks, so that a process that slept judges nobody before it has noticed.
func (s *Sentinel) checkTilt() {
	if d := s.now.Sub(s.tilt.last); (d < 0 || d > s.periods.TiltTrigger+s.slack()) && !s.cfg.Mutants.TiltIgnored {
		s.tilt = tilt{on: true, since: s.now, last: s.now}
		s.nextTick = s.now
		s.emit(event.Tilt{})
	}
}

func (s *Sentinel) slack() time.Duration {
	if s.cfg.Slack == nil {
		return 0
	}
	return s.cfg.Slack()
}

// tilted reports whether nothing may be concluded from timers, and ends the mode when its time is up.
func (s *Sentinel) tilted() bool {
	if s.tilt.on && s.now.Sub(s.tilt.since) >= s.periods.Tilt {
		s.tilt.on = false
		s.emit(event.TiltEnded{})
	}
	return s.tilt.on
}
