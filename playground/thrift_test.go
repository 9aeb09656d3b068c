package playground

import (
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGarbageIsCollectedOftenWhileManyNodesForm(t *testing.T) {
	t.Setenv("GOGC", "")
	before := debug.SetGCPercent(77)
	defer debug.SetGCPercent(before)
	percent := func() int {
		now := debug.SetGCPercent(77)
		debug.SetGCPercent(now)
		return now
	}
	end := thrifty(fewNodes)
	require.Equal(t, 77, percent(), "few nodes")
	end()
	end = thrifty(fewNodes + 1)
	require.Equal(t, formingGarbage, percent())
	end()
	require.Equal(t, 77, percent())
	end = thrifty(fewNodes + 1)
	debug.SetGCPercent(12)
	end()
	require.Equal(t, 12, percent(), "somebody else decided")
	debug.SetGCPercent(77)
	t.Setenv("GOGC", "50")
	end = thrifty(fewNodes + 1)
	require.Equal(t, 77, percent(), "whoever started the program decided")
	end()
}
