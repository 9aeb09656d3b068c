package playground

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"clusterplay/node"
	"clusterplay/node/event"
	"clusterplay/playground/clock"
	"clusterplay/playground/history"
	"clusterplay/playground/network"
	"clusterplay/playground/workload"
)

// Lab is a set of nodes on this computer with one clock and one network between them. Its methods
// may be called from any goroutine.
type Lab struct {
	id       string                   // its name among the labs of this process
	among    *Labs                    // those labs; nil for a lab that knows of no other
	launched Topology                 // what the lab was started as
	topology atomic.Pointer[Topology] // what it is at present; setup changes it
	clock    *clock.Clock
	net      *network.Network
	journal  *journal
	load     *workload.Load
	moves    *mover
	history  *history.Recorder // nil when nothing is recorded

	recordedTo time.Time             // the end of what was recorded before this lab was launched
	began      time.Time             // the lab's first moment
	shaping    atomic.Pointer[phase] // nil until it has begun to form
	filmed     atomic.Int64          // how far pictures go, in microseconds of the lab's time
	occupied   *os.File              // holds the data directory; nil without one

	ctx    context.Context // ends with the lab
	cancel context.CancelFunc
	tasks  sync.WaitGroup

	crowded atomic.Bool  // a large cluster forms: what its nodes tell is counted, not kept
	unpace  func()       // ends the pacing of the clock; guarded by stage
	untold  atomic.Int64 // how much that was
	lagging atomic.Int32 // the member that last did not know all others: it is asked first

	stage sync.RWMutex // held for reading by actions, for writing while the lab is (re)built
	turn  sync.Mutex   // one step at a time

	routes routes
	gauges gauges

	mu      sync.Mutex // guards what follows
	members []*member  // in the order of their ports
	letters int        // how many shards were ever named
	scene   scene      // ends when a reset begins
	base    int        // the first port
	wired   string     // the node whose address the built-in clients use; "" for the first
	paused  bool
	seen    map[string]Node // the last view of nodes that cannot be looked at
	wrapped bool            // closed

	seenSentinels map[string]SentinelView // as seen
}

// Launch starts a lab and returns when its cluster serves clients and every replica follows. When
// the context ends before, the lab is closed again.
func Launch(ctx context.Context, t Topology) (*Lab, error) {
	l, err := Open(t)
	if err != nil {
		return nil, err
	}
	if err := l.Form(ctx); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// Open starts the nodes of a lab, which do not know each other yet. Form makes a cluster of them;
// meanwhile the lab can be watched.
func Open(t Topology) (*Lab, error) { return openAmong(nil, MainLab, t) }

// openAmong is Open for a lab that shares this process with others.
func openAmong(others *Labs, id string, t Topology) (*Lab, error) {
	t = t.withDefaults()
	if err := t.Check(); err != nil {
		return nil, err
	}
	if err := others.admit(nil, t); err != nil {
		return nil, err
	}
	l, err := newLab(others, id, t)
	if err != nil {
		return nil, err
	}
	if err := l.open(); err != nil {
		l.Close()
		return nil, fmt.Errorf("launch: %w", err)
	}
	return l, nil
}

// Form returns when the cluster of a lab that was opened serves clients and every replica follows.
// Actions wait until then.
func (l *Lab) Form(ctx context.Context) error {
	l.stage.Lock()
	defer l.stage.Unlock()
	began := time.Now()
	l.untold.Store(0)
	if err := l.shape(func() error { return l.form(ctx) }); err != nil {
		return fmt.Errorf("launch: %w", err)
	}
	l.publish("", l.clock.Now(), Formed{Nodes: l.Topology().Nodes(), Took: time.Since(began), Untold: l.untold.Load()})
	return nil
}

// newLab makes a lab without nodes.
func newLab(among *Labs, id string, t Topology) (*Lab, error) {
	l := &Lab{
		id: id, among: among, launched: t, journal: newJournal(), scene: newScene(),
		seen: map[string]Node{}, seenSentinels: map[string]SentinelView{}, unpace: func() {},
	}
	l.topology.Store(&t)
	l.ctx, l.cancel = context.WithCancel(context.Background())
	if err := l.openData(); err != nil {
		return nil, err
	}
	l.began = l.firstMoment()
	l.clock = clock.New(clock.Config{
		Start: l.began, Speed: t.Speed,
		OnPanic: func(who string, why any) { l.panicked(node.Crash{Node: who, Value: why}) },
		OnStall: func(missed time.Duration) { l.publish("", l.clock.Now(), Stalled{Missed: missed}) },
	})
	l.net = network.New(network.Config{
		Clock: l.clock, Rand: rand.New(rand.NewPCG(t.Seed, 0)),
		Memory: l.keepsLinks(t),
	})
	l.moves = newMover(l)
	l.load = workload.New(workload.Config{
		Clock: l.clock, Seeds: l.addresses, Copy: l.copyOf, Spawn: l.spawn,
		Target: l.writeTo, Truth: l.truthAt,
	})
	if l.history != nil {
		l.spawn(l.record)
	}
	l.spawn(l.watchGauges)
	return l, nil
}

// openData makes the data directory, if there is one, and opens the history.
func (l *Lab) openData() (err error) {
	dir := l.launched.DataDir
	if dir != "" {
		if err := ownDirectory(dir); err != nil {
			return err
		}
		if l.occupied, err = occupy(dir); err != nil {
			return err
		}
	}
	if l.launched.unrecorded {
		return nil
	}
	if err = l.openRecord(dir); err != nil {
		l.leaveData()
	}
	return err
}

// leaveData closes the history and lets go of the data directory.
func (l *Lab) leaveData() {
	if l.history != nil {
		_ = l.history.Close()
	}
	if l.occupied != nil {
		_ = l.occupied.Close()
	}
}

// ownDirectory makes a directory that nobody else may enter.
func ownDirectory(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make data directory: %w", err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("make data directory: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return wrong("data-dir", "chmod 700 "+dir, "other users may enter %s", dir)
	}
	return nil
}

// open binds the ports and starts the nodes; when a port is taken, from the next base on.
func (l *Lab) open() error {
	var taken error
	bases := l.among.bases(l, l.Topology())
	for _, base := range bases {
		err := l.openAt(base)
		if err == nil {
			return nil
		}
		l.closeNodes()
		if !errors.Is(err, syscall.EADDRINUSE) {
			return err
		}
		taken = err
	}
	return wrong("port", "end what listens there, or choose another with --port", "no free ports from %v on: %v", bases, taken)
}

// openAt starts all nodes of the topology with ports from base on.
func (l *Lab) openAt(base int) error {
	t := l.Topology()
	members := make([]*member, 0, t.Nodes())
	for i := range t.Nodes() {
		m := &member{port: base + i, born: true, guard: i >= t.Servers()}
		if parent := t.parentOf(i); parent >= 0 && !t.clustered() {
			m.of = base + parent
		}
		m, err := l.newMember(m)
		if err != nil {
			return err
		}
		members = append(members, m)
	}
	l.mu.Lock()
	l.members, l.base = members, base
	l.mu.Unlock()
	for _, m := range members {
		if err := m.Start(); err != nil {
			return err
		}
	}
	return nil
}

// Close ends everything: nodes first, then what watched them.
func (l *Lab) Close() {
	l.mu.Lock()
	first := !l.wrapped
	l.wrapped = true
	l.mu.Unlock()
	if !first {
		return
	}
	l.cancel()
	l.stage.Lock()
	defer l.stage.Unlock()
	l.net.Close()
	l.load.Close()
	l.closeNodes()
	l.clock.Close()
	l.journal.close()
	l.tasks.Wait()
	l.leaveData()
}

// closeNodes ends all nodes at the same time. A lab with a data directory lets them save.
func (l *Lab) closeNodes() {
	var group sync.WaitGroup
	for _, m := range l.all() {
		group.Go(func() {
			defer node.Recover(m.Name(), l.panicked)
			if l.Topology().DataDir != "" && m.up() {
				_ = m.Stop(true) // a failed save is in the story; the end is the end
			}
			m.Kill()
		})
	}
	group.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.members = nil
}

// all is the present members.
func (l *Lab) all() []*member {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.members)
}

// running is the present members that can be talked to.
func (l *Lab) running() []*member {
	return slices.DeleteFunc(l.all(), func(m *member) bool { return !m.up() })
}

// servers is the present members that are Redis servers.
func (l *Lab) servers() []*member {
	return slices.DeleteFunc(l.all(), func(m *member) bool { return m.guard })
}

// sentinels is the present members that are Sentinels.
func (l *Lab) sentinels() []*member {
	return slices.DeleteFunc(l.all(), func(m *member) bool { return !m.guard })
}

// spawn starts a goroutine of the lab whose panic ends nothing else.
func (l *Lab) spawn(f func()) {
	l.tasks.Add(1)
	node.Go("", l.panicked, func() {
		defer l.tasks.Done()
		f()
	})
}

// panicked reports a panic that no node's own life caught.
func (l *Lab) panicked(c node.Crash) {
	l.publish(c.Node, l.clock.Now(), NodeState{State: "crashed", Why: fmt.Sprint(c.Value), Stack: c.Stack})
}

// publish stamps an event and tells everybody.
func (l *Lab) publish(who string, now time.Time, e event.Event) {
	l.journal.publish(Stamped{T: now, Wall: time.Now(), Node: who, Event: e}, l.Line)
}

// told is told what happened in a node. While a large cluster forms, the news of everybody about
// everybody are a million; they are only counted.
func (l *Lab) told(e node.Stamped) {
	if l.crowded.Load() {
		l.untold.Add(1)
		return
	}
	l.publish(e.Node, e.Now, e.Event)
}

// stateChanged is told by a node what has become of it.
func (l *Lab) stateChanged(m *member, s node.Status) {
	l.net.Stall(m.Name(), s.State == node.Frozen)
	if s.State == node.Starting {
		return
	}
	l.publish(m.Name(), s.Since, NodeState{State: s.State.String(), Why: s.Why, Stack: s.Stack})
}

// Subscribe adds a reader of events whose channel holds so many. A reader that is late loses
// events and is told how many; nobody waits for it. Close it when done.
func (l *Lab) Subscribe(buffer int) *Subscription { return l.journal.subscribe(buffer) }

// Clock is the lab's clock.
func (l *Lab) Clock() *clock.Clock { return l.clock }

// Network is what lies between the nodes.
func (l *Lab) Network() *network.Network { return l.net }

// History is the recorder; nil when nothing is recorded.
func (l *Lab) History() *history.Recorder { return l.history }

// Topology is what the lab is at present: as it was launched, or as it was set up since.
func (l *Lab) Topology() Topology { return *l.topology.Load() }

// Addr is the address of a node's client port.
func (l *Lab) Addr(name string) (string, error) {
	m, err := l.find("node", name)
	if err != nil {
		return "", err
	}
	return m.Addr().String(), nil
}

// Call executes one command on a node, as a client inside the process.
func (l *Lab) Call(ctx context.Context, name string, words ...string) (string, error) {
	m, err := l.find("node", name)
	if err != nil {
		return "", err
	}
	v, err := m.call(ctx, words...)
	return v.String(), err
}

// addresses are the client ports of the nodes that run.
func (l *Lab) addresses(yield func(string) bool) {
	for _, m := range l.all() {
		if !m.guard && m.up() && !yield(endpoint(m)) {
			return
		}
	}
}

// BasePort is the client port of the first node.
func (l *Lab) BasePort() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.base
}
