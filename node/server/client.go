package server

import (
	"strings"
	"time"

	"clusterplay/node/acl"
	"clusterplay/node/command"
	"clusterplay/node/machine"
	"clusterplay/node/pubsub"
	"clusterplay/node/replication"
	"clusterplay/node/resp"
	"clusterplay/node/session"
	"clusterplay/node/tracking"
)

// client is the server's own state for one connection.
type client struct {
	conn *machine.Client
	ctx  command.Context // its Writer is where every reply to this client goes

	touched bool // ctx.Buf holds conn.Out until the end of the door
	listed  bool // already in the Todo's Flush

	name          string
	user          *acl.User // nil may do everything
	authenticated bool
	born, seen    time.Time // connected; last command
	last          *command.Command

	readonly bool // READONLY: reads of my master's slots are served here
	asking   bool // ASKING: the next command may touch an importing slot
	monitor  bool
	debug    debugMode  // what SCRIPT DEBUG has said of the next EVAL
	debugs   *debugging // the script it steps through
	replica  bool       // sent PSYNC or SYNC
	noEvict  bool
	weight   int // what it was last found to occupy

	silence session.Silence
	tx      transaction
	running *transaction // what EXEC runs now
	watched []watchedKey
	parked  *parked
	offset  replication.Offset // the replication offset after the client's last command, for WAIT

	listener pubsub.Listener
	tracker  tracking.Tracker
}

// ID is the connection's number.
func (c *client) ID() uint64 { return c.conn.ID }

// local tells whether the client is on this computer (islocalClient).
func (c *client) local() bool {
	return strings.HasPrefix(c.conn.Addr, "127.") || strings.HasPrefix(c.conn.Addr, "[::1]:") || strings.HasPrefix(c.conn.Addr, "/")
}

// Open tells of a client connection's beginning.
func (s *Server) Open(now time.Time, conn *machine.Client) {
	s.enter(now)
	c := &client{conn: conn, born: now, seen: now}
	c.ctx = command.Context{Space: s.space, DB: s.space.DB(0), Host: s, Room: &s.unit.room}
	c.ctx.Proto = 2
	c.be(s.users.Default())
	conn.Session = c
	s.clients.Add(c)
	s.stats.connections++
	conn.Stranger = !c.authenticated
	s.weigh(c)
	s.protect(c)
	s.leave(nil)
}

// errProtected is what somebody hears who comes from elsewhere to a server without a password.
const errProtected = "DENIED Redis is running in protected mode because protected mode is enabled and no password is set " +
	"for the default user. In this mode connections are only accepted from the loopback interface. If you want to " +
	"connect from external computers to Redis you may adopt one of the following solutions: " +
	"1) Just disable protected mode sending the command 'CONFIG SET protected-mode no' from the loopback interface by " +
	"connecting to Redis from the same host the server is running, however MAKE SURE Redis is not publicly accessible " +
	"from internet if you do so. Use CONFIG REWRITE to make this change permanent. " +
	"2) Alternatively you can just disable the protected mode by editing the Redis configuration file, and setting the " +
	"protected mode option to 'no', and then restarting the server. " +
	"3) If you started the server manually just for testing, restart it with the '--protected-mode no' option. " +
	"4) Setup a an authentication password for the default user. " +
	"NOTE: You only need to do one of the above things in order for the server to start accepting connections from the outside."

// protect turns a client from elsewhere away as long as nobody needs a password (clientAcceptHandler).
func (s *Server) protect(c *client) {
	if c.local() || !c.authenticated || !s.settings.yes("protected-mode") {
		return
	}
	s.to(c).Error(errProtected)
	c.conn.Closing = true
	s.list(c)
}

// Shut tells of a client connection's end.
func (s *Server) Shut(now time.Time, conn *machine.Client) {
	s.enter(now)
	if c, ok := conn.Session.(*client); ok {
		s.forget(c)
	}
	s.settle()
	s.leave(nil)
}

// forget removes every trace of a client that is gone.
func (s *Server) forget(c *client) {
	s.leaveDebugging(c)
	s.lose(c)
	s.unlist(c)
	c.conn.Session = nil
}

// lose removes what others see of a client.
func (s *Server) lose(c *client) {
	s.unwatchAll(c)
	s.unpark(c)
	s.pubsub.Forget(c)
	s.tracking.Forget(c)
	s.dropMonitor(c)
	s.dropPostponed(c)
	s.migrationAbandoned(c)
	s.repl.Gone(s.now, c.conn)
	s.clients.Remove(c)
	s.clientMem.total -= int64(c.weight)
	c.weight = 0
}

// to opens a client's reply buffer for writing; every door closes it again.
func (s *Server) to(c *client) *resp.Writer {
	if !c.touched {
		c.touched = true
		c.ctx.Buf = c.conn.Out
		s.touched = append(s.touched, c)
	}
	return &c.ctx.Writer
}

// closeSoon closes a connection once what it was told is written (CLIENT_CLOSE_AFTER_REPLY).
func (s *Server) closeSoon(c *client) {
	s.to(c)
	c.conn.Closing = true
}

// leave gives the reply buffers back to the driver and lists whoever must be flushed; caller is
// the client of this Call, whom the driver knows already.
func (s *Server) leave(caller *client) {
	for _, c := range s.touched {
		c.conn.Out = c.ctx.Buf
		c.ctx.Buf = nil
		c.touched = false
		c.conn.Stranger = s.stranger(c)
		c.conn.Listening = c.monitor || c.inPubsub()
		if c != caller {
			s.list(c)
		}
	}
	s.touched = s.touched[:0]
	s.check()
}

// list has the driver look at a client's Out, Blocked and Closing.
func (s *Server) list(c *client) {
	if !c.listed {
		c.listed = true
		s.todo.Flush = append(s.todo.Flush, c.conn)
	}
}

func (s *Server) unlist(c *client) {
	for i, conn := range s.todo.Flush {
		if conn == c.conn {
			s.todo.Flush = append(s.todo.Flush[:i], s.todo.Flush[i+1:]...)
			break
		}
	}
	c.listed = false
}
