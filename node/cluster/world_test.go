package cluster

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/bus"
	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/slot"
)

// world wires several States together: one agenda in order of time, links in memory.
type world struct {
	t       *testing.T
	now     time.Time
	start   time.Time
	seq     uint64
	agenda  []task
	members []*member
	wires   []*wire
	cut     map[[2]*member]bool
	log     []stamped
	watch   func(from, to *member, p *bus.Packet) // sees every packet that is sent
}

type task struct {
	at  time.Time
	seq uint64
	run func()
}

type stamped struct {
	at   time.Duration
	who  *member
	what event.Event
}

// latency is how long every frame travels.
const latency = time.Millisecond

var errGone = errors.New("connection refused")

// member is one node of the world.
type member struct {
	w        *world
	name     string
	addr     netip.AddrPort
	cfg      Config
	state    *State
	host     *fakeHost
	disk     []byte
	up       bool
	frozen   bool
	frozenQ  []func()
	nextLink machine.LinkID
	accepted machine.LinkID
	ends     map[machine.LinkID]*end
	boots    uint64
}

// wire is one connection; each end belongs to a member.
type wire struct {
	ends [2]*end
	held []func()
}

type end struct {
	wire *wire
	who  *member
	link machine.LinkID
	dead bool
}

func newWorld(t *testing.T) *world {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return &world{t: t, now: start, start: start, cut: map[[2]*member]bool{}}
}

func (w *world) after(d time.Duration, run func()) {
	w.seq++
	item := task{at: w.now.Add(d), seq: w.seq, run: run}
	at, _ := slices.BinarySearchFunc(w.agenda, item, func(a, b task) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return int(int64(a.seq) - int64(b.seq))
	})
	w.agenda = slices.Insert(w.agenda, at, item)
}

// run lets time pass.
func (w *world) run(d time.Duration) {
	end := w.now.Add(d)
	for len(w.agenda) > 0 && !w.agenda[0].at.After(end) {
		next := w.agenda[0]
		w.agenda = w.agenda[1:]
		w.now = next.at
		next.run()
	}
	w.now = end
}

// until lets time pass until done, at most d, and returns how long it took.
func (w *world) until(d time.Duration, what string, done func() bool) time.Duration {
	w.t.Helper()
	began := w.now
	for !done() {
		if w.now.Sub(began) > d {
			w.t.Fatalf("after %v still not: %s\n%s", d, what, w.dump())
		}
		w.run(10 * time.Millisecond)
	}
	return w.now.Sub(began)
}

func (w *world) dump() string {
	var text strings.Builder
	for _, m := range w.members {
		if m.up {
			fmt.Fprintf(&text, "%s ok=%v (%s)\n%s", m.name, m.state.OK(), m.state.health.reason, m.state.NodesText())
		}
	}
	for _, e := range w.log[max(0, len(w.log)-60):] {
		fmt.Fprintf(&text, "%v %s %s\n", e.at, e.who.name, e.what.Describe())
	}
	return text.String()
}

// add starts a new node with an address of its own.
func (w *world) add(name string, cfg Config) *member {
	port := uint16(7000 + len(w.members))
	m := &member{w: w, name: name, addr: netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), port)}
	m.cfg = cfg
	m.cfg.AnnounceIP, m.cfg.Port = "127.0.0.1", port
	if m.cfg.NodeTimeout == 0 {
		m.cfg.NodeTimeout = 2 * time.Second
	}
	m.cfg.NextLink = func() machine.LinkID { m.nextLink += 2; return m.nextLink - 1 }
	m.nextLink = 2
	w.members = append(w.members, m)
	m.host = &fakeHost{member: m, keys: map[slot.Slot]int{}}
	m.boot()
	return m
}

func (m *member) boot() {
	m.boots++
	cfg := m.cfg
	cfg.Conf = m.disk
	seed := uint64(m.addr.Port())
	state, err := New(cfg, m.host, rand.New(rand.NewPCG(seed, m.boots)))
	require.NoError(m.w.t, err)
	m.state, m.up, m.frozen, m.frozenQ = state, true, false, nil
	m.ends = map[machine.LinkID]*end{}
	m.do(func() {})
	m.cron(m.boots)
}

func (m *member) cron(boot uint64) {
	if !m.up || m.boots != boot {
		return
	}
	m.do(func() { m.host.replicate(m.w.now); m.state.Cron(m.w.now) })
	m.w.after(100*time.Millisecond, func() { m.cron(boot) })
}

// do calls a door and performs what comes of it. A frozen node does it when it thaws.
func (m *member) do(door func()) {
	if !m.up {
		return
	}
	if m.frozen {
		if len(m.frozenQ) < 100000 {
			m.frozenQ = append(m.frozenQ, door)
		}
		return
	}
	door()
	todo := m.state.BeforeSleep(m.w.now)
	require.Empty(m.w.t, m.state.compareDrawing())
	if len(todo.Emit) > 0 {
		require.NoError(m.w.t, m.state.Verify())
	}
	m.perform(todo)
}

func (m *member) perform(todo *Todo) {
	if todo.Save != nil {
		m.disk = slices.Clone(todo.Save)
	}
	for _, d := range todo.Dial {
		m.dial(d)
	}
	for _, send := range todo.Send {
		m.send(send)
	}
	for _, id := range todo.Close {
		m.hangup(id)
	}
	for _, e := range todo.Emit {
		m.w.log = append(m.w.log, stamped{m.w.now.Sub(m.w.start), m, e})
	}
	if !todo.Wake.IsZero() {
		m.w.after(todo.Wake.Sub(m.w.now), func() { m.do(func() {}) })
	}
}

func (w *world) memberAt(port uint16) *member {
	for _, m := range w.members {
		if m.addr.Port() == port {
			return m
		}
	}
	return nil
}

func (m *member) dial(d machine.Dial) {
	w, peer := m.w, m.w.memberAt(d.Addr.Port()-10000)
	near := &end{who: m, link: d.Link}
	m.ends[d.Link] = near
	if peer != nil && (w.cut[[2]*member{m, peer}] || w.cut[[2]*member{peer, m}]) {
		return // the SYN gets no answer
	}
	w.after(latency, func() {
		if near.dead || !m.up {
			return
		}
		if peer == nil || !peer.up {
			near.dead = true
			m.do(func() { m.state.Hangup(w.now, d.Link, errGone) })
			return
		}
		peer.accepted += 2
		far := &end{who: peer, link: peer.accepted}
		peer.ends[far.link] = far
		wi := &wire{ends: [2]*end{near, far}}
		near.wire, far.wire = wi, wi
		w.wires = append(w.wires, wi)
		peer.do(func() { peer.state.Accepted(w.now, far.link, peer.addr, m.addr) })
		m.do(func() { m.state.Connected(w.now, d.Link, m.addr, peer.addr) })
	})
}

func (m *member) send(s machine.Send) {
	near := m.ends[s.Link]
	if near == nil || near.dead || near.wire == nil {
		return
	}
	far := near.other()
	if m.w.watch != nil {
		p, err := bus.Decode(s.Data)
		require.NoError(m.w.t, err)
		m.w.watch(m, far.who, &p)
	}
	m.w.carry(near, far, func() {
		if !far.dead {
			far.who.do(func() { far.who.state.Receive(m.w.now, far.link, s.Data) })
		}
	})
}

// carry brings something from one end of a wire to the other, now or when the wire heals.
func (w *world) carry(near, far *end, arrive func()) {
	if w.cut[[2]*member{near.who, far.who}] {
		near.wire.held = append(near.wire.held, func() { w.carry(near, far, arrive) })
		return
	}
	w.after(latency, arrive)
}

func (e *end) other() *end {
	if e.wire.ends[0] == e {
		return e.wire.ends[1]
	}
	return e.wire.ends[0]
}

func (m *member) hangup(id machine.LinkID) {
	near := m.ends[id]
	if near == nil || near.dead {
		return
	}
	near.dead = true
	delete(m.ends, id)
	if near.wire == nil {
		return
	}
	far := near.other()
	m.w.carry(near, far, func() {
		if !far.dead && far.who.up {
			far.dead = true
			delete(far.who.ends, far.link)
			far.who.do(func() { far.who.state.Hangup(m.w.now, far.link, errGone) })
		}
	})
}

func (m *member) kill() {
	m.up = false
	for _, id := range sortedKeys(m.ends) {
		m.hangup(id)
	}
}

func sortedKeys(ends map[machine.LinkID]*end) []machine.LinkID {
	ids := make([]machine.LinkID, 0, len(ends))
	for id := range ends {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func (m *member) thaw() {
	m.frozen = false
	queue := m.frozenQ
	m.frozenQ = nil
	for _, door := range queue {
		m.do(door)
	}
}

// partition cuts all frames from one group to another.
func (w *world) partition(from, to []*member) {
	for _, a := range from {
		for _, b := range to {
			w.cut[[2]*member{a, b}] = true
		}
	}
}

func (w *world) heal() {
	clear(w.cut)
	for _, wi := range w.wires {
		held := wi.held
		wi.held = nil
		for _, again := range held {
			again()
		}
	}
}

func (m *member) id() string { return m.state.Myself().String() }

// node is m's view of other.
func (m *member) sees(other *member) *node { return m.state.find(other.id()) }

// form makes a cluster of masters with the slots shared out, and replicas given as the index of
// their master.
func (w *world) form(cfg Config, masters int, replicas ...int) {
	for i := range masters {
		m := w.add(string(rune('A'+i)), cfg)
		first, last := i*slot.Count/masters, (i+1)*slot.Count/masters-1
		require.NoError(w.t, m.state.AddSlots(w.now, []slot.Range{{First: slot.Slot(first), Last: slot.Slot(last)}}))
		require.NoError(w.t, m.state.SetConfigEpoch(w.now, int64(i+1)))
	}
	for i := range replicas {
		w.add(string(rune('A'+masters+i)), cfg)
	}
	for _, m := range w.members[1:] {
		m.meet(w.members[0])
	}
	w.until(20*time.Second, "everybody knows everybody", func() bool {
		for _, m := range w.members {
			for _, other := range w.members {
				if n := m.sees(other); n == nil || (n != m.state.myself && (n.link == nil || !n.link.open || n.inbound == nil)) {
					return false
				}
			}
		}
		return true
	})
	for i, of := range replicas {
		r := w.members[masters+i]
		r.do(func() { require.NoError(w.t, r.state.Replicate(w.now, w.members[of].id())) })
	}
	w.until(20*time.Second, "the cluster is up and agreed", w.agreed)
	w.run(5 * time.Second)
	w.log = nil
}

func (m *member) meet(other *member) {
	m.do(func() {
		require.NoError(m.w.t, m.state.Meet(m.w.now, "127.0.0.1", int(other.addr.Port()), int(other.addr.Port())+10000))
	})
}

// agreed reports whether all running nodes believe the same and serve.
func (w *world) agreed() bool {
	var want string
	for _, m := range w.members {
		if !m.up || m.frozen {
			continue
		}
		if !m.state.OK() {
			return false
		}
		if got := m.belief(); want == "" {
			want = got
		} else if got != want {
			return false
		}
	}
	return true
}

// belief is what redis-cli compares: who owns what, and who follows whom.
func (m *member) belief() string {
	var text strings.Builder
	for _, n := range m.state.nodes.order {
		other := m.w.memberAt(n.port)
		if other == nil || !other.up {
			continue
		}
		slots := n.slots.Set()
		fmt.Fprintf(&text, "%v %v %d %s;", n.id, idOf(n.primary), n.epoch(), slots.String())
	}
	return text.String()
}

// happened lists what a member emitted, by name, for the names asked for.
func (w *world) happened(m *member, names ...string) []string {
	var list []string
	for _, e := range w.log {
		if e.who == m && slices.Contains(names, e.what.Name()) {
			list = append(list, e.what.Describe())
		}
	}
	return list
}

// count counts the events with a name at all nodes.
func (w *world) count(name string) int {
	n := 0
	for _, e := range w.log {
		if e.what.Name() == name {
			n++
		}
	}
	return n
}

// fakeHost is a server reduced to what a cluster machine needs of it. Replication is instant while
// the master can be reached.
type fakeHost struct {
	*member
	keys      map[slot.Slot]int
	offset    int64
	following netip.AddrPort
	heard     time.Time
	paused    bool
	lagging   bool // stay at the present offset
	unborn    bool // nothing was ever replicated
	calls     []string
	delivered []string
}

func (h *fakeHost) note(format string, args ...any) {
	h.calls = append(h.calls, fmt.Sprintf(format, args...))
}

func (h *fakeHost) KeysInSlot(sl slot.Slot) int { return h.keys[sl] }

func (h *fakeHost) DropSlot(_ time.Time, sl slot.Slot) int {
	n := h.keys[sl]
	delete(h.keys, sl)
	h.note("drop %d", sl)
	return n
}

func (h *fakeHost) DatasetEmpty() bool       { return len(h.keys) == 0 }
func (h *fakeHost) FlushData(time.Time)      { clear(h.keys); h.note("flush") }
func (h *fakeHost) ReplicationOffset() int64 { return h.offset }

func (h *fakeHost) ReplicationAge(now time.Time) time.Duration { return now.Sub(h.heard) }

func (h *fakeHost) HasHistory() bool { return !h.unborn }
func (h *fakeHost) Following() bool  { return h.following.IsValid() }

func (h *fakeHost) Follow(_ time.Time, addr netip.AddrPort) {
	h.following = addr
	h.note("follow %v", addr)
}

func (h *fakeHost) ForgetHistory(time.Time) { h.note("forget history") }

func (h *fakeHost) Promote(time.Time) {
	h.following = netip.AddrPort{}
	h.note("promote")
}

func (h *fakeHost) PauseWrites(now, until time.Time) {
	h.paused = true
	h.note("pause %v", until.Sub(now))
}

func (h *fakeHost) ResumeWrites(time.Time) {
	if h.paused {
		h.note("resume")
	}
	h.paused = false
}

func (h *fakeHost) Deliver(_ time.Time, channel, message []byte, shard bool) {
	h.delivered = append(h.delivered, fmt.Sprintf("%s %s %v", channel, message, shard))
}

func (h *fakeHost) SlotMoved(time.Time, slot.Slot) {}

// replicate copies the master's offset when it can be reached.
func (h *fakeHost) replicate(now time.Time) {
	if !h.following.IsValid() {
		return
	}
	m := h.w.memberAt(h.following.Port())
	if m == nil || !m.up || m.frozen || h.w.cut[[2]*member{m, h.member}] {
		return
	}
	h.heard = now
	if !h.lagging {
		h.offset = m.host.offset
	}
}
