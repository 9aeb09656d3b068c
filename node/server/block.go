package server

import (
	"slices"

	"clusterplay/node/command"
	"clusterplay/node/keyspace"
	"clusterplay/node/replication"
	"clusterplay/node/resp"
)

// parkReason is what a blocked client waits for.
type parkReason uint8

const (
	waitsForKeys      parkReason = iota + 1 // BLPOP and its kin
	waitsForReplicas                        // WAIT
	waitsForPause                           // CLIENT PAUSE or a manual failover: the command runs later
	waitsForWaking                          // DEBUG SLEEP: the whole node is asleep
	waitsForMigrate                         // MIGRATE: a conversation with another node
	waitsForKeysMoved                       // a MIGRATE of keys the command touches
	waitsForShutdown                        // SHUTDOWN: replicas are catching up
	waitsForSave                            // SAVE: the file is being written
)

// parked is a command whose reply is still to come.
type parked struct {
	client   *client
	reason   parkReason
	deadline int64 // ms since 1970; 0 is never
	timeout  func(*resp.Writer)
	cmd      *command.Command
	args     [][]byte // a copy
	db       *keyspace.DB
	keys     []blockKey
	again    bool // the command ran again and still waits
	mourns   bool // its client is told when the key goes (XREADGROUP)

	acked    func(*resp.Writer) // WAIT: the reply when they have; nil answers with their number
	replicas int                // WAIT: how many
	offset   replication.Offset // WAIT: which offset
}

// blockKey names a key of one database.
type blockKey struct {
	db  int
	key string
}

// parking is every blocked client: by key in the order of blocking, and by deadline.
type parking struct {
	byKey     map[blockKey][]*parked
	ready     []blockKey
	isReady   map[blockKey]bool
	deadlines []*parked // ascending by deadline, then by arrival
	count     int
}

func newParking() parking {
	return parking{byKey: map[blockKey][]*parked{}, isReady: map[blockKey]bool{}}
}

// park makes a client wait.
func (s *Server) park(p *parked) {
	c := p.client
	c.parked = p
	c.conn.Blocked = true
	s.parking.count++
	for _, k := range p.keys {
		s.parking.byKey[k] = append(s.parking.byKey[k], p)
	}
	if p.deadline != 0 {
		i, _ := slices.BinarySearchFunc(s.parking.deadlines, p.deadline+1, func(o *parked, t int64) int {
			return int(min(1, max(-1, o.deadline-t)))
		})
		s.parking.deadlines = slices.Insert(s.parking.deadlines, i, p)
	}
}

// unpark lets a client go on; whoever calls it has written the reply or is about to.
func (s *Server) unpark(c *client) {
	p := c.parked
	if p == nil {
		return
	}
	c.parked = nil
	c.conn.Blocked = false
	s.parking.count--
	for _, k := range p.keys {
		s.parking.dropWaiter(k, p)
	}
	if p.deadline != 0 {
		if i := slices.Index(s.parking.deadlines, p); i >= 0 {
			s.parking.deadlines = slices.Delete(s.parking.deadlines, i, i+1)
		}
	}
	s.list(c)
}

func (k *parking) dropWaiter(key blockKey, p *parked) {
	list := k.byKey[key]
	if len(list) == 1 {
		delete(k.byKey, key)
		return
	}
	if i := slices.Index(list, p); i >= 0 {
		k.byKey[key] = slices.Delete(list, i, i+1)
	}
}

// Block parks the client that runs c until one of keys is Ready or the deadline passes.
func (s *Server) Block(ctx *command.Context, keys [][]byte, deadline int64, timeout func(w *resp.Writer)) {
	c := s.current
	if c.parked != nil {
		c.parked.again = true
		return
	}
	p := &parked{
		client: c, reason: waitsForKeys, deadline: deadline, timeout: timeout,
		cmd: ctx.Cmd, args: cloneArgs(ctx.Args), db: ctx.DB, mourns: ctx.Cmd.Full == "xreadgroup",
	}
	for _, key := range keys {
		k := blockKey{ctx.DB.Number, string(key)}
		if !slices.Contains(p.keys, k) {
			p.keys = append(p.keys, k)
		}
	}
	s.park(p)
}

// Ready tells that a key now holds a value of a kind for which clients may be blocked.
func (s *Server) Ready(db *keyspace.DB, key []byte) {
	if len(s.parking.byKey) == 0 {
		return
	}
	k := blockKey{db.Number, string(key)}
	if len(s.parking.byKey[k]) > 0 && !s.parking.isReady[k] {
		s.parking.isReady[k] = true
		s.parking.ready = append(s.parking.ready, k)
	}
}

// onStreamGone lets clients that wait for a stream hear that it is gone.
func (s *Server) onStreamGone(db *keyspace.DB, key string) { s.Ready(db, []byte(key)) }

// serveReady runs the commands of clients whose keys became ready, each as a unit of its own, in
// the order of readiness and then of blocking, until no key is ready (handleClientsBlockedOnKeys).
func (s *Server) serveReady() {
	for len(s.parking.ready) > 0 {
		batch := s.parking.ready
		s.parking.ready = nil
		for _, k := range batch {
			delete(s.parking.isReady, k)
			s.serveKey(k)
		}
	}
}

func (s *Server) serveKey(k blockKey) {
	db := s.space.DB(k.db)
	for _, p := range slices.Clone(s.parking.byKey[k]) {
		if p.client.parked == p && p.looksAt(db, s.nowMs, k.key) {
			s.retry(p, k.key)
		}
	}
}

// looksAt tells whether the command has something to do about key. One that has expired goes at this look.
func (p *parked) looksAt(db *keyspace.DB, now int64, key string) bool {
	return db.Look(now, []byte(key)) != nil || p.mourns
}

// retry runs a blocked command again because of key; it may block again and then keeps its place.
func (s *Server) retry(p *parked, key string) {
	c := p.client
	p.again = false
	s.runAs(c, p.cmd, p.args, p.db, func(ctx *command.Context) {
		ctx.Woken, ctx.WokenBy = true, []byte(key)
	})
	if !p.again {
		s.unpark(c)
	}
}

// expireParked answers everybody whose deadline has passed.
func (s *Server) expireParked() {
	for len(s.parking.deadlines) > 0 && s.parking.deadlines[0].deadline <= s.nowMs {
		p := s.parking.deadlines[0]
		s.giveUp(p)
	}
}

// giveUp ends a wait as its timeout would.
func (s *Server) giveUp(p *parked) {
	w := s.to(p.client)
	s.unpark(p.client)
	if p.timeout != nil {
		p.timeout(w)
	}
}

// nextDeadline is when the earliest wait ends, in ms; 0 when nobody waits for a time.
func (s *Server) nextDeadline() int64 {
	if len(s.parking.deadlines) == 0 {
		return 0
	}
	return s.parking.deadlines[0].deadline
}

// unblockForRole answers everybody who waits for keys that this server is a replica now, and
// closes the connections (disconnectAllBlockedClients).
func (s *Server) unblockForRole() {
	for _, c := range slices.Clone(s.clients.All) {
		if c.parked == nil || c.parked.reason != waitsForKeys && c.parked.reason != waitsForReplicas {
			continue
		}
		s.fail(c, resp.ErrUnblockedRole)
		s.unpark(c)
		s.closeSoon(c)
	}
}

// cloneArgs copies a command so that it outlives the call.
func cloneArgs(args [][]byte) [][]byte {
	size := 0
	for _, a := range args {
		size += len(a)
	}
	block := make([]byte, 0, size)
	out := make([][]byte, len(args))
	for i, a := range args {
		start := len(block)
		block = append(block, a...)
		out[i] = block[start:len(block):len(block)]
	}
	return out
}
