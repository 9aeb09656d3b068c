package server

import (
	"fmt"
	"math/rand/v2"
	"time"

	"clusterplay/node/acl"
	"clusterplay/node/aof"
	"clusterplay/node/cluster"
	"clusterplay/node/command"
	"clusterplay/node/event"
	"clusterplay/node/keyspace"
	"clusterplay/node/machine"
	"clusterplay/node/pubsub"
	"clusterplay/node/replication"
	"clusterplay/node/session"
	"clusterplay/node/tracking"
)

// Config is what a server is told at birth.
type Config struct {
	Port       int    // the client port, which INFO and the cluster bus announce
	BusPort    int    // the cluster bus port, default Port + 10000
	AnnounceIP string // the address other nodes and clients are told; empty: the one they see

	ClusterEnabled bool
	Settings       map[string]string // redis.conf names and values, over the defaults
	Users          [][]string        // the user lines of redis.conf, each in words without the first
	ConfigFile     string            // the name under which CONFIG REWRITE saves; empty: refused
	ConfigPath     string            // what INFO calls that file, default ConfigFile
	Renamed        []Renaming        // commands with other names, or none
	Dir            string            // shown by CONFIG GET dir
	Executable     string            // shown by INFO
	ProcessID      int               // shown by INFO

	// Files are the node's files at birth: nodes.conf, dump.rdb, the ACL file. ReadFile, if it is there, finds any
	// file as the disk holds it.
	Files    map[string][]byte
	ReadFile func(name string) (data []byte, there bool, err error)

	// MostForClients is how many bytes clients may occupy together where maxmemory-clients says nothing; 0: no bound.
	MostForClients int64

	// ScriptLimit is how long a script may compute in all before it is ended; 0: as long as it wants, as in Redis.
	ScriptLimit time.Duration

	World World                                // the process around; nil: settings that need it are fixed
	Log   func(level event.Level, line string) // hears what Redis writes to its log; nil: nobody
	Made  func()                               // is called when there is a server that has read no data yet; may be nil

	Packet func(size int) []byte // memory for bus packets (cluster.Config); nil: each is made

	ClusterSwitches cluster.Switches
	ClusterMutants  cluster.Mutants
	Mutants         replication.Mutants
}

// World is the process around a server of its own.
type World interface {
	// Set makes a setting true outside the machine: bind, crash-log-enabled, dir, loglevel, maxclients, oom-score-adj, port,
	// proc-title-template, tcp-keepalive, watchdog-period. The error is what CONFIG SET answers. It is called inside a door.
	Set(name, value string) error
	// Ready says that a server that was Loading at birth serves everything now.
	Ready()
	// Follow says whether the server is a replica now, before anybody hears a reply that says so.
	Follow(replica bool)
	// Beat says that the server does not stand still, ten times a second.
	Beat()
}

// BeFaithful gives the server the known defects of 7.0.15 that are repaired otherwise.
func (c *Config) BeFaithful() { c.ClusterSwitches = cluster.Faithful() }

// Server is one Redis server as a deterministic machine.
type Server struct {
	config   Config
	settings settings
	rng      *rand.Rand
	runID    string
	born     time.Time

	now     time.Time // of the door being served
	nowMs   int64
	current *client // whose command is running

	table   *command.Table
	space   *keyspace.Space
	cluster *cluster.State // nil when cluster support is disabled
	repl    *replication.State

	users      *acl.Users
	aclFile    []byte                 // what the ACL file holds
	fileSaves  map[uint64]func(error) // by token: who waits for a small file
	clients    session.List[*client]
	touched    []*client
	monitors   []*client
	pubsub     pubsub.Hub[*client]
	tracking   tracking.Table[*client]
	watchers   map[watchKey][]*client
	ownKeys    map[watchKey]bool // of a writable replica: what clients changed here
	parking    parking
	postponed  []*client
	waiters    []*client // in WAIT
	pause      pause
	streamHeld bool // CLIENT PAUSE holds the master's stream
	sleep      sleep

	routing  routing
	slotLoad slotLoad
	memory   memoryLimit

	clientMem clientMemory
	output    readLimits
	unit      unit
	forced    bool // the running command is propagated although it changed nothing
	notify    eventClass
	noExpiry  bool // DEBUG SET-ACTIVE-EXPIRE 0
	noCron    bool // DEBUG PAUSE-CRON 1
	unsealed  bool // DEBUG SET-SKIP-CHECKSUM-VALIDATION 1

	stats     stats
	slow      slowlog
	stopwatch func() time.Duration // nil: nothing takes any time
	latency   latency
	saves     saves
	aof       *aof.State
	loading   *loading
	ahead     *loading         // a snapshot that is read while it comes, before anybody sees it
	rereading bool             // DEBUG LOADAOF is at work
	history   *replication.Aux // found in the RDB file, until the time is known
	master    *client          // runs what comes down the master's stream
	shutdown  *shutdown
	signal    string // the parameter of a signal that asked for the end and waits for the cron
	migrate   migrations
	links     links
	script    scripting
	debugs    []*debugging // scripts that clients step through
	forked    bool         // this is the copy that one of them runs on
	todo      machine.Todo
	warming   [][]byte // scratch of Warm
	taken     bool     // the driver has todo; the next door starts another
}

// New returns a server with the data and identity its files hold. A file that cannot be read is
// an error: a server never starts empty in its place.
func New(config Config, rng *rand.Rand) (*Server, error) {
	if config.ConfigPath == "" {
		config.ConfigPath = config.ConfigFile
	}
	if config.BusPort == 0 {
		config.BusPort = config.Port + 10000
	}
	values, err := newSettings(config.settings())
	if err != nil {
		return nil, err
	}
	s := &Server{
		config: config, settings: values, rng: rng, watchers: map[watchKey][]*client{}, fileSaves: map[uint64]func(error){},
		parking: newParking(), stats: newStats(sharedTable.Size()), table: sharedTable, links: newLinks(),
	}
	for _, r := range config.Renamed {
		s.table, _ = s.table.Renamed(r.Command, r.Name)
	}
	s.pubsub = pubsub.New(s.to)
	s.tracking = tracking.New[*client](trackingHost{s})
	if err := s.newUsers(); err != nil {
		return nil, err
	}
	s.runID = s.randomHex(40)
	s.notify = parseEventClasses(values.text("notify-keyspace-events"))
	s.slow.limit = values.number("slowlog-log-slower-than")
	s.saves.points = parseSavePoints(values.text("save"))
	s.latency = newLatency()
	s.latency.threshold = values.number("latency-monitor-threshold")
	s.space = keyspace.NewSpace(keyspace.Config{
		Databases: int(values.number("databases")), Cluster: config.ClusterEnabled,
		Seed: keyspace.NewSeed(rng.Uint64()),
	})
	s.configureMemory()
	s.configureLazy()
	s.listenToSpace()
	s.space.MayGrow = s.mayGrow
	s.space.OnExpired, s.space.OnStreamGone = s.onExpired, s.onStreamGone
	s.aof = aof.New(s.aofConfig())
	if err := s.newProtocols(); err != nil {
		return nil, err
	}
	if config.Made != nil {
		config.Made()
	}
	if err := s.loadAtBirth(); err != nil {
		return nil, err
	}
	return s, nil
}

// settings are the given ones together with what the other fields of Config imply.
func (c Config) settings() map[string]string {
	all := map[string]string{"port": fmt.Sprint(c.Port), "cluster-enabled": "no", "dir": c.Dir}
	if c.ClusterEnabled {
		all["cluster-enabled"] = "yes"
		all["cluster-announce-ip"] = c.AnnounceIP
		all["databases"] = "16"
	}
	for name, value := range c.Settings {
		all[name] = value
	}
	return all
}

// randomHex returns n random lower-case hexadecimal digits.
func (s *Server) randomHex(n int) string {
	const digits = "0123456789abcdef"
	id := make([]byte, n)
	for i := range id {
		id[i] = digits[s.rng.IntN(len(digits))]
	}
	return string(id)
}

// log writes a line of Redis' log, if somebody reads it.
func (s *Server) log(level event.Level, format string, args ...any) {
	if s.config.Log != nil {
		s.config.Log(level, fmt.Sprintf(format, args...))
	}
}

// Rand returns a pseudo-random number in [0, n).
func (s *Server) Rand(n int) int { return s.rng.IntN(n) }

// isReplica reports whether this server follows a master.
func (s *Server) isReplica() bool { return !s.repl.IsMaster() }

// enter begins a door: it sets the clock and how expired keys are met.
func (s *Server) enter(now time.Time) {
	s.now, s.nowMs = now, now.UnixMilli()
	if s.born.IsZero() {
		s.firstBreath()
	}
	if s.taken {
		s.taken = false
		s.recycle()
	}
	s.setExpiry()
	if s.sleep.debug == nil && !s.sleep.until.IsZero() && !s.asleep() {
		s.wakeUp()
	}
}

// recycle empties a Todo whose contents have been performed.
func (s *Server) recycle() {
	t := &s.todo
	clear(t.Save)
	clear(t.Send)
	clear(t.Flush)
	clear(t.Emit)
	*t = machine.Todo{
		Save: t.Save[:0], Dial: t.Dial[:0], Send: t.Send[:0], Close: t.Close[:0], Flush: t.Flush[:0], Emit: t.Emit[:0],
	}
}

// firstBreath does what could not be done at birth, when the time was not known.
func (s *Server) firstBreath() {
	s.born, s.saves.lastSave = s.now, s.now
	load := s.loading
	if load == nil {
		s.settleIn()
		return
	}
	load.began = s.now
	if load.log != nil {
		load.log.began = s.now
	}
	s.stepLoad() // which is all there is, if that is little
}

// setExpiry has expired keys deleted by a master and hidden by a replica, and by a master whose
// writes are paused.
func (s *Server) setExpiry() {
	s.space.Expiry = keyspace.DeleteExpired
	if paused, _ := s.paused(); paused || s.isReplica() {
		s.space.Expiry = keyspace.HideExpired
	}
}

// settle does what may follow any input: waiting clients are served, ended waits answered.
func (s *Server) settle() {
	if s.asleep() || s.script.busy {
		return
	}
	s.catchUp()
	s.serveReady()
	s.expireParked()
	s.checkWaits()
	s.pauseStream()
	s.resumePaused()
	s.serveReady()
}
