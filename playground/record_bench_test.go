//go:build unix

package playground

import (
	"bufio"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkSet is what recording costs a client: SETs in pipelines of a hundred on one master of
// six nodes, with and without the recorder.
func BenchmarkSet(b *testing.B) {
	for _, way := range []struct {
		name       string
		unrecorded bool
	}{{"recorded", false}, {"unrecorded", true}} {
		b.Run(way.name, func(b *testing.B) {
			topology := six()
			topology.Port, topology.unrecorded = freePort(), way.unrecorded
			l, err := Launch(b.Context(), topology)
			require.NoError(b, err)
			defer l.Close()
			addr, err := l.Addr(l.Nodes()[0].Name)
			require.NoError(b, err)
			c, err := net.Dial("tcp", addr)
			require.NoError(b, err)
			defer func() { _ = c.Close() }()
			setMany(b, c)
		})
	}
}

// setMany sends pipelines until the benchmark ends. The key "b" is in slot 3300, the first master's.
func setMany(b *testing.B, c net.Conn) {
	const many = 100
	batch := []byte(strings.Repeat("*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$5\r\nvalue\r\n", many))
	replies := make([]byte, many*len("+OK\r\n"))
	r := bufio.NewReader(c)
	before := cpu(b)
	for b.Loop() {
		_, err := c.Write(batch)
		require.NoError(b, err)
		_, err = io.ReadFull(r, replies)
		require.NoError(b, err)
	}
	require.Equal(b, many, strings.Count(string(replies), "+OK\r\n"))
	b.ReportMetric(float64(b.N*many)/b.Elapsed().Seconds(), "sets/s")
	b.ReportMetric(float64(cpu(b)-before)/float64(b.N*many), "cpu-ns/set") // says more than the time on a busy computer
}

// cpu is the time that this process has had a processor.
func cpu(b *testing.B) time.Duration {
	var used syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
