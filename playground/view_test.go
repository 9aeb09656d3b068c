package playground

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/cluster"
	"clusterplay/node/server"
)

func TestAnElectionThatIsOverIsNotShown(t *testing.T) {
	due := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	shown := func(e cluster.ElectionView) *Election {
		return describe(server.View{Cluster: &cluster.View{Election: e}}, due).Election
	}
	require.Equal(t, &Election{Epoch: 7, Votes: 1, Needed: 2, Due: due.UnixMilli()}, shown(cluster.ElectionView{Due: due, Epoch: 7, Votes: 1, Needed: 2, Reason: "waiting-votes"}))
	require.NotNil(t, shown(cluster.ElectionView{Due: due, Reason: "expired"}))
	require.Nil(t, shown(cluster.ElectionView{}), "there was none")
	require.Nil(t, shown(cluster.ElectionView{Due: due, Votes: 1, Reason: "master-up"}), "the master came back")
}
