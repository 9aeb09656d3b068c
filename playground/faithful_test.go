package playground

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/slot"
)

// TestALabHasTheDefectsOfRedisWhenItIsAskedTo looks at one of them: the keys of a slot that somebody else takes
// are deleted on its former master, of which the replica hears only where that is mended.
func TestALabHasTheDefectsOfRedisWhenItIsAskedTo(t *testing.T) {
	for _, faithful := range []bool{false, true} {
		t.Run("faithful-7.0 "+strconv.FormatBool(faithful), func(t *testing.T) {
			topology := six()
			topology.Faithful = YesNo(faithful)
			l := launch(t, topology)
			s := l.Snapshot()
			require.Equal(t, faithful, s.Faithful)
			from, to, replica := s.Nodes[0], s.Nodes[1], s.Nodes[3]
			key := lowKey(t)
			taken := strconv.Itoa(int(slot.OfString(key)))
			later := "" // in another slot of the same master
			for i := 0; later == ""; i++ {
				if s := slot.OfString(strconv.Itoa(i)); s >= 8 && s < slot.Count/4 {
					later = strconv.Itoa(i)
				}
			}
			require.Equal(t, "OK", ask(t, l, from.Name, "SET", key, "value"))
			require.Equal(t, "OK", ask(t, l, to.Name, "CLUSTER", "SETSLOT", taken, "IMPORTING", from.ID))
			require.Equal(t, "OK", ask(t, l, to.Name, "CLUSTER", "SETSLOT", taken, "NODE", to.ID))
			eventually(t, l, "the keys to be dropped", func(Snapshot) bool { return ask(t, l, from.Name, "DBSIZE") == "0" })
			require.Equal(t, "OK", ask(t, l, from.Name, "SET", later, "value"))
			keys := func(of string) string { return ask(t, l, replica.Name, "CLUSTER", "COUNTKEYSINSLOT", of) }
			eventually(t, l, "the replica to hear of it", func(Snapshot) bool { return keys(strconv.Itoa(int(slot.OfString(later)))) == "1" })
			require.Equal(t, map[bool]string{false: "0", true: "1"}[faithful], keys(taken))
		})
	}
}
