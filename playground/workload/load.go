package workload

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// Clients is how many connections write at the same time.
	Clients = 8
	// keysPerClient spreads the writes over all slots and keeps the ledger small.
	keysPerClient = 128
	// MaxRate is more than a class needs and leaves the processor to the cluster.
	MaxRate = 20000
	// backOff is how long a client rests after a refusal, in the lab's time.
	backOff = 50 * time.Millisecond
	// verifyEvery is the time between two keys that are looked at; all are seen in about two seconds.
	verifyEvery = 2 * time.Millisecond
	// settleRounds is how often every key is asked for after the load was turned off: the ledger's
	// last lines are written when the replicas have the last values.
	settleRounds = 2
	// endless is rounds without an end.
	endless = -1
)

// Clock is the lab's time as far as clients need it.
type Clock interface {
	Now() time.Time
	At(t time.Time, who string, f func()) (cancel func())
	Wait(ctx context.Context, t time.Time) error
}

// Config is what a Load is told at birth.
type Config struct {
	Clock Clock
	// Seeds are the addresses of nodes that may be asked first.
	Seeds iter.Seq[string]
	// Copy is what a replica of the slot of key holds; false when there is none to be seen. No node
	// serves a command for it.
	Copy func(key string) (value string, ok bool)
	// Target is where plain clients write; nil makes clients of a cluster.
	Target Route
	// Truth is where the ledger asks what has become of what plain clients wrote.
	Truth Route
	// Spawn starts a goroutine; a panic in it must not end the process.
	Spawn func(f func())
}

// Route is the one address that a plain client uses, "" for none; plain is false for a client of a
// cluster, which asks the nodes for their slots.
type Route func() (addr string, plain bool)

// Load writes numbered values at a rate and keeps the ledger.
type Load struct {
	cfg    Config
	ledger *ledger
	rate   atomic.Int64 // writes per second, all clients together
	doubts atomic.Int64 // keys that the verifier has still to ask the masters for

	mu       sync.Mutex
	writers  crew // at work while the load is on
	verifier crew // at work while the load is on, and a little longer
}

// crew is goroutines that end together.
type crew struct {
	cancel context.CancelFunc // nil while nobody works
	group  sync.WaitGroup
}

// New makes a load that is off.
func New(cfg Config) *Load {
	return &Load{cfg: cfg, ledger: newLedger(Clients * keysPerClient)}
}

// SetRate makes the clients write so many values per second of the lab's time; 0 turns them off.
func (l *Load) SetRate(rate int) error {
	if rate < 0 || rate > MaxRate {
		return fmt.Errorf("rate %d is outside 0 to %d", rate, MaxRate)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rate.Store(int64(rate))
	switch {
	case rate > 0 && l.writers.cancel == nil:
		l.start()
	case rate == 0 && l.writers.cancel != nil:
		l.writers.end()
		l.set(&l.verifier, 1, func(ctx context.Context, _ int) { l.verifyRounds(ctx, settleRounds) })
	}
	return nil
}

// start starts the clients and the verifier. The caller holds mu.
func (l *Load) start() {
	l.set(&l.verifier, 1, func(ctx context.Context, _ int) { l.verifyRounds(ctx, endless) })
	l.set(&l.writers, Clients, l.write)
}

// set gives a crew new work, once its old work has ended. The caller holds mu.
func (l *Load) set(c *crew, members int, work func(ctx context.Context, i int)) {
	c.end()
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel = cancel
	for i := range members {
		c.group.Add(1)
		l.cfg.Spawn(func() {
			defer c.group.Done()
			work(ctx, i)
		})
	}
}

// end ends a crew's work and waits for it.
func (c *crew) end() {
	if c.cancel != nil {
		c.cancel()
		c.cancel = nil
		c.group.Wait()
	}
}

// Close turns the load off.
func (l *Load) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.writers.end()
	l.verifier.end()
}

// Forget empties the ledger; the load must be off. Nobody asks a new cluster for what an older one
// promised.
func (l *Load) Forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.verifier.end()
	l.ledger.forget()
}

// Rate is the present rate; 0 when the load is off.
func (l *Load) Rate() int { return int(l.rate.Load()) }

// Counts is the ledger's sum.
func (l *Load) Counts() Counts { return l.ledger.sum() }

// Key is the name of the key with a number.
func Key(i int) string { return "load:" + strconv.Itoa(i) }

// write is one client's life.
func (l *Load) write(ctx context.Context, i int) {
	c := newClient(l.cfg.Clock, l.cfg.Seeds, l.cfg.Target)
	c.turned = l.doubt
	defer c.close()
	next := l.cfg.Clock.Now()
	for turn := 0; ; turn++ {
		rate := max(l.rate.Load(), 1)
		next = next.Add(time.Duration(int64(time.Second) * Clients / rate))
		if now := l.cfg.Clock.Now(); next.Before(now.Add(-time.Second)) {
			next = now // what a stopped client missed is not made up for
		}
		if l.cfg.Clock.Wait(ctx, next) != nil {
			return
		}
		l.writeOne(ctx, c, i*keysPerClient+turn%keysPerClient)
	}
}

// writeOne writes the next number of a key and notes what became of it. The owner answers with the
// number before, so that a write is also a look at what was promised and costs no command more.
func (l *Load) writeOne(ctx context.Context, c *client, key int) {
	asked, n := l.ledger.lastAcked(key), l.ledger.next(key)
	v, sent, err := c.do(ctx, Key(key), "SET", Key(key), strconv.FormatUint(n, 10), "GET")
	switch {
	case ctx.Err() != nil && err != nil:
		return
	case err != nil:
		l.ledger.failed(sent)
	case v.IsError():
		l.ledger.failed(false)
	default:
		l.ledger.seenOnMaster(key, number(v), asked)
		l.ledger.acked(key, n)
		return
	}
	l.doubt()
	_ = l.cfg.Clock.Wait(ctx, l.cfg.Clock.Now().Add(backOff))
}
