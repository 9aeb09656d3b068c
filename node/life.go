package node

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"clusterplay/node/machine"
)

// life is one run of a node: from the opening of its ports until it is stopped, killed or
// crashed. What outlives it (a late timer, a goroutine the network held) finds it over and does
// nothing.
//
// Lock order: life.mu, then client deadlines and outboxes. OnEvent and the clock's At are called
// under life.mu.
type life struct {
	cfg   Config
	disk  *frailDisk
	ended func(*life, Status) // tells the Node, without the lock

	tasks   tasks
	errands chan func()   // for goroutines that wait for something to do
	over    chan struct{} // closed once the end was told, for whoever waits outside the lock

	mu       sync.Mutex
	thawed   sync.Cond
	m        machine.Machine
	warmer   Warmer // m, if it is one
	frozen   bool
	inside   bool // the machine is in the middle of a door, whose goroutine has freed the lock for a moment
	dead     bool
	final    *Status // how it ended, until ended was told
	missed   bool    // a timer rang while frozen
	now      time.Time
	doors    *doors
	loop     *loop // nil before the first client that it serves
	board    switchboard
	clients  map[*machine.Client]*client
	shelf    shelf     // has a lock of its own
	feeds    []*client // the clients that are replicas
	links    map[machine.LinkID]*link
	dials    []dialling     // links that wait to be opened, in order
	dialling bool           // somebody opens them
	inbound  machine.LinkID // last id given to an accepted link; even
	clientN  uint64         // last client id
	timers   timers
	tuning   tuning
	works    []diskWork            // to be performed beside, the first of them now
	refused  []refused             // Saves that failed, to be reported before anything else happens
	reports  []func(now time.Time) // what the machine is still to be told of things it asked for
	telling  bool                  // a goroutine tells them
	programs map[uint64]Program    // that run, by their jobs
	kicks    []*outbox             // to be flushed once the lock is free
	shuts    []*outbox             // to be flushed as far as it goes and then closed
}

// enter takes the lock for one turn, waiting while the node is frozen. It reports false, without
// the lock, when the life is over. Defer leave after it.
func (l *life) enter() bool {
	l.mu.Lock()
	for (l.frozen || l.inside) && !l.dead {
		l.thawed.Wait()
	}
	if l.dead {
		l.mu.Unlock()
		return false
	}
	l.tick()
	return true
}

// enterNow is enter for who must not wait: later says that the node is frozen, or in the middle of a door.
func (l *life) enterNow() (in, later bool) {
	l.mu.Lock()
	if l.dead || l.frozen || l.inside {
		later = !l.dead
		l.mu.Unlock()
		return false, later
	}
	l.tick()
	return true, false
}

// breathe lets others have the lock for a moment in the middle of a door (machine.Breather): those who
// only look, or with open everybody.
func (l *life) breathe(open bool) (now time.Time, alive bool) {
	l.inside = true
	if open {
		l.outside()
	}
	if open && l.loop.turning() {
		l.loop.nest()
	} else {
		l.mu.Unlock()
	}
	runtime.Gosched()
	l.mu.Lock()
	for l.frozen && !l.dead {
		l.thawed.Wait()
	}
	l.tick()
	return l.now, !l.dead
}

// outside lets in whoever waited for the end of a door; the lock is held.
func (l *life) outside() {
	if !l.inside {
		return
	}
	l.inside = false
	l.thawed.Broadcast()
	if l.missed && !l.frozen && !l.dead {
		l.rearm()
	}
}

// tick reads the clock. A machine's time never runs backwards, whatever the computer's does.
func (l *life) tick() {
	if now := l.cfg.Clock.Now(); now.After(l.now) {
		l.now = now
	}
}

// leave frees the lock and then writes what the turn left to be written. It is deferred, so that
// a panic in a door ends this node and nothing else. It is for who came in through enter: it ends
// the door that is under way, whoever's it is.
func (l *life) leave() {
	if value := recover(); value != nil {
		l.end(Status{State: Crashed, Why: fmt.Sprint(value), Stack: string(debug.Stack())})
	}
	l.outside()
	l.release()
}

// seen is leave for who took the lock without enter, to look or to note something and to call no
// door: that may be in the middle of somebody else's, which goes on.
func (l *life) seen() {
	if value := recover(); value != nil {
		l.end(Status{State: Crashed, Why: fmt.Sprint(value), Stack: string(debug.Stack())})
	}
	l.release()
}

// release frees the lock and writes what is left to be written.
func (l *life) release() {
	kicks, shuts, final := l.kicks, l.shuts, l.final
	l.kicks, l.shuts, l.final = nil, nil, nil
	l.mu.Unlock()
	for _, box := range kicks {
		box.flush(false)
	}
	for _, box := range shuts {
		box.flush(false)
		box.abort()
	}
	if final != nil {
		l.ended(l, *final)
		close(l.over)
	}
}

// excuse reports a frame as done when the node is frozen, or a script runs in it: it has arrived, and will be handled
// after the thaw. It returns nil then, and f otherwise.
func (l *life) excuse(f *Frame) *Frame {
	l.mu.Lock()
	held := l.frozen || l.inside
	l.mu.Unlock()
	if held && f != nil {
		l.cfg.Network.Done(f)
		return nil
	}
	return f
}

// turn calls doors in f and does what the machine then asks for. It reports false when the life
// is over.
func (l *life) turn(f func(now time.Time)) bool {
	if !l.enter() {
		return false
	}
	defer l.leave()
	f(l.now)
	l.settle()
	return true
}

// end closes everything the life has open; the lock is held. Nothing more is written and nobody
// is told: that is how a process dies. The first end is the one that counts.
func (l *life) end(why Status) {
	if l.dead {
		return
	}
	l.dead, l.final = true, &why
	l.thawed.Broadcast()
	if m, ok := l.m.(machine.Mortal); ok {
		m.End()
	}
	l.doors.close()
	l.timers.stop()
	l.board.close()
	for _, c := range l.clients {
		c.box.abort()
		c.pass.giveBack()
	}
	for _, k := range l.links {
		k.box.abort()
		k.pass.giveBack()
	}
	l.loop.nudge()
	l.kicks, l.shuts = nil, nil
	l.disk.Rest()
}

// spawn starts a goroutine that belongs to this life. A panic outside a door crashes the node all
// the same: whose code it was does not matter to its neighbours.
func (l *life) spawn(f func()) {
	l.tasks.add(1)
	Go(l.cfg.Name, l.panicked, func() {
		defer l.tasks.add(-1)
		f()
	})
}

// lend has f done by a goroutine that has done such a thing before and waits for more, or else by a
// new one: the switchboard is called for one packet, and a fresh stack must grow for each.
func (l *life) lend(f func()) {
	select {
	case l.errands <- f:
	default:
		l.spawn(func() { l.serveErrands(f) })
	}
}

// errandWait is how long an idle goroutine waits for the next thing to do.
const errandWait = time.Second

// serveErrands does f and then whatever else there is to do, until there has been nothing for a while.
func (l *life) serveErrands(f func()) {
	idle := time.NewTimer(errandWait)
	defer idle.Stop()
	for {
		f()
		idle.Reset(errandWait)
		select {
		case f = <-l.errands:
		case <-idle.C:
			return
		case <-l.over:
			return
		}
	}
}

// panicked ends the life after a panic on one of its goroutines, outside the lock.
func (l *life) panicked(c Crash) {
	l.mu.Lock()
	defer l.seen()
	l.end(Status{State: Crashed, Why: fmt.Sprint(c.Value), Stack: c.Stack})
}
