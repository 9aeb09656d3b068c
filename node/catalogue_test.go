package node_test

import (
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"clusterplay/node"
	"clusterplay/node/machine"
	"clusterplay/node/resp"

	"github.com/stretchr/testify/require"
)

// clientHello is how a TLS client begins: no line, and nothing Redis knows.
var clientHello = "\x16\x03\x01\x00\x05\x01\x00\x00\x01\x03"

// TestRequestsThatAreMoreThanBytes has the rows A of the catalogue that are about time, size or the
// connection itself; the others are badInputs.
func TestRequestsThatAreMoreThanBytes(t *testing.T) {
	for _, tt := range []struct {
		name string
		test func(t *testing.T)
	}{
		{"A13 unfinished for too long", func(t *testing.T) { unfinished(t, "*1\n$4\nPING\n") }},
		{"A32 OPTIONS", func(t *testing.T) {
			h := launch(t, nil)
			require.Empty(t, exchange(t, h.Addr().String(), "OPTIONS * HTTP/1.1\r\nHost: a\r\nFLUSHALL\r\n"+ping))
		}},
		{"A33 TLS", func(t *testing.T) { unfinished(t, clientHello) }},
		{"A35 many words of a stranger", func(t *testing.T) {
			h := launch(t, doubting)
			require.Equal(t, "-ERR Protocol error: unauthenticated multibulk length\r\n", converse(t, h.Addr().String(), "*11\r\n"))
		}},
		{"A36 a long word of a stranger", func(t *testing.T) {
			h := launch(t, doubting)
			require.Equal(t, "-ERR Protocol error: unauthenticated bulk length\r\n", converse(t, h.Addr().String(), "*1\r\n$16385\r\n"))
		}},
		{"A37 a byte at a time", func(t *testing.T) {
			p := dial(t, launch(t, nil).Addr())
			value := strings.Repeat("x", 2000)
			for _, b := range resp.AppendWords(nil, "ECHO", value) {
				p.send(string([]byte{b}))
			}
			p.want("$2000\r\n" + value + "\r\n")
		}},
		{"A38 a hundred thousand at once", func(t *testing.T) {
			const n = 100_000
			p := dial(t, launch(t, nil).Addr())
			go func() { _, _ = p.Write([]byte(strings.Repeat(ping, n))) }()
			p.want(strings.Repeat(pong, n))
		}},
		{"A39 connect and reset", func(t *testing.T) {
			h := launch(t, nil)
			for range 500 {
				reset(t, h.Addr().String(), "*2\r\n$4\r\nEC")
			}
			eventually(t, func() bool { return h.clientCount() == 0 }, "every client is gone")
			require.Equal(t, pong, converse(t, h.Addr().String(), ""))
		}},
		{"A40 half closed", func(t *testing.T) {
			h := launch(t, nil)
			require.Equal(t, pong+pong, converse(t, h.Addr().String(), ping))
			eventually(t, func() bool { return h.clientCount() == 0 }, "the client is gone")
		}},
	} {
		t.Run(tt.name, tt.test)
	}
}

// doubting makes the machine want a password.
func doubting(cfg *node.Config) {
	made := cfg.New
	cfg.New = func(b node.Birth) (machine.Machine, error) {
		m, err := made(b)
		return doubter{m.(*fake)}, err
	}
}

// unfinished sends the beginning of something and is closed without a word, when its time is over.
func unfinished(t *testing.T, begin string) {
	t.Helper()
	p := dial(t, launch(t, func(cfg *node.Config) { cfg.HalfCommand = 20 * time.Millisecond }).Addr())
	p.send(ping)
	p.want(pong)
	p.send(begin)
	p.wantEnd("")
}

// reset connects, says something and breaks off so that the other end is told it was reset.
func reset(t *testing.T, addr, said string) {
	t.Helper()
	conn, err := net.DialTimeout("tcp", addr, patience)
	require.NoError(t, err)
	_, _ = conn.Write([]byte(said))
	require.NoError(t, conn.(*net.TCPConn).SetLinger(0))
	require.NoError(t, conn.Close())
}

// TestSEC21AnnouncedSizesCostNothing lets a hundred clients announce as much as they may, and send
// nothing of it.
func TestSEC21AnnouncedSizesCostNothing(t *testing.T) {
	h := launch(t, nil)
	before := inUse()
	for i := range 100 {
		p := dial(t, h.Addr())
		p.send(ping)
		p.want(pong)
		p.send([]string{"*1048576\r\n", "*2\r\n$536870912\r\n", strings.Repeat("A", 60_000), "*2\r\n$4\r\nECHO\r\n$400000000\r\nx"}[i%4])
	}
	eventually(t, func() bool { return h.clientCount() == 100 }, "all are waited for")
	require.Less(t, inUse()-min(before, inUse()), uint64(32<<20), "2 GB were announced")
	require.Equal(t, pong, converse(t, h.Addr().String(), ""))
}

// TestSEC22DeadReadersCostTheirShareAndNobodyElse has clients that ask for much and read nothing.
func TestSEC22DeadReadersCostTheirShareAndNobodyElse(t *testing.T) {
	const readers, size = 50, 1 << 20
	h := launch(t, func(cfg *node.Config) {
		cfg.Output.Normal = node.OutputLimit{Hard: 2 * size}
		cfg.WriteWait = patience // what is bounded is memory, not time
	})
	before := inUse()
	for range readers {
		p := dial(t, h.Addr())
		require.NoError(t, p.Conn.(*net.TCPConn).SetReadBuffer(4096))
		p.send(big(size, 100))
	}
	eventually(t, func() bool { return h.machine.calls.Load() >= readers }, "each was served something")
	for range 100 {
		require.Equal(t, pong, converse(t, h.Addr().String(), ""), "others are served")
	}
	require.Less(t, inUse()-min(before, inUse()), uint64(readers*4*size), "not the 100 MB that each asked for")
}

// TestSEC23HalfOpenConnectionsKeepNobodyOut has two hundred clients that never finish what they say.
func TestSEC23HalfOpenConnectionsKeepNobodyOut(t *testing.T) {
	h := launch(t, func(cfg *node.Config) { cfg.HalfCommand = 200 * time.Millisecond })
	for i := range 200 {
		p := dial(t, h.Addr())
		p.send([]string{"*", "*3\r\n$3\r\nSE", "PIN", clientHello}[i%4])
	}
	require.Equal(t, pong, converse(t, h.Addr().String(), ""))
	eventually(t, func() bool { return h.clientCount() == 0 }, "all were sent away")
}

// TestNothingIsLeftOfTenThousandConnections connects and breaks off, in every way and at every moment.
func TestNothingIsLeftOfTenThousandConnections(t *testing.T) {
	h := launch(t, nil)
	warm := func() { // what is kept for the next connection is no leak
		for range 50 {
			require.Equal(t, pong, converse(t, h.Addr().String(), ""))
		}
		eventually(t, func() bool { return h.clientCount() == 0 }, "every client is gone")
	}
	warm()
	before := footprintNow(t)
	for i := range 10_000 {
		reset(t, h.Addr().String(), []string{"", "*2\r\n$4\r\nEC", ping, "BIG 100000\r\n", "*1\r\n$-1\r\n"}[i%5])
	}
	warm()
	requireNothingLeft(t, before)
}

// TestNothingIsLeftOfAThousandLives kills a node and starts it again, at rest, with clients, in the
// middle of a save and when it was asked to end.
func TestNothingIsLeftOfAThousandLives(t *testing.T) {
	h := launch(t, func(cfg *node.Config) { cfg.BusAddr, cfg.Dir = loopback, t.TempDir() })
	life := func(i int) {
		switch i % 4 {
		case 1:
			conn, err := net.Dial("tcp", h.Addr().String())
			require.NoError(t, err)
			_, _ = conn.Write([]byte(ping + "*2\r\n$4\r\nEC"))
			defer conn.Close()
		case 2:
			h.addSave()
			_, err := h.Call(t.Context(), "SAVE", "nodes.conf", fmt.Sprint("epoch ", i))
			require.NoError(t, err)
		}
		if i%4 == 3 {
			require.NoError(t, h.Stop(true))
		} else {
			h.Kill()
		}
		require.NoError(t, h.Start())
	}
	for i := range 20 {
		life(i)
	}
	before := footprintNow(t)
	for i := range 1000 {
		life(i)
	}
	requireNothingLeft(t, before)
	require.Equal(t, pong, converse(t, h.Addr().String(), ""))
}

// footprint is what a process holds.
type footprint struct {
	goroutines, files int
	memory            uint64
}

func footprintNow(t *testing.T) footprint {
	t.Helper()
	runtime.GC()
	return footprint{goroutines: runtime.NumGoroutine(), files: openFiles(t), memory: inUse()}
}

// requireNothingLeft waits until the process holds what it held before: five goroutines, two
// descriptors and a tenth of the memory more at most, and a megabyte, which is noise.
func requireNothingLeft(t *testing.T, before footprint) {
	t.Helper()
	var now footprint
	eventually(t, func() bool {
		now = footprintNow(t)
		return now.goroutines <= before.goroutines+5 && now.files <= before.files+2 && now.memory <= before.memory+before.memory/10+1<<20
	}, fmt.Sprintf("it held %+v", before))
	t.Logf("before %+v, after %+v", before, now)
}

// openFiles counts this process' descriptors, where the system tells.
func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(entries)
}
