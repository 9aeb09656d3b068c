package server

import (
	"net/netip"
	"slices"
	"time"

	"clusterplay/node/command"
	"clusterplay/node/machine"
	"clusterplay/node/rdb"
	"clusterplay/node/resp"
)

const (
	// linkIdle is how long a connection to a target stays open for the next MIGRATE
	// (MIGRATE_SOCKET_CACHE_TTL).
	linkIdle = 10 * time.Second
	// migratesAhead is how much may be under way to a target before the next MIGRATE waits: enough that neither
	// end waits for the other, and little for a target that executes it in one go.
	migratesAhead = 64 << 10
)

// migrations are all MIGRATEs under way and the connections they use.
type migrations struct {
	active []*migration
	cache  []*migrateLink // in order of opening

	dump        rdb.Encoder // makes the payloads
	requestSize int         // how much room the next request will need, judging by the last
}

// migrateLink is a connection to a target. A MIGRATE that has nothing to ask of the connection itself is sent
// behind those that are under way, as in a pipeline; the replies come in the same order.
type migrateLink struct {
	id       machine.LinkID
	target   netip.AddrPort
	open     bool
	reused   bool
	selected int64 // the database selected there
	used     time.Time
	replies  resp.Replies
	queue    []*migration // in the order in which they are sent; the first is being answered
}

func (ms *migrations) linkTo(target netip.AddrPort) *migrateLink {
	for _, l := range ms.cache {
		if l.target == target {
			return l
		}
	}
	return nil
}

func (ms *migrations) byID(id machine.LinkID) *migrateLink {
	for _, l := range ms.cache {
		if l.id == id {
			return l
		}
	}
	return nil
}

func (ms *migrations) finish(m *migration) {
	ms.active = slices.DeleteFunc(ms.active, func(o *migration) bool { return o == m })
	for _, l := range ms.cache {
		l.queue = slices.DeleteFunc(l.queue, func(o *migration) bool { return o == m })
	}
}

// submitMigration gives a MIGRATE to the connection to its target, which is dialled if need be.
func (s *Server) submitMigration(m *migration) {
	l := s.migrate.linkTo(m.target)
	if l == nil {
		l = &migrateLink{id: s.links.nextLink(), target: m.target, selected: -1}
		s.migrate.cache = append(s.migrate.cache, l)
		s.dial([]machine.Dial{{Link: l.id, Kind: machine.Migration, Addr: m.target}})
	}
	m.deadline = s.now.Add(m.timeout)
	m.begun = false
	l.queue = append(l.queue, m)
	if l.open {
		s.sendMigrations(l)
	}
}

// sendMigrations begins the conversations whose turn it is.
func (s *Server) sendMigrations(l *migrateLink) {
	for {
		m := l.next()
		if m == nil {
			return
		}
		m.deadline = s.now.Add(m.timeout)
		request := s.request(m, l.selected)
		m.size = len(request)
		if m.expected == m.preamble {
			s.endMigration(m, "") // every key is gone by now
			continue
		}
		s.todo.Send = append(s.todo.Send, machine.Send{Link: l.id, Data: request})
	}
}

// next is the MIGRATE to be sent now; nil when there is none. The first may always be sent. Others follow as long as
// all that is under way, and they themselves, only move keys.
func (l *migrateLink) next() *migration {
	under := 0
	for i, m := range l.queue {
		switch {
		case !m.begun && (i == 0 || under < migratesAhead && m.auth == nil && m.number == l.selected):
			return m
		case !m.begun || m.preamble > 0:
			return nil
		}
		under += m.size
	}
	return nil
}

// migrationConnected hears that a target can be talked to.
func (s *Server) migrationConnected(link machine.LinkID) {
	if l := s.migrate.byID(link); l != nil {
		l.open, l.used = true, s.now
		s.sendMigrations(l)
	}
}

// migrationReceive takes a target's replies.
func (s *Server) migrationReceive(link machine.LinkID, frame []byte) {
	l := s.migrate.byID(link)
	if l == nil {
		return
	}
	l.used = s.now
	l.replies.Feed(frame)
	for len(l.queue) > 0 {
		v, n, err := l.replies.Next()
		if err != nil {
			s.closeMigrateLink(l)
			s.failMigrations(l, errMigrateRead)
			return
		}
		if n == 0 {
			return
		}
		s.migrationReply(l, v)
	}
}

func (s *Server) migrationReply(l *migrateLink, v resp.Value) {
	m := l.queue[0]
	m.deadline = s.now.Add(m.timeout)
	if !s.takeReply(m, v) {
		return
	}
	l.selected, l.reused = m.number, true
	if m.failure != "" {
		l.selected = -1
	}
	if m.fatal {
		waiting := l.queue[1:]
		s.closeMigrateLink(l)
		l.queue = nil
		s.endMigration(m, m.failure)
		for _, next := range waiting {
			s.submitMigration(next)
		}
		return
	}
	s.endMigration(m, m.failure)
	if len(l.queue) > 0 {
		l.queue[0].deadline = s.now.Add(l.queue[0].timeout)
	}
	s.sendMigrations(l)
}

// migrationHangup hears that a connection died. A MIGRATE that had found it in the cache tries once
// more with a new one, unless something has been moved already.
func (s *Server) migrationHangup(link machine.LinkID, _ error) {
	l := s.migrate.byID(link)
	if l == nil {
		return
	}
	s.dropMigrateLink(l)
	reason := errMigrateRead
	if !l.open {
		reason = errMigrateWrite
	}
	s.failMigrations(l, reason)
}

func (s *Server) failMigrations(l *migrateLink, reason string) {
	waiting := l.queue
	l.queue = nil
	for i, m := range waiting {
		fresh := !m.retried && len(m.moved) == 0
		if fresh && (l.reused || i > 0) {
			m.retried = true
			s.submitMigration(m)
			continue
		}
		s.endMigration(m, reason)
	}
}

func (s *Server) closeMigrateLink(l *migrateLink) {
	s.todo.Close = append(s.todo.Close, l.id)
	s.dropMigrateLink(l)
}

func (s *Server) dropMigrateLink(l *migrateLink) {
	s.migrate.cache = slices.DeleteFunc(s.migrate.cache, func(o *migrateLink) bool { return o == l })
	if len(s.migrate.cache) == 0 {
		s.migrate.dump = rdb.Encoder{}
	}
}

// migrateCron ends what takes too long and closes connections nobody uses.
func (s *Server) migrateCron() {
	for _, l := range slices.Clone(s.migrate.cache) {
		switch {
		case len(l.queue) > 0 && !s.now.Before(l.queue[0].deadline):
			reason := errMigrateRead
			if !l.open {
				reason = errMigrateConnect
			}
			late := l.queue[0]
			late.retried = true
			s.closeMigrateLink(l)
			s.failMigrations(l, reason)
		case len(l.queue) == 0 && s.now.Sub(l.used) > linkIdle:
			s.closeMigrateLink(l)
		}
	}
}

// migrationAbandoned hears that the client of a MIGRATE has gone; the move goes on.
func (s *Server) migrationAbandoned(c *client) {
	for _, m := range s.migrate.active {
		if m.client == c {
			m.client = nil
		}
	}
}

// heldByMigration reports whether a command must wait for a MIGRATE: it touches one of the keys on
// their way, or writes without naming keys (FLUSHALL, SWAPDB).
func (s *Server) heldByMigration(c *client, cmd *command.Command, args [][]byte) bool {
	if len(s.migrate.active) == 0 || cmd.Flags&(command.Write|command.ReadOnly) == 0 && !isExec(cmd) {
		return false
	}
	if len(cmd.Keys) == 0 && cmd.Has(command.Write) {
		return true
	}
	r := &s.routing
	r.server, r.cmd, r.args, r.tx = s, cmd, args, nil
	if isExec(cmd) {
		r.tx = c.tx.queue
	}
	held := false
	r.eachKey(func(key []byte) { held = held || s.migrate.moves(c.ctx.DB.Number, key) })
	return held
}

// moves reports whether a key is on its way.
func (ms *migrations) moves(db int, key []byte) bool {
	for _, m := range ms.active {
		for i := range m.keys {
			if m.db.Number == db && string(m.keys[i].key) == string(key) {
				return true
			}
		}
	}
	return false
}
