package sentinel

import "time"

// Config is what a Sentinel is told about itself.
type Config struct {
	Port       int    // its client port, announced unless the file says otherwise; 0 is the file's
	AnnounceIP string // the address it announces unless the file says otherwise; "" is that of each connection
	Name       string // the file's name in the Sentinel's directory; default sentinel.conf
	Conf       []byte // the file's content; empty starts a Sentinel that watches nothing
	Options    []byte // more lines, as somebody gave them on a command line; they win over the file's
	Dir        string // the directory as the file shall name it; "" leaves that line alone
	Mutants    Mutants

	// Slack is how late the world may call although nobody slept: a lab whose time runs fast is late
	// by seconds of that time. It is added to the trigger of TILT; nil is none.
	Slack func() time.Duration

	// Runnable tells whether a script is there and may be executed; SENTINEL SET asks it before it keeps a
	// path. nil says that the driver runs no programs: scripts of the file are kept there, and none is asked for.
	Runnable func(path string) bool

	// Resolves tells that the driver looks names up. Where it does not, localhost is the only one known.
	Resolves bool

	// What INFO shows of the process.
	ProcessID              int
	Executable, ConfigFile string
}

// Mutants are deliberate faults, all false in production. Each is consulted at one place, and
// exists so that tests can prove that they would notice.
type Mutants struct {
	VoteNotPersisted     bool // a vote is answered before it is in the file
	DoubleVote           bool // one epoch, two votes
	MajorityIgnored      bool // the quorum alone elects a leader
	DeadVotersForgotten  bool // Sentinels held for down do not count as voters
	ConfigEpochUnchecked bool // every hello's address is taken over, whatever its epoch
	ODownForever         bool // the word of a Sentinel that fell silent stays valid
	TiltIgnored          bool // timers are trusted after a jump of the clock
	PriorityZeroEligible bool // a replica of priority 0 may be promoted
	OffsetIgnored        bool // the replica with the most data is not preferred
	NoFailoverSpacing    bool // a failover may follow another at once
}

// Periods are the times a Sentinel lives by; SENTINEL DEBUG shows and changes them.
type Periods struct {
	Info                   time.Duration
	Ping                   time.Duration
	Ask                    time.Duration
	Publish                time.Duration
	DefaultDownAfter       time.Duration
	DefaultFailoverTimeout time.Duration
	TiltTrigger            time.Duration
	Tilt                   time.Duration
	ReconfTimeout          time.Duration // SLAVE-RECONF-TIMEOUT
	MinLinkReconnect       time.Duration
	ElectionTimeout        time.Duration
	ScriptMaxRuntime       time.Duration
	ScriptRetryDelay       time.Duration
}

// defaultPeriods are those of Redis 7.0.
func defaultPeriods() Periods {
	return Periods{
		Info: 10 * time.Second, Ping: time.Second, Ask: time.Second, Publish: 2 * time.Second,
		DefaultDownAfter: 30 * time.Second, DefaultFailoverTimeout: 180 * time.Second,
		TiltTrigger: 2 * time.Second, Tilt: 30 * time.Second,
		ReconfTimeout: 10 * time.Second, MinLinkReconnect: 15 * time.Second, ElectionTimeout: 10 * time.Second,
		ScriptMaxRuntime: time.Minute, ScriptRetryDelay: 30 * time.Second,
	}
}

// Periods may be changed between two doors.
func (s *Sentinel) Periods() *Periods { return &s.periods }
