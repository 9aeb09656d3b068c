package sentinel

import (
	"net/netip"
	"time"

	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// link is the way to one process: a connection for commands and, to masters and replicas, one that
// listens to hellos.
type link struct {
	users   int // instances that share it: one Sentinel known for several masters
	listens bool
	cmd     *conn     // nil while there is none
	sub     *conn     // likewise
	tried   time.Time // the last attempt to connect

	ping     time.Time // the oldest PING without a reply; zero when none is out
	pinged   time.Time // the last PING
	ponged   time.Time // the last reply to one, whatever it said
	answered time.Time // the last reply that says the instance is available
}

// conn is one connection of a link.
type conn struct {
	id      machine.LinkID
	link    *link
	owner   *instance // who it was dialled for
	sub     bool
	open    bool
	since   time.Time
	heard   time.Time // sub: the last message
	local   netip.AddrPort
	replies resp.Replies
	waits   []wait // what the replies to come are for, in order
}

// wait is a command whose reply has not come.
type wait struct {
	kind  await
	whose *instance
}

// await says what a reply is for.
type await uint8

const (
	awaitNothing await = iota
	awaitPing
	awaitInfo
	awaitHello
	awaitAnswer   // to the question whether a master is down
	awaitMessages // on a connection that listens, from here on
)

// maxReply bounds an unfinished reply: INFO of a master with a thousand replicas is 200 KiB.
const maxReply = 4 << 20

// maxPending is how many commands may go unanswered, for each user of a link, before no more are
// sent (SENTINEL_MAX_PENDING_COMMANDS).
const maxPending = 100

func (s *Sentinel) newLink(listens bool) *link {
	l := &link{users: 1, listens: listens}
	l.renew(s.now)
	return l
}

// renew takes a PING to be unanswered from now on, what never answers is down after its time, and
// lets the next attempt to connect be made at once.
func (l *link) renew(now time.Time) {
	l.ping, l.pinged, l.ponged, l.answered, l.tried = now, time.Time{}, now, now, time.Time{}
}

// whole reports whether every connection of the link stands.
func (l *link) whole() bool {
	return l.cmd != nil && l.cmd.open && (!l.listens || l.sub != nil && l.sub.open)
}

// pending is how many commands wait for their replies.
func (l *link) pending() int {
	if l.cmd == nil {
		return 0
	}
	return len(l.cmd.waits)
}

// reconnect dials what is missing, at most once a ping period.
func (s *Sentinel) reconnect(i *instance) {
	l := i.link
	if l.whole() || i.addr.port == 0 || s.now.Sub(l.tried) < s.periods.Ping {
		return
	}
	l.tried = s.now
	if s.resolveHostnames {
		if ip := s.lookUp(i.addr.host); ip.IsValid() { // else the old one is as good as any
			i.addr.ip = ip
		}
	}
	if !i.addr.known() {
		return
	}
	if l.cmd == nil {
		l.cmd = s.dial(i, false)
	}
	if l.listens && l.sub == nil {
		l.sub = s.dial(i, true)
	}
}

func (s *Sentinel) dial(i *instance, sub bool) *conn {
	c := &conn{id: s.nextLink(), link: i.link, owner: i, sub: sub, since: s.now, heard: s.now}
	s.conns[c.id] = c
	s.todo.Dial = append(s.todo.Dial, machine.Dial{Link: c.id, Kind: machine.Sentinel, Addr: i.addr.dial()})
	return c
}

// nextLink names a link about to be dialled; such names are odd.
func (s *Sentinel) nextLink() machine.LinkID {
	if s.lastLink++; s.lastLink%2 == 0 {
		s.lastLink++
	}
	return s.lastLink
}

// connected introduces us on a connection that opened.
func (s *Sentinel) connected(c *conn, local netip.AddrPort) {
	c.open, c.since, c.heard, c.local = true, s.now, s.now, local
	i := c.owner
	if user, pass := s.credentials(i); pass != "" && user != "" {
		s.command(c, i, awaitNothing, "AUTH", user, pass)
	} else if pass != "" {
		s.command(c, i, awaitNothing, "AUTH", pass)
	}
	name := "sentinel-" + s.id[:8]
	if c.sub {
		s.command(c, i, awaitNothing, "CLIENT", "SETNAME", name+"-pubsub")
		s.command(c, i, awaitMessages, "SUBSCRIBE", helloChannel)
		return
	}
	s.command(c, i, awaitNothing, "CLIENT", "SETNAME", name+"-cmd")
	s.sendPing(i)
}

// credentials are what an instance wants to hear first.
func (s *Sentinel) credentials(i *instance) (user, pass string) {
	switch {
	case i.kind != kindSentinel:
		return i.master.authUser, i.master.authPass
	case s.peerPass != "":
		return s.peerUser, s.peerPass
	}
	return "", s.password
}

// command sends a command on c and remembers what its reply is for.
func (s *Sentinel) command(c *conn, i *instance, kind await, words ...string) {
	if i.kind != kindSentinel {
		words[0] = i.master.spelled(words[0])
	}
	s.send(c, words...)
	if kind != awaitMessages {
		c.waits = append(c.waits, wait{kind, i})
	}
}

// closeLink ends both connections of a link.
func (s *Sentinel) closeLink(l *link) {
	for _, c := range []*conn{l.cmd, l.sub} {
		if c != nil {
			s.close(c)
		}
	}
}

// close ends a connection because we want it.
func (s *Sentinel) close(c *conn) {
	s.todo.Close = append(s.todo.Close, c.id)
	s.drop(c)
}

// drop forgets a connection that has ended. What was asked on it stays unanswered.
func (s *Sentinel) drop(c *conn) {
	delete(s.conns, c.id)
	for _, w := range c.waits {
		if w.kind == awaitInfo {
			w.whose.info.asked = time.Time{}
		}
	}
	if c.link.cmd == c {
		c.link.cmd = nil
		if c.link.ping.IsZero() {
			c.link.ping = s.now // the PING that cannot be sent counts from here
		}
	}
	if c.link.sub == c {
		c.link.sub = nil
	}
}

// share lets a Sentinel that is known for another master already use the same link
// (sentinelTryConnectionSharing).
func (s *Sentinel) share(i *instance) {
	for _, m := range s.masters {
		for _, o := range m.sentinels {
			if o == i || o.runID != i.runID || o.link == i.link {
				continue
			}
			if i.link.users--; i.link.users == 0 {
				s.closeLink(i.link)
			}
			i.link = o.link
			i.link.users++
			return
		}
	}
}
