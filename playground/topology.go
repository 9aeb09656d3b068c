package playground

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"clusterplay/playground/clock"
)

const (
	// MaxNodes bounds a lab: with the default timeouts two cores carry about so many.
	MaxNodes = 1000
	// maxSettings bounds the redis.conf settings of a topology; Redis itself knows 192 names.
	maxSettings = 192
	// maxFile bounds a topology file; a full one has a few kilobytes.
	maxFile = 1 << 20
)

// The ways in which bus links are carried.
const (
	AutoLinks   = "auto"   // TCP as long as this process' descriptors suffice
	TCPLinks    = "tcp"    //
	MemoryLinks = "memory" // the same packets, without sockets
)

// Topology says what a lab consists of. The zero Topology is three masters with one replica each.
type Topology struct {
	Name            string            `yaml:"name"`                    // default "main"
	Mode            string            `yaml:"mode"`                    // one of Kinds; default Cluster
	Masters         int               `yaml:"masters"`                 // default 3; 1 in all kinds but Cluster
	Replicas        int               `yaml:"replicas"`                // per master; a file's default is that of DefaultsOf
	ReplicaOf       []int             `yaml:"replica-of"`              // whom node 1, 2, … follows, by number; node 0 is the master
	Sentinels       int               `yaml:"sentinels"`               // these five only in Sentinel; default 3
	Quorum          int               `yaml:"quorum"`                  // default a majority
	DownAfter       int               `yaml:"down-after-milliseconds"` // default 30000, Redis' own
	FailoverTimeout int               `yaml:"failover-timeout"`        // milliseconds; default 180000, Redis' own
	ParallelSyncs   int               `yaml:"parallel-syncs"`          // default 1
	Port            int               `yaml:"port"`                    // the first client port; default 7000
	NodeTimeout     int               `yaml:"cluster-node-timeout"`    // milliseconds; default 15000, Redis' own; 0 in all kinds but Cluster
	ScriptLimit     int               `yaml:"script-limit"`            // milliseconds a script may compute; default 30000, -1 is no end, as in Redis
	Faithful        YesNo             `yaml:"faithful-7.0"`            // with the known defects of 7.0.15 that are repaired otherwise; in Cluster
	DataDir         string            `yaml:"data-dir"`                // "" keeps nothing when the lab ends
	Seed            uint64            `yaml:"seed"`                    // of all chance; default 1
	Speed           float64           `yaml:"speed"`                   // of the clock; default 1
	Links           string            `yaml:"links"`                   // AutoLinks (default), TCPLinks, MemoryLinks
	Settings        map[string]string `yaml:"settings"`                // redis.conf names for every node

	unrecorded bool  // for measuring what recording costs
	recordCap  int64 // bytes; 0 is the history's own default
}

// DefaultTopology is what a lab is when nobody says otherwise.
func DefaultTopology() Topology { return DefaultsOf(Cluster) }

// LoadTopology reads a YAML file. Unknown fields and bad values are errors that name the line.
func LoadTopology(path string) (Topology, error) {
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return Topology{}, wrong("topology", strings.Join(Kinds(), ", ")+", or a YAML file",
			"%q is no kind of lab, and there is no such file", path)
	}
	if err != nil {
		return Topology{}, fmt.Errorf("read topology: %w", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxFile+1)) // a device or a pipe has no size to ask for
	if err != nil {
		return Topology{}, fmt.Errorf("read topology: %w", err)
	}
	if len(text) > maxFile {
		return Topology{}, wrong("file", "", "%s is too long: a topology has at most %d bytes", path, maxFile)
	}
	return ParseTopology(text)
}

// ParseTopology is LoadTopology for text that is in memory.
func ParseTopology(text []byte) (Topology, error) {
	if len(bytes.TrimSpace(text)) == 0 {
		return DefaultTopology(), nil
	}
	t := DefaultsOf(modeIn(text))
	usual := t.Replicas
	t.Quorum = 0 // a majority of as many Sentinels as there will be
	if err := yaml.UnmarshalWithOptions(text, &t, yaml.Strict()); err != nil {
		return Topology{}, wrong("file", "see the topology section of the README", "%s", yaml.FormatError(err, false, true))
	}
	if len(t.ReplicaOf) > 0 && t.Replicas == usual {
		t.Replicas = len(t.ReplicaOf)
	}
	t = t.withDefaults()
	return t, t.Check()
}

// Fields are those of a file that says the same.
func (t Topology) Fields() (fields map[string]any, err error) {
	text, err := yaml.Marshal(t)
	if err == nil {
		err = yaml.Unmarshal(text, &fields)
	}
	return fields, err
}

// modeIn is the kind of lab that a file describes; what else is wrong with the file is found later.
func modeIn(text []byte) string {
	var head struct {
		Mode string `yaml:"mode"`
	}
	if err := yaml.Unmarshal(text, &head); err != nil || head.Mode == "" {
		return Cluster
	}
	return head.Mode
}

func (t Topology) withDefaults() Topology {
	set(&t.Name, "main")
	set(&t.Mode, Cluster)
	if t.clustered() {
		set(&t.Masters, 3)
		set(&t.NodeTimeout, 15000)
	}
	set(&t.Masters, 1)
	if t.watched() {
		set(&t.Sentinels, 3)
		set(&t.Quorum, t.Sentinels/2+1)
		set(&t.DownAfter, 30_000)
		set(&t.FailoverTimeout, 180_000)
		set(&t.ParallelSyncs, 1)
	}
	set(&t.Port, bases[0])
	set(&t.Seed, 1)
	set(&t.Speed, 1)
	set(&t.Links, AutoLinks)
	set(&t.ScriptLimit, 30_000)
	return t
}

func set[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Check refuses a topology that cannot be started; the error names the field.
func (t Topology) Check() error {
	nodes := t.Nodes()
	switch {
	case t.Masters < 1:
		return wrong("masters", "", "masters %d is less than 1", t.Masters)
	case t.Replicas < 0:
		return wrong("replicas", "", "replicas %d is less than 0", t.Replicas)
	case nodes > MaxNodes || t.Masters > MaxNodes || t.Replicas > MaxNodes || t.Sentinels > MaxNodes:
		return wrong("masters", "", "%d nodes are more than %d", nodes, MaxNodes)
	case t.Speed < clock.MinSpeed || t.Speed > clock.MaxSpeed:
		return wrong("speed", "", "speed %v is outside %v to %v", t.Speed, clock.MinSpeed, float64(clock.MaxSpeed))
	case t.Links != AutoLinks && t.Links != TCPLinks && t.Links != MemoryLinks:
		return wrong("links", "auto, tcp or memory", "links %q is not known", t.Links)
	case t.ScriptLimit < -1:
		return wrong("script-limit", "milliseconds, or -1 for no end", "script-limit %d is less than -1", t.ScriptLimit)
	case len(t.Settings) > maxSettings:
		return wrong("settings", "", "%d settings are more than %d", len(t.Settings), maxSettings)
	}
	if err := t.checkKind(); err != nil {
		return err
	}
	return checkBase(t.Port, nodes, t.clustered())
}

// Nodes is how many nodes the topology begins with.
func (t Topology) Nodes() int { return t.Servers() + t.Sentinels }

// scriptLimit is how long a script may compute; 0 is for ever.
func (t Topology) scriptLimit() time.Duration {
	return max(0, time.Duration(t.ScriptLimit)*time.Millisecond)
}

// nodeTimeout is the node timeout as a duration.
func (t Topology) nodeTimeout() time.Duration { return time.Duration(t.NodeTimeout) * time.Millisecond }
