package main_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// memoryKeys is how many keys are weighed.
const memoryKeys = 1_000_000

// weighed are the values of the keys.
var weighed = []struct {
	name string
	size int
}{{"strings of 10 bytes", 10}, {"strings of 100 bytes", 100}, {"strings of 1,000 bytes", 1000}}

// TestBenchMemory weighs keys.
func TestBenchMemory(t *testing.T) {
	needBench(t)
	rows := head("a key with a value", "Redis, bytes in memory", "ours", "ours / Redis")
	for _, w := range weighed {
		var bytes [2]float64
		for i, side := range bothSides(t) {
			f := startProcess(t, side.path)
			keys := scaled(memoryKeys)
			before := pssKiB(t, f.cmd.Process.Pid)
			f.do(t, "DEBUG", "POPULATE", fmt.Sprint(keys), "key", fmt.Sprint(w.size))
			require.Equal(t, fmt.Sprint(keys), f.text("DBSIZE"))
			time.Sleep(idleTime) // a collector of garbage may come by
			bytes[i] = float64(pssKiB(t, f.cmd.Process.Pid)-before) * 1024 / float64(keys)
			f.kill()
		}
		rows = append(rows, row(w.name, bytes[0], bytes[1], ratio(bytes[1], bytes[0])))
	}
	chapter{
		title:  "Memory of keys",
		target: "at most 1.5 times Redis'.",
		how:    "A million keys made by DEBUG POPULATE; what the process has grown by ten seconds later (proportional set size), divided by the keys.",
		rows:   rows,
	}.publish(t)
}
