package sentinel

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/event"
)

func TestTheViewTellsWhatASentinelBelievesAndWhatIsDueNext(t *testing.T) {
	w := group(t)
	v := w.sentinels[0].View(w.now)
	require.Len(t, v.Masters, 1)
	m := v.Masters[0]
	require.Equal(t, []string{"mymaster", "127.0.0.1:7000", "127.0.0.1:7000", "none"}, []string{m.Name, m.Addr, m.Current, m.Failover.State})
	require.Equal(t, []int{2, 3, 2}, []int{m.Quorum, m.Voters, m.Needed})
	require.True(t, v.TiltUntil.IsZero())
	require.True(t, m.SDownSince.IsZero())
	require.Len(t, m.Sentinels, 2)
	require.Len(t, m.Replicas, 2)
	for _, i := range m.Replicas {
		require.True(t, i.Linked)
		require.Empty(t, i.Unfit)
		require.Equal(t, "127.0.0.1:7000", i.Follows)
		require.LessOrEqual(t, i.PingDue.Sub(w.now), time.Second+tickJitter*time.Millisecond)
		require.LessOrEqual(t, i.HelloDue.Sub(w.now), 2*time.Second)
		require.LessOrEqual(t, i.InfoDue.Sub(w.now), 10*time.Second)
	}
}

func TestTheViewOfAFailoverHasItsStatesVotesAndTimeouts(t *testing.T) {
	w := group(t)
	w.nodes[0].die()
	seen := map[string]MasterView{}
	w.until(20*time.Second, func() bool {
		for _, h := range w.sentinels {
			m := h.View(w.now).Masters[0]
			seen[m.Failover.State] = m
			if votes := m.Failover.Votes[h.id]; votes > 0 {
				seen["candidate"] = m
			}
		}
		return len(seen) > 0 && seen["reconf_slaves"].Name != "" && w.sentinels[0].has("+switch-master") && w.sentinels[1].has("+switch-master") && w.sentinels[2].has("+switch-master")
	})
	for _, state := range []string{"wait_start", "wait_promotion", "reconf_slaves"} {
		require.True(t, seen[state].Failover.Until.After(seen[state].Failover.Changed), state)
	}
	require.NotZero(t, seen["candidate"].Failover.Epoch)
	require.False(t, seen["wait_start"].ODownSince.IsZero())
	require.Equal(t, "127.0.0.1:7001", seen["wait_promotion"].Failover.Promoted)
	require.Equal(t, "127.0.0.1:7000", seen["wait_promotion"].Current)
	require.Equal(t, "127.0.0.1:7001", seen["reconf_slaves"].Current, "clients are told of the new master once it is one")
	after := w.sentinels[0].View(w.now).Masters[0]
	require.Equal(t, "127.0.0.1:7001", after.Addr)
	require.EqualValues(t, 1, after.ConfigEpoch)
	w.run(10 * time.Second)
	for _, r := range w.sentinels[0].View(w.now).Masters[0].Replicas {
		if r.Addr == "127.0.0.1:7000" {
			require.Equal(t, event.IsSDown, r.Unfit)
			require.False(t, r.SDownSince.IsZero())
			require.Greater(t, r.Silent, 5*time.Second)
		}
	}
}
