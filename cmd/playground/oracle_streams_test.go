package main_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// streamStory makes streams with everything they can have, and goes on differently each time.
func streamStory(t *testing.T, p port, seed uint64) {
	t.Helper()
	rnd := rand.New(rand.NewPCG(seed, 0))
	p.do(t, "XGROUP", "CREATE", "s", "g"+strconv.Itoa(int(seed)), "0", "MKSTREAM")
	for i := range 600 {
		id := strconv.Itoa(rnd.IntN(i + 1))
		for _, words := range [][]string{
			{"XADD", "s", "*", "field", id, "other", strings.Repeat("x", rnd.IntN(50))},
			{"XADD", "t", "MAXLEN", "~", "150", "*", "n" + strconv.Itoa(i%3), id},
			{"XREADGROUP", "GROUP", "g" + strconv.Itoa(int(seed)), "c" + id, "COUNT", "3", "STREAMS", "s", ">"},
			{"XREADGROUP", "GROUP", "g" + strconv.Itoa(int(seed)), "quick", "COUNT", "1", "NOACK", "STREAMS", "s", ">"},
			{"XAUTOCLAIM", "s", "g" + strconv.Itoa(int(seed)), "heir", "0", "0", "COUNT", "2"},
			{"XTRIM", "t", "MINID", "~", id},
		} {
			if rnd.IntN(3) == 0 {
				p.do(t, words...)
			}
		}
		if first := p.do(t, "XRANGE", "s", "-", "+", "COUNT", "5"); len(first.List) == 5 && rnd.IntN(4) == 0 {
			p.do(t, "XDEL", "s", first.List[rnd.IntN(5)].List[0].Text)
			p.do(t, "XACK", "s", "g"+strconv.Itoa(int(seed)), first.List[0].List[0].Text)
		}
	}
}

// aboutStreams is what must be the same on a master and its replica.
func aboutStreams(t *testing.T, p port) string {
	t.Helper()
	var out strings.Builder
	for _, key := range []string{"s", "t"} {
		out.WriteString(p.text("XLEN", key) + " ")
		for _, e := range p.do(t, "XRANGE", key, "-", "+").List {
			out.WriteString(fmt.Sprint(e.List[0].Text, e.List[1].List, "\n"))
		}
		for _, g := range p.do(t, "XINFO", "GROUPS", key).List {
			out.WriteString(fmt.Sprint(g.List[1].Text, " at ", g.List[7].Text, "\n"))
			for _, e := range p.do(t, "XPENDING", key, g.List[1].Text, "-", "+", "10000").List {
				out.WriteString(fmt.Sprint(e.List[0].Text, e.List[1].Text, e.List[3].Int, "\n"))
			}
		}
	}
	return out.String() + p.text("DEBUG", "DIGEST")
}

// TestStreamsTravelBetweenOursAndRedis lets each follow the other: with a snapshot and then with what
// is propagated; and moves streams between them.
func TestStreamsTravelBetweenOursAndRedis(t *testing.T) {
	ours := startOwn(t, 0, map[string]string{"save": "", "enable-debug-command": "yes", "repl-diskless-sync-delay": "0", "stream-node-max-entries": "20"})
	redis := startForeign(t, "--stream-node-max-entries", "15").port
	for seed, way := range []struct {
		name            string
		master, replica port
	}{{"redis follows ours", ours, redis}, {"ours follows redis", redis, ours}} {
		t.Run(way.name, func(t *testing.T) {
			streamStory(t, way.master, uint64(seed))
			way.replica.do(t, "REPLICAOF", "127.0.0.1", way.master.String())
			eventually(t, "the snapshot has come", func() bool { return way.replica.field("master_link_status", "INFO", "replication") == "up" })
			streamStory(t, way.master, uint64(seed)+10)
			same := func() bool {
				return way.replica.field("master_repl_offset", "INFO", "replication") == way.master.field("master_repl_offset", "INFO", "replication")
			}
			eventually(t, "the replica has everything", same)
			require.Equal(t, aboutStreams(t, way.master), aboutStreams(t, way.replica))
			way.replica.do(t, "REPLICAOF", "NO", "ONE")
		})
	}
	t.Run("MIGRATE", func(t *testing.T) {
		for _, way := range [][2]port{{ours, redis}, {redis, ours}} {
			way[1].do(t, "FLUSHALL")
			before := aboutStreams(t, way[0])
			require.Equal(t, "OK", way[0].do(t, "MIGRATE", "127.0.0.1", way[1].String(), "", "0", "5000", "KEYS", "s", "t").Text)
			require.Zero(t, way[0].do(t, "DBSIZE").Int)
			require.Equal(t, before, aboutStreams(t, way[1]))
		}
	})
}
