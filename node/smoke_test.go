package node_test

import (
	"bufio"
	"net"
	"net/netip"
	"testing"

	"clusterplay/node"
	"clusterplay/node/machine"

	"github.com/stretchr/testify/require"
)

func TestSmoke(t *testing.T) {
	n, err := node.New(node.Config{Name: "a", Addr: netip.MustParseAddrPort("127.0.0.1:0"),
		New: func(b node.Birth) (machine.Machine, error) { return newFake(b), nil }})
	require.NoError(t, err)
	require.NoError(t, n.Start())
	conn, err := net.Dial("tcp", n.Addr().String())
	require.NoError(t, err)
	_, err = conn.Write([]byte("*1\r\n$4\r\nPING\r\nPING\r\necho \"\\x41 b\"\r\n"))
	require.NoError(t, err)
	r := bufio.NewReader(conn)
	for _, want := range []string{"+PONG\r\n", "+PONG\r\n", "$3\r\n", "A b\r\n"} {
		got, err := r.ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	v, err := n.Call(t.Context(), "ECHO", "hello")
	require.NoError(t, err)
	require.Equal(t, "hello", v.Text)
	require.NoError(t, n.Stop(false))
	require.Equal(t, node.Stopped, n.Status().State)
}
