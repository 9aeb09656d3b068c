package replication

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"clusterplay/node/hostile"

	"github.com/stretchr/testify/require"
)

// hostileMasters are what a master may say to a replica from the greeting on: every answer to PSYNC
// with every way to send a snapshot, whole, cut, spoilt.
func hostileMasters() (all [][]byte) {
	id := strings.Repeat("a", 40)
	greeting := "+PONG\r\n+OK\r\n+OK\r\n+OK\r\n" // to PING, AUTH and two REPLCONF
	stream := string(command("SELECT", "0")) + string(command("SET", "a", "1")) + streamMulti + string(command("SET", "b", "2")) + streamExec + streamGetAck
	snapshots := []string{
		"$10\r\nRDB:0:a=1;" + stream, "$EOF:" + id + "\r\nRDB:0:a=1;" + id + stream, "$EOF:" + id + "\r\nRDB:0:a=1;" + id[:39] + "b",
		"$0\r\n", "$-1\r\n", "$9223372036854775807\r\nRDB:", "$18446744073709551616\r\n", "$EOF:\r\n", "$EOF:short\r\nRDB:", "\n\n\n$4\r\nRDB:", "$abc\r\n", "-ERR no snapshot\r\n", "",
	}
	answers := []string{"+FULLRESYNC " + id + " 10\r\n", "+FULLRESYNC " + id + " -1\r\n", "+FULLRESYNC short 1\r\n", "+FULLRESYNC " + id + " 9223372036854775807\r\n", "+FULLRESYNC\r\n"}
	for i, snapshot := range snapshots {
		all = append(all, []byte(greeting+answers[0]+snapshot), []byte(greeting+answers[i%len(answers)]+snapshot))
	}
	for _, answer := range []string{
		"+CONTINUE\r\n", "+CONTINUE " + id + "\r\n", "+CONTINUE x\r\n", "-NOMASTERLINK wait\r\n", "-LOADING wait\r\n", "-ERR unknown\r\n", "+OK\r\n", ":1\r\n", "*1\r\n$4\r\nPING\r\n", "\n\n",
	} {
		all = append(all, []byte(greeting+answer+stream))
	}
	for _, broken := range [][]string{{"SET"}, {"SET", "a"}, {"SET", "a", "1", "x"}, {""}, {"MULTI", "x"}, {"SELECT"}, {"REPLCONF"}} {
		all = append(all, []byte(greeting+answers[0]+snapshots[0]+string(command(broken...))))
	}
	all = append(all, []byte("-NOAUTH no\r\n+OK\r\n-ERR\r\n-ERR no PSYNC\r\n$4\r\nRDB:"), []byte("-DENIED\r\n"), []byte("$5\r\n+PONG"))
	return append(all, hostile.Variants([]byte(greeting+answers[0]+snapshots[0]), 30)...)
}

func TestThereAreManyHostileMasters(t *testing.T) {
	require.GreaterOrEqual(t, len(hostileMasters()), 60)
	var loaded, executed int
	for _, said := range hostileMasters() {
		m := newSuspicion(t)
		m.say(string(said))
		if m.node.data["0:a"] != "" {
			loaded++
		}
		if m.node.data["0:b"] == "2" {
			executed++
		}
	}
	require.GreaterOrEqual(t, loaded, 30, "whose snapshot is taken")
	require.GreaterOrEqual(t, executed, 20, "whose stream is executed")
}

// acknowledged is where a replica says it is.
var acknowledged = regexp.MustCompile(`\$3\r\nACK\r\n\$\d+\r\n(-?\d+)\r\n`)

// suspicion watches a replica while its master lies to it.
type suspicion struct {
	*fakeMaster
	id     string
	offset Offset
}

// newSuspicion returns a replica that knows a password and nothing else.
func newSuspicion(t *testing.T) *suspicion {
	m := &suspicion{fakeMaster: newFakeMaster(t, func(c *Config) { c.MasterAuth = "pw" })}
	m.node.ignorant = true
	return m
}

// look requires that what is acknowledged was executed, that within one history nothing is taken back,
// and that data change only with the history or along it.
func (s *suspicion) look(t *testing.T) {
	t.Helper()
	for _, ack := range acknowledged.FindAllStringSubmatch(s.heard(), -1) {
		offset, err := strconv.ParseInt(ack[1], 10, 64)
		require.NoError(t, err)
		require.LessOrEqual(t, Offset(offset), max(s.offset, s.node.offset), "acknowledged before it was executed")
	}
	if s.node.id == s.id {
		require.GreaterOrEqual(t, s.node.offset, s.offset, "taken back within one history")
	}
	s.id, s.offset = s.node.id, s.node.offset
}

// FuzzMaster says anything to a replica, cut anywhere, and lets time pass. Afterwards it is promoted, and
// must not call two histories by one name.
func FuzzMaster(f *testing.F) {
	for i, said := range hostileMasters() {
		f.Add(said, i%8)
	}
	f.Fuzz(func(t *testing.T, said []byte, piece int) {
		m := newSuspicion(t)
		m.look(t)
		for len(said) > 0 {
			n := len(said)
			if piece > 0 {
				n = min(n, piece)
			}
			hostile.Bound(t, len(said), func() { m.say(string(said[:n])) })
			m.look(t)
			said = said[n:]
		}
		m.run(2 * time.Second)
		m.look(t)
		old, at := m.node.id, m.node.offset
		m.node.Promote(m.lab.now)
		require.NotEqual(t, old, m.node.id)
		if m.node.id2 != noID {
			require.Equal(t, fmt.Sprint(old, " ", at+1), fmt.Sprint(m.node.id2, " ", m.node.second))
		}
	})
}

// FuzzReplica sends any replication commands, one per line, to a master.
func FuzzReplica(f *testing.F) {
	f.Add("REPLCONF capa eof capa psync2\nPSYNC ? -1\nREPLCONF ACK 99\nPSYNC x 1")
	f.Add("REPLCONF rdb-only 1 rdb-filter-only functions capa eof\nSYNC\nREPLCONF ACK 0")
	f.Add("REPLICAOF 127.0.0.1 7001\nPSYNC 0 9223372036854775807 FAILOVER\nREPLICAOF NO ONE\nPSYNC ? -9223372036854775808")
	f.Fuzz(func(t *testing.T, lines string) {
		l := newLab(t, 1)
		v := l.visit(l.nodes[0])
		for line := range strings.Lines(lines) {
			words := strings.Fields(line)
			if len(words) < 1 || strings.EqualFold(words[0], "replicaof") && len(words) != 3 || strings.EqualFold(words[0], "psync") && len(words) < 3 {
				continue // arity is the server's
			}
			v.do(words...)
			l.nodes[0].set("k", "v")
			l.run(time.Second)
		}
	})
}
