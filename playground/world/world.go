package world

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"time"

	"clusterplay/node/machine"
	"clusterplay/node/sentinel"
	"clusterplay/node/server"
	"clusterplay/playground/invariant"
)

// birth is the moment every world begins: a fixed one, so that no trace depends on today.
var birth = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Config says what world to make. The zero value of a field means the default named beside it.
type Config struct {
	Seed        uint64
	Kind        Kind          // Cluster
	Masters     int           // 3; 1 where there is no cluster
	Replicas    int           // 1 for each master; 2 where there is no cluster
	Sentinels   int           // 3
	Quorum      int           // 2
	Aside       int           // replicas that are never to be promoted, where there are Sentinels
	Boxes       int           // computers that the hosts share, 0 for one each; faults strike them as a whole
	NodeTimeout time.Duration // 2 s; sets the scale of every other time
	Latency     time.Duration // least time of one message: 200 µs
	Jitter      time.Duration // up to this much more, by chance: 300 µs
	Port        int           // the first client port: 7000
	Settings    map[string]string
	// Prepare may change a server's configuration before each of its births: mutants, switches.
	Prepare         func(*server.Config)
	PrepareSentinel func(*sentinel.Config)
}

func (c *Config) defaults() {
	if c.Kind == "" {
		c.Kind = Cluster
	}
	setDefault(&c.Port, 7000)
	setDefault(&c.NodeTimeout, 2*time.Second)
	setDefault(&c.Latency, 200*time.Microsecond)
	setDefault(&c.Jitter, 300*time.Microsecond)
	orderOf(c.Kind).defaults(c)
}

// DiskLoss says what a crash does to the disk.
type DiskLoss int

// The kinds of crash.
const (
	KeepDisk     DiskLoss = iota // kill -9: all that reached write(2) survives
	LoseUnsynced                 // power loss: only what was made durable survives
	LoseDisk                     // a new empty disk
)

// World is a set of hosts, the network between them, and the agenda of everything due.
type World struct {
	cfg       Config
	order     order
	rng       *rand.Rand // the world's own chance: latency
	fragments *rand.Rand // where streams are cut; nil where they arrive as they were sent
	now       time.Duration
	agenda    agenda
	hosts     []*host
	paths     []path
	conns     []*conn
	streams   map[*machine.Client]linkEnd
	admins    []*machine.Client
	ports     int
	steps     uint64
	trace     trace
	observers []Observer
	callers   map[*machine.Client]*Caller
	packets   [][]byte  // bus packets that have been received: memory for others
	landed    []*flight // to be used again

	fates       *fates
	lineage     *lineage      // where there is no cluster
	trouble     time.Duration // when something that keeps hosts apart last began or ended
	seen        sentinel.View // the latest look at a Sentinel
	official    int           // where there is no cluster: the host that people call the master
	everyCaller []*Caller     // in the order they were made
	lookAgain   time.Duration // everyTenth looks no sooner
}

// New makes a world of running but unconnected nodes.
func New(cfg Config, observers ...Observer) (*World, error) {
	cfg.defaults()
	order := orderOf(cfg.Kind)
	n := order.hosts(&cfg)
	w := &World{
		cfg: cfg, order: order, rng: stream(cfg.Seed, "network", 0), observers: observers,
		paths: make([]path, n*n), streams: map[*machine.Client]linkEnd{}, callers: map[*machine.Client]*Caller{},
		admins: make([]*machine.Client, n), trace: newTrace(cfg.Seed),
	}
	w.fates, w.lineage = newFates(n), newLineage()
	w.observers = append([]Observer{w.fates}, observers...)
	if cfg.Kind != Cluster {
		w.observers = append(w.observers, w.lineage)
		w.fragments = stream(cfg.Seed, "fragments", 0)
	}
	loopback := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	for i := range n {
		port := uint16(cfg.Port + i)
		w.hosts = append(w.hosts, &host{
			world: w, index: i, name: fmt.Sprint(port), disk: newDisk(),
			addr: netip.AddrPortFrom(loopback, port), bus: netip.AddrPortFrom(loopback, port+10000),
		})
	}
	for _, o := range observers {
		if j, ok := o.(judge); ok {
			j.bind(w)
		}
	}
	for i := range w.hosts {
		if err := w.Restart(i); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// stream is one named stream of chance of a seed: adding a stream never disturbs the others.
func stream(seed uint64, name string, n int) *rand.Rand {
	h := uint64(14695981039346656037)
	for _, c := range []byte(fmt.Sprint(name, "/", n)) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return rand.New(rand.NewPCG(seed, h))
}

// Now is the world's time as the machines see it.
func (w *World) Now() time.Time { return birth.Add(w.now) }

// Age is the time since the world began.
func (w *World) Age() time.Duration { return w.now }

// Steps counts the inputs handled so far.
func (w *World) Steps() uint64 { return w.steps }

// Size is the number of hosts.
func (w *World) Size() int { return len(w.hosts) }

// Config is the world's configuration with its defaults filled in.
func (w *World) Config() Config { return w.cfg }

// Server is the machine of a host, or nil while its process is down.
func (w *World) Server(i int) *server.Server { return w.hosts[i].server }

// Frozen reports whether a host's process is stopped in its tracks.
func (w *World) Frozen(i int) bool { return w.hosts[i].frozen }

// Connected reports whether nothing is cut between two hosts in either direction.
func (w *World) Connected(a, b int) bool {
	return !w.pathOf(w.hosts[a], w.hosts[b]).cut && !w.pathOf(w.hosts[b], w.hosts[a]).cut
}

// Durable is what of a host's file would survive a power loss now.
func (w *World) Durable(i int, name string) []byte { return w.hosts[i].disk.durable[name] }

// Disk is a copy of a host's files.
func (w *World) Disk(i int) map[string][]byte { return cloneFiles(w.hosts[i].disk.files) }

// At schedules f, which may call anything of the world.
func (w *World) At(after time.Duration, f func()) { w.agenda.add(w.now+max(after, 0), f) }

// Run lets the world live for d.
func (w *World) Run(d time.Duration) {
	end := w.now + d
	for w.agenda.len() > 0 && w.agenda.next() <= end {
		w.step()
	}
	w.now = end
}

// RunUntil lets the world live until done holds, looking after every step, for at most d. It
// reports whether done came to hold.
func (w *World) RunUntil(d time.Duration, done func() bool) bool {
	end := w.now + d
	for !done() {
		if w.agenda.len() == 0 || w.agenda.next() > end {
			w.now = end
			return done()
		}
		w.step()
	}
	return true
}

func (w *World) step() {
	next := w.agenda.pop()
	w.now = next.at
	next.run()
	if w.steps%sweepEvery == 0 {
		w.sweep()
	}
}

// sweepEvery is how many steps pass between two clearings of dead connections.
const sweepEvery = 4096

// bearServer gives a host a Redis server, as cfg says and with what its disk holds.
func (w *World) bearServer(h *host, cfg server.Config) error {
	cfg.Port, cfg.AnnounceIP, cfg.Files = int(h.addr.Port()), h.addr.Addr().String(), cloneFiles(h.disk.files)
	cfg.Packet = w.packet
	for name, value := range w.cfg.Settings {
		cfg.Settings[name] = value
	}
	if w.cfg.Prepare != nil {
		w.cfg.Prepare(&cfg)
	}
	srv, err := server.New(cfg, stream(w.cfg.Seed, "node "+h.name, h.life))
	h.machine, h.server = srv, srv
	return err
}

// Form brings the hosts of the world together; it returns when all are well.
func (w *World) Form() error { return w.order.form(w) }

// Restart gives a host a new process that finds what its disk holds. It does nothing when one runs.
func (w *World) Restart(i int) error {
	h := w.hosts[i]
	if h.machine != nil {
		return nil
	}
	h.life++
	if err := w.order.bear(w, h); err != nil {
		return fmt.Errorf("node %s: %w", h.name, err)
	}
	h.frozen, h.inbox, h.wake, h.bornAt = false, nil, 0, w.now
	h.links = map[machine.LinkID]linkEnd{}
	h.accepted, h.clients = 0, 0
	w.admins[i] = nil
	w.observeLife(h, Born)
	w.perform(h)
	// Real processes do not tick in step: the first cron comes somewhere within the period.
	phase, life := time.Duration(w.rng.Int64N(int64(cronPeriod))), h.life
	w.agenda.add(w.now+phase, func() { w.cron(h, life) })
	return nil
}

// Kill ends a host's process without a goodbye. Peers learn it as they would: a reset on what is
// connected, if the path is whole.
func (w *World) Kill(i int, loss DiskLoss) {
	h := w.hosts[i]
	if h.machine == nil {
		return
	}
	w.observeLife(h, Died)
	life := h.life
	h.machine, h.server, h.sentinel, h.frozen, h.inbox = nil, nil, nil, false, nil
	h.found = invariant.Kept
	switch loss {
	case LoseUnsynced:
		h.disk.losePower(stream(w.cfg.Seed, "power "+h.name, h.life))
		h.found = invariant.Unsynced
	case LoseDisk:
		h.disk.wipe()
		h.found = invariant.Blank
	}
	for _, c := range w.conns {
		for side := range c.end {
			if e := &c.end[side]; e.host == h && e.life == life && !e.closed {
				w.shut(c, side, errReset)
			}
		}
	}
	w.failPending(h)
}

// StepClock lets a host's clock jump. No process is told.
func (w *World) StepClock(i int, by time.Duration) {
	w.hosts[i].skew += by
	w.observeLife(w.hosts[i], Stepped)
}

// Freeze stops a process as SIGSTOP does: nothing is closed, everything waits.
func (w *World) Freeze(i int) {
	h := w.hosts[i]
	if h.machine == nil || h.frozen {
		return
	}
	h.frozen = true
	w.observeLife(h, Froze)
}

// Thaw lets a frozen process go on; what waited for it is handled in order.
func (w *World) Thaw(i int) {
	h := w.hosts[i]
	if !h.frozen {
		return
	}
	h.frozen = false
	w.observeLife(h, Thawed)
	waiting := h.inbox
	h.inbox = nil
	for _, f := range waiting {
		w.agenda.add(w.now, f)
	}
}
