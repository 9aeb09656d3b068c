package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"clusterplay/playground"
)

// topologyFlags is what a lab is asked to consist of.
type topologyFlags struct {
	topology playground.Topology
	what     string // a kind of lab, or a file
	timeout  time.Duration
	down     time.Duration
	failover time.Duration
}

// add defines the flags. What a flag says wins over the file.
func (f *topologyFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.what, "topology", playground.Cluster, strings.Join(playground.Kinds(), ", ")+
		", or a YAML file that says it all; flags given here win")
	flags.IntVar(&f.topology.Masters, "masters", 3, "how many masters; in a cluster")
	flags.IntVar(&f.topology.Replicas, "replicas", 1, "how many replicas each master has; without a cluster the default is 2")
	flags.IntVar(&f.topology.Port, "port", 7000, "the first client port; when taken, 17000 and 30001 are tried")
	flags.DurationVar(&f.timeout, "node-timeout", 15*time.Second, "cluster-node-timeout of every node; in a cluster")
	flags.IntVar(&f.topology.Sentinels, "sentinels", 3, "how many Sentinels; with sentinel")
	flags.IntVar(&f.topology.Quorum, "quorum", 2, "how many Sentinels must agree that the master is down; of another number of Sentinels a majority unless given")
	flags.DurationVar(&f.down, "down-after", 30*time.Second, "down-after-milliseconds of every Sentinel")
	flags.DurationVar(&f.failover, "failover-timeout", 180*time.Second, "failover-timeout of every Sentinel")
	flags.IntVar(&f.topology.ParallelSyncs, "parallel-syncs", 1, "how many replicas the Sentinels point at a new master at once")
	flags.BoolVar((*bool)(&f.topology.Faithful), "faithful-7.0", false, "keep the known defects of 7.0.15 that are repaired otherwise; in a cluster")
	flags.StringVar(&f.topology.DataDir, "data", "", "keep the nodes' files here (default: in memory, gone at the end)")
	flags.Uint64Var(&f.topology.Seed, "seed", 0, "seed of every chance in the lab (default: drawn)")
}

// choose takes what a lab of the kind is, or what the file says, and lays the flags over it.
func (f *topologyFlags) choose(cmd *cobra.Command) (playground.Topology, error) {
	flags := cmd.Flags()
	f.topology.NodeTimeout = int(f.timeout.Milliseconds())
	for _, name := range []string{"masters", "port", "node-timeout", "sentinels", "quorum", "down-after", "failover-timeout", "parallel-syncs"} {
		if text := flags.Lookup(name).Value.String(); text == "0" || text == "0s" { // a file may leave them out
			return playground.Topology{}, fmt.Errorf("--%s %s: it must be at least 1", name, text)
		}
	}
	t := playground.DefaultsOf(f.what)
	if !playground.IsKind(f.what) {
		var err error
		if t, err = playground.LoadTopology(f.what); err != nil {
			return t, err
		}
	} else if f.topology.Seed == 0 {
		t.Seed = drawSeed()
	}
	if flags.Changed("sentinels") && !flags.Changed("quorum") && f.what == playground.Sentinel {
		t.Quorum = 0 // a majority of as many
	}
	for name, copy := range map[string]func(){
		"masters":      func() { t.Masters = f.topology.Masters },
		"replicas":     func() { t.Replicas = f.topology.Replicas },
		"port":         func() { t.Port = f.topology.Port },
		"node-timeout": func() { t.NodeTimeout = f.topology.NodeTimeout },
		"faithful-7.0": func() { t.Faithful = f.topology.Faithful },
		"data":         func() { t.DataDir = f.topology.DataDir },
		"seed":         func() { t.Seed = f.topology.Seed },

		"sentinels":        func() { t.Sentinels = f.topology.Sentinels },
		"quorum":           func() { t.Quorum = f.topology.Quorum },
		"down-after":       func() { t.DownAfter = int(f.down.Milliseconds()) },
		"failover-timeout": func() { t.FailoverTimeout = int(f.failover.Milliseconds()) },
		"parallel-syncs":   func() { t.ParallelSyncs = f.topology.ParallelSyncs },
	} {
		if flags.Changed(name) {
			copy()
		}
	}
	return t, nil
}

// drawSeed draws a seed short enough to be read out: it is printed and shown, so that a person can
// ask for the same chances again.
func drawSeed() uint64 { return 1 + rand.Uint64N(1_000_000) }
