package network

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node"
	"clusterplay/node/machine"
	"clusterplay/playground/clock"
)

func TestHowLateAFrameWasReadIsKnownUnlessItWasHeldUp(t *testing.T) {
	lab(t, func(n *Network, _ *clock.Clock) {
		tap := n.Watch()
		defer tap.Close()
		m := n.pair(machine.Bus, "a", &listener{who: "b"})
		dialler, acceptor := &m.conns[0], &m.conns[1]
		carry := func(waits time.Duration) {
			_, err := dialler.Write(packet(0))
			require.NoError(t, err)
			wait(waits)
			f := &node.Frame{From: "a", To: "b", Kind: machine.Bus, Data: packet(0), Conn: acceptor}
			_, err = n.Pass(f)
			require.NoError(t, err)
			n.Done(f)
		}
		carry(300 * time.Millisecond)
		carry(100 * time.Millisecond)
		require.Equal(t, 300*time.Millisecond, n.Lateness())
		require.Zero(t, n.Lateness(), "it is told once")

		n.Edit(Pair{"a", "b"}, func(r *Rule) { r.Delay = time.Second })
		carry(0)
		require.Zero(t, n.Lateness(), "that it takes a second is meant")
	})
}
