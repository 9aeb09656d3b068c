package sentinel

import (
	"slices"
	"strconv"
	"strings"

	"clusterplay/node/resp"
	"clusterplay/node/session"
)

// describe is a client's line in CLIENT LIST.
func (s *Sentinel) describe(c *client) string {
	line := session.Line{
		ID: c.conn.ID, Addr: c.conn.Addr, LocalAddr: c.conn.LocalAddr, Name: c.name,
		Age: s.now.Sub(c.born), Idle: s.now.Sub(c.seen),
		Flags:    session.Letters("PbtRBce", c.listener.Any(), c.postponed != nil, c.tracker.On(), c.tracker.Broken(), c.tracker.Broadcasts(), c.conn.Closing, c.noEvict),
		Channels: c.listener.Channels(), Patterns: c.listener.Patterns(),
		Multi: -1, Unwritten: len(c.conn.Out), Proto: c.Proto, User: c.user.Name(), Redirect: c.tracker.Redirect(),
	}
	if c.last != nil {
		line.Command = c.last.Full
	}
	return line.String()
}

// kind is what CLIENT LIST TYPE and CLIENT KILL TYPE call a client.
func (c *client) kind() string {
	if c.listener.Any() {
		return "pubsub"
	}
	return "normal"
}

// clientID: CLIENT ID
func (s *Sentinel) clientID(c *client, _ [][]byte) { c.Int(int64(c.conn.ID)) }

// clientInfo: CLIENT INFO
func (s *Sentinel) clientInfo(c *client, _ [][]byte) { c.Verbatim("txt", s.describe(c)+"\n") }

// clientSetName: CLIENT SETNAME connection-name
func (s *Sentinel) clientSetName(c *client, args [][]byte) {
	if !session.ValidName(args[2]) {
		c.Error(session.ErrName)
		return
	}
	c.name = string(args[2])
	c.OK()
}

// clientGetName: CLIENT GETNAME
func (s *Sentinel) clientGetName(c *client, _ [][]byte) {
	if c.name == "" {
		c.Null()
		return
	}
	c.BulkString(c.name)
}

// clientReply: CLIENT REPLY ON|OFF|SKIP
func (s *Sentinel) clientReply(c *client, args [][]byte) {
	switch answer, ok := c.silence.Ask(args[2]); {
	case !ok:
		c.Error(resp.ErrSyntax)
	case answer:
		c.OK()
	}
}

// clientNoEvict: CLIENT NO-EVICT ON|OFF
func (s *Sentinel) clientNoEvict(c *client, args [][]byte) {
	switch word(args[2]) {
	case "on":
		c.noEvict = true
	case "off":
		c.noEvict = false
	default:
		c.Error(resp.ErrSyntax)
		return
	}
	c.OK()
}

// clientList: CLIENT LIST [TYPE type] [ID id [id ...]]
func (s *Sentinel) clientList(c *client, args [][]byte) {
	args = args[2:]
	wanted := func(*client) bool { return true }
	switch {
	case len(args) == 0:
	case len(args) == 2 && word(args[0]) == "type":
		kind, ok := session.Kind(args[1])
		if !ok {
			c.Error(session.ErrNoKind(args[1]))
			return
		}
		wanted = func(o *client) bool { return o.kind() == kind }
	case len(args) >= 2 && word(args[0]) == "id":
		s.listByID(c, args[1:])
		return
	default:
		c.Error(resp.ErrSyntax)
		return
	}
	var b strings.Builder
	for _, o := range s.clients.All {
		if wanted(o) {
			b.WriteString(s.describe(o) + "\n")
		}
	}
	c.Verbatim("txt", b.String())
}

func (s *Sentinel) listByID(c *client, ids [][]byte) {
	var b strings.Builder
	for _, text := range ids {
		id, ok := session.ReadID(text)
		if !ok {
			c.Error("ERR Invalid client ID")
			return
		}
		if o, there := s.clients.ByID(id); there {
			b.WriteString(s.describe(o) + "\n")
		}
	}
	c.Verbatim("txt", b.String())
}

// clientKill: CLIENT KILL addr | CLIENT KILL option value [option value ...]
func (s *Sentinel) clientKill(c *client, args [][]byte) {
	if len(args) == 3 {
		s.killOldStyle(c, string(args[2]))
		return
	}
	filter, refusal := session.ReadFilter(args[2:], func(name string) bool { return s.users.Named(name) != nil })
	if refusal != "" {
		c.Error(refusal)
		return
	}
	killed := 0
	for _, o := range slices.Clone(s.clients.All) {
		if filter.Fits(o.conn.ID, o.conn.Addr, o.conn.LocalAddr, o.kind(), o.user.Name(), o == c) {
			s.closeSoon(o)
			killed++
		}
	}
	c.Int(int64(killed))
}

func (s *Sentinel) killOldStyle(c *client, addr string) {
	for _, o := range s.clients.All {
		if o.conn.Addr == addr {
			s.closeSoon(o)
			c.OK()
			return
		}
	}
	c.Error("ERR No such client")
}

// clientUnblock: CLIENT UNBLOCK client-id [TIMEOUT|ERROR]. No command of a Sentinel waits for data.
func (s *Sentinel) clientUnblock(c *client, args [][]byte) {
	if len(args) == 4 && word(args[3]) != "timeout" && word(args[3]) != "error" {
		c.Error("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR")
		return
	}
	if _, err := strconv.ParseInt(string(args[2]), 10, 64); err != nil {
		c.Error(resp.ErrNotInteger)
		return
	}
	c.Int(0)
}
