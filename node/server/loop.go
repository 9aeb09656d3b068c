package server

import (
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
)

// expireEffort is how many expired keys one cron deletes at most: about a millisecond of work. A
// node with more has them deleted ten times a second.
const expireEffort = 2000

// rehashEffort is how many buckets of growing tables one cron moves.
const rehashEffort = 100

// Cron is the 100 ms timer.
func (s *Server) Cron(now time.Time) {
	s.enter(now)
	if s.asleep() {
		return
	}
	if s.config.World != nil && !s.script.busy {
		s.config.World.Beat()
	}
	if s.noCron {
		return
	}
	if s.script.busy {
		s.shutdownCron()
		s.leave(nil)
		return
	}
	s.stats.rate.tick(now, s.stats.commands)
	if s.cluster != nil {
		s.cluster.Cron(now)
	}
	s.repl.Cron(now)
	s.setExpiry()
	s.expireCron()
	s.expireOwn()
	s.limitTracking()
	s.redirectParked()
	s.idleCron()
	s.weighCron()
	s.migrateCron()
	s.saveCron()
	s.aofCron()
	s.shutdownCron()
	s.settle()
	s.leave(nil)
}

// expireCron deletes what has expired. A pause stops it: the offset must stand still.
func (s *Server) expireCron() {
	s.space.Rehash(rehashEffort)
	if paused, _ := s.paused(); paused || s.noExpiry || s.loading != nil {
		return
	}
	s.current = nil
	began := s.elapsed()
	s.space.ExpireCycle(s.nowMs, expireEffort)
	s.latencySample("expire-cycle", s.elapsed()-began)
}

// idleCron closes connections that have been silent for too long (timeout).
func (s *Server) idleCron() {
	limit := s.settings.number("timeout")
	if limit == 0 {
		return
	}
	for _, c := range s.clients.All {
		idle := s.now.Sub(c.seen) > time.Duration(limit)*time.Second
		if idle && !c.replica && c.parked == nil && !c.inPubsub() && !c.conn.Closing {
			s.closeSoon(c)
		}
	}
}

// BeforeSleep returns what the world must now do. It advances what goes in slices and what waits
// for a moment in time.
func (s *Server) BeforeSleep(now time.Time) *machine.Todo {
	s.enter(now)
	s.todo.Wake = time.Time{}
	s.stepDebuggings()
	if s.asleep() {
		s.wakeForDebugging()
		s.wake(s.sleep.until)
		s.leave(nil)
		s.collectAOF()
		return s.give()
	}
	if s.script.busy { // the bus is served; what has been done of the script is not to be seen
		s.collectCluster()
		s.leave(nil)
		return s.give()
	}
	s.stepAhead()
	s.stepLoad()
	s.settle()
	s.collectCluster()
	s.collectReplication()
	s.stepSnapshot()
	s.stepEviction()
	s.settle()
	s.tracking.Broadcast()
	s.leave(nil)
	s.collectCluster()
	s.collectReplication()
	s.collectAOF()
	s.planWake()
	return s.give()
}

// give hands the Todo to the driver; the next door starts another.
func (s *Server) give() *machine.Todo {
	for _, c := range s.todo.Flush {
		if own, ok := c.Session.(*client); ok {
			own.listed = false
		}
	}
	for _, link := range s.todo.Close {
		delete(s.links.kinds, link)
	}
	s.taken = true
	return &s.todo
}

// wake asks to be called again at a time, if that is earlier than what was asked for.
func (s *Server) wake(at time.Time) {
	if !at.IsZero() && (s.todo.Wake.IsZero() || at.Before(s.todo.Wake)) {
		s.todo.Wake = at
	}
}

// planWake finds when something happens that cannot wait for the next cron.
func (s *Server) planWake() {
	if load := s.loading; load != nil && !load.waits() {
		s.wake(later(s.now, load.pace.due))
	}
	if load := s.ahead; load != nil && load.failed == nil && !load.waits() {
		s.wake(s.now)
	}
	if snap := s.saves.running; snap != nil && !snap.ended && !s.crowded(snap) {
		s.wake(later(s.now, snap.pace.due))
	}
	if ms := s.nextDeadline(); ms != 0 {
		s.wake(time.UnixMilli(ms))
	}
	s.wakeForDebugging()
	s.wake(s.pauseEnd())
	s.wake(s.sleep.until)
}

// later is the later of two moments.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// collectCluster takes over what the cluster state wants done.
func (s *Server) collectCluster() {
	if s.cluster == nil {
		return
	}
	t := s.cluster.BeforeSleep(s.now)
	if t.Save != nil {
		s.save(machine.Save{Op: machine.Replace, Name: nodesConf, Data: t.Save, Sync: t.Sync})
	}
	s.dial(t.Dial)
	s.todo.Send = append(s.todo.Send, t.Send...)
	s.todo.Close = append(s.todo.Close, t.Close...)
	s.todo.Emit = append(s.todo.Emit, t.Emit...)
	s.wake(t.Wake)
}

// collectReplication takes over what replication wants done.
func (s *Server) collectReplication() {
	t := s.repl.BeforeSleep(s.now)
	s.tellRole(t.Emit)
	s.dial(t.Dial)
	s.todo.Send = append(s.todo.Send, t.Send...)
	s.todo.Close = append(s.todo.Close, t.Close...)
	s.todo.Emit = append(s.todo.Emit, t.Emit...)
	for _, conn := range t.Flush {
		if c, ok := conn.Session.(*client); ok {
			s.list(c)
		}
	}
	s.wake(t.Wake)
}

// tellRole has the process around know of a change of role.
func (s *Server) tellRole(events []event.Event) {
	if s.config.World == nil {
		return
	}
	for _, e := range events {
		switch e.(type) {
		case event.ReplicaOf:
			s.config.World.Follow(true)
		case event.MasterMode:
			s.config.World.Follow(false)
		}
	}
}

// dial notes what is spoken on the links about to be opened.
func (s *Server) dial(dials []machine.Dial) {
	for _, d := range dials {
		s.links.kinds[d.Link] = d.Kind
	}
	s.todo.Dial = append(s.todo.Dial, dials...)
}

// busLinks counts the open connections of the cluster bus.
func (s *Server) busLinks() int {
	if s.cluster == nil {
		return 0
	}
	return s.cluster.Links()
}

var _ machine.Machine = (*Server)(nil)
