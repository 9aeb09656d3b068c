package world

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/server"
	"clusterplay/node/slot"
)

// A replica with much of another shard's data is pointed at this one, cannot reach its master to
// sync, and the master dies.
func foreignHistory(t *testing.T, w *World) int {
	stranger := w.replicaOf(t, 1)
	w.write(t, 1, keysOf(owned(w, 1), 500))
	keys := keysOf(owned(w, 0), 20)
	w.write(t, 0, keys)
	w.Run(testTimeout)
	w.Cut(stranger, 0)
	w.Cut(0, stranger)
	w.must(stranger, "CLUSTER", "REPLICATE", w.ID(0))
	w.Run(testTimeout / 2)
	w.Kill(0, KeepDisk)
	w.calm()
	w.HealAll()
	w.calm()
	return w.missing(keys)
}

// Master and replica go down; the replica comes back first and has nothing.
func emptyReplica(t *testing.T, w *World) int {
	keys := keysOf(owned(w, 0), 20)
	w.write(t, 0, keys)
	w.Do(0, "SAVE")
	require.True(t, w.RunUntil(defectPatience, func() bool { return w.Do(0, "PING") == "+PONG\r\n" }))
	replica := w.replicaOf(t, 0)
	w.Kill(0, KeepDisk)
	w.Kill(replica, KeepDisk)
	require.NoError(t, w.Restart(replica))
	w.calm()
	require.NoError(t, w.Restart(0))
	w.calm()
	return w.missing(keys)
}

// A master is cut off and takes a new epoch by itself, the very one in which its replica is elected.
func collision(t *testing.T, w *World) int {
	master := 0
	for w.ID(master) > w.ID(w.replicaOf(t, master)) {
		master++
		require.Less(t, master, w.cfg.Masters, "no master has a smaller id than its replica: take another seed")
	}
	replica := w.replicaOf(t, master)
	w.isolate(master)
	require.Contains(t, w.Do(master, "CLUSTER", "BUMPEPOCH"), "BUMPED")
	w.promoted(t, replica)
	require.Equal(t, w.Server(master).Cluster().View().ConfigEpoch, w.Server(replica).Cluster().View().ConfigEpoch)
	keys := keysOf(owned(w, master), 100)
	w.write(t, replica, keys)
	w.HealAll()
	w.calm()
	return w.missing(keys)
}

// halfWay writes keys of a slot, opens it at both ends and moves some of the keys from 0 to 1.
func halfWay(t *testing.T, w *World, count, moved int) (s slot.Slot, keys []string) {
	s = owned(w, 0)
	keys = keysOf(s, count)
	w.write(t, 0, keys)
	w.must(1, "CLUSTER", "SETSLOT", fmt.Sprint(s), "IMPORTING", w.ID(0))
	w.must(0, "CLUSTER", "SETSLOT", fmt.Sprint(s), "MIGRATING", w.ID(1))
	target := w.hosts[1].addr
	command := []string{"MIGRATE", target.Addr().String(), fmt.Sprint(target.Port()), "", "0", "5000", "KEYS"}
	w.Do(0, append(command, keys[:moved]...)...)
	require.True(t, w.RunUntil(defectPatience, func() bool { return w.keysIn(0, s) == count-moved }))
	require.Zero(t, w.missing(keys), "the migration itself loses nothing")
	w.Run(testTimeout)
	return s, keys
}

func sourceDies(t *testing.T, w *World) int {
	_, keys := halfWay(t, w, 20, 10)
	replica := w.replicaOf(t, 0)
	w.Kill(0, KeepDisk)
	w.promoted(t, replica)
	w.calm()
	return w.missing(keys)
}

func targetDies(t *testing.T, w *World) int {
	_, keys := halfWay(t, w, 20, 10)
	replica := w.replicaOf(t, 1)
	w.Kill(1, KeepDisk)
	w.promoted(t, replica)
	w.calm()
	return w.missing(keys)
}

// The source of a migration forgets the slot when the target says OK, so the target says so when its
// replica knows, or after a second without it.
func TestATargetWaitsForItsReplicaBeforeItOwnsASlot(t *testing.T) {
	for _, tt := range []struct {
		name     string
		thaw     time.Duration // 0: never
		within   time.Duration
		earliest time.Duration
		local    bool
		away     time.Duration // how long the replica has not answered yet
	}{
		{name: "the replica has been away for long", within: 10 * time.Millisecond, away: 3 * time.Second},
		{"the replica is there", 1, 10 * time.Millisecond, 0, false, 0},
		{"the replica comes back", 300 * time.Millisecond, 400 * time.Millisecond, 300 * time.Millisecond, false, 0},
		{"the replica stays away", 0, 1200 * time.Millisecond, 990 * time.Millisecond, false, 0},
		{"nobody is told", 0, 1, 0, true, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, err := New(Config{Seed: 1, Prepare: func(c *server.Config) { c.ClusterSwitches.LocalOpenSlots = tt.local }})
			require.NoError(t, err)
			require.NoError(t, w.Form())
			s, _ := halfWay(t, w, 3, 3)
			replica := w.replicaOf(t, 1)
			w.Freeze(replica)
			w.Run(tt.away)
			if tt.thaw > 0 {
				w.At(tt.thaw, func() { w.Thaw(replica) })
			}
			began := w.Age()
			w.Do(1, "CLUSTER", "SETSLOT", fmt.Sprint(s), "NODE", w.ID(1))
			require.True(t, w.RunUntil(defectPatience, func() bool { return w.Do(1, "PING") != "" }))
			require.LessOrEqual(t, w.Age()-began, tt.within)
			require.GreaterOrEqual(t, w.Age()-began, tt.earliest)
		})
	}
}
