package replication

import (
	"math/rand/v2"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
)

// State is the replication of one node: its history, its replicas and its master.
type State struct {
	cfg  Config
	host Host
	rng  *rand.Rand

	identity
	streamDB int      // the database selected in the stream we produce, -1 forces a SELECT
	log      *backlog // nil until somebody has asked for the stream
	grounded bool     // the data are those of a history: see HasHistory

	replicas   []*replica                   // attached, in the order in which they came
	peers      map[*machine.Client]*replica // every client that said REPLCONF, attached or not
	departed   []Offset                     // only for Mutants.WaitCountsDisconnected
	aloneSince time.Time                    // when the last replica went
	snapshot   *snapshot                    // the one being made, if any
	snapshots  SnapshotID                   // the last id given
	good       int                          // replicas within min-replicas-max-lag
	wantAcks   bool                         // a GETACK is due before we sleep

	failover  failover
	held      bool      // what the master sends waits: see Hold
	master    *master   // nil on a master
	downSince time.Time // when the link to the master was lost; zero: never up, or up

	stats    Stats
	ticks    int64
	nextTick time.Time
	todo     *Todo  // what is being asked for
	out      *Todo  // what was at the last BeforeSleep
	scratch  []byte // the command being fed
}

// Stats are the counters of INFO stats.
type Stats struct {
	SyncFull, SyncPartialOK, SyncPartialErr int64
}

// New returns the replication of a node that was just born: a master with a history of its own.
func New(cfg Config, host Host, rng *rand.Rand) *State {
	s := &State{host: host, rng: rng, streamDB: -1, peers: map[*machine.Client]*replica{}, todo: &Todo{}, out: &Todo{}}
	s.Configure(cfg)
	s.identity = identity{id: s.newID(), id2: noID, second: -1}
	return s
}

// Configure replaces the settings of a living node. A smaller backlog keeps its newest bytes.
func (s *State) Configure(cfg Config) {
	standard := DefaultConfig()
	if cfg.Timeout <= 0 {
		cfg.Timeout = standard.Timeout
	}
	if cfg.PingPeriod < time.Second {
		cfg.PingPeriod = standard.PingPeriod
	}
	if cfg.BacklogSize <= 0 {
		cfg.BacklogSize = standard.BacklogSize
	}
	cfg.BacklogSize = max(cfg.BacklogSize, minBacklog)
	s.cfg = cfg
	s.trim()
}

// Config returns the settings in force.
func (s *State) Config() Config { return s.cfg }

// IsMaster reports whether the node follows nobody.
func (s *State) IsMaster() bool { return s.master == nil }

// Offset returns the last byte produced (on a master) or executed (on a replica).
func (s *State) Offset() Offset { return s.offset }

// Stats returns the counters.
func (s *State) Stats() Stats { return s.stats }

// ResetStats sets the counters to zero, for CONFIG RESETSTAT.
func (s *State) ResetStats() { s.stats = Stats{} }

func (s *State) emit(e event.Event) { s.todo.Emit = append(s.todo.Emit, e) }

// trim lets go of what the backlog need not keep.
func (s *State) trim() {
	if s.log == nil {
		return
	}
	keep := s.log.next
	for _, r := range s.replicas {
		if r.cursor > 0 {
			keep = min(keep, r.cursor)
		}
	}
	if s.snapshot != nil {
		keep = min(keep, s.snapshot.offset+1)
	}
	s.log.trim(s.cfg.BacklogSize, keep)
}

// Kept is how many bytes of the stream are kept: the backlog, and what somebody has not been given yet.
func (s *State) Kept() int {
	if s.log == nil {
		return 0
	}
	return int(s.log.len())
}

// createBacklog begins to keep the stream.
func (s *State) createBacklog() {
	s.log = newBacklog(s.offset + 1)
	s.grounded = true
	s.emit(event.BacklogCreated{First: int64(s.log.first), Size: s.cfg.BacklogSize})
}

func (s *State) freeBacklog(why event.Reason) {
	if s.log != nil {
		s.log = nil
		s.emit(event.BacklogFreed{Why: why})
	}
}
