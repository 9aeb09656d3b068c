package server

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// followed returns a master with a replica attached that only listens; its stream is what the
// client "r" hears.
func followed(t *testing.T) *driver {
	d := newDriver(t)
	d.follow("r")
	return d
}

// follow makes a client a replica that has heard everything so far.
func (d *driver) follow(name string) {
	d.do(name, "REPLCONF listening-port 7001 capa eof capa psync2")
	require.Contains(d.t, d.do(name, "PSYNC ? -1"), "+FULLRESYNC ")
	d.pass(time.Second)
	d.heard(name)
}

// commands reads a stream as lines of words; a PING is left out.
func commands(stream string) []string {
	var list []string
	for _, part := range strings.Split(stream, "*")[1:] {
		var words []string
		for i, word := range strings.Split(part, "|")[1:] {
			if i%2 == 1 {
				words = append(words, word)
			}
		}
		if line := strings.Join(words, " "); line != "ping" {
			list = append(list, line)
		}
	}
	return list
}

func TestUnitsAreWrappedOnlyWhenTheyHaveSeveralEffects(t *testing.T) {
	for _, row := range []struct {
		name   string
		before []string
		lines  []string
		want   []string
	}{
		{"one write", nil, []string{"SET k v"}, []string{"SELECT 0", "SET k v"}},
		{"no write", nil, []string{"GET k", "DEL k"}, nil},
		{"transaction with one write", nil, []string{"MULTI", "SET k v", "GET k", "EXEC"}, []string{"SELECT 0", "SET k v"}},
		{"transaction with two", nil, []string{"MULTI", "SET a 1", "SET b 2", "EXEC"},
			[]string{"SELECT 0", "MULTI", "SET a 1", "SET b 2", "EXEC"}},
		{"transaction without any", nil, []string{"MULTI", "GET a", "EXEC"}, nil},
		{"two databases", nil, []string{"MULTI", "SET a 1", "SELECT 2", "SET b 2", "EXEC"},
			[]string{"SELECT 0", "MULTI", "SET a 1", "SELECT 2", "SET b 2", "EXEC"}},
		{"publish", nil, []string{"PUBLISH c m"}, []string{"SELECT 0", "PUBLISH c m"}},
		{"flush of nothing", nil, []string{"FLUSHALL"}, []string{"SELECT 0", "FLUSHALL"}},
		{"write to an expired key", []string{"DEBUG SET-ACTIVE-EXPIRE 0", "SET k v PX 1"}, []string{"APPEND k w"},
			[]string{"MULTI", "DEL k", "APPEND k w", "EXEC"}},
		{"read of an expired key", []string{"DEBUG SET-ACTIVE-EXPIRE 0", "SET k v PX 1"}, []string{"GET k"}, []string{"DEL k"}},
		{"failed write to an expired key", []string{"DEBUG SET-ACTIVE-EXPIRE 0", "SET k v PX 1"}, []string{"LSET k 0 x"},
			[]string{"DEL k"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := followed(t)
			for _, line := range row.before {
				d.do("a", line)
			}
			d.pass(5 * time.Millisecond)
			d.heard("r")
			for _, line := range row.lines {
				d.do("a", line)
			}
			require.Equal(t, row.want, commands(d.heard("r")))
		})
	}
}

func TestServedClientsAreUnitsOfTheirOwnBehindThePush(t *testing.T) {
	d := followed(t)
	d.do("x", "BLPOP l 0")
	d.do("y", "BLMOVE l other LEFT RIGHT 0")
	d.do("a", "RPUSH l 1 2 3")
	require.Equal(t, []string{"SELECT 0", "RPUSH l 1 2 3", "LPOP l", "LMOVE l other left right"}, commands(d.heard("r")))
}

func TestActivelyExpiredKeysAreDeletedOneByOne(t *testing.T) {
	d := followed(t)
	d.do("a", "SET k1 v PX 10")
	d.do("a", "SET k2 v PX 20")
	d.heard("r")
	d.pass(200 * time.Millisecond)
	require.Equal(t, []string{"DEL k1", "DEL k2"}, commands(d.heard("r")))
}

func TestShutdownWaitsForReplicasToCatchUp(t *testing.T) {
	d := followed(t)
	d.do("a", "SET k v")
	require.Empty(t, d.do("a", "SHUTDOWN NOSAVE"))
	require.Nil(t, d.exit)
	require.Empty(t, d.do("b", "SET k w"), "writes are paused")
	require.Contains(t, d.do("c", "INFO server"), "shutdown_in_milliseconds:10000|")
	d.pass(9900 * time.Millisecond)
	require.Nil(t, d.exit)
	d.pass(200 * time.Millisecond)
	require.NotNil(t, d.exit)
}

func TestShutdownAbortLetsWritesGoOn(t *testing.T) {
	d := followed(t)
	d.do("a", "SET k v")
	d.do("a", "SHUTDOWN NOSAVE")
	d.do("b", "SET k w")
	require.Equal(t, "+OK|", d.do("c", "SHUTDOWN ABORT"))
	require.Equal(t, "-ERR Errors trying to SHUTDOWN. Check logs.|", d.heard("a"))
	require.Equal(t, "+OK|", d.heard("b"))
	d.pass(11 * time.Second)
	require.Nil(t, d.exit)
}

func TestReplicaConnectionMayNotTouchKeys(t *testing.T) {
	d := followed(t)
	require.Empty(t, d.do("r", "GET k"), "a reply would stand in the middle of the stream")
	require.True(t, d.clients["r"].Closing)
}
