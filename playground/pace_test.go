package playground

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
	"clusterplay/node/cluster"
)

// A node that is frozen answers no PING: whoever waits for it must not wait in vain.
func TestTheClockSlowsDownForPingsThatWait(t *testing.T) {
	l := launch(t, hasty())
	members := l.all()
	require.InDelta(t, 1, l.calm(members[:asked], 0), 0.2)
	require.NoError(t, members[5].Freeze())
	require.NoError(t, l.clock.SetSpeed(0.3)) // a look must fall between the PING and its failure
	least := 1.0
	eventually(t, l, "the clock to be slowed", func(Snapshot) bool {
		for i := range 5 {
			least = min(least, l.calm(members[i:i+1], 0))
		}
		return least < 0.5
	})
	require.NoError(t, members[5].Thaw())
}

func TestNodesAreAskedOnlyForWhatTheyHold(t *testing.T) {
	l := launch(t, six())
	members := l.all()
	require.True(t, l.ready())
	require.False(t, l.fresh(members))
	require.Equal(t, cluster.Opinion{Known: true, Slots: 5461}, members[5].opinion(members[0]))
	require.Equal(t, cluster.Opinion{Known: true, Replica: true}, members[0].opinion(members[3]))
	require.True(t, l.agreed(members[3]))
	members[3].Kill()
	require.Zero(t, members[3].opinion(members[0]), "nobody is asked there")
	require.False(t, agree(members[:3], map[cluster.ID]bool{cluster.ID([]byte(members[3].identity())): false}))
	replicas, linked := l.following()
	require.Equal(t, 2, replicas)
	require.True(t, linked)
	var waits time.Duration
	members[0].askCluster(func(s *cluster.State) { waits = s.Waiting(l.clock.Now()) })
	require.Less(t, waits, l.Topology().nodeTimeout(), "nobody waits for one without a link")
}

func TestNobodyWaitsLongForTheClockOfALargeLab(t *testing.T) {
	require.True(t, catchable(3*time.Second, 10), "six nodes")
	require.False(t, catchable(5*time.Second, 2.4), "two hundred: it would take three and a half seconds")
	require.False(t, catchable(7*time.Second, 10), "it was formed slowly")
	require.False(t, catchable(0, 10))
}

func TestTheClockOfALargeLabWaitsForItsPackets(t *testing.T) {
	l := launch(t, hasty())
	timeout := l.Topology().nodeTimeout()
	require.InDelta(t, 1, l.ratio(time.Duration(easyUntil*float64(timeout)), easyUntil, hardAt), 1e-9)
	require.InDelta(t, 0.5, l.ratio(time.Duration((easyUntil+hardAt)/2*float64(timeout)), easyUntil, hardAt), 1e-6)
	require.InDelta(t, slowest, l.ratio(timeout, easyUntil, hardAt), 1e-9, "it never stands still for that")
}

func TestOnlyALargeLabIsPacedAllItsLife(t *testing.T) {
	for _, nodes := range []int{6, manyNodes + 2} {
		l := launch(t, Topology{Masters: nodes / 2, Replicas: 1, Port: berth.Ports(nodes), Links: MemoryLinks})
		if nodes > manyNodes {
			eventually(t, l, "time to be given in pieces", func(Snapshot) bool { return l.clock.Allowed() })
		} else {
			require.False(t, l.clock.Allowed())
		}
		l.Close()
	}
}
