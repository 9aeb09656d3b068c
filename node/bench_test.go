package node_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"clusterplay/node"
	"clusterplay/node/machine"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/redcon"
)

// BenchmarkPing compares the way through the rim with a bare redcon server: the same pipelines
// over the same number of connections in the same run.
func BenchmarkPing(b *testing.B) {
	n, err := node.New(node.Config{Name: "a", Addr: loopback,
		New: func(birth node.Birth) (machine.Machine, error) { return newFake(birth), nil }})
	require.NoError(b, err)
	require.NoError(b, n.Start())
	defer n.Kill()
	bare := bareRedcon(b)
	for _, depth := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("node/P%d", depth), func(b *testing.B) { pingAll(b, n.Addr().String(), depth) })
		b.Run(fmt.Sprintf("redcon/P%d", depth), func(b *testing.B) { pingAll(b, bare, depth) })
	}
}

// bareRedcon is a server that does nothing but answer.
func bareRedcon(b *testing.B) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	s := redcon.NewServer("", func(conn redcon.Conn, cmd redcon.Command) {
		if len(cmd.Args) == 2 {
			conn.WriteBulk(cmd.Args[1])
			return
		}
		conn.WriteString("PONG")
	}, nil, nil)
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	b.Cleanup(func() {
		_ = s.Close()
		<-done
	})
	return l.Addr().String()
}

// benchConns is what redis-benchmark opens.
const benchConns = 50

// pingAll sends b.N commands in pipelines of the given depth, half of them PING, half ECHO.
func pingAll(b *testing.B, addr string, depth int) {
	input := []byte(strings.Repeat(ping, (depth+1)/2) + strings.Repeat("*2\r\n$4\r\nECHO\r\n$8\r\n12345678\r\n", depth/2))
	output := len(pong)*((depth+1)/2) + 14*(depth/2)
	rounds := make(chan struct{}, benchConns)
	ended := make(chan error, benchConns)
	for range benchConns {
		go func() { ended <- pingOne(addr, input, output, rounds) }()
	}
	b.ResetTimer()
	for range (b.N + depth - 1) / depth {
		rounds <- struct{}{}
	}
	close(rounds)
	for range benchConns {
		require.NoError(b, <-ended)
	}
}

func pingOne(addr string, input []byte, output int, rounds <-chan struct{}) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	r := bufio.NewReaderSize(conn, 16<<10)
	for range rounds {
		if _, err := conn.Write(input); err != nil {
			return err
		}
		if _, err := io.CopyN(io.Discard, r, int64(output)); err != nil {
			return err
		}
	}
	return nil
}
