package server

import (
	"iter"
	"strings"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/script"
)

// debugMode is what SCRIPT DEBUG has said of a client's next EVAL.
type debugMode uint8

const (
	debugOff  debugMode = iota
	debugCopy           // YES: on a copy of the data, which goes with the session
	debugSync           // SYNC: on the data, and nobody else is served meanwhile
)

// debugging is one script that a client steps through. The script runs in a coroutine (iter.Pull), as a
// coroutine of Lua does: it stands still while the client thinks, and one thing happens at a time. It does so
// after every millisecond of its running too, so that others are served.
type debugging struct {
	s        *Server // the server that runs it: this one, or the copy
	client   *client // whom it follows, on the real server; nil once that is gone
	shadow   *client // who calls the script
	debugger *script.Debugger
	input    []byte // what the client sent and nobody has read yet
	out      []byte // what it is to be sent
	unit     unit   // what the script has changed so far
	started  time.Time
	resume   func() (struct{}, bool)
	stop     func()
	yield    func(struct{}) bool
	waits    bool // for input
	hurried  bool // and shall wait no longer
	over     bool
	silent   bool     // it wants no reply of its EVAL (CLIENT REPLY)
	copying  *copying // of a copy that is not complete yet
}

// abandonedDebugging unwinds a script that nobody will resume.
type abandonedDebugging struct{}

// scriptDebug: SCRIPT DEBUG YES|SYNC|NO
func (s *Server) scriptDebug(c *client) {
	if len(c.ctx.Buf) > 0 || c.conn.Unsent > 0 {
		c.ctx.Error("ERR SCRIPT DEBUG must be called outside a pipeline")
		return
	}
	switch strings.ToLower(string(c.ctx.Args[2])) {
	case "no":
		c.debug = debugOff
	case "yes":
		c.debug = debugCopy
	case "sync":
		c.debug = debugSync
	default:
		c.ctx.Error("ERR Use SCRIPT DEBUG YES/SYNC/NO")
		return
	}
	c.ctx.OK()
}

// evalDebugged is EVAL for a client that wants to step through it.
func (s *Server) evalDebugged(c *client, readOnly bool) {
	switch {
	case c.ctx.NoBlock || c.running != nil:
		c.ctx.Error("ERR a script in a transaction cannot be debugged")
		return
	case len(s.debugs) >= maxDebugs:
		c.ctx.Error("ERR Fork() failed: can't run EVAL in debugging mode: too many sessions")
		return
	}
	d := &debugging{client: c, silent: c.silence.Swallows()}
	d.debugger = script.NewDebugger(d, string(c.ctx.Args[1]))
	mode := c.debug
	if mode == debugCopy {
		if problem := s.beginCopy(d); problem != "" {
			c.ctx.Error(problem)
			c.debug = debugOff
			return
		}
	}
	c.debug, c.debugs, c.conn.Raw = debugOff, d, true
	s.debugs = append(s.debugs, d)
	d.prepare(s, readOnly)
	if mode == debugCopy { // as the parent of a process that holds its connection now
		s.log(event.Warning, "Redis forked for debugging eval")
		s.lose(c)
		return
	}
	s.log(event.Warning, "Redis synchronous debugging eval session started")
	d.begin(s)
	s.sleep.debug = d
}

// maxDebugs bounds the sessions of a server at one time.
const maxDebugs = 16

// prepare makes the client that calls the script: the real one may be gone before the script ends.
func (d *debugging) prepare(s *Server, readOnly bool) {
	c := d.client
	shadow := &client{
		conn: &machine.Client{ID: c.conn.ID, Addr: c.conn.Addr, LocalAddr: c.conn.LocalAddr},
		name: c.name, user: c.user, authenticated: c.authenticated, readonly: c.readonly, asking: c.asking,
		born: c.born, seen: c.seen, touched: true, debugs: d,
	}
	shadow.ctx = c.ctx
	shadow.ctx.Buf, shadow.ctx.Args = nil, cloneArgs(c.ctx.Args)
	d.shadow = shadow
	d.resume, d.stop = iter.Pull(func(yield func(struct{}) bool) {
		defer func() {
			d.over = true
			if e := recover(); e != nil && e != (abandonedDebugging{}) {
				panic(e)
			}
		}()
		d.yield = yield
		d.s.evaluate(shadow, readOnly, d.s.findScript)
		d.debugger.End()
	})
}

// begin has a server run the script; nothing of it has run yet.
func (d *debugging) begin(s *Server) {
	d.s = s
	d.shadow.ctx.Space, d.shadow.ctx.DB = s.space, s.space.DB(d.shadow.ctx.DB.Number)
	d.shadow.ctx.Host, d.shadow.ctx.Room = s, &s.unit.room
	d.unit.open = true
	s.script.debug = d
	d.Begin()
}

// Write takes what the client is to be sent.
func (d *debugging) Write(b []byte) {
	if d.client != nil {
		d.out = append(d.out, b...)
	}
}

// Read waits for what the client sends.
func (d *debugging) Read() []byte {
	for len(d.input) == 0 && d.client != nil && !d.hurried {
		d.pause(true)
	}
	if d.client == nil || d.hurried {
		d.hurried = false
		return nil
	}
	n := min(len(d.input), script.ReadSize)
	read := d.input[:n:n]
	d.input = d.input[n:]
	return read
}

// Begin has the script's time begin anew.
func (d *debugging) Begin() { d.started = d.s.now }

// pause lets the script stand still.
func (d *debugging) pause(waits bool) {
	d.waits = waits
	if !d.yield(struct{}{}) {
		panic(abandonedDebugging{})
	}
	d.waits = false
}

// interrupt is called about every millisecond of the script's running.
func (d *debugging) interrupt() {
	limit := d.s.settings.number("busy-reply-threshold")
	if limit == 0 {
		limit = 5000
	}
	if d.s.now.Sub(d.started) >= time.Duration(limit)*time.Millisecond {
		d.debugger.Late()
	}
	d.pause(false)
}

// ready reports whether the script has something to do.
func (d *debugging) ready() bool {
	return !d.over && d.copying == nil && (!d.waits || len(d.input) > 0 || d.client == nil || d.hurried)
}
