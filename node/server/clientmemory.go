package server

import (
	"cmp"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"clusterplay/node/command"
	"clusterplay/node/event"
	"clusterplay/node/replication"
	"clusterplay/node/session"
)

// clientMemory is what clients occupy, as far as it is known: each is weighed now and then, and whoever
// runs a command more often.
type clientMemory struct {
	limit    int64 // maxmemory-clients, or Config.MostForClients; 0 = none
	implied  bool  // nobody asked for the limit: it costs small clients no look, and spares nobody
	total    int64 // of all, as last weighed, without what waits for replicas
	replicas int64 // that, when everybody was weighed last
	next     int   // whom the next look begins with
}

const (
	// weighedAtOnce is how many clients one look weighs: all of them where there are few, and a
	// bounded part of a command's time where there are many.
	weighedAtOnce = 64
	// muchOutput is how much may wait without a look at the limits: they are read from their text.
	muchOutput = 64 << 10
	// leastForClients is the smallest limit: below it nobody could talk to the server any more.
	leastForClients = 128 << 10
	// noteWeight is what a watched key, a subscription or a prefix is taken to weigh beside its name.
	noteWeight = 48
	// queuedWeight is what a command that waits for EXEC weighs beside its words, and muchQueued is how much
	// may wait until a limit that nobody asked for is looked at.
	queuedWeight, muchQueued = 100, 1 << 20
)

// memoryOrPercent accepts memory, and a share of maxmemory, whose number is negative.
func memoryOrPercent(text string) (string, int64, string) {
	if canonical, n, refusal := memory(text); refusal == "" {
		return canonical, n, ""
	}
	digits, percent := strings.CutSuffix(text, "%")
	n, err := strconv.ParseInt(digits, 10, 64)
	switch {
	case !percent || err != nil || n < 0:
		return "", 0, "argument must be a memory or percent value"
	case n > 100:
		return "", 0, "percentage argument must be less or equal to 100"
	}
	return strconv.FormatInt(n, 10) + "%", -n, ""
}

// limitForClients is what maxmemory-clients comes to (getClientEvictionLimit).
func limitForClients(setting, maxmemory int64) int64 {
	if setting < 0 {
		setting = maxmemory * -setting / 100
		if maxmemory == 0 {
			return 0
		}
	} else if setting == 0 {
		return 0
	}
	return max(setting, leastForClients)
}

// notes is what a client has us remember: watched keys, subscriptions, prefixes.
func (c *client) notes() int {
	n := len(c.watched) + c.tracker.Prefixes() + c.listener.Channels() + c.listener.Patterns() + c.listener.ShardChannels()
	return n * noteWeight
}

// weight is what a transaction holds.
func (tx *transaction) weight() int { return tx.bytes + len(tx.queue)*queuedWeight }

// footprint estimates the bytes that a client occupies, here and in the driver.
func (c *client) footprint() int {
	size := session.Buffer + len(c.conn.Out) + c.tx.weight() + c.notes()
	if c.running != nil {
		size += c.running.weight()
	}
	if c.conn.Gauge != nil {
		held := c.conn.Gauge()
		size += held.Parsed + held.Unread + held.Announced + held.Unwritten
	}
	return size
}

// weigh takes note of what a client occupies now. What waits for a replica is no matter of clients.
func (s *Server) weigh(c *client) {
	weight := session.Buffer
	if !c.replica && !s.doomed(c) {
		weight = c.footprint() &^ (session.Buffer - 1) // a command on its way fits into the buffer
	}
	s.clientMem.total += int64(weight - c.weight)
	c.weight = weight
}

// doomed tells of a client whose replies are more than may wait for it: the driver is going to close it, and nobody
// has to go in its place.
func (s *Server) doomed(c *client) bool {
	if len(c.conn.Out) <= muchOutput {
		return false
	}
	return s.tooMuch(c, len(c.conn.Out))
}

// tooMuch tells whether so many bytes of replies are more than may wait for a client.
func (s *Server) tooMuch(c *client, bytes int) bool {
	class := "normal"
	if c.inPubsub() {
		class = "pubsub"
	}
	hard, _, _ := s.OutputLimit(class)
	return hard > 0 && bytes > hard
}

// Overflows closes the client of the running command if a reply of so many bytes is more than may wait for it. A
// script's reply waits for nobody.
func (s *Server) Overflows(ctx *command.Context, bytes int) bool {
	c := s.current
	if c == nil || ctx != &c.ctx || c == s.script.inner || !s.tooMuch(c, bytes) {
		return false
	}
	s.log(event.Warning, "Client %s scheduled to be closed ASAP for overcoming of output buffer limits.", s.describe(c))
	c.conn.Closing, c.conn.Cut = true, true
	return true
}

// leaving tells of a client that the driver has closed or is about to close: nobody sees it any more.
func (s *Server) leaving(c *client) bool { return c.conn.Cut || s.doomed(c) }

// weighSome weighs the next few clients.
func (s *Server) weighSome() {
	for range min(weighedAtOnce, len(s.clients.All)) {
		if s.clientMem.next++; s.clientMem.next >= len(s.clients.All) {
			s.clientMem.next = 0
		}
		s.weigh(s.clients.All[s.clientMem.next])
	}
}

// weighAll weighs everybody.
func (s *Server) weighAll() {
	s.clientMem.replicas = 0
	for _, c := range s.clients.All {
		s.weigh(c)
		if c.replica {
			s.clientMem.replicas += int64(c.footprint() - session.Buffer)
		}
	}
}

// replicaBuffers is what waits for all replicas: with their connections, and in the backlog.
func (s *Server) replicaBuffers() int64 {
	total := s.clientMem.replicas
	v := s.repl.View(s.now)
	for _, r := range v.Replicas {
		if r.State == replication.Online {
			total += int64(v.Offset - r.Sent)
		}
	}
	return total
}

// weighCron weighs everybody if somebody wants to know, and evicts those that are too heavy.
func (s *Server) weighCron() {
	switch {
	case s.memory.bytes != 0 || s.clientMem.limit != 0 && !s.clientMem.implied:
		s.weighAll()
	case s.clientMem.implied:
		s.weighSome()
	}
	s.evictClients()
}

// stays makes room for clients before one of them runs a command; false when it had to go itself.
func (s *Server) stays(c *client) bool {
	if s.clientMem.limit == 0 || s.clientMem.implied && c.tx.weight() < muchQueued {
		return true
	}
	s.weighSome()
	s.weigh(c)
	s.evictClients()
	return !c.conn.Cut
}

// evictClients disconnects clients until the others are within maxmemory-clients: the heaviest first,
// where those within a power of two are equals and the oldest of them goes (evictClients).
func (s *Server) evictClients() {
	if s.clientMem.limit == 0 || s.clientMem.total < s.clientMem.limit {
		return
	}
	heaviest := slices.Clone(s.clients.All)
	slices.SortStableFunc(heaviest, func(a, b *client) int {
		return cmp.Compare(bits.Len(uint(b.weight)), bits.Len(uint(a.weight)))
	})
	for _, c := range heaviest {
		if s.clientMem.total < s.clientMem.limit {
			return
		}
		if c.replica || c.noEvict && !s.clientMem.implied || c.conn == nil {
			continue
		}
		s.log(event.Notice, "Evicting client: %s", s.describe(c))
		s.cut(c)
		s.stats.evictedClients++
	}
	s.log(event.Warning, "Over client maxmemory after evicting all evictable clients")
}

// cut ends a connection at once; what it was told and has not read is lost.
func (s *Server) cut(c *client) {
	s.unpark(c)
	s.forget(c)
	s.to(c)
	c.ctx.Buf = c.ctx.Buf[:0]
	c.conn.Closing, c.conn.Cut = true, true
	s.list(c)
}
