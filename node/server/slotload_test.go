package server

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/resp"
	"clusterplay/node/slot"

	"github.com/stretchr/testify/require"
)

// counted lists what EachSlot tells.
func counted(d *driver) map[slot.Slot][2]int {
	found := map[slot.Slot][2]int{}
	d.s.EachSlot(func(sl slot.Slot, keys int, served uint32) { found[sl] = [2]int{keys, int(served)} })
	return found
}

func TestServedCommandsAreCountedBySlotAndRefusedOnesAreNot(t *testing.T) {
	l, nodes := clusterLab(t, 3)
	l.do(nodes[0], "SET b 1") // "b" is in slot 3300, "a" in 15495
	l.do(nodes[0], "GET b")
	l.do(nodes[0], "SET a 1") // MOVED
	l.do(nodes[0], "PING")    // no key
	require.Equal(t, map[slot.Slot][2]int{3300: {1, 2}}, counted(nodes[0]))
	l.do(nodes[0], "DEL b")
	require.Equal(t, map[slot.Slot][2]int{3300: {0, 3}}, counted(nodes[0]))
	require.Equal(t, map[slot.Slot][2]int{}, counted(nodes[3]), "the stream of a master is not a client")
}

func TestATransactionCountsItsCommandsOnce(t *testing.T) {
	l, nodes := clusterLab(t, 3)
	for _, line := range []string{"MULTI", "SET b 1", "INCR b", "EXEC"} {
		l.do(nodes[0], line)
	}
	require.Equal(t, map[slot.Slot][2]int{3300: {1, 2}}, counted(nodes[0]))
}

func TestKeysInSlotNamesTheFirstAndCountsAll(t *testing.T) {
	l, nodes := clusterLab(t, 3)
	for i := range 5 {
		l.do(nodes[0], fmt.Sprintf("SET {b}%d x", i))
	}
	keys, total := nodes[0].s.KeysInSlot(3300, 2)
	require.Equal(t, []string{"{b}4", "{b}3"}, keys)
	require.Equal(t, 5, total)
}

func TestAGlanceAtKeysPassesOverTheExpiredAndDeletesNothing(t *testing.T) {
	l, nodes := clusterLab(t, 3)
	d := nodes[0]
	l.do(d, "SET {b}1 x")
	l.do(d, "SET {b}2 x PX 1")
	l.do(d, "SET {b}3 x PX 100000")
	before := d.s.View(d.now)
	later := d.now.Add(time.Second)
	keys, next := d.s.GlanceKeys(later, 0, 100)
	require.Zero(t, next)
	slices.SortFunc(keys, func(a, b KeyGlance) int { return strings.Compare(a.Key, b.Key) })
	require.Len(t, keys, 2)
	require.Equal(t, KeyGlance{Key: "{b}1", Kind: "string", TTL: -1, Bytes: keys[0].Bytes}, keys[0])
	require.Positive(t, keys[0].Bytes)
	require.EqualValues(t, 99000, keys[1].TTL)
	_, total := d.s.KeysInSlot(3300, 5)
	require.Equal(t, 3, total, "the expired key is still there, to be deleted by whom it concerns")
	require.Equal(t, before, d.s.View(d.now))
}

func TestAPeekIsAnsweredAndNotCounted(t *testing.T) {
	l, nodes := clusterLab(t, 3)
	d := nodes[0]
	l.do(d, "SET b 1")
	before, current := d.s.View(d.now), d.s.current
	for _, words := range [][]string{
		{"INFO", "everything"}, {"CLUSTER", "INFO"}, {"CLUSTER", "NODES"}, {"CLUSTER", "SHARDS"}, {"CLUSTER", "LINKS"},
		{"CONFIG", "GET", "*"}, {"CLIENT", "LIST"}, {"SLOWLOG", "GET", "10"},
	} {
		reply := d.s.Peek(d.now, words...)
		v, n, err := resp.ReadReply(reply)
		require.NoError(t, err, words)
		require.Equal(t, len(reply), n, words)
		require.False(t, v.IsError(), "%v: %s", words, v.Text)
	}
	after := d.s.View(d.now)
	require.Equal(t, before, after)
	require.Same(t, current, d.s.current)
}

func TestAPeekRunsNothingElse(t *testing.T) {
	_, nodes := clusterLab(t, 3)
	for _, words := range [][]string{{"SET", "b", "1"}, {"FLUSHALL"}, {"CONFIG", "SET", "maxmemory", "1"}, {"CLIENT", "KILL", "ID", "1"}, {"CONFIG", "GET"}, {"nonsense"}, {"CLUSTER", "RESET"}} {
		require.Nil(t, nodes[0].s.Peek(nodes[0].now, words...), words)
	}
}

func TestAGaugeKnowsTheLastPing(t *testing.T) {
	l, nodes := clusterLab(t, 3)
	l.pass(3e9)
	g := nodes[0].s.Gauge(nodes[0].now)
	require.Equal(t, bus.HeaderLen+g.Bus.Ping.Gossip*bus.EntryLen+g.Bus.Ping.Extensions, g.Bus.Ping.Bytes)
	require.Positive(t, g.Bus.Ping.Gossip)
	require.Positive(t, g.Bus.Sent[bus.Ping])
	require.Greater(t, g.Bus.SentBytes, uint64(bus.HeaderLen))
	require.False(t, g.Replica)
	replica := nodes[3].s.Gauge(nodes[3].now)
	require.True(t, replica.Replica)
	require.Equal(t, 7000, replica.MasterPort)
	require.Equal(t, g.Offset, replica.Offset)
	require.Equal(t, "ping", BusTypes()[bus.Ping])
}

func BenchmarkSlotLoad(b *testing.B) {
	var x slotLoad
	for i := 0; b.Loop(); i++ {
		x.count(slot.Slot(i*7919) % slot.Count)
	}
}
