package world

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// patience is how long a client waits for a reply before it calls the outcome unknown.
const patience = time.Second

// maxRedirects bounds how often one operation follows MOVED and ASK before it gives up. Redis
// clients use five to sixteen.
const maxRedirects = 8

// Outcome is what a client knows of a write.
type Outcome uint8

// The outcomes of a write.
const (
	Pending  Outcome = iota
	Acked            // the node said it was done
	Refused          // the node said it was not done
	Unknown          // no answer: it may have been done, now or later
	Observed         // read back at the end
)

// Write is one numbered value appended to one list, and what became of it.
type Write struct {
	N       int
	Key     int
	At      time.Duration // when it was first sent
	By      int           // the host that acknowledged it
	Made    position      // where in that host's history it is
	Outcome Outcome
	Seen    int // how often it was found at the end
}

// Workload is a set of clients that append numbered values to lists through the cluster, each
// with its own idea of which node owns which slot, and the ledger of what they were told.
type Workload struct {
	w       *World
	rng     *rand.Rand
	keys    []string
	lists   int  // how many of the keys are ordinary lists
	mixed   bool // clients do more than append
	values  int  // numbers the strings that end by themselves
	clients []*worker
	Writes  []Write
	running bool
}

// worker is one client: one connection to each node and an idea of who serves what.
type worker struct {
	load    *Workload
	near    int
	callers []*Caller
	guide   guide
	busy    bool
}

// keyName is the key of the workload's list k.
func keyName(k int) string { return "list:" + strconv.Itoa(k) }

// NewWorkload prepares clients and keys; Start sets them going.
func NewWorkload(w *World, clients, keys int) *Workload {
	l := &Workload{w: w, rng: stream(w.cfg.Seed, "workload", 0), lists: keys, mixed: w.cfg.Kind != Cluster}
	for k := range keys {
		l.keys = append(l.keys, keyName(k))
	}
	if l.mixed {
		l.keys = append(l.keys, leftKey)
	}
	for range clients {
		c := &worker{load: l, near: l.rng.IntN(len(w.hosts))}
		c.guide = w.order.guide(l, c.near)
		for i := range w.hosts {
			c.callers = append(c.callers, w.Caller(i, c.near))
		}
		l.clients = append(l.clients, c)
	}
	return l
}

// Start sends about perSecond writes a second until Stop.
func (l *Workload) Start(perSecond int) {
	l.running = true
	l.tick(time.Second / time.Duration(max(perSecond, 1)))
}

// Stop sends no further writes; those on their way come to their end.
func (l *Workload) Stop() { l.running = false }

func (l *Workload) tick(mean time.Duration) {
	var next func()
	wait := func() { l.w.agenda.add(l.w.now+time.Duration(l.rng.Int64N(int64(2*mean)+1)), next) }
	next = func() {
		if !l.running {
			return
		}
		switch c := l.clients[l.rng.IntN(len(l.clients))]; {
		case c.busy:
		case l.mixed:
			c.errand()
		default:
			c.append(l.rng.IntN(l.lists))
		}
		wait()
	}
	wait()
}

// append sends one new write.
func (c *worker) append(key int) {
	l := c.load
	n := len(l.Writes)
	l.Writes = append(l.Writes, Write{N: n, Key: key, At: l.w.now})
	c.busy = true
	c.guide.find(l.keys[key], func(host int) {
		if host < 0 {
			c.finish(n, Refused)
			return
		}
		c.try(n, host, 0, false)
	})
}

// key is the key of a write.
func (c *worker) key(n int) string { return c.load.keys[c.load.Writes[n].Key] }

// try sends a write to one host; asking announces that an ASK sent it there.
func (c *worker) try(n, host, redirects int, asking bool) {
	if c.key(n) == leftKey {
		c.pair(n, host)
		return
	}
	send := func() {
		c.callers[host].Do(patience, func(reply []byte, err error) {
			c.answered(n, host, redirects, reply, err)
		}, "RPUSH", c.key(n), strconv.Itoa(n))
	}
	if !asking {
		send()
		return
	}
	c.callers[host].Do(patience, func(_ []byte, err error) {
		if err != nil {
			c.finish(n, Refused)
			return
		}
		send()
	}, "ASKING")
}

func (c *worker) answered(n, host, redirects int, reply []byte, err error) {
	text := string(reply)
	switch {
	case err == errRefused:
		c.guide.forget(c.key(n))
		c.finish(n, Refused)
	case err != nil:
		c.guide.forget(c.key(n))
		c.finish(n, Unknown)
	case strings.HasPrefix(text, ":"):
		c.load.Writes[n].By, c.load.Writes[n].Made = host, c.callers[host].made
		if c.load.mixed && c.load.rng.IntN(waitEvery) == 0 {
			c.wait(n, host)
			return
		}
		c.finish(n, Acked)
	case strings.HasPrefix(text, "-MOVED ") && redirects < maxRedirects:
		to := c.target(text)
		c.guide.learn(c.key(n), to)
		c.try(n, to, redirects+1, false)
	case strings.HasPrefix(text, "-ASK ") && redirects < maxRedirects:
		c.try(n, c.target(text), redirects+1, true)
	default:
		c.guide.forget(c.key(n))
		c.finish(n, Refused)
	}
}

// target is the host a redirect names.
func (c *worker) target(redirect string) int {
	at := strings.LastIndexByte(redirect, ':')
	port, _ := strconv.Atoi(strings.TrimRight(redirect[at+1:], "\r\n"))
	return min(max(port-c.load.w.cfg.Port, 0), len(c.callers)-1)
}

func (c *worker) finish(n int, o Outcome) {
	c.load.Writes[n].Outcome = o
	c.busy = false
}
