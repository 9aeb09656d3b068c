package cluster

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/machine"
	"clusterplay/node/slot"
)

// Epoch orders claims: the larger wins.
type Epoch = uint64

// ID names a node.
type ID = bus.ID

// State is one node's view of its cluster and its part in it.
type State struct {
	cfg  Config
	host Host
	rng  *rand.Rand

	myself *node
	nodes  table
	links  map[machine.LinkID]*link

	strangers int     // links of whom we do not know who it is
	dismissed instant // when we last looked for silent ones

	slots        slotTable
	currentEpoch Epoch
	lastVote     Epoch
	forgotten    blacklist
	health       health
	census       census
	redrawn      uint64   // how often something changed that a Sketch shows
	drawing      *drawing // what Verify saw last
	election     election
	manual       manual
	refused      refusals
	stats        Stats
	dropped      int    // packets of this type, less one, are ignored; 0 for none
	lastPing     []byte // the last PING sent, for those who look at its bytes

	crons     uint64
	checked   int    // where in the table the next cron goes on to check nodes
	spoken    uint64 // heartbeats sent
	claimant  *node  // whose slots the last packet claimed,
	claimedAt uint64 // when the table had seen so many changes,
	claimed   slot.Set
	suspected int // nodes in PFAIL when the last cron looked: how many gossip makes room for
	want      wants
	savedAt   time.Time // when nodes.conf was last written
	confSize  int       // how long it was
	todo, out *Todo     // what is being asked for, and what was at the last BeforeSleep

	extensions []bus.Extension // of every heartbeat
	gossip     []bus.Entry     // reused by every heartbeat
	entry      bus.Entry       // reused by every gossip reader
	message    bus.Message     // reused by every packet
}

// New makes a node from its nodes.conf, or a new one with a random id. An unreadable nodes.conf is
// an error: nobody may start empty in its place.
func New(cfg Config, host Host, rng *rand.Rand) (*State, error) {
	s := &State{cfg: cfg.withDefaults(), host: host, rng: rng, todo: &Todo{}, out: &Todo{}}
	s.links = make(map[machine.LinkID]*link)
	s.slots.init()
	if err := s.load(cfg.Conf); err != nil {
		return nil, fmt.Errorf("load %s: %w", ConfFile, err)
	}
	s.cfg.Conf = nil
	s.health.size = 1
	s.want.state = true
	s.describeMyself()
	s.saveSync()
	s.check()
	return s, nil
}

// Config is the live configuration. After changing it, call Reconfigured.
func (s *State) Config() *Config { return &s.cfg }

// Reconfigured tells that Config's fields were changed. nodes.conf is written only when it would say
// something else of this node: of most settings it says nothing, and a disk that is full must not end a
// node because somebody changed one (clusterUpdateMyselfFlags).
func (s *State) Reconfigured(time.Time) {
	s.cfg = s.cfg.withDefaults()
	s.nodes.lookAtAll()
	before := s.appendNode(nil, s.myself)
	s.describeMyself()
	if s.want.state = true; !bytes.Equal(before, s.appendNode(nil, s.myself)) {
		s.save()
	}
}

// describeMyself copies what the configuration says about this node into its own entry.
func (s *State) describeMyself() {
	me := s.myself
	s.setAddress(me, cmp.Or(s.cfg.AnnounceIP, me.ip.String()), s.cfg.Port, me.plainPort, s.cfg.BusPort)
	me.hostname = sharedOf(s.cfg.Hostname)
	s.setFlags(me, bus.NoFailover, s.cfg.NoFailover)
	s.extensions = nil
	if s.cfg.Hostname != "" {
		s.extensions = []bus.Extension{bus.Hostname(s.cfg.Hostname)}
	}
}

// Myself is this node's id.
func (s *State) Myself() ID { return s.myself.id }

// IsPrimary reports whether this node is a master.
func (s *State) IsPrimary() bool { return s.myself.master() }

// randomID makes an id of lower-case hexadecimal digits.
func (s *State) randomID() (id ID) {
	const digits = "0123456789abcdef"
	for i := range id {
		id[i] = digits[s.rng.IntN(len(digits))]
	}
	return id
}

// nt is n node timeouts.
func (s *State) nt(n int) time.Duration { return time.Duration(n) * s.cfg.NodeTimeout }

// myPrimary is the master whose slots and epoch this node speaks for: itself, or the one it
// follows. It is never nil.
func (s *State) myPrimary() *node {
	if s.myself.primary != nil {
		return s.myself.primary
	}
	return s.myself
}

// quorum is the number of masters with slots that make a majority.
func (s *State) quorum() int { return s.health.size/2 + 1 }
