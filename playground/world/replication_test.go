package world

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHundredSeedsOfReplicationBreakNoPromise(t *testing.T) {
	seed, why := firstBroken(1, worlds(100), Config{Kind: Replication}, "")
	require.NoError(t, why, "seed %d", seed)
}

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
