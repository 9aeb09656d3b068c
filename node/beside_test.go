package node

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestWorkBesideLeavesADoorAsItIs ends work in the middle of a door that lets in only who looks.
func TestWorkBesideLeavesADoorAsItIs(t *testing.T) {
	earlier := func(time.Time) {} // a report that waits, so that nobody is sent to tell ours
	l := &life{
		disk: &frailDisk{Disk: newMemoryDisk()}, inside: true, reports: []func(time.Time){earlier}, telling: true,
		works: []diskWork{{do: func() error { return nil }}},
	}
	l.thawed.L = &l.mu
	require.False(t, l.workOne(), "no other work waits")
	require.Len(t, l.reports, 2)
	require.True(t, l.inside, "the door is still shut")
}
