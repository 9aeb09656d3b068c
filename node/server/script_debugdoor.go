package server

import (
	"slices"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/script"
)

// Input takes what a client sends to the debugger of its script.
func (s *Server) Input(now time.Time, conn *machine.Client, data []byte) {
	s.enter(now)
	c, known := conn.Session.(*client)
	if !known || c.debugs == nil {
		return
	}
	c.seen = now
	d := c.debugs
	if d.input = append(d.input, data...); len(d.input) > script.MaxInput {
		conn.Cut = true
	}
	s.stepDebugging(d)
	s.settle()
	s.leave(c)
}

// stepDebugging lets a script run until it waits for its client, or for about a millisecond.
func (s *Server) stepDebugging(d *debugging) {
	for d.ready() {
		d.step(s)
		if !d.waits {
			break
		}
	}
	s.answerDebugging(d)
	if d.over {
		s.endDebugging(d)
	}
}

// step resumes the script once. What the door that is being served has begun is put aside.
func (d *debugging) step(outer *Server) {
	s := d.s
	s.now, s.nowMs = outer.now, outer.nowMs
	s.setExpiry()
	work, current, forced := s.unit, s.current, s.forced
	s.unit, s.current, s.forced = d.unit, d.shadow, false
	defer func() {
		d.unit = s.unit
		s.unit, s.current, s.forced = work, current, forced
	}()
	d.resume()
}

// answerDebugging sends the client what the debugger has said.
func (s *Server) answerDebugging(d *debugging) {
	c := d.client
	if c == nil {
		d.out = nil
		return
	}
	if d.over { // the end of the session comes before the reply
		if !d.silent {
			d.out = append(d.out, d.shadow.ctx.Buf...)
		}
		d.shadow.ctx.Buf = nil
	}
	if len(d.out) > 0 {
		w := s.to(c)
		w.Buf = append(w.Buf, d.out...)
		d.out = nil
	}
	if d.over {
		s.closeSoon(c)
	}
}

// endDebugging forgets a session whose script has ended. A script on the real data is propagated, and the
// others are served again.
func (s *Server) endDebugging(d *debugging) {
	i := slices.Index(s.debugs, d)
	if i < 0 {
		return
	}
	s.debugs = slices.Delete(s.debugs, i, i+1)
	if d.copying != nil {
		d.copying.cancel()
	}
	d.over = true
	d.stop()
	if c := d.client; c != nil {
		c.debugs = nil
	}
	if s.sleep.debug != d {
		if d.client != nil {
			s.log(event.Warning, "Lua debugging session child exiting")
		}
		return
	}
	s.script.debug = nil
	s.log(event.Warning, "Redis synchronous debugging eval session ended")
	work := s.unit
	s.unit = d.unit
	s.commit(nil)
	s.unit = work
	s.wakeUp()
}

// leaveDebugging is the end of a client that debugs. A script on the real data runs on to its end; one on a
// copy ends here.
func (s *Server) leaveDebugging(c *client) {
	d := c.debugs
	if d == nil {
		return
	}
	c.debugs, d.client = nil, nil
	if s.sleep.debug != d {
		d.over = true
	}
	s.stepDebugging(d)
}

// stepDebuggings gives each script that is running another millisecond.
func (s *Server) stepDebuggings() {
	for _, d := range slices.Clone(s.debugs) {
		if !s.script.busy { // a copy has what a script does whole, or not at all
			s.stepCopy(d)
		}
		s.stepDebugging(d)
	}
}

// Interrupt has a script that is stepped through on the real data wait for its client no longer: it runs on to its end.
// A signal does that to Redis, whose read it ends.
func (s *Server) Interrupt(now time.Time) {
	s.enter(now)
	d := s.sleep.debug
	if d == nil || !d.waits {
		return
	}
	d.hurried = true
	s.stepDebugging(d)
	s.settle()
	s.leave(nil)
}

// killCopies ends the sessions on copies, with the connections of their clients.
func (s *Server) killCopies() {
	for _, d := range slices.Clone(s.debugs) {
		if c := d.client; c != nil && s.sleep.debug != d {
			s.log(event.Warning, "Killing debugging session %d", c.conn.ID)
			s.cut(c)
		}
	}
}

// wakeForDebugging asks to be called again while a script runs or a copy is made.
func (s *Server) wakeForDebugging() {
	for _, d := range s.debugs {
		if d.ready() || d.copying.going() || d.copying != nil && !s.space.BeingTaken() {
			s.wake(s.now)
		}
	}
}

// End is the end of the machine: no script stands still any more.
func (s *Server) End() {
	for _, d := range s.debugs {
		d.over = true
		d.stop()
	}
	s.debugs = nil
}
