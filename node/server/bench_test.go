package server

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// benchCall measures one command in a pipeline of 16, as a driver runs it.
func benchCall(b *testing.B, d *driver, words ...string) {
	c := d.client("bench")
	args := make([][]byte, len(words))
	for i, w := range words {
		args[i] = []byte(w)
	}
	d.call("bench", "SET", "key", "value")
	d.heard("bench")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		d.s.Call(d.now, c, args)
		if i%16 == 15 {
			d.s.BeforeSleep(d.now)
			c.Out = c.Out[:0]
		}
	}
}

func BenchmarkGet(b *testing.B) { benchCall(b, newDriver(b), "GET", "key") }

func BenchmarkSet(b *testing.B) { benchCall(b, newDriver(b), "SET", "key", "value") }

func BenchmarkGetInCluster(b *testing.B) {
	d := newClusterDriver(b)
	d.do("a", "CLUSTER ADDSLOTSRANGE 0 16383")
	d.pass(3e9)
	benchCall(b, d, "GET", "key")
}

func BenchmarkSetInCluster(b *testing.B) {
	d := newClusterDriver(b)
	d.do("a", "CLUSTER ADDSLOTSRANGE 0 16383")
	d.pass(3e9)
	benchCall(b, d, "SET", "key", "value")
}

func TestGetAndSetAllocateNothing(t *testing.T) {
	for _, row := range []struct {
		name string
		d    *driver
		args []string
	}{
		{"get", newDriver(t), []string{"GET", "key"}},
		{"set", newDriver(t), []string{"SET", "key", "value"}},
		{"get in a cluster", servingNode(t), []string{"GET", "key"}},
		{"set in a cluster", servingNode(t), []string{"SET", "key", "value"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.d.do("a", "SET key value")
			c := row.d.client("a")
			args := asBytes(row.args)
			c.Out = make([]byte, 0, 1<<16)
			allocs := testing.AllocsPerRun(1000, func() {
				row.d.s.Call(row.d.now, c, args)
				c.Out = c.Out[:0]
			})
			if allocs > 0 {
				t.Errorf("%v allocations", allocs)
			}
		})
	}
}

// lean are the commands that take no memory besides what they store. Not among them are INCRBYFLOAT,
// which calculates with more digits than the processor has, ZINCRBY, whose answer is a number with
// digits, and ranges of sorted sets.
var lean = []string{
	"GET key", "SET key value", "SETEX volatile 100 value", "GETSET key value", "INCR n", "DECRBY n 3", "APPEND text x",
	"MSET a 1 b 2 c xyz", "MGET a b c", "EXISTS key", "TTL key", "EXPIRE key 100", "PEXPIRE key 100000", "PERSIST key",
	"LPUSH list v", "RPUSH list v", "LPOP list", "RPOP list", "LLEN list", "LINDEX list 0", "LRANGE list 0 10",
	"SADD set m", "SISMEMBER set m", "SREM set none", "SCARD set", "SMEMBERS set", "HSET hash f v", "HGET hash f", "HINCRBY hash n 1",
	"HMGET hash f n", "HGETALL hash", "HDEL hash none", "ZADD zset 1 m", "ZADD zset 1.25 m", "ZSCORE zset m", "ZRANK zset m",
	"XADD stream * f v", "XLEN stream", "XRANGE stream - + COUNT 10", "PUBLISH nobody message", "PING",
}

func TestSimpleCommandsAllocateNothing(t *testing.T) {
	for _, line := range lean {
		t.Run(line, func(t *testing.T) {
			d := newDriver(t)
			for _, first := range []string{"SET key value", "HSET hash f v n 1", "SADD set m", "ZADD zset 1 m", "XADD stream * f v"} {
				d.do("a", first)
			}
			for range 20 { // enough for LPOP
				d.call("a", append([]string{"RPUSH", "list"}, slices.Repeat([]string{"v"}, 100)...)...)
			}
			c, args := d.client("a"), asBytes(split(line))
			c.Out = make([]byte, 0, 1<<16)
			allocs := testing.AllocsPerRun(1000, func() {
				d.s.Call(d.now, c, args)
				c.Out = c.Out[:0]
			})
			require.Zero(t, allocs)
		})
	}
}

// servingNode is a cluster of one node that owns every slot.
func servingNode(t testing.TB) *driver {
	d := newClusterDriver(t)
	d.do("a", "CLUSTER ADDSLOTSRANGE 0 16383")
	d.pass(3e9)
	return d
}
