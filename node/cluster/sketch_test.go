package cluster

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/bus"
)

func TestASketchFitsUntilSomethingThatAScreenShowsChanges(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3)
	s := w.members[0].state
	other := s.nodes.order[0]
	if other == s.myself {
		other = s.nodes.order[1]
	}
	for _, changed := range []struct {
		what string
		do   func()
	}{
		{"a flag", func() { other.flags ^= bus.PFail }},
		{"an epoch", func() { other.configEpoch++ }},
		{"an address", func() { other.port++ }},
		{"a master", func() { other.primary = s.myself }},
		{"its slots", func() { other.slots.Remove(other.slots.Ranges()[0].First) }},
		{"its link", func() { other.link.open = false }},
		{"a newcomer", func() { s.addNode(w.now, ID{1}, bus.Master) }},
		{"another node's eyes", func() { s = w.members[1].state }},
	} {
		k := s.Sketch()
		require.True(t, s.Fits(k), changed.what)
		other.pongReceived = other.pongReceived.then(time.Second)
		require.True(t, s.Fits(k), "%s: that time passes is not drawn", changed.what)
		changed.do()
		require.False(t, s.Fits(k), changed.what)
	}
	require.False(t, s.Fits(nil))
}
