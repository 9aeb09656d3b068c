package world

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/cluster"
	"clusterplay/node/server"
	"clusterplay/node/slot"
)

// defectPatience bounds what these stories wait for, in the world's time.
const defectPatience = time.Minute

// defect is a defect of 7.0.15 that is repaired here: the switch that brings it back, and a story
// in which it loses acknowledged data.
type defect struct {
	name   string
	config Config
	on     func(*cluster.Switches)
	// lives tells the story and returns how many acknowledged values the cluster no longer has.
	lives func(t *testing.T, w *World) (lost int)
}

var defects = []defect{
	{
		"a replica that joined another shard ranks by its old offset", Config{Seed: 1, Replicas: 2},
		func(s *cluster.Switches) { s.KeepForeignOffset = true }, foreignHistory,
	},
	{
		"an empty replica is elected", Config{Seed: 1, Settings: map[string]string{"cluster-replica-validity-factor": "0"}},
		func(s *cluster.Switches) { s.ElectEmpty = true }, emptyReplica,
	},
	{
		"the smaller id wins the shard back", Config{Seed: 2},
		func(s *cluster.Switches) { s.CollisionByID = true }, collision,
	},
	{
		"a failover of the source forgets that a slot is migrating", Config{Seed: 1},
		func(s *cluster.Switches) { s.LocalOpenSlots = true }, sourceDies,
	},
	{
		"a failover of the target forgets that a slot is being imported", Config{Seed: 1},
		func(s *cluster.Switches) { s.LocalOpenSlots = true }, targetDies,
	},
}

// Each defect loses data with its switch, and with faithful-7.0, which is all of them; without it keeps them.
func TestKnownDefectsLoseDataOnlyWhenTheyAreSwitchedOn(t *testing.T) {
	for _, d := range defects {
		t.Run(d.name, func(t *testing.T) {
			lost := func(prepare func(*server.Config)) int {
				config := d.config
				config.Prepare = prepare
				w, err := New(config)
				require.NoError(t, err)
				require.NoError(t, w.Form())
				w.Run(2 * testTimeout)
				return d.lives(t, w)
			}
			require.Zero(t, lost(func(c *server.Config) { c.ClusterSwitches = cluster.Switches{} }), "lost without the defect")
			require.NotZero(t, lost(func(c *server.Config) { c.ClusterSwitches = cluster.Switches{}; d.on(&c.ClusterSwitches) }), "nothing lost with the defect")
			require.NotZero(t, lost((*server.Config).BeFaithful), "nothing lost with faithful-7.0")
		})
	}
}

// keysOf are n keys of one slot.
func keysOf(s slot.Slot, n int) (keys []string) {
	for i := 0; len(keys) < n; i++ {
		if tag := fmt.Sprintf("tag%d", i); slot.OfString(tag) == s {
			for j := range n {
				keys = append(keys, fmt.Sprintf("{%s}:%d", tag, j))
			}
		}
	}
	return keys
}

// write sets keys at a host, which must accept them.
func (w *World) write(t *testing.T, i int, keys []string) {
	t.Helper()
	for _, k := range keys {
		require.Equal(t, "+OK\r\n", w.Do(i, "SET", k, "value of "+k))
	}
}

// missing counts the keys whose values a client that follows redirections does not find.
func (w *World) missing(keys []string) (n int) {
	for _, k := range keys {
		if !w.finds(k) {
			n++
		}
	}
	return n
}

// finds asks every living host in turn for a key, and follows what they say a few times.
func (w *World) finds(key string) bool {
	for first := range w.hosts {
		at, asking := first, false
		for range 5 {
			if asking {
				w.Do(at, "ASKING")
			}
			reply := w.Do(at, "GET", key)
			if bulk(reply) == "value of "+key {
				return true
			}
			words := strings.Fields(strings.TrimPrefix(reply, "-"))
			if len(words) != 3 || words[0] != "MOVED" && words[0] != "ASK" {
				break
			}
			at, asking = w.hostAt(words[2]), words[0] == "ASK"
		}
	}
	return false
}

// replicaOf is a host that follows master.
func (w *World) replicaOf(t *testing.T, master int, but ...int) int {
	t.Helper()
	id := w.ID(master)
next:
	for i := range w.hosts {
		for _, b := range but {
			if i == b {
				continue next
			}
		}
		if w.Server(i) != nil && w.Server(i).Cluster().View().Primary == id {
			return i
		}
	}
	require.Fail(t, "no replica", "of %s", w.hosts[master].name)
	return -1
}

// promoted waits until a host is a master.
func (w *World) promoted(t *testing.T, i int) {
	t.Helper()
	require.True(t, w.RunUntil(defectPatience, func() bool {
		return w.Server(i) != nil && w.Server(i).Cluster().IsPrimary() && w.Server(i).Cluster().OK()
	}), "%s was not promoted", w.hosts[i].name)
}

// isolate cuts a host off from all others, both ways.
func (w *World) isolate(i int) {
	for j := range w.hosts {
		if j != i {
			w.Cut(i, j)
			w.Cut(j, i)
		}
	}
}

// settle lets everything that is going on come to its end.
func (w *World) calm() { w.Run(20 * testTimeout) }

// owned is the first slot of a master, whose keys the stories use.
func owned(w *World, i int) slot.Slot { return slot.Slot(i * slot.Count / w.cfg.Masters) }
