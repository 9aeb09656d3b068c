package sentinel

import (
	"slices"
	"time"

	"clusterplay/node/acl"
	"clusterplay/node/command"
	"clusterplay/node/machine"
	"clusterplay/node/pubsub"
	"clusterplay/node/resp"
	"clusterplay/node/session"
	"clusterplay/node/tracking"
)

// client is the Sentinel's own state for one connection.
type client struct {
	resp.Writer // where every reply to this client goes

	conn    *machine.Client
	touched bool // Buf holds conn.Out until the end of the door
	listed  bool // the driver must look at it

	name          string
	user          *acl.User
	authenticated bool
	noEvict       bool
	born, seen    time.Time // connected; last command
	last          *command.Command
	silence       session.Silence
	listener      pubsub.Listener
	tracker       tracking.Tracker
	postponed     [][]byte // the command that waits for the end of CLIENT PAUSE
}

// ID is the connection's number.
func (c *client) ID() uint64 { return c.conn.ID }

// Listens is what the client listens to.
func (c *client) Listens() *pubsub.Listener { return &c.listener }

// Open tells of a client connection's beginning.
func (s *Sentinel) Open(now time.Time, conn *machine.Client) {
	s.enter(now)
	c := &client{conn: conn, born: now, seen: now, user: s.users.Default()}
	c.authenticated = c.user.Open()
	c.Proto = 2
	conn.Session = c
	conn.Stranger = s.stranger(c)
	s.clients.Add(c)
	s.stats.connections++
}

// Shut tells of a client connection's end.
func (s *Sentinel) Shut(now time.Time, conn *machine.Client) {
	s.enter(now)
	c, ok := conn.Session.(*client)
	if !ok {
		return
	}
	s.leave(nil) // it may have been told something as this door opened
	s.hub.Forget(c)
	s.tracking.Forget(c)
	s.clients.Remove(c)
	s.flush = slices.DeleteFunc(s.flush, func(o *client) bool { return o == c })
	s.pause.forget(c)
	s.names.forget(c)
	s.promises.forget(c)
	conn.Session = nil
}

// Call executes one command and appends the reply to conn.Out.
func (s *Sentinel) Call(now time.Time, conn *machine.Client, args [][]byte) {
	s.enter(now)
	c, known := conn.Session.(*client)
	if !known || conn.Closing || len(args) == 0 {
		return
	}
	c.seen = now
	s.answer(c, args)
	s.leave(c)
}

// answer dispatches a command and takes back a reply the client did not want (CLIENT REPLY).
func (s *Sentinel) answer(c *client, args [][]byte) {
	s.to(c)
	before, mark := c.silence, len(c.Buf)
	s.dispatch(c, args)
	if c.last == nil || c.last.Parent == nil || c.last.Parent.Name != "client" {
		c.tracker.NextCommand()
	}
	if c.silence.After(before) {
		c.Buf = c.Buf[:mark]
		s.promises.hush(c)
	}
}

// to opens a client's reply buffer for writing; leave closes it.
func (s *Sentinel) to(c *client) *resp.Writer {
	if !c.touched {
		c.touched = true
		c.Buf = c.conn.Out
		s.touched = append(s.touched, c)
	}
	return &c.Writer
}

// closeSoon closes a connection once what it was told is written.
func (s *Sentinel) closeSoon(c *client) {
	s.to(c)
	c.conn.Closing = true
}

// leave gives the reply buffers back to the driver and notes whom it must look at; caller is the
// client of this Call, whom the driver knows already.
func (s *Sentinel) leave(caller *client) {
	for _, c := range s.touched {
		c.conn.Out, c.Buf, c.touched = c.Buf, nil, false
		c.conn.Stranger = s.stranger(c)
		c.conn.Listening = c.listener.Any()
		if c != caller && !c.listed {
			c.listed = true
			s.flush = append(s.flush, c)
		}
	}
	s.touched = s.touched[:0]
}

// flushClients puts those who have something to read into the Todo.
func (s *Sentinel) flushClients() {
	s.leave(nil)
	for _, c := range s.flush {
		c.listed = false
		s.todo.Flush = append(s.todo.Flush, c.conn)
	}
	s.flush = s.flush[:0]
}

// publish tells the clients subscribed to a channel.
func (s *Sentinel) publish(channel, payload string) { s.hub.Publish([]byte(channel), []byte(payload)) }
