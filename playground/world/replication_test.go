package world

import (
	"testing"

	"clusterplay/node/server"

	"github.com/stretchr/testify/require"
)

func TestTheSameSeedOfReplicationTellsTheSameStory(t *testing.T) {
	for _, seed := range []uint64{3, 16} {
		one, err := Judge(Replication, seed, testTimeout)
		require.NoError(t, err)
		two, err := Judge(Replication, seed, testTimeout)
		require.NoError(t, err)
		require.Equal(t, one, two)
		other, err := Judge(Replication, seed+1, testTimeout)
		require.NoError(t, err)
		require.NotEqual(t, one.Trace, other.Trace)
	}
}

// replicationMutants are the deliberate faults of replication. Worlds without a cluster find them fast.
var replicationMutants = []mutant{
	{"AckBeforeApply", 1, 20, 2, func(c *server.Config) { c.Mutants.AckBeforeApply = true }, ""},
	{"SecondOffsetPlusOne", 1, 20, 2, func(c *server.Config) { c.Mutants.SecondOffsetPlusOne = true }, ""},
	{"ReplidKeptOnPromote", 1, 20, 2, func(c *server.Config) { c.Mutants.ReplidKeptOnPromote = true }, ""},
	{"WaitCountsDisconnected", 1, 20, 2, func(c *server.Config) { c.Mutants.WaitCountsDisconnected = true }, ""},
	{"BacklogOffByOne", 1, 20, 2, func(c *server.Config) { c.Mutants.BacklogOffByOne = true }, ""},
	{"ReplidKeptWhenFreed", 48, 150, 2, func(c *server.Config) { c.Mutants.ReplidKeptWhenFreed = true }, ""},
	{"SyncVisible", 5, 60, 2, func(c *server.Config) { c.Mutants.SyncVisible = true }, ""},
}

func TestTheCheckerNoticesEveryMutantOfReplication(t *testing.T) {
	if raceEnabled {
		t.Skip("a search through seeds shows the race detector nothing new; it runs without it")
	}
	for _, m := range replicationMutants {
		t.Run(m.name, func(t *testing.T) { m.notice(t, Replication) })
	}
}
