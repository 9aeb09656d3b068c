package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// life is what a node's SAVE promises to the process that comes after a kill -9.
type life struct {
	id, master string
	slots      []string
	epoch      int
	replid     string
	from, to   int // its offset before the SAVE and after it
}

// lifeOf saves a node's data and tells what it is.
func lifeOf(t *testing.T, p port) life {
	t.Helper()
	l := life{id: p.id(t), from: p.number(t, "master_repl_offset")}
	require.Equal(t, "OK", p.do(t, "SAVE").Text)
	l.to, l.replid = p.number(t, "master_repl_offset"), p.field("master_replid", "INFO", "replication")
	fields := p.myself(t)
	l.master, l.slots = fields[3], fields[8:]
	l.epoch, _ = strconv.Atoi(fields[6])
	return l
}

// number is a field of INFO replication that is a number.
func (p port) number(t *testing.T, name string) int {
	t.Helper()
	n, err := strconv.Atoi(p.field(name, "INFO", "replication"))
	require.NoError(t, err, name)
	return n
}

// myself is a node's own line of CLUSTER NODES, in words.
func (p port) myself(t *testing.T) []string {
	t.Helper()
	for line := range strings.Lines(p.do(t, "CLUSTER", "NODES").Text) {
		if fields := strings.Fields(line); strings.HasPrefix(fields[2], "myself") {
			return fields
		}
	}
	require.Fail(t, "no line of its own", "%v", p)
	return nil
}

// anywhere sends a command about a key to the first node that does not send it on.
func anywhere(t *testing.T, nodes []port, words ...string) string {
	t.Helper()
	for _, p := range nodes {
		if text := p.text(words...); !strings.HasPrefix(text, "MOVED") && !strings.Contains(text, "MOVED ") {
			return text
		}
	}
	require.Fail(t, "every node sends it on", "%q", words)
	return ""
}

// ports are a program's nodes.
func (p *program) ports() (nodes []port) {
	for i := range p.ready.Nodes {
		n, err := strconv.Atoi(p.node(i))
		require.NoError(p.t, err)
		nodes = append(nodes, port(n))
	}
	return nodes
}

// whole waits until a cluster serves everything and its replicas have all of their masters' data.
func whole(t *testing.T, nodes []port) {
	t.Helper()
	for _, p := range nodes {
		eventually(t, p.String()+" is part of a whole cluster", func() bool {
			role := p.field("role", "INFO", "replication")
			return p.field("cluster_state", "CLUSTER", "INFO") == "ok" &&
				(role == "master" || role == "slave" && p.field("master_link_status", "INFO", "replication") == "up")
		})
	}
}

// crashKeys is how many keys a test of kill -9 writes.
const crashKeys = 60

func TestAKilledProcessComesBackAsItsLastSaveSays(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	p := start(t, "--data", data)
	nodes := p.ports()
	whole(t, nodes)
	for i := range crashKeys {
		require.Equal(t, "OK", anywhere(t, nodes, "SET", fmt.Sprint("key:", i), "saved"))
	}
	for _, n := range nodes[:3] {
		require.EqualValues(t, 1, n.do(t, "WAIT", "1", "5000").Int)
	}
	lives := map[port]life{}
	for _, n := range nodes {
		lives[n] = lifeOf(t, n)
	}
	for i := range crashKeys {
		require.Equal(t, "OK", anywhere(t, nodes, "SET", fmt.Sprint("key:", i), "not saved"))
	}
	p.kill()

	p = start(t, "--data", data, "--port", nodes[0].String())
	require.Equal(t, nodes, p.ports())
	whole(t, nodes)
	for i := range crashKeys {
		require.Equal(t, "saved", anywhere(t, nodes, "GET", fmt.Sprint("key:", i)))
	}
	for _, n := range nodes {
		sameLife(t, n, lives[n])
	}
	for i, n := range nodes[:3] {
		eventually(t, "master and replica have the same data", func() bool {
			return n.text("DEBUG", "DIGEST") == nodes[i+3].text("DEBUG", "DIGEST")
		})
	}
}

// sameLife holds a node against what its SAVE promised. A master goes on under a new name and still
// knows the old one; a replica has followed it.
func sameLife(t *testing.T, p port, was life) {
	t.Helper()
	require.Equal(t, was.id, p.id(t))
	fields := p.myself(t)
	require.Equal(t, was.master, fields[3], "%v follows another", p)
	require.Equal(t, was.slots, fields[8:], "%v owns other slots", p)
	epoch, err := strconv.Atoi(fields[6])
	require.NoError(t, err)
	require.Equal(t, was.epoch, epoch, "%v has another configEpoch", p)
	require.GreaterOrEqual(t, p.number(t, "master_repl_offset"), was.from)
	if p.field("role", "INFO", "replication") != "master" {
		return
	}
	require.Equal(t, was.replid, p.field("master_replid2", "INFO", "replication"), "%v forgot its history", p)
	second := p.number(t, "second_repl_offset")
	require.GreaterOrEqual(t, second, was.from+1)
	require.LessOrEqual(t, second, was.to+1)
}

func TestAProcessKilledWhileItSavesKeepsItsLastSave(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	p := start(t, "--data", data, "--masters", "1", "--replicas", "0")
	nodes := p.ports()
	whole(t, nodes)
	n := nodes[0]
	n.do(t, "SET", "key", "saved")
	n.do(t, "SAVE")
	before, err := os.ReadFile(filepath.Join(data, n.String(), "dump.rdb"))
	require.NoError(t, err)
	n.do(t, "SET", "key", "not saved")
	for i := range 300 {
		words := []string{"MSET"}
		for j := range 1000 {
			words = append(words, fmt.Sprintf("{same slot}%d", i*1000+j), "not saved")
		}
		n.do(t, words...)
	}
	n.do(t, "BGSAVE")
	require.Equal(t, "1", n.field("rdb_bgsave_in_progress", "INFO", "persistence"))
	p.kill()
	after, err := os.ReadFile(filepath.Join(data, n.String(), "dump.rdb"))
	require.NoError(t, err)
	require.True(t, slices.Equal(before, after), "half a file took the place of a whole one")

	p = start(t, "--data", data, "--masters", "1", "--replicas", "0", "--port", n.String())
	whole(t, p.ports())
	require.Equal(t, "saved", n.do(t, "GET", "key").Text)
	require.EqualValues(t, 1, n.do(t, "DBSIZE").Int)
	n.do(t, "SAVE")
	names, err := filepath.Glob(filepath.Join(data, n.String(), "temp*"))
	require.NoError(t, err)
	require.Empty(t, names, "the next save takes the half file away")
}
