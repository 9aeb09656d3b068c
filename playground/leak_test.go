package playground

import (
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// lives is how many times nodes of a lab are ended and started again; make check says LIVES=1000.
func lives() int {
	if n, err := strconv.Atoi(os.Getenv("LIVES")); err == nil {
		return n
	}
	return 100
}

// belongings is what the process holds.
type belongings struct {
	Goroutines, Files int
	Memory            uint64
}

func held() belongings {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	files, _ := os.ReadDir("/proc/self/fd") // where the system does not tell there are none
	return belongings{runtime.NumGoroutine(), len(files), m.HeapAlloc + m.StackInuse}
}

// requireNothingLeft waits until no more is held than before: five goroutines, two descriptors and a tenth
// of the memory more at most, and what the rings of story and pictures may still fill.
func requireNothingLeft(t *testing.T, before belongings) {
	t.Helper()
	const rings = 8 << 20
	var now belongings
	deadline := time.Now().Add(patience)
	for {
		now = held()
		if now.Goroutines <= before.Goroutines+5 && now.Files <= before.Files+2 && now.Memory <= before.Memory+before.Memory/10+rings {
			t.Logf("before %+v, after %+v", before, now)
			return
		}
		require.True(t, time.Now().Before(deadline), "before %+v, now %+v", before, now)
		runtime.Gosched()
	}
}

// TestNothingIsLeftOfNodesThatDied ends nodes of a lab in every way: at rest, asked to, in the middle of a
// synchronisation, and while a slot moves from them or to them.
func TestNothingIsLeftOfNodesThatDied(t *testing.T) {
	topology := six()
	topology.NodeTimeout = 300000 // nobody takes a dead one's place meanwhile
	l := launch(t, topology)
	names := nodeNames(l)
	act(t, l, "speed", "10")
	whole := func(s Snapshot) bool {
		for i, name := range names {
			if n := s.node(name); n.State != "up" || i >= 3 && !n.LinkUp {
				return false
			}
		}
		return s.State == "ok"
	}
	life := func(i int) {
		master, replica := names[i/4%3], names[3+i/4%3]
		switch i % 4 {
		case 0:
			act(t, l, "kill", replica)
			act(t, l, "restart", replica)
		case 1: // the synchronisation of the life before may not be over
			act(t, l, "kill", replica)
			act(t, l, "restart", replica)
			act(t, l, "kill", replica)
			act(t, l, "restart", replica)
		case 2:
			_, _ = l.Call(t.Context(), replica, "SHUTDOWN", "NOSAVE")
			eventually(t, l, "the end", func(s Snapshot) bool { return s.node(replica).State != "up" })
			act(t, l, "restart", replica)
		case 3:
			act(t, l, "move-slots", master, names[(i/4+1)%3], "1", "--mode", "step")
			act(t, l, "kill", master)
			act(t, l, "restart", master)
			eventually(t, l, "everybody", whole)
			act(t, l, "move-abort")
		}
	}
	for i := range 24 {
		life(i)
	}
	eventually(t, l, "everybody", whole)
	before := held()
	for i := range lives() {
		life(i)
	}
	eventually(t, l, "everybody", whole)
	requireNothingLeft(t, before)
}

// TestNothingIsLeftOfLabsThatWereClosed opens labs and closes them, some before they have formed.
func TestNothingIsLeftOfLabsThatWereClosed(t *testing.T) {
	port := freePort()
	life := func(i int) {
		l, err := Open(Topology{Masters: 1 + i%2, Replicas: i % 2, NodeTimeout: 5000, Port: port})
		require.NoError(t, err)
		if i%3 > 0 {
			require.NoError(t, l.Form(t.Context()))
		}
		l.Close()
	}
	for i := range 6 {
		life(i)
	}
	before := held()
	for i := range 30 {
		life(i)
	}
	requireNothingLeft(t, before)
}
