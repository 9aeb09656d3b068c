package node

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// Node is a place where a machine can live: an address, a disk, and the machine's current life
// if it has one. It outlives its lives: after Kill, Start begins anew with the same ports and the
// files as they were left. Its methods may be called from any goroutine, but not from OnEvent.
type Node struct {
	cfg  Config
	disk *frailDisk

	starting sync.Mutex // one Start at a time

	mu     sync.Mutex
	life   *life // the last one begun; nil before the first
	status Status
}

// New makes a node that is not running yet.
func New(cfg Config) (*Node, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	n := &Node{cfg: cfg.withDefaults(), disk: &frailDisk{Disk: newMemoryDisk()}}
	switch {
	case cfg.Disk != nil:
		n.disk.Disk = cfg.Disk
	case cfg.Dir != "":
		dir, err := OpenDir(cfg.Dir)
		if err != nil {
			return nil, fmt.Errorf("open the directory of %s: %w", cfg.Name, err)
		}
		n.disk.Disk = dir
	}
	n.status = Status{Node: cfg.Name, State: Stopped, Since: n.cfg.Clock.Now()}
	return n, nil
}

// The refusals of a node that is not in the state for what was asked.
var (
	ErrRunning    = errors.New("the node is running already")
	ErrNotRunning = errors.New("the node is not running")
	ErrFrozen     = errors.New("the node is frozen; thaw it first")
)

// Start opens the ports, makes the machine and lets it live.
func (n *Node) Start() error {
	n.starting.Lock()
	defer n.starting.Unlock()
	before := n.Status()
	if before.State.alive() {
		return ErrRunning
	}
	n.become(Status{State: Starting})
	l, err := n.begin()
	if err != nil {
		before.State, before.Why = Stopped, err.Error()
		n.become(before)
		return err
	}
	n.mu.Lock()
	n.life = l
	n.mu.Unlock()
	n.become(Status{State: Up})
	l.run()
	return nil
}

// begin makes a life that has not done anything yet.
func (n *Node) begin() (l *life, err error) {
	doors, err := openDoors(n.cfg)
	if err != nil {
		return nil, err
	}
	defer func() {
		if value := recover(); value != nil {
			err = fmt.Errorf("make the machine of %s: panic: %v", n.cfg.Name, value)
		}
		if err != nil {
			doors.close()
		}
	}()
	n.keepAddrs(doors.addrs())
	n.disk.busy.Lock() // until what the last life had begun is done
	defer n.disk.busy.Unlock()
	now := n.cfg.Clock.Now()
	m, err := n.cfg.New(Birth{Now: now, Addr: n.cfg.Addr, BusAddr: n.cfg.BusAddr, ReadFile: n.disk.Read})
	if err != nil {
		return nil, fmt.Errorf("make the machine of %s: %w", n.cfg.Name, err)
	}
	l = &life{
		cfg: n.cfg, disk: n.disk, ended: n.lifeEnded, over: make(chan struct{}), errands: make(chan func()), m: m, now: now, doors: doors,
		clients: map[*machine.Client]*client{}, links: map[machine.LinkID]*link{},
		programs: map[uint64]Program{},
	}
	l.thawed.L = &l.mu
	l.warmer, _ = m.(Warmer)
	if b, ok := m.(machine.Breather); ok {
		b.SetBreath(l.breathe)
	}
	if timed, ok := m.(machine.Timed); ok {
		born := time.Now()
		timed.SetStopwatch(func() time.Duration { return time.Since(born) })
	}
	if measurer, ok := m.(machine.Measurer); ok {
		measurer.SetLinkGauge(l.unwritten)
	}
	l.timers.life, l.board.life = l, l
	return l, nil
}

// keepAddrs remembers ports that the computer chose, for the next life.
func (n *Node) keepAddrs(clients, bus netip.AddrPort) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cfg.Addr = clients
	if n.cfg.BusAddr.IsValid() {
		n.cfg.BusAddr = bus
	}
}

// run starts the timers and opens the doors.
func (l *life) run() {
	l.turn(func(now time.Time) { l.timers.startCron(now) })
	l.spawn(func() { l.accept(l.doors.clients, l.serveClient) })
	if l.doors.bus != nil {
		l.spawn(func() { l.accept(l.doors.bus, l.serveBus) })
	}
}

// become changes the status and tells of it.
func (n *Node) become(s Status) {
	s.Node, s.Since = n.cfg.Name, n.cfg.Clock.Now()
	n.mu.Lock()
	n.status = s
	n.mu.Unlock()
	n.cfg.OnState(s)
}

// lifeEnded is told by a life that it is over.
func (n *Node) lifeEnded(l *life, why Status) {
	if n.current() != l {
		return
	}
	n.become(why)
	if why.State == Crashed && why.Stack != "" {
		n.cfg.OnPanic(Crash{Node: n.cfg.Name, Value: why.Why, Stack: why.Stack})
	}
}

// current is the last life begun, alive or not; nil before the first.
func (n *Node) current() *life {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.life
}

// endWait bounds how long an end waits for goroutines: closed sockets let them go at once.
const endWait = time.Second

// Kill ends the node as SIGKILL would: sockets are closed without a goodbye, nothing is written
// or saved. A node that is not running stays what it is.
func (n *Node) Kill() {
	if l := n.current(); l != nil {
		l.kill(Status{State: Killed, Why: "killed"})
	}
}

// kill ends the life from outside, frozen or not.
func (l *life) kill(why Status) {
	func() {
		l.mu.Lock()
		defer l.seen()
		l.end(why)
	}()
	l.tasks.wait(endWait)
}

// stopWait bounds how long a machine may take for its SHUTDOWN, as shutdown-timeout would.
const stopWait = 5 * time.Second

// Stop ends the node in good order: it executes SHUTDOWN, with SAVE or NOSAVE, and waits for the
// machine to end. A machine that does not is ended after five seconds, with an error. A frozen
// node is thawed for it.
func (n *Node) Stop(save bool) error {
	l := n.current()
	if l == nil || n.Thaw() != nil {
		return nil
	}
	if m, ok := l.m.(machine.Interruptible); ok {
		l.turn(m.Interrupt)
	}
	how := "NOSAVE"
	if save {
		how = "SAVE"
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopWait)
	defer cancel()
	reply, err := l.callOne(ctx, []string{"SHUTDOWN", how})
	if errors.Is(err, ErrNotRunning) {
		l.tasks.wait(endWait)
		return nil
	}
	l.kill(Status{State: Stopped, Why: "stopped"})
	if err == nil && reply.IsError() {
		err = errors.New(reply.Text)
	}
	if err != nil {
		return fmt.Errorf("stop %s: %w", n.cfg.Name, err)
	}
	return nil
}

// Freeze stops the node as SIGSTOP would: no door is called, sockets stay open and fill.
func (n *Node) Freeze() error {
	return n.switchTo(Frozen, func(l *life) { l.frozen = true })
}

// Thaw lets a frozen node go on as SIGCONT would.
func (n *Node) Thaw() error {
	return n.switchTo(Up, func(l *life) { l.thaw() })
}

// switchTo changes between Up and Frozen; a node that is there already stays there.
func (n *Node) switchTo(state State, f func(*life)) error {
	l := n.current()
	if l == nil {
		return ErrNotRunning
	}
	l.mu.Lock()
	dead, there := l.dead, l.frozen == (state == Frozen)
	if !dead && !there {
		f(l)
	}
	l.mu.Unlock()
	switch {
	case dead:
		return ErrNotRunning
	case !there:
		n.become(Status{State: state})
	}
	return nil
}

// Do calls f with the machine under the node's lock and then performs what the machine asks for.
// f may call doors. It is refused while the node is frozen.
func (n *Node) Do(f func(now time.Time, m machine.Machine)) error {
	l, err := n.awake()
	if err != nil {
		return err
	}
	if !l.turn(func(now time.Time) { f(now, l.m) }) {
		return ErrNotRunning
	}
	return nil
}

// Look calls f with the machine under the node's lock. f may read and must not call a door; it
// works on a frozen node as well, and in the middle of a script that runs for long.
func (n *Node) Look(f func(m machine.Machine)) error {
	l := n.current()
	if l == nil {
		return ErrNotRunning
	}
	l.mu.Lock()
	defer l.seen()
	if l.dead {
		return ErrNotRunning
	}
	f(l.m)
	return nil
}

// Call executes one command as a client inside the process and returns its reply. It waits for a
// command that blocks.
func (n *Node) Call(ctx context.Context, words ...string) (resp.Value, error) {
	l, err := n.awake()
	if err != nil {
		return resp.Value{}, err
	}
	return l.callOne(ctx, words)
}

// CallAll is Call for commands that arrive in one piece. It returns their replies in order: fewer, with
// the reason, when the node ends or the context does.
func (n *Node) CallAll(ctx context.Context, commands ...[]string) ([]resp.Value, error) {
	l, err := n.awake()
	if err != nil {
		return nil, err
	}
	return l.call(ctx, commands...)
}

// awake is the current life if its doors may be called.
func (n *Node) awake() (*life, error) {
	switch n.Status().State {
	case Up:
		return n.current(), nil
	case Frozen:
		return nil, ErrFrozen
	}
	return nil, ErrNotRunning
}

// ReadFile returns a file of the node's directory as it is now.
func (n *Node) ReadFile(name string) ([]byte, error) {
	if l := n.current(); l != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
	}
	if err := checkName(name); err != nil {
		return nil, err
	}
	return n.disk.Read(name)
}

// Name is what the lab calls the node.
func (n *Node) Name() string { return n.cfg.Name }

// Status is the node's state and the reason for it.
func (n *Node) Status() Status {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.status
}

// Addr is the client port's address; its port is known after the first Start.
func (n *Node) Addr() netip.AddrPort {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.cfg.Addr
}

// BusAddr is the bus port's address, the zero AddrPort without a bus.
func (n *Node) BusAddr() netip.AddrPort {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.cfg.BusAddr
}
