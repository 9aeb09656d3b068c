package network

import (
	"errors"
	"math/rand/v2"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"clusterplay/node"
)

// ErrDropped closes a link from whose stream a piece was thrown away: what follows would make no
// sense without it.
var ErrDropped = errors.New("a piece of the stream was dropped")

// errClosed ends what waits when the network is closed.
var errClosed = errors.New("the network is closed")

// Config is what a Network is told at birth.
type Config struct {
	Clock  node.Clock
	Rand   *rand.Rand // the chance in jitter; nil means a fixed seed
	Memory bool       // bus links between our own nodes stay in memory instead of using TCP
}

// Network stands between the nodes of one lab. It implements node.Network.
type Network struct {
	clock  node.Clock
	memory atomic.Bool

	busy    atomic.Int64 // how many rules are set, plus one while paused
	watched atomic.Int64 // how many taps are open
	tracked atomic.Int64 // how many frames are in handling
	serial  atomic.Uint64
	trace   trace
	water   water
	late    lateness
	packets packets

	mu        sync.Mutex // guards everything below
	rand      *rand.Rand
	paused    bool
	rules     map[Pair]*Rule
	freeAt    map[Pair]time.Time   // when a line of limited bandwidth has sent what it was given
	waiting   map[uint64]*waiting  // frames that may not pass yet
	handling  map[uint64]*handling // frames that passed and are not done
	stalled   map[string]bool      // nodes that read nothing at present: frozen
	listeners map[netip.AddrPort]*listener
	dialled   map[netip.AddrPort]*link     // by the address of the dialling end
	dialling  map[netip.AddrPort]int       // connects under way, by destination
	refused   map[netip.AddrPort]time.Time // where nobody listened, by the computer's clock
	arrived   *sync.Cond                   // a connect ended; on mu
	links     map[*link]struct{}
	ends      map[*conn]chan struct{} // closed when that end is, if anybody waits for it
	done      chan struct{}
}

// New makes a network without rules.
func New(cfg Config) *Network {
	if cfg.Rand == nil {
		cfg.Rand = rand.New(rand.NewPCG(1, 2))
	}
	n := &Network{
		clock: cfg.Clock, rand: cfg.Rand,
		rules: map[Pair]*Rule{}, freeAt: map[Pair]time.Time{},
		waiting: map[uint64]*waiting{}, handling: map[uint64]*handling{}, stalled: map[string]bool{},
		listeners: map[netip.AddrPort]*listener{},
		dialled:   map[netip.AddrPort]*link{}, dialling: map[netip.AddrPort]int{},
		refused: map[netip.AddrPort]time.Time{},
		links:   map[*link]struct{}{}, ends: map[*conn]chan struct{}{}, done: make(chan struct{}),
	}
	n.arrived = sync.NewCond(&n.mu)
	n.memory.Store(cfg.Memory)
	return n
}

// Pass is asked for every frame between nodes; see node.Network.
func (n *Network) Pass(f *node.Frame) (passes bool, err error) {
	c := inward(f)
	if c != nil {
		c.in().passed.Add(uint64(len(f.Data)))
	}
	busy := n.busy.Load() != 0
	if !busy && n.watched.Load() == 0 {
		return true, nil
	}
	seen := arrival(f, c)
	if !busy {
		n.show(seen)
		return true, nil
	}
	at, _ := f.Conn.(*conn)
	w := &waiting{Frame: seen}
	v, err := n.gate(at, w)
	f.ID = w.ID
	return v == deliver, err
}

// PassNow is Pass for a frame that nothing holds up; see node.Brisk.
func (n *Network) PassNow(f *node.Frame) bool {
	if n.busy.Load() != 0 {
		return false
	}
	c := inward(f)
	if c != nil {
		c.in().passed.Add(uint64(len(f.Data)))
	}
	if n.watched.Load() != 0 {
		n.show(arrival(f, c))
	}
	return true
}

// inward is the end of a link that a frame was read from; nil for one on its way out, or from a stranger.
func inward(f *node.Frame) *conn {
	c, _ := f.Conn.(*conn)
	if c == nil || c.link == nil {
		return nil
	}
	if who, _ := c.ends(); f.To != who {
		return nil
	}
	return c
}

// arrival describes a frame that was read from c, if it was.
func arrival(f *node.Frame, c *conn) Frame {
	seen := Frame{From: f.From, To: f.To, Kind: f.Kind, Type: TypeOf(f.Kind, f.Data), Bytes: len(f.Data)}
	if c != nil {
		seen.Sent = c.sentAt()
	}
	return seen
}

// show stamps a frame that nothing stops and shows it to those who watch.
func (n *Network) show(f Frame) {
	f.ID = n.serial.Add(1)
	f.Arrived = n.clock.Now()
	if f.Sent.IsZero() || f.Sent.After(f.Arrived) {
		f.Sent = f.Arrived
	}
	n.late.note(f.Arrived.Sub(f.Sent))
	n.trace.push(&f)
}

// Done tells that a frame that passed has been handled.
func (n *Network) Done(f *node.Frame) {
	if f.ID == 0 || n.tracked.Load() == 0 {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.handled(f.ID)
}

// Pause makes every frame wait until Resume, StepFrame or Release.
func (n *Network) Pause() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.paused {
		n.paused = true
		n.busy.Add(1)
	}
}

// Resume lets everything pass that only the pause held back.
func (n *Network) Resume() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.paused {
		n.paused = false
		n.busy.Add(-1)
		n.recheck()
	}
}

// Stall says that a node reads nothing at present (it is frozen), or does so again. A step passes
// over the frames that such a node would not handle.
func (n *Network) Stall(name string, stalled bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if stalled {
		n.stalled[name] = true
		return
	}
	delete(n.stalled, name)
}

// Memory tells whether bus links stay in memory.
func (n *Network) Memory() bool { return n.memory.Load() }

// SetMemory decides it for ports that are opened from now on; no port may be open.
func (n *Network) SetMemory(memory bool) { n.memory.Store(memory) }

// Close lets go of everything that waits. The ports and links belong to the nodes.
func (n *Network) Close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	select {
	case <-n.done:
	default:
		close(n.done)
	}
}
