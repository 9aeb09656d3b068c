package command

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheNamesOfAllCommandsAreKnown(t *testing.T) {
	redis := startRedis(t, 2)
	names := redis.do("COMMAND", "LIST").texts()
	slices.Sort(names)
	require.Equal(t, names, Known())
}

func TestOnlyCommandsOfTheTableDiffer(t *testing.T) {
	table := NewTable()
	for full, why := range differences {
		require.NotNil(t, table.Find([]byte(full)), full)
		require.NotEmpty(t, why)
		require.False(t, strings.HasSuffix(why, "."), full)
	}
	for _, c := range table.byID {
		require.Contains(t, Known(), c.Full, "a command that 7.0.15 does not have")
	}
}
