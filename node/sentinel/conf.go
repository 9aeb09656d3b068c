package sentinel

import (
	"maps"
	"slices"
	"time"
)

// Conf is what a sentinel.conf says, as a plain value: what a person wrote and what the Sentinel
// has to remember.
type Conf struct {
	Server ConfServer

	MyID              string // "" until the Sentinel has chosen it
	CurrentEpoch      uint64
	AllowScripts      bool // deny-scripts-reconfig no
	ResolveHostnames  bool
	AnnounceHostnames bool
	AnnounceIP        string
	AnnouncePort      int
	PeerUser          string // sentinel-user
	PeerPass          string // sentinel-pass
	Masters           []ConfMaster
}

// ConfServer is the part of the file that a redis.conf has too and that means something here. Other
// lines stay in the file as they are.
type ConfServer struct {
	Port         int // default 26379
	Bind         []string
	Dir          string
	LogFile      string
	LogLevel     string // default notice
	PidFile      string
	Daemonize    bool
	Password     string     // requirepass
	Users        [][]string // the user lines, each in words without the first
	MaxClients   int        // default 10000
	OpenChannels bool       // acl-pubsub-default allchannels
	DenialsKept  int64      // acllog-max-len, default 128
	Protected    bool       // protected-mode yes: without a password, clients of this computer only
	Ignored      []string   // settings that the file has and that mean nothing here
}

// ConfMaster is what the file says about one master.
type ConfMaster struct {
	Name            string
	Host            string
	Port            int
	Quorum          int
	DownAfter       time.Duration
	FailoverTimeout time.Duration
	ParallelSyncs   int
	RebootDownAfter time.Duration // master-reboot-down-after-period
	NotifyScript    string
	ReconfigScript  string
	AuthPass        string
	AuthUser        string
	Renamed         map[string]string // commands and what they are called there

	ConfigEpoch uint64
	LeaderEpoch uint64
	Replicas    []ConfAddr
	Sentinels   []ConfPeer
}

// ConfAddr is where an instance is reached.
type ConfAddr struct {
	Host string
	Port int
}

// ConfPeer is another Sentinel that watches the same master.
type ConfPeer struct {
	ConfAddr
	RunID string
}

// The defaults of a sentinel.conf.
const (
	DefaultPort            = 26379
	DefaultDownAfter       = 30 * time.Second
	DefaultFailoverTimeout = 180 * time.Second
	DefaultParallelSyncs   = 1
	defaultLogLevel        = "notice"
	defaultMaxClients      = 10000
	defaultDenialsKept     = 128
)

// newConf is the Conf of an empty file.
func newConf() Conf {
	return Conf{Server: ConfServer{Port: DefaultPort, LogLevel: defaultLogLevel, MaxClients: defaultMaxClients, DenialsKept: defaultDenialsKept}}
}

// newConfMaster is a master of which only the monitor line is known.
func newConfMaster(name, host string, port, quorum int) ConfMaster {
	return ConfMaster{
		Name: name, Host: host, Port: port, Quorum: quorum,
		DownAfter: DefaultDownAfter, FailoverTimeout: DefaultFailoverTimeout, ParallelSyncs: DefaultParallelSyncs,
	}
}

// master finds a master by name, nil when there is none.
func (c *Conf) master(name string) *ConfMaster {
	for i := range c.Masters {
		if c.Masters[i].Name == name {
			return &c.Masters[i]
		}
	}
	return nil
}

// renames lists the renamed commands in order, so that a file is always written the same.
func (m *ConfMaster) renames() []string { return slices.Sorted(maps.Keys(m.Renamed)) }
