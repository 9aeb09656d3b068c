package keyspace

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// manyKeys is enough for tables to have doubled eighteen times.
const manyKeys = 1 << 19

func fill(db *DB, n int) {
	key := make([]byte, 0, 32)
	for i := range n {
		key = fmt.Appendf(key[:0], "key:%d", i)
		db.SetString(0, key, key)
	}
}

func TestSnapshotHandsOverNoMoreThanItsShareInOneStep(t *testing.T) {
	const share = 512
	space := NewSpace(Config{Seed: NewSeed(1)})
	fill(space.DB(0), manyKeys)
	seen, inStep, longest, steps := 0, 0, 0, 0
	snap, err := space.Begin(func(int, string, *Entry, int64) Rest { seen, inStep = seen+1, inStep+1; return nil })
	require.NoError(t, err)
	for done := false; !done; steps++ {
		inStep = 0
		done = snap.Step(share)
		longest = max(longest, inStep)
	}
	require.Equal(t, manyKeys, seen)
	require.Less(t, longest, 2*share, "a step may finish the bucket it is in and no more")
	require.Less(t, steps, 4*manyKeys/share, "and every step gets on")
}

func TestGrowingTableMovesOneBucketWithEachChange(t *testing.T) {
	var d Dict[int]
	resizes, moved, deepest := 0, 0, 0
	for i := range manyKeys {
		before, at := len(d.old), d.moved
		d.Set(fmt.Appendf(nil, "key:%d", i), i)
		switch {
		case before == 0 && d.old != nil:
			resizes++
			require.Zero(t, d.moved, "a table that has just doubled has not been moved")
		case before > 0 && d.old != nil:
			moved = d.moved - at
			deepest = max(deepest, moved)
		}
	}
	require.Greater(t, resizes, 10, "the table has doubled often enough to see it")
	require.LessOrEqual(t, deepest, sparse, "empty buckets are passed over, but not many")
}
