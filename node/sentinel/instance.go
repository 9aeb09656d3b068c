package sentinel

import (
	"time"

	"clusterplay/node/event"
)

// kind is what an instance is in our configuration, whatever it says itself.
type kind uint8

const (
	kindMaster kind = iota
	kindReplica
	kindSentinel
)

// String is the kind in Redis' words.
func (k kind) String() string { return [...]string{"master", "slave", "sentinel"}[k] }

// instance is a master, one of its replicas, or another Sentinel that watches it.
type instance struct {
	kind   kind
	name   string // a master's name, a replica's ip:port, a Sentinel's run id
	runID  string // "" until known
	addr   address
	flags  flags
	master *master // whose replica or Sentinel it is; a master's is itself
	link   *link   // Sentinels known for several masters share one
	gone   bool    // forgotten: late replies for it are nobody's

	shownFor look // of which shownAs, its flags as words, were made
	shownAs  []string

	published  time.Time // our last hello to it
	sDownSince time.Time // of the last SDOWN, over or not
	oDownSince time.Time

	info   report    // masters and replicas
	vote   vote      // a master's is ours for it, a Sentinel's what it told us
	reconf time.Time // replicas: when we told it whom to follow

	heard  time.Time // Sentinels: the last hello
	claim  claim     // Sentinels: what that said of the master
	asked  time.Time // Sentinels: when we last asked about the master
	answer time.Time // Sentinels: when it last answered that
}

// vote is for whom a vote was given, and in which epoch.
type vote struct {
	leader string // "" for nobody
	epoch  uint64
}

// report is what an instance's last INFO said.
type report struct {
	at     time.Time // zero: it has not answered yet
	asked  time.Time // zero: no INFO is on its way
	text   string
	master bool // the role it reports; until then, the one we expect
	since  time.Time
	reboot time.Time // when its run id changed

	// What a replica says of its master.
	masterHost  string
	masterPort  int
	linkUp      bool
	linkDown    time.Duration
	confChanged time.Time // when masterHost or masterPort changed
	priority    int
	offset      int64
	hidden      bool // replica-announced no
}

// newInstance makes an instance whose PING is taken to be unanswered from now on.
func (s *Sentinel) newInstance(k kind, name string, at address, m *master) instance {
	return instance{
		kind: k, name: name, addr: at, master: m, link: s.newLink(k != kindSentinel),
		heard: s.now, answer: s.now, published: s.now,
		info: report{master: k == kindMaster, since: s.now, confChanged: s.now, priority: defaultPriority},
	}
}

// defaultPriority is a replica's priority until it says another.
const defaultPriority = 100

// monitored is how events name the instance.
func (s *Sentinel) monitored(i *instance) event.Monitored {
	m := event.Monitored{Kind: i.kind.String(), Label: i.name, IP: s.hostOf(i.addr), Port: i.addr.port}
	if i.kind != kindMaster {
		of := i.master
		m.Of = &event.Master{Label: of.name, IP: s.hostOf(of.addr), Port: of.addr.port}
	}
	return m
}

// roleName is the role an instance reports, in Redis' words.
func (r *report) roleName() string {
	if r.master {
		return "master"
	}
	return "slave"
}

// wellFor reports whether the instance was not held for down within the last d.
func (i *instance) wellFor(now time.Time, d time.Duration) bool {
	last := i.sDownSince
	if i.oDownSince.After(last) {
		last = i.oDownSince
	}
	return last.IsZero() || now.Sub(last) > d
}

// since is the milliseconds from then to now.
func since(now, then time.Time) int64 { return now.Sub(then).Milliseconds() }
