package sentinel

import (
	"math/rand/v2"
	"net/netip"
	"time"

	"clusterplay/node/acl"
	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/pubsub"
	"clusterplay/node/session"
	"clusterplay/node/tracking"
)

// Sentinel is one Sentinel. Its doors are those of machine.Machine.
type Sentinel struct {
	cfg     Config
	rng     *rand.Rand
	now     time.Time
	periods Periods

	id           string // 40 hex digits, kept in the file: its name in the group
	currentEpoch uint64
	masters      []*master // in the order in which they were named

	announceIP        string
	announcePort      int
	resolveHostnames  bool
	announceHostnames bool
	peerUser          string // towards other Sentinels
	peerPass          string
	password          string // what clients must give; the peers' too where peerPass is empty
	allowScripts      bool   // SENTINEL SET may name scripts
	server            ConfServer

	born     time.Time // the first breath
	users    *acl.Users
	clients  session.List[*client]
	hub      pubsub.Hub[*client]
	tracking tracking.Table[*client]
	touched  []*client // their reply buffers are open
	flush    []*client // the driver must look at them
	pause    pause
	stats    stats

	tilt     tilt
	nextTick time.Time
	conns    map[machine.LinkID]*conn
	lastLink machine.LinkID // the latest dialled; they are odd
	crash    crashPoint     // SENTINEL SIMULATE-FAILURE

	todo     machine.Todo
	taken    bool // the driver has it; the next door begins another
	promises promises
	scripts  scripts
	names    names
}

// New makes a Sentinel from its file. It is born when the first door is called.
func New(cfg Config, rng *rand.Rand) (*Sentinel, error) {
	if cfg.Name == "" {
		cfg.Name = "sentinel.conf"
	}
	s := &Sentinel{cfg: cfg, rng: rng, periods: defaultPeriods(), conns: map[machine.LinkID]*conn{}}
	s.promises.rewrite.Text = cfg.Conf
	s.hub = pubsub.New(s.to)
	s.tracking = tracking.New[*client](trackingHost{s})
	return s, s.load()
}

// enter begins a door.
func (s *Sentinel) enter(now time.Time) {
	s.now = now
	if s.taken {
		s.taken = false
		s.recycle()
	}
	if s.nextTick.IsZero() {
		s.awaken()
	}
	s.checkTilt()
}

// awaken is the first breath: it introduces itself.
func (s *Sentinel) awaken() {
	s.nextTick, s.tilt.last, s.born = s.now, s.now, s.now
	for _, m := range s.masters {
		s.settle(m)
		s.tell(m, event.MonitorStarted{Monitored: s.monitored(&m.instance), Quorum: m.quorum})
	}
}

// settle starts the clocks of a master that was read from the file before the time was known.
func (s *Sentinel) settle(m *master) {
	for i := range m.all() {
		i.link.renew(s.now)
		i.heard, i.answer, i.published = s.now, s.now, s.now
		i.info.since, i.info.confChanged = s.now, s.now
	}
}

// Accepted refuses links: a Sentinel has no bus.
func (s *Sentinel) Accepted(now time.Time, link machine.LinkID, _, _ netip.AddrPort) {
	s.enter(now)
	s.todo.Close = append(s.todo.Close, link)
}

// Connected tells of a dialled link that opened.
func (s *Sentinel) Connected(now time.Time, link machine.LinkID, local, _ netip.AddrPort) {
	s.enter(now)
	if c := s.conns[link]; c != nil {
		s.connected(c, local)
	}
}

// Receive hands over bytes that arrived on a link.
func (s *Sentinel) Receive(now time.Time, link machine.LinkID, frame []byte) {
	s.enter(now)
	if c := s.conns[link]; c != nil {
		s.received(c, frame)
	}
}

// Hangup tells that a link died or could not be dialled.
func (s *Sentinel) Hangup(now time.Time, link machine.LinkID, _ error) {
	s.enter(now)
	if c := s.conns[link]; c != nil {
		s.drop(c)
	}
}

// Cron is the 100 ms timer. The Sentinel's own ticks come with BeforeSleep, at times drawn by chance.
func (s *Sentinel) Cron(now time.Time) { s.enter(now) }

// BeforeSleep returns what the world must now do.
func (s *Sentinel) BeforeSleep(now time.Time) *machine.Todo {
	s.enter(now)
	if !now.Before(s.nextTick) {
		s.tick()
	}
	s.resume()
	s.keepPromises()
	s.flushClients()
	s.check()
	s.todo.Wake = s.nextTick
	s.taken = true
	return &s.todo
}

// The time between two ticks is drawn anew each time, so that Sentinels that started together do
// not act together.
const (
	minTick    = 50 * time.Millisecond
	tickJitter = 51 // milliseconds
)

// tick looks after every master, its replicas and its Sentinels (sentinelTimer).
func (s *Sentinel) tick() {
	s.tilt.last = s.now
	s.nextTick = s.now.Add(minTick + time.Duration(s.rng.IntN(tickJitter))*time.Millisecond)
	for _, m := range s.masters {
		s.attend(m, &m.instance)
		for _, r := range m.replicas {
			s.attend(m, r)
		}
		for _, o := range m.sentinels {
			s.attend(m, o)
		}
	}
	for _, m := range s.masters {
		s.finishFailover(m)
	}
	s.tendScripts()
}

// attend does what is due for one instance. In TILT it only looks.
func (s *Sentinel) attend(m *master, i *instance) {
	s.reconnect(i)
	s.sendPeriodic(m, i)
	if s.tilted() {
		if i.flags.is(flagODown) && m.failover.state == stateNone {
			s.explain(m, event.InTilt, s.tilt.since.Add(s.periods.Tilt).Sub(s.now))
		}
		return
	}
	s.judge(m, i)
	if i == &m.instance {
		s.doubt(m)
		s.judgeTogether(m)
		forced := s.maybeStartFailover(m)
		s.askOthers(m, forced)
		s.advanceFailover(m)
		s.askOthers(m, false)
	}
}

var _ machine.Machine = (*Sentinel)(nil)
