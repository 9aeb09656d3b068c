package replication

import (
	"time"

	"clusterplay/node/machine"
)

// Offset counts bytes of a replication stream; the first byte is 1. "At offset N" means that the
// bytes 1 to N have been produced, or executed.
type Offset int64

// mostOffset bounds the offsets that somebody else may name. A stream of a gigabyte a second comes to it after a hundred
// years; one that is named beyond it could be counted on until numbers end.
const mostOffset = 1 << 62

// believable reports whether an offset that somebody else names can be one.
func (o Offset) believable() bool { return o >= 0 && o <= mostOffset }

// Config is what an operator may set, and may change while the node lives (State.Configure). Start
// from DefaultConfig.
type Config struct {
	// NewLink gives an unused odd LinkID for a link this node dials.
	NewLink func() machine.LinkID

	Port       int    // announced with REPLCONF listening-port (replica-announce-port, else port)
	AnnounceIP string // replica-announce-ip; empty announces none
	MasterUser string // masteruser; empty sends AUTH with the password alone
	MasterAuth string // masterauth; empty sends no AUTH

	Timeout     time.Duration // repl-timeout
	PingPeriod  time.Duration // repl-ping-replica-period, in whole seconds
	BacklogSize int64         // repl-backlog-size
	BacklogTTL  time.Duration // repl-backlog-ttl; 0 keeps the backlog for ever

	MinReplicas int           // min-replicas-to-write; 0 asks for none
	MaxLag      time.Duration // min-replicas-max-lag; 0 asks for none
	Diskless    bool          // repl-diskless-sync: a snapshot is sent while it is made
	SyncDelay   time.Duration // repl-diskless-sync-delay, 0 without repl-diskless-sync
	SyncEnough  int           // repl-diskless-sync-max-replicas: so many need not wait; 0 for always waiting
	OutputLimit int64         // hard limit of client-output-buffer-limit replica; 0 is none
	SoftLimit   int64         // its soft limit; 0 is none
	SoftFor     time.Duration // how long a replica may be above that

	Priority  int  // replica-priority, for INFO
	ReadOnly  bool // replica-read-only, for INFO
	Announced bool // replica-announced, for INFO

	OpenSlots bool // as a replica, understand CLUSTER SETSLOT in the stream and say so

	// Mutants breaks the protocol on purpose, for tests of the tests.
	Mutants Mutants
}

// minBacklog is the least repl-backlog-size Redis accepts.
const minBacklog = 16 << 10

// DefaultConfig returns the defaults of Redis 7.0.15.
func DefaultConfig() Config {
	return Config{
		Timeout:     60 * time.Second,
		PingPeriod:  10 * time.Second,
		BacklogSize: 1 << 20,
		BacklogTTL:  time.Hour,
		MaxLag:      10 * time.Second,
		OutputLimit: 256 << 20,
		Priority:    100,
		ReadOnly:    true,
		Announced:   true,
	}
}

// Mutants are known ways to get replication wrong. All are false in production; each is consulted
// at one place. A simulation that does not notice one of them is not looking.
type Mutants struct {
	SecondOffsetPlusOne    bool // a new history claims to share one byte too many with the old one
	BacklogOffByOne        bool // a resumed replica gets one byte of the stream a second time
	ReplidKeptOnPromote    bool // a promoted replica goes on under its master's name
	AckBeforeApply         bool // a replica acknowledges what it received instead of what it executed
	WaitCountsDisconnected bool // WAIT counts replicas that have gone
	StaleHistoryKept       bool // ForgetHistory forgets nothing (valkey#885)
	ReplidKeptWhenFreed    bool // a master whose backlog is freed goes on under the name that others remember
	SyncVisible            bool // clients see a full synchronisation that is half done
}
