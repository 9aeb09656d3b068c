//go:build linux

package main_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/netip"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node"
	"clusterplay/node/berth"
	"clusterplay/node/machine"
	"clusterplay/node/server"
)

// stopwatched is a server that notes how long each turn held its node's lock: from the first door to
// the end of BeforeSleep.
type stopwatched struct {
	*server.Server
	since   time.Time // when the turn under way began; zero between turns
	cpu     time.Duration
	longest *turn
}

// turn is the longest turn so far, by the clock on the wall and by what its thread worked: other
// programs on the computer make the first of them longer.
type turn struct{ wall, cpu atomic.Int64 }

func (m *stopwatched) begin() {
	if m.since.IsZero() {
		runtime.LockOSThread()
		m.since, m.cpu = time.Now(), threadTime()
	}
}

func (m *stopwatched) end() {
	wall, cpu := time.Since(m.since), threadTime()-m.cpu
	m.since = time.Time{}
	runtime.UnlockOSThread()
	m.longest.wall.Store(max(m.longest.wall.Load(), int64(wall)))
	m.longest.cpu.Store(max(m.longest.cpu.Load(), int64(cpu)))
}

// threadTime is how long this thread has worked.
func threadTime() time.Duration {
	const thisThread = 1 // RUSAGE_THREAD
	var usage syscall.Rusage
	if err := syscall.Getrusage(thisThread, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func (m *stopwatched) Call(now time.Time, c *machine.Client, args [][]byte) {
	m.begin()
	m.Server.Call(now, c, args)
}

func (m *stopwatched) Receive(now time.Time, link machine.LinkID, frame []byte) {
	m.begin()
	m.Server.Receive(now, link, frame)
}

func (m *stopwatched) Connected(now time.Time, link machine.LinkID, local, remote netip.AddrPort) {
	m.begin()
	m.Server.Connected(now, link, local, remote)
}

func (m *stopwatched) Cron(now time.Time) {
	m.begin()
	m.Server.Cron(now)
}

func (m *stopwatched) BeforeSleep(now time.Time) *machine.Todo {
	m.begin()
	defer m.end()
	return m.Server.BeforeSleep(now)
}

// startTimed starts a node whose longest turn is known.
func startTimed(b *testing.B, at int) (port, *turn) {
	longest := new(turn)
	cfg := ownConfig(at, map[string]string{"save": "", "repl-diskless-sync-delay": "0", "enable-debug-command": "yes"})
	plain := cfg.New
	cfg.New = func(birth node.Birth) (machine.Machine, error) {
		m, err := plain(birth)
		if err != nil {
			return nil, err
		}
		return &stopwatched{Server: m.(*server.Server), longest: longest}, nil
	}
	n, err := node.New(cfg)
	require.NoError(b, err)
	require.NoError(b, n.Start())
	b.Cleanup(n.Kill)
	return port(at), longest
}

// fill writes n small keys in pipelines.
func (p port) fill(b *testing.B, n int) {
	conn, err := net.Dial("tcp", p.addr())
	require.NoError(b, err)
	defer conn.Close()
	replies := bufio.NewReaderSize(conn, 1<<16)
	const depth = 1000
	for i := 0; i < n; i += depth {
		var pipeline bytes.Buffer
		for j := range depth {
			fmt.Fprintf(&pipeline, "SET key:%012d value:%d\r\n", i+j, i+j)
		}
		_, err := conn.Write(pipeline.Bytes())
		require.NoError(b, err)
		_, err = io.CopyN(io.Discard, replies, depth*int64(len("+OK\r\n")))
		require.NoError(b, err)
	}
}

// BenchmarkFullSyncOfAMillionKeys reports the longest turn on either side of a full synchronisation
// (the goal is 50 ms), and the longest time a client waited for an answer meanwhile. From the second
// round on the replica has a million keys to throw away first.
func BenchmarkFullSyncOfAMillionKeys(b *testing.B) {
	const keys = 1_000_000
	first := berth.Ports(2)
	master, masterTurn := startTimed(b, first)
	replica, replicaTurn := startTimed(b, first+1)
	master.fill(b, keys)
	masterTurn.wall.Store(0)
	masterTurn.cpu.Store(0)
	stop, waits := make(chan struct{}), make(chan time.Duration, 2)
	for _, p := range []port{master, replica} {
		go func() {
			worst, err := p.ask(stop)
			if err != nil {
				b.Error(err)
			}
			waits <- worst
		}()
	}
	for b.Loop() {
		master.text("DEBUG", "CHANGE-REPL-ID")
		replica.text("REPLICAOF", "127.0.0.1", master.String())
		for replica.field("master_link_status", "INFO", "replication") != "up" || replica.text("DBSIZE") != fmt.Sprint(keys) {
			time.Sleep(lookEvery) // a node announces to nobody that its link is up
		}
		replica.text("REPLICAOF", "NO", "ONE")
	}
	close(stop)
	worst := max(<-waits, <-waits)
	b.ReportMetric(float64(masterTurn.wall.Load())/1e6, "master-turn-ms")
	b.ReportMetric(float64(masterTurn.cpu.Load())/1e6, "master-work-ms")
	b.ReportMetric(float64(replicaTurn.wall.Load())/1e6, "replica-turn-ms")
	b.ReportMetric(float64(replicaTurn.cpu.Load())/1e6, "replica-work-ms")
	b.ReportMetric(float64(worst.Microseconds())/1e3, "client-wait-ms")
}
