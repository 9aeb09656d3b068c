package node_test

import (
	"net"
	"testing"
	"time"

	"clusterplay/node"
	"clusterplay/node/machine"

	"github.com/stretchr/testify/require"
)

// measurer is a machine that can tell how much waits on its links.
type measurer struct {
	*fake
	gauge func(machine.LinkID) int
}

func (m *measurer) SetLinkGauge(gauge func(machine.LinkID) int) { m.gauge = gauge }

func TestAMachineKnowsWhatWaitsOnItsLinks(t *testing.T) {
	m := &measurer{}
	h := launch(t, func(cfg *node.Config) {
		cfg.BusAddr = loopback
		cfg.New = func(b node.Birth) (machine.Machine, error) {
			m.fake = newFake(b)
			return m, nil
		}
	})
	deaf, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = deaf.Close() })
	h.dialTo(1, machine.Bus, deaf.Addr().(*net.TCPAddr).AddrPort())
	conn, err := deaf.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	h.wantSeen("connected")

	waiting := func(link machine.LinkID) (bytes int) {
		require.NoError(t, h.Look(func(machine.Machine) { bytes = m.gauge(link) }))
		return bytes
	}
	require.Zero(t, waiting(1))
	frame := make([]byte, 32<<20) // more than the system's own buffers take
	require.NoError(t, h.Do(func(_ time.Time, _ machine.Machine) {
		m.todo.Send = append(m.todo.Send, machine.Send{Link: 1, Data: frame})
	}))
	require.Positive(t, waiting(1))
	require.Zero(t, waiting(3), "there is no such link")

	read := make([]byte, 1<<20)
	for left := len(frame); left > 0; {
		n, err := conn.Read(read)
		require.NoError(t, err)
		left -= n
	}
	eventually(t, func() bool { return waiting(1) == 0 }, "it is written")
}
