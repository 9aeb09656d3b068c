package replication

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// lab wires several States together in memory: one goroutine, virtual time, every byte in order.
type lab struct {
	t          tester
	now        time.Time
	nodes      []*peerNode
	pipes      []*pipe
	transcript *strings.Builder // what was said and what happened, if anybody wants to know
	chunk      int              // frames are cut into pieces of this size; 0 leaves them whole
}

// tester is what a lab needs of a *testing.T.
type tester interface {
	require.TestingT
	Helper()
	Fatal(args ...any)
}

// peerNode is a server that knows SET, MULTI and the replication commands.
type peerNode struct {
	*State
	lab      *lab
	port     int
	down     bool
	data     map[string]string
	links    machine.LinkID
	clients  uint64
	slow     bool // snapshots take until lab.finish
	making   map[SnapshotID]string
	slowLoad bool
	loading  []byte
	events   []event.Event
	paused   bool // by CLUSTER FAILOVER
	handover bool // by FAILOVER
	unblocks int
	failLoad error
	ignorant bool // takes any payload for a snapshot
	parses   bool // reads a snapshot while it comes
	keeps    bool // and keeps its data until the end
	same     bool // the last snapshot was of the history that the data had
	aheads   bool // reads a snapshot while it comes, to itself
	coming   []byte
	pieces   int // how many pieces came of snapshots read so
}

// pipe is one connection from a replica's link to its master's client port.
type pipe struct {
	from, to *peerNode
	link     machine.LinkID
	client   *machine.Client
	parser   resp.Guard
	toMaster []byte // everything the replica said
	toSlave  []byte // everything the master said
	budget   int    // bytes from the master until the cut, negative for no cut
	stall    bool   // the cut only holds the bytes from the master up
	frozen   bool   // bytes stay where they are
	stuck    []byte
	unsaid   []byte
	closed   bool
}

func newLab(t tester, nodes int) *lab {
	l := &lab{t: t, now: time.Unix(1_700_000_000, 0)}
	for i := range nodes {
		n := &peerNode{lab: l, port: 7000 + i, data: map[string]string{}, making: map[SnapshotID]string{}}
		cfg := DefaultConfig()
		cfg.Port = n.port
		cfg.NewLink = func() machine.LinkID { n.links += 2; return n.links - 1 }
		n.State = New(cfg, n, rand.New(rand.NewPCG(uint64(i), 7)))
		l.nodes = append(l.nodes, n)
	}
	return l
}

// set executes SET on n in database 0, as one unit per call.
func (n *peerNode) set(pairs ...string) {
	var unit []Command
	for i := 0; i < len(pairs); i += 2 {
		n.data["0:"+pairs[i]] = pairs[i+1]
		unit = append(unit, Command{Args: words("SET", pairs[i], pairs[i+1])})
	}
	n.Feed(unit...)
}

func words(w ...string) [][]byte {
	args := make([][]byte, len(w))
	for i := range w {
		args[i] = []byte(w[i])
	}
	return args
}

func (n *peerNode) dump() string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(n.data)) {
		fmt.Fprintf(&b, "%s=%s;", k, n.data[k])
	}
	return b.String()
}

func (n *peerNode) BeginSnapshot(now time.Time, id SnapshotID, want Contents) {
	content := "RDB:"
	if want.Data {
		content += n.dump()
	}
	n.making[id] = content
	if !n.slow {
		n.finish(now)
	}
}

// finish delivers the snapshots being made.
func (n *peerNode) finish(now time.Time) {
	for _, id := range slices.Sorted(maps.Keys(n.making)) {
		content := n.making[id]
		delete(n.making, id)
		half := len(content) / 2
		n.SnapshotChunk(id, []byte(content[:half]))
		n.SnapshotChunk(id, []byte(content[half:]))
		n.SnapshotDone(now, id)
	}
}

func (n *peerNode) CancelSnapshot(_ time.Time, id SnapshotID) { delete(n.making, id) }

func (n *peerNode) BeginLoad(now time.Time, payload []byte) {
	n.data = map[string]string{}
	n.loading = payload
	if n.aheads {
		n.loading, n.coming = n.coming, nil
	}
	if !n.slowLoad {
		n.load(now)
	}
}

func (n *peerNode) load(now time.Time) {
	text, ok := strings.CutPrefix(string(n.loading), "RDB:")
	require.True(n.lab.t, ok || n.ignorant, "payload %q", n.loading)
	n.loading = nil
	if n.failLoad != nil {
		n.Loaded(now, -1, n.failLoad)
		return
	}
	for pair := range strings.SplitSeq(text, ";") {
		if k, v, ok := strings.Cut(pair, "="); ok {
			n.data[k] = v
		}
	}
	n.Loaded(now, 0, nil)
}

// StreamLoad and LoadMore read a snapshot while it comes, when the test wants that.
func (n *peerNode) StreamLoad(_ time.Time, same bool) (reads, keeps bool) {
	n.same = same
	if n.parses && !n.keeps {
		n.data = map[string]string{}
	}
	n.loading = nil
	return n.parses, n.keeps
}

// LoadAhead reads a snapshot while it comes and shows nothing of it, when the test wants that.
func (n *peerNode) LoadAhead(time.Time) bool {
	if n.aheads {
		n.coming = []byte{}
	}
	return n.aheads
}

func (n *peerNode) LoadMore(now time.Time, piece []byte, last bool) {
	n.pieces++
	if n.aheads {
		n.coming = append(n.coming, piece...)
		return
	}
	n.loading = append(n.loading, piece...)
	if last && !n.slowLoad {
		n.data = map[string]string{}
		n.load(now)
	}
}

func (n *peerNode) CancelLoad(time.Time) {
	if n.coming != nil {
		n.coming = nil
		return
	}
	n.loading = nil
	if !n.parses || !n.keeps {
		n.data = map[string]string{}
	}
}

// OpenUnit and CloseUnit are not looked at: nothing comes between the commands of a transaction.
func (n *peerNode) OpenUnit(time.Time)  {}
func (n *peerNode) CloseUnit(time.Time) {}

// Apply knows SET of a key and a value; every other command, a SET without them, too, changes nothing.
func (n *peerNode) Apply(_ time.Time, db int, args [][]byte) {
	if len(args) == 3 && strings.EqualFold(string(args[0]), "set") {
		n.data[strconv.Itoa(db)+":"+string(args[1])] = string(args[2])
	}
}

func (n *peerNode) UnblockClients(time.Time)          { n.unblocks++ }
func (n *peerNode) FailoverPaused(now time.Time) bool { return n.paused }
func (n *peerNode) PauseForFailover(time.Time)        { n.handover = true }
func (n *peerNode) ResumeAfterFailover(time.Time)     { n.handover = false }

// follow makes n a replica of m and lets everything settle.
func (l *lab) follow(n, m *peerNode) {
	n.SetMaster(l.now, "127.0.0.1", m.port)
	l.settle()
}

// settle performs todos until nobody has anything to do.
func (l *lab) settle() {
	for range 10_000 {
		busy := false
		for _, n := range l.nodes {
			if !n.down && l.perform(n) {
				busy = true
			}
		}
		if !busy {
			return
		}
	}
	l.t.Fatal("the lab does not settle")
}

func (l *lab) perform(n *peerNode) (busy bool) {
	todo := *n.BeforeSleep(l.now)
	n.events = append(n.events, todo.Emit...)
	for _, e := range todo.Emit {
		l.write("%d  %s  %s", n.port, e.Name(), e.Describe())
	}
	dials, sends := slices.Clone(todo.Dial), slices.Clone(todo.Send)
	closes, flush := slices.Clone(todo.Close), slices.Clone(todo.Flush)
	for _, d := range dials {
		l.dial(n, d)
	}
	for _, s := range sends {
		if p := l.pipeOf(n, s.Link); p != nil {
			l.say(p, s.Data)
		}
	}
	for _, link := range closes {
		if p := l.pipeOf(n, link); p != nil {
			l.hangup(p, nil)
		}
	}
	for _, c := range flush {
		l.flushClient(n, c)
	}
	return len(dials)+len(sends)+len(closes)+len(flush) > 0 ||
		!todo.Wake.IsZero() && todo.Wake.Sub(l.now) <= windowRetry // what is due later waits for run
}

func (l *lab) dial(n *peerNode, d machine.Dial) {
	target := l.node(int(d.Addr.Port()))
	if target == nil || target.down {
		n.Hangup(l.now, d.Link, errors.New("connection refused"))
		return
	}
	target.clients += 2
	p := &pipe{from: n, to: target, link: d.Link, budget: -1, client: &machine.Client{
		ID: target.clients, Addr: fmt.Sprintf("127.0.0.1:%d", 50_000+n.port),
	}}
	l.pipes = append(l.pipes, p)
	n.Connected(l.now, d.Link)
}

func (l *lab) node(port int) *peerNode {
	for _, n := range l.nodes {
		if n.port == port {
			return n
		}
	}
	return nil
}

func (l *lab) pipeOf(n *peerNode, link machine.LinkID) *pipe {
	for _, p := range l.pipes {
		if p.from == n && p.link == link && !p.closed {
			return p
		}
	}
	return nil
}

// last is the newest connection of n to its master.
func (l *lab) last(n *peerNode) *pipe {
	for _, p := range slices.Backward(l.pipes) {
		if p.from == n {
			return p
		}
	}
	l.t.Fatal("no connection")
	return nil
}

// say delivers bytes to the master, which executes the commands in them.
func (l *lab) say(p *pipe, data []byte) {
	if p.frozen && !p.stall {
		p.unsaid = append(p.unsaid, data...)
		return
	}
	p.toMaster = append(p.toMaster, data...)
	l.tell(p.from.port, p.to.port, data)
	p.parser.Feed(data)
	for !p.closed {
		before := p.parser.Buffered()
		args, ok, err := p.parser.Next(nil)
		require.NoError(l.t, err)
		if !ok || before == p.parser.Buffered() {
			return
		}
		l.execute(p, args)
	}
}

// execute is the master's dispatch.
func (l *lab) execute(p *pipe, args [][]byte) {
	w := resp.Writer{}
	n, c := p.to, p.client
	if len(args) == 0 {
		n.Alive(l.now, c)
		return
	}
	switch strings.ToLower(string(args[0])) {
	case "ping":
		w.Status("PONG")
	case "replconf":
		n.Replconf(l.now, c, args, &w)
	case "psync", "sync":
		n.Psync(l.now, c, args, &w)
	default:
		w.Error("ERR unknown command")
	}
	c.Out = append(c.Out, w.Buf...)
	l.flushClient(n, c)
}

// flushClient delivers what a client is due to the link at its other end.
func (l *lab) flushClient(n *peerNode, c *machine.Client) {
	i := slices.IndexFunc(l.pipes, func(p *pipe) bool { return p.client == c })
	if i < 0 {
		return // a client of the test itself
	}
	p := l.pipes[i]
	out := c.Out
	c.Out = nil
	l.deliver(p, out)
	if c.Closing && !p.closed {
		l.hangup(p, nil)
	}
}

func (l *lab) deliver(p *pipe, out []byte) {
	if p.frozen {
		p.stuck = append(p.stuck, out...)
		return
	}
	for len(out) > 0 && !p.closed {
		n := len(out)
		if l.chunk > 0 {
			n = min(n, l.chunk)
		}
		if p.budget >= 0 {
			n = min(n, p.budget)
			p.budget -= n
		}
		p.toSlave = append(p.toSlave, out[:n]...)
		l.tell(p.to.port, p.from.port, out[:n])
		p.from.Receive(l.now, p.link, out[:n])
		out = out[n:]
		if p.budget == 0 && p.stall {
			p.frozen = true
			p.stuck = append(p.stuck, out...)
			return
		}
		if p.budget == 0 {
			l.hangup(p, errors.New("cut"))
		}
	}
}

// thaw lets the bytes of a held connection go on.
func (l *lab) thaw(p *pipe) {
	stuck, unsaid := p.stuck, p.unsaid
	p.frozen, p.stall, p.budget, p.stuck, p.unsaid = false, false, -1, nil, nil
	if !p.closed {
		l.deliver(p, stuck)
		l.say(p, unsaid)
	}
}

// hangup ends a connection at both ends.
func (l *lab) hangup(p *pipe, err error) {
	if p.closed {
		return
	}
	p.closed = true
	l.write("%d -x- %d", p.from.port, p.to.port)
	p.to.Gone(l.now, p.client)
	p.from.Hangup(l.now, p.link, err)
}

// run lets virtual time pass.
func (l *lab) run(d time.Duration) {
	for end := l.now.Add(d); l.now.Before(end); {
		l.now = l.now.Add(100 * time.Millisecond)
		for _, n := range l.nodes {
			if !n.down {
				n.Cron(l.now)
			}
		}
		l.settle()
	}
}

// agree requires that all nodes have the same history and data.
func (l *lab) agree(nodes ...*peerNode) {
	l.t.Helper()
	for _, n := range nodes[1:] {
		require.Equal(l.t, nodes[0].id, n.id, "replid of %d", n.port)
		require.Equal(l.t, nodes[0].offset, n.offset, "offset of %d", n.port)
		require.Equal(l.t, nodes[0].dump(), n.dump(), "data of %d", n.port)
	}
}

// names returns the names of n's events since the last call.
func (n *peerNode) names() []string {
	var names []string
	for _, e := range n.events {
		names = append(names, e.Name())
	}
	n.events = nil
	return names
}

// visitor is a client of the test's own: it sees exactly the bytes a peer would.
type visitor struct {
	l *lab
	n *peerNode
	c *machine.Client
}

func (l *lab) visit(n *peerNode) *visitor {
	n.clients += 2
	return &visitor{l, n, &machine.Client{ID: n.clients, Addr: "127.0.0.1:40000"}}
}

// do sends one command and returns what has come back by the time the node sleeps.
func (v *visitor) do(line ...string) string {
	w := resp.Writer{}
	switch args := words(line...); strings.ToLower(line[0]) {
	case "replconf":
		v.n.Replconf(v.l.now, v.c, args, &w)
	case "psync", "sync":
		v.n.Psync(v.l.now, v.c, args, &w)
	case "replicaof":
		v.n.ReplicaOf(v.l.now, v.c, args, &w)
	case "failover":
		v.n.Failover(v.l.now, args, &w)
	case "role":
		v.n.Role(&w)
	}
	v.c.Out = append(v.c.Out, w.Buf...)
	return v.read()
}

// read returns what has come since.
func (v *visitor) read() string {
	v.l.settle()
	out := string(v.c.Out)
	v.c.Out = nil
	return out
}
