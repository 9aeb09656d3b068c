package server

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fillKeys gives a server n small keys.
func fillKeys(d *driver, n int) {
	c := d.client("filler")
	set := [][]byte{[]byte("SET"), nil, []byte("xxx")}
	for i := range n {
		set[1] = fmt.Appendf(set[1][:0], "key:%012d", i)
		d.s.Call(d.now, c, set)
		c.Out = c.Out[:0]
	}
	d.rest()
}

// turnByTurn lets the server work one turn at a time until its snapshot is on the disk, and shows
// how many bytes each turn wrote and how long the server took for it.
func turnByTurn(d *driver, each func(written int, took time.Duration)) (turns int) {
	for d.s.saves.running != nil && turns < 1_000_000 {
		began := time.Now()
		todo, written := d.s.BeforeSleep(d.now), 0
		took := time.Since(began)
		for _, save := range todo.Save {
			written += len(save.Data)
		}
		turns++
		d.perform(todo)
		each(written, took)
	}
	return turns
}

func TestSavingManyKeysLetsClientsInAfterEachSlice(t *testing.T) {
	const keys = 50_000
	d := newDriver(t)
	fillKeys(d, keys)
	asker := d.client("asker")
	d.s.Call(d.now, d.client("saver"), [][]byte{[]byte("BGSAVE")})
	answered := 0
	turns := turnByTurn(d, func(written int, _ time.Duration) {
		require.Less(t, written, pieceSize+sliceKeys*64, "a slice is a few hundred small keys")
		d.s.Call(d.now, asker, [][]byte{[]byte("GET"), []byte("key:000000000007")})
		answered += strings.Count(string(asker.Out), "$3\r\nxxx\r\n")
		asker.Out = asker.Out[:0]
	})
	require.Equal(t, turns, answered, "a client was answered between any two slices")
	require.Greater(t, turns, keys/sliceKeys/2)
}

// BenchmarkLongestTurnWhileSavingAMillionKeys reports the longest time in which one turn of a
// BGSAVE would hold a node's lock.
func BenchmarkLongestTurnWhileSavingAMillionKeys(b *testing.B) {
	d := newDriver(b)
	fillKeys(d, 1_000_000)
	var longest time.Duration
	for b.Loop() {
		d.s.Call(d.now, d.client("saver"), [][]byte{[]byte("BGSAVE")})
		turnByTurn(d, func(_ int, took time.Duration) { longest = max(longest, took) })
	}
	b.ReportMetric(float64(longest.Microseconds())/1000, "longest-ms")
}
