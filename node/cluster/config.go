package cluster

import (
	"time"

	"clusterplay/node/machine"
)

// Config is what a node is told about itself. The server may change the fields of the Config it
// gets from State.Config between two doors, and calls Reconfigured afterwards; Dial, Conf and
// Buffered are read as they were at birth.
type Config struct {
	NodeTimeout           time.Duration // cluster-node-timeout, default 15 s
	NoFullCoverage        bool          // cluster-require-full-coverage no
	NoReplicaMigration    bool          // cluster-allow-replica-migration no
	MigrationBarrier      int           // cluster-migration-barrier; New turns 0 into 1 unless BarrierZero
	BarrierZero           bool          // cluster-migration-barrier really is 0
	ValidityFactor        int           // cluster-replica-validity-factor, default 10; negative means 0: no limit
	NoFailover            bool          // cluster-replica-no-failover
	AllowReadsWhenDown    bool          // cluster-allow-reads-when-down
	NoPubsubShardWhenDown bool          // cluster-allow-pubsubshard-when-down no
	AnnounceIP            string        // cluster-announce-ip; empty: peers use the address they see
	Port                  uint16        // the announced client port
	BusPort               uint16        // the announced bus port, default Port + 10000
	Hostname              string        // cluster-announce-hostname
	PreferredEndpoint     Endpoint      // cluster-preferred-endpoint-type
	LinkSendbufLimit      int           // cluster-link-sendbuf-limit in bytes, 0: none
	ReplPingPeriod        time.Duration // repl-ping-replica-period, default 10 s

	Conf     []byte                   // the content of nodes.conf; empty on the first boot
	NextLink func() machine.LinkID    // a fresh id for a dialled link
	Buffered func(machine.LinkID) int // bytes queued on a link; nil: not known
	// Packet gives empty memory for a packet of up to that many bytes; nil: it is made. Who gives it may take it
	// back once the packet has been received.
	Packet   func(size int) []byte
	Switches Switches
	Mutants  Mutants
}

// Endpoint is what a node tells clients to connect to.
type Endpoint uint8

// The kinds of endpoint: cluster-preferred-endpoint-type.
const (
	EndpointIP Endpoint = iota
	EndpointHostname
	EndpointUnknown
)

// The defaults of Redis 7.0.
const (
	DefaultNodeTimeout    = 15 * time.Second
	DefaultValidityFactor = 10
	DefaultReplPingPeriod = 10 * time.Second
	defaultBusOffset      = 10000
)

// Switches bring back defects of 7.0.15 that are repaired by default.
type Switches struct {
	FailByAnyMaster   bool // suspicions of masters without slots count towards FAIL
	KeepElectionState bool // an election's votes and waiting time survive a change of role
	DropSilently      bool // the keys of a lost slot are deleted on the master alone; its replicas keep them
	KeepForeignOffset bool // a replica that joins another shard ranks by its old shard's offset until it has synced
	ElectEmpty        bool // a replica that has nothing of its shard's data may take its master's place
	CollisionByID     bool // of two masters that claim one shard in one epoch the smaller id wins, not the longer history
	LocalOpenSlots    bool // replicas are not told which slots are on their way; a failover forgets it
}

// Faithful are the switches of a node that has every one of these defects.
func Faithful() Switches {
	return Switches{
		FailByAnyMaster: true, KeepElectionState: true, DropSilently: true, KeepForeignOffset: true,
		ElectEmpty: true, CollisionByID: true, LocalOpenSlots: true,
	}
}

// Mutants are deliberate faults, all false in production. Each is consulted at one place, and
// exists so that tests can prove that they would notice.
type Mutants struct {
	VoteNotPersisted       bool // lastVoteEpoch is not written to nodes.conf
	QuorumHalf             bool // half of the masters is enough to win
	DoubleVoteCount        bool // one voter is counted as often as it answers
	AckEpochUnchecked      bool // a vote of an older election counts
	VotersSlotless         bool // masters without slots vote
	FailOnOneReport        bool // one suspicion is enough for FAIL
	ReportsNeverExpire     bool // suspicions stay valid twenty node timeouts
	FailNeverCleared       bool // FAIL stays
	NoRejoinDelay          bool // a master serves as soon as it sees a majority
	NoWritableDelay        bool // a master serves as soon as it starts
	MinorityIgnored        bool // a minority serves
	RankIgnored            bool // all replicas ask at once
	DataAgeIgnored         bool // replicas with stale data ask too
	EpochNotBumpedOnImport bool // the importer of a slot claims it with its old epoch
	CollisionInverted      bool // the larger id moves
	UpdateIgnored          bool // UPDATE packets are thrown away
	DirtyKept              bool // keys of lost slots are kept
	ClaimWhileImporting    bool // a claim takes a slot that is being imported
	AskAsMoved             bool // a migrating slot answers MOVED
}

// withDefaults fills what was left out.
func (c Config) withDefaults() Config {
	if c.NodeTimeout <= 0 {
		c.NodeTimeout = DefaultNodeTimeout
	}
	if c.ValidityFactor == 0 {
		c.ValidityFactor = DefaultValidityFactor
	}
	if c.ReplPingPeriod <= 0 {
		c.ReplPingPeriod = DefaultReplPingPeriod
	}
	if c.BusPort == 0 {
		c.BusPort = c.Port + defaultBusOffset
	}
	if c.MigrationBarrier == 0 && !c.BarrierZero {
		c.MigrationBarrier = 1
	}
	return c
}
