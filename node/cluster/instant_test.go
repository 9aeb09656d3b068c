package cluster

import (
	"math"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"
)

func TestInstantsAreTimes(t *testing.T) {
	now := time.Unix(1_800_000_000, 123_456_789)
	require.True(t, now.Equal(instantOf(now).time()))
	require.Equal(t, time.Second, instantOf(now).age(now.Add(time.Second)))
	require.Equal(t, -time.Second, instantOf(now).age(now.Add(-time.Second)), "clocks differ")
	require.Equal(t, instantOf(now.Add(time.Minute)), instantOf(now).then(time.Minute))
}

func TestWhatNeverWasIsOlderThanAnything(t *testing.T) {
	require.Equal(t, never, instantOf(time.Time{}))
	require.True(t, never.time().IsZero())
	require.Equal(t, time.Duration(math.MaxInt64), never.age(time.Unix(1, 0)))
	require.Equal(t, never, never.then(time.Hour))
}

// Of a thousand nodes there are a million of each.
func TestRecordsAreSmall(t *testing.T) {
	require.LessOrEqual(t, unsafe.Sizeof(node{}), uintptr(208))
	require.LessOrEqual(t, unsafe.Sizeof(link{}), uintptr(48))
}
