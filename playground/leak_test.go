package playground

import (
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
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

// TestNothingIsLeftOfTenThousandClients connects to a node, leaves something behind that the node must remember
// for a connection, and resets it.
func TestNothingIsLeftOfTenThousandClients(t *testing.T) {
	l := launch(t, Topology{Mode: Replication, Replicas: 1})
	at := fmt.Sprintf("127.0.0.1:%d", l.Snapshot().Nodes[0].Port)
	memories := []string{
		"SUBSCRIBE a\r\nPSUBSCRIBE b*\r\n", "MULTI\r\nSET k v\r\n", "WATCH k\r\nGET k\r\n", "BLPOP l 0\r\n", "XREAD BLOCK 0 STREAMS s $\r\n",
		"HELLO 3\r\nCLIENT TRACKING ON BCAST PREFIX k\r\n", "CLIENT TRACKING ON REDIRECT 1\r\n", "MONITOR\r\n", "REPLCONF listening-port 1\r\nPSYNC ? -1\r\n",
		"WAIT 9 0\r\n", "CLIENT SETNAME me\r\nSELECT 3\r\n", "SSUBSCRIBE a\r\n*2\r\n$4\r\nEC", "CLIENT NO-EVICT ON\r\nBLMOVE a b LEFT LEFT 0\r\n", "",
	}
	visit := func(i int) {
		conn, err := net.Dial("tcp", at)
		require.NoError(t, err)
		_, _ = conn.Write([]byte("PING\r\n" + memories[i%len(memories)]))
		if i%3 > 0 { // else it may not even be accepted yet
			_, err = conn.Read(make([]byte, 1))
			require.NoError(t, err)
		}
		require.NoError(t, conn.(*net.TCPConn).SetLinger(0))
		require.NoError(t, conn.Close())
	}
	alone := func() { // but for who asks
		for _, want := range []string{"connected_clients:1", "blocked_clients:0", "tracking_clients:0", "pubsub_channels:0", "pubsub_patterns:0", "connected_slaves:1"} {
			eventually(t, l, want, func(s Snapshot) bool { return strings.Contains(ask(t, l, s.Nodes[0].Name, "INFO"), want) })
		}
	}
	for i := range 500 {
		visit(i)
	}
	alone()
	before := held()
	for i := range 10_000 {
		visit(i)
	}
	alone()
	requireNothingLeft(t, before)
}
