package invariant

import (
	"fmt"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/cluster"
	"clusterplay/node/event"
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
	// Admin says that operators change slots by hand in this world, so that two nodes may claim a
	// slot with one epoch for a while.
	Admin bool
}

// Checker holds the history that the promises speak of. It is used by one goroutine.
type Checker struct {
	cfg    Config
	hosts  []hostMemory
	votes  map[voteKey]string     // 1: voter and epoch, to whom
	winner map[uint64]winnerEntry // 2: epoch, who won it
	claims map[uint64][]claim     // 11: epoch, who claimed what with it
	broken []*Violation
	// Counted are conditional promises that did not hold where their condition did not either.
	Counted map[int]int
}

// hostMemory is what the checker remembers of one host. Fields above the line survive the death
// of its process.
type hostMemory struct {
	id          string
	lastVote    uint64
	votedEpochs map[uint64]bool
	atDeath     *cluster.View

	alive     bool
	born      time.Time
	ran       time.Time // when it last ran without a pause: born or thawed
	view      *cluster.View
	dirty     bool // something happened since the last look
	minority  time.Time
	scheduled event.ElectionScheduled
	manual    bool
	forgot    map[string]time.Time
	heard     map[string]time.Time            // 15: id, when the last packet from it arrived
	suspects  map[string]map[string]time.Time // 13: failing id, reporter id, when
	acks      map[uint64]map[string]bool      // 3, 4: epoch, who answered
	forced    map[string]uint64               // 5: requester, epoch of its last forced request
}

// New makes a checker.
func New(cfg Config) *Checker {
	return &Checker{
		cfg: cfg, hosts: make([]hostMemory, cfg.Hosts), votes: map[voteKey]string{},
		winner: map[uint64]winnerEntry{}, claims: map[uint64][]claim{}, Counted: map[int]int{},
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

// Born tells that a host's process began; sameDisk is false when it found an empty disk.
func (c *Checker) Born(now time.Time, host int, sameDisk bool) {
	h := &c.hosts[host]
	fresh := hostMemory{
		alive: true, born: now, ran: now, dirty: true, forgot: map[string]time.Time{}, heard: map[string]time.Time{},
		suspects: map[string]map[string]time.Time{}, acks: map[uint64]map[string]bool{}, forced: map[string]uint64{},
		votedEpochs: map[uint64]bool{},
	}
	if sameDisk {
		fresh.id, fresh.lastVote, fresh.atDeath, fresh.votedEpochs = h.id, h.lastVote, h.atDeath, h.votedEpochs
		if fresh.votedEpochs == nil {
			fresh.votedEpochs = map[uint64]bool{}
		}
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

// Due reports whether Step would look at the host: something happened to it, or asked is true
// (the driver asks on every cron).
func (c *Checker) Due(host int) bool { return c.hosts[host].dirty }

// Step looks at a host after one of its inputs.
func (c *Checker) Step(now time.Time, host int, view *cluster.View) {
	h := &c.hosts[host]
	if !h.alive {
		return
	}
	h.dirty = false
	before := h.view
	if before == nil {
		c.checkRestart(now, host, view)
	}
	c.checkEpochs(now, host, before, view)
	c.checkSlots(now, host, before, view)
	c.checkGraph(now, host, view)
	c.checkMinority(now, host, view)
	h.id, h.view = view.ID, view
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
	sender := p.Sender.String()
	h.heard[sender] = now
	switch p.Type {
	case bus.AuthAck:
		set := h.acks[p.CurrentEpoch]
		if set == nil {
			set = map[string]bool{}
			h.acks[p.CurrentEpoch] = set
		}
		set[sender] = true
	case bus.AuthRequest:
		if p.Marks&bus.ForceAck != 0 {
			h.forced[sender] = p.CurrentEpoch
		}
	case bus.Ping, bus.Pong, bus.Meet:
		c.noteSuspicions(now, h, sender, p)
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
