package node_test

import (
	"testing"

	"clusterplay/node"

	"github.com/stretchr/testify/require"
)

func TestNodesOfOneProcessShareTheRoomForClients(t *testing.T) {
	var crowd node.Crowd
	crowd.Limit(2)
	share := func(cfg *node.Config) { cfg.Crowd, cfg.BusAddr = &crowd, loopback }
	a, b := launch(t, share), launch(t, share)
	first, second := dial(t, a.Addr()), dial(t, b.BusAddr())
	first.send(ping)
	first.want(pong)
	b.wantSeen("accepted") // whoever connects to a bus port counts
	dial(t, b.Addr()).wantEnd("-ERR max number of clients reached\r\n")
	dial(t, a.BusAddr()).wantEnd("")
	_, err := b.Call(t.Context(), "PING")
	require.NoError(t, err, "calls inside the process are no connections")

	require.NoError(t, second.Close())
	b.wantSeen("accepted", "shut", "hangup") // shut is the call's own
	third := dial(t, b.Addr())
	third.send(ping)
	third.want(pong)
	b.Kill()
	fourth := dial(t, a.Addr())
	fourth.send(ping)
	fourth.want(pong)
	dial(t, a.Addr()).wantEnd("-ERR max number of clients reached\r\n")
	crowd.Limit(3)
	fifth := dial(t, a.Addr())
	fifth.send(ping)
	fifth.want(pong)
}
