package world

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Kind is what a world is made of.
type Kind string

// The kinds of world.
const (
	Cluster     Kind = "cluster"     // masters that share the slots, and their replicas
	Replication Kind = "replication" // one master and its replicas, and people who promote by hand
	Sentinels   Kind = "sentinel"    // one master, its replicas, and Sentinels that watch them
)

// Kinds is every kind, in the order in which seeds take turns.
var Kinds = []Kind{Cluster, Replication, Sentinels}

// KindOf is the kind of a seed's world where every kind has its turn.
func KindOf(seed uint64) Kind { return Kinds[seed%uint64(len(Kinds))] }

// order is what makes the worlds of one kind: who lives there, how they come together, what people
// do to them, and when they are whole.
type order interface {
	// defaults fills in what a configuration leaves open.
	defaults(c *Config)
	// vary draws which of the kind's many shapes a seed's world has.
	vary(c *Config, rng *rand.Rand)
	// hosts is how many there are.
	hosts(c *Config) int
	// faults is what may happen to such a world, in the order in which plans draw.
	faults() []FaultKind
	// bear gives a host the process that follows from what its disk holds.
	bear(w *World, h *host) error
	// form brings the hosts together and returns when all of them are well.
	form(w *World) error
	// guide is how a client finds the host for a key. near is where the client stands.
	guide(l *Workload, near int) guide
	// strike lets people do something to a host.
	strike(s *storm, kind FaultKind, host int)
	// welcome does what people do with a new empty host.
	welcome(w *World, host int)
	// keeper is who comes after the storm.
	keeper(w *World, plan Plan) keeper
	// serving is the hosts that may be asked for what the world holds.
	serving(w *World) []int
	// whyLost finds the window through which an acknowledged write was lost.
	whyLost(w *World, x Write) Window
	// patience is how long such a world may take to come to rest once faults have ended.
	patience(nt time.Duration) time.Duration
	// unrest is the promise that is broken when a world does not come to rest.
	unrest() int
	// judge holds the world against what is promised of its kind.
	judge(cfg Config, plan Plan) judge
}

// keeper comes after the storm and repairs what the machines cannot repair alone.
type keeper interface {
	// atRest repairs what it can and reports whether nothing is left to do.
	atRest() bool
	// complaint says what is still wrong.
	complaint() string
}

// judge is an Observer with a verdict.
type judge interface {
	Observer
	// bind gives it what can be known only of a world that exists.
	bind(w *World)
	// rest looks at a world that was left in peace.
	rest(w *World)
	// broken is the first promise that was broken, or nil.
	broken() error
}

// orderOf is the order of a kind.
func orderOf(k Kind) order {
	switch k {
	case Replication:
		return replicationOrder{}
	case Sentinels:
		return sentinelOrder{}
	default:
		return clusterOrder{}
	}
}

// guide is what one client believes about who serves which key.
type guide interface {
	// find calls then with the host to ask for a key, now or later; with -1 when nobody knows one.
	find(key string, then func(host int))
	// learn takes a redirect's word, forget drops what proved wrong.
	learn(key string, host int)
	forget(key string)
}

// ConfigOf draws the shape of a seed's world of a kind.
func ConfigOf(kind Kind, seed uint64, nt time.Duration) Config {
	cfg := Config{Kind: kind, Seed: seed, NodeTimeout: nt}
	cfg.defaults()
	orderOf(kind).vary(&cfg, stream(seed, "shape", 0))
	return cfg
}

// shape says who lives in such a world.
func (c *Config) shape() string {
	replicas := "1 replica"
	if c.Replicas != 1 {
		replicas = fmt.Sprintf("%d replicas", c.Replicas)
	}
	if c.Kind == Cluster {
		return fmt.Sprintf("%d masters with %s each", c.Masters, replicas)
	}
	text := "a master with " + replicas
	if c.Sentinels > 0 {
		text += fmt.Sprintf(", %d Sentinels, quorum %d", c.Sentinels, c.Quorum)
	}
	if c.Aside > 0 {
		text += fmt.Sprintf(", %d of priority 0", c.Aside)
	}
	if c.Boxes > 0 {
		text += fmt.Sprintf(", on %d computers", c.Boxes)
	}
	return text
}

// setDefault gives a value that was left open.
func setDefault[T int | time.Duration](v *T, to T) {
	if *v == 0 {
		*v = to
	}
}
