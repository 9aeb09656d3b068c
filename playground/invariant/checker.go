package invariant

import (
	"fmt"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/cluster"
	"clusterplay/node/event"
	"clusterplay/node/replication"
	"clusterplay/node/slot"
)

// Violation is a promise that was broken: which, when, where, and how.
type Violation struct {
	Number int
	At     time.Time
	Host   int
	Text   string
}

// Error is the violation in one line.
func (v *Violation) Error() string {
	return fmt.Sprintf("invariant %d broken at host %d, %s: %s", v.Number, v.Host, v.At.Format("15:04:05.000"), v.Text)
}

// Config is what the promises depend on.
type Config struct {
	NodeTimeout time.Duration
	Hosts       int
	// Durable reads what of a host's file would survive a power loss; nil skips the checks of
	// promises on disk.
	Durable func(host int, name string) []byte
	// ConfigFile is the name of the cluster configuration among a host's files.
	ConfigFile string
}

// Checker holds the history that the promises speak of. It is used by one goroutine.
type Checker struct {
	cfg    Config
	hosts  []hostMemory
	byID   map[string]int         // 23: who runs a node
	votes  map[voteKey]string     // 1: voter and epoch, to whom
	winner map[uint64]winnerEntry // 2: epoch, who won it
	claims map[uint64][]claim     // 11: epoch, who claimed what with it
	twice  []twice                // 11: two claims in this step, until its events are known
	taken  map[uint64]bool        // 11: epochs that somebody took without asking
	stream map[string]*stream     // 29: replid, its bytes
	begun  map[string]begun       // 32, 33: replid, what it continues
	ends   map[string]time.Time   // 39: value, when it ends
	guards guards                 // 43 to 49
	// durable is what every replica has acknowledged: 37.
	durable durable
	broken  []*Violation
	// restEpoch is where the clock stood at the first look at rest: 12.
	restEpoch cluster.Epoch
	// Counted are conditional promises that did not hold where their condition did not either.
	Counted map[int]int
}

// hostMemory is what the checker remembers of one host. Fields above the line survive the death
// of its process.
type hostMemory struct {
	id       string
	lastVote uint64
	atDeath  *cluster.View
	been     map[string]replication.Offset // 30, 31: replid, how far it has been

	alive     bool
	disk      Disk
	born      time.Time
	ran       time.Time // when it last ran without a pause: born or thawed
	view      *cluster.View
	dirty     bool // something happened since the last look
	minority  time.Time
	scheduled event.ElectionScheduled
	manual    bool
	forgot    map[string]time.Time
	update    update                          // 26: received in this step
	byHand    slot.Set                        // 10: slots an operator gave away in this step
	word      map[string]*slot.Set            // 10: id, what it claimed when last heard
	joined    bool                            // 33: it left its shard for another in this step
	inherited slot.Set                        // 20: slots whose keys came with a promotion
	history   replication.History             // 30: at the last look
	loaded    bool                            // 30: it was given all data since then
	renamed   string                          // 33: the name it took in this step
	replicas  map[int]time.Time               // 40: host, when this one last heard of it
	data      dataMemory                      // 35: at the last look
	told      map[string]replication.Offset   // 29: replid, up to where its bytes were compared
	heard     map[string]*time.Time           // 15: id, when the last packet from it arrived
	suspects  map[string]map[string]time.Time // 13: failing id, reporter id, when
	acks      map[uint64]map[string]bool      // 3, 4: epoch, who answered
	forced    map[string]uint64               // 5: requester, epoch of its last forced request
}

// New makes a checker.
func New(cfg Config) *Checker {
	return &Checker{
		cfg: cfg, hosts: make([]hostMemory, cfg.Hosts), byID: map[string]int{}, votes: map[voteKey]string{},
		winner: map[uint64]winnerEntry{}, claims: map[uint64][]claim{}, taken: map[uint64]bool{}, stream: map[string]*stream{}, begun: map[string]begun{}, guards: newGuards(cfg.Hosts), ends: map[string]time.Time{}, Counted: map[int]int{},
	}
}

// Broken is the first violation, or nil.
func (c *Checker) Broken() error {
	if len(c.broken) == 0 {
		return nil
	}
	return c.broken[0]
}

// All is every violation, in order, up to a bound.
func (c *Checker) All() []*Violation { return c.broken }

// maxViolations is how many are kept: the first explains, the others are its children.
const maxViolations = 20

func (c *Checker) fail(n int, now time.Time, host int, format string, args ...any) {
	if len(c.broken) < maxViolations {
		c.broken = append(c.broken, &Violation{n, now, host, fmt.Sprintf(format, args...)})
	}
}

// Disk is what a process finds at its birth of what the one before it wrote.
type Disk int

// The disks a process may find.
const (
	Kept     Disk = iota // everything
	Unsynced             // only what was made durable
	Blank                // nothing
)

// Born tells that a host's process began with a disk.
func (c *Checker) Born(now time.Time, host int, disk Disk) {
	h := &c.hosts[host]
	fresh := hostMemory{
		alive: true, born: now, ran: now, dirty: true, disk: disk, forgot: map[string]time.Time{}, heard: map[string]*time.Time{},
		suspects: map[string]map[string]time.Time{}, acks: map[uint64]map[string]bool{}, forced: map[string]uint64{},
		told: map[string]replication.Offset{}, word: map[string]*slot.Set{}, replicas: map[int]time.Time{},
		been: map[string]replication.Offset{},
	}
	if disk != Blank {
		fresh.id, fresh.lastVote, fresh.atDeath = h.id, h.lastVote, h.atDeath
	}
	if h.been != nil {
		fresh.been = h.been
	}
	*h = fresh
}

// Died tells that a host's process ended.
func (c *Checker) Died(host int) {
	h := &c.hosts[host]
	h.alive, h.atDeath = false, h.view
}

// Thawed tells that a process goes on after it was stopped: what it has not heard meanwhile is
// not its fault.
func (c *Checker) Thawed(now time.Time, host int) { c.hosts[host].ran = now }

// Due reports whether something happened to the host since the last Step.
func (c *Checker) Due(host int) bool { return c.hosts[host].dirty }

// Tick looks at a host's clock when nothing else changed since the last Step.
func (c *Checker) Tick(now time.Time, host int) {
	if h := &c.hosts[host]; h.alive && h.view != nil {
		c.checkMinority(now, host, h.view)
	}
}

// Step looks at a host after one of its inputs.
func (c *Checker) Step(now time.Time, host int, view *cluster.View) (former *cluster.View) {
	h := &c.hosts[host]
	if !h.alive {
		return view
	}
	h.dirty = false
	c.settleClaims()
	before := h.view
	if before == nil {
		c.checkRestart(now, host, view)
	}
	c.checkEpochs(now, host, before, view)
	c.checkSlots(now, host, before, view)
	c.checkMinority(now, host, view)
	c.checkUpdated(now, host, view)
	h.id, h.view = view.ID, view
	c.byID[view.ID] = host
	if before == nil || before.Primary != view.Primary {
		c.checkGraph(now, host)
	}
	return before
}

// Event tells of an event of a host. view is the host's view after the step that emitted it.
func (c *Checker) Event(now time.Time, host int, e event.Event, view *cluster.View) {
	h := &c.hosts[host]
	h.dirty = true
	switch e := e.(type) {
	case event.Vote:
		c.checkVote(now, host, e, view)
	case event.GotVote:
		c.checkGotVote(now, host, e)
	case event.Promoted:
		c.checkPromotion(now, host, e, view)
	case event.Epoch:
		if e.Reason == "bump" || e.Reason == "collision" {
			c.taken[e.Epoch] = true
		}
	case event.SlotOwner:
		if given, err := slot.ParseSet(e.Slots); err == nil && (e.Reason == "setslot" || e.Reason == "mirrored") { // a replica hears of its master's
			h.byHand = h.byHand.Union(&given)
		}
	case event.Demoted:
		h.joined = h.joined || e.Reason == "migration"
	case event.EpochCollision:
		c.checkCollision(now, host, e, view)
	case event.OpenSlot:
		c.checkImported(now, host, e, view)
	case event.ElectionScheduled:
		c.checkSchedule(now, host, e)
	case event.ElectionStarted:
		c.checkElection(now, host, e, view)
	case event.ManualFailover:
		h.manual = e.Step != "timeout" && e.Step != "done" && e.Step != "reset"
	case event.Fail:
		c.checkFail(now, host, e, view)
	case event.FailCleared:
		c.checkFailCleared(now, host, e)
	case event.ClusterState:
		c.checkState(now, host, e, view)
	case event.NodeRemoved:
		if e.Reason == "forgotten" {
			h.forgot[e.Node.ID] = now
		}
	case event.NodeAdded:
		c.checkAdded(now, host, e)
	}
}

// Received tells that a packet reached a host; Sent that a host put one on a link.
func (c *Checker) Received(now time.Time, host int, p *bus.Packet) {
	h := &c.hosts[host]
	if last := h.heard[string(p.Sender[:])]; last != nil {
		*last = now
	} else {
		h.heard[p.Sender.String()] = &now
	}
	switch p.Type {
	case bus.AuthAck:
		set := h.acks[p.CurrentEpoch]
		if set == nil {
			set = map[string]bool{}
			h.acks[p.CurrentEpoch] = set
		}
		set[p.Sender.String()] = true
	case bus.AuthRequest:
		if p.Marks&bus.ForceAck != 0 {
			h.forced[p.Sender.String()] = p.CurrentEpoch
		}
	case bus.Update:
		epoch, subject, slots := p.Updated()
		h.update, h.dirty = update{by: p.Sender.String(), about: subject.String(), epoch: epoch}, true
		h.hear(subject, (*slot.Set)(slots))
	case bus.Ping, bus.Pong, bus.Meet:
		if p.Primary == (bus.ID{}) {
			h.hear(p.Sender, (*slot.Set)(p.Slots))
		}
		c.noteSuspicions(now, h, p)
	}
}

// Sent tells that a host put a packet on a link.
func (c *Checker) Sent(now time.Time, host int, p *bus.Packet) {
	switch p.Type {
	case bus.AuthAck, bus.AuthRequest:
		c.checkDurable(now, host, p)
	case bus.Ping, bus.Pong:
		c.noteClaim(now, host, p)
	}
}

// node finds a node in a view.
func node(v *cluster.View, id string) *cluster.NodeView {
	for i := range v.Nodes {
		if v.Nodes[i].ID == id {
			return &v.Nodes[i]
		}
	}
	return nil
}

// short is the beginning of an id, for messages.
func short(id string) string { return id[:min(8, len(id))] }
