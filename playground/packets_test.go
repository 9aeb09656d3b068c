package playground

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// storms is how often each calamity comes over the links of the test below.
const storms = 15

// TestPacketsInMemoryOutliveWhatHappensToTheirLinks has nodes die, freeze, be cut off and be far away, all at once, while
// packets that lie in lent memory are on their way: each must arrive as it was sent or not at all.
func TestPacketsInMemoryOutliveWhatHappensToTheirLinks(t *testing.T) {
	topology := six()
	topology.Links = MemoryLinks
	l := launch(t, topology)
	require.Equal(t, MemoryLinks, l.Snapshot().Links)
	act(t, l, "speed", "20")
	names := nodeNames(l)
	do := func(line string) { // a node that is down cannot be frozen, and that is all right
		words := strings.Fields(line)
		a, err := Parse(words[0], words[1:])
		if err == nil {
			_, _ = l.Do(t.Context(), a)
		}
	}
	var wg sync.WaitGroup
	for _, calamity := range []func(i int) []string{
		func(i int) []string { return []string{"kill " + names[3+i%3], "restart " + names[3+i%3]} },
		func(i int) []string { return []string{"freeze " + names[i%6], "thaw " + names[i%6]} },
		func(i int) []string {
			return []string{"delay " + names[i%6] + " " + names[(i+1)%6] + " 300ms~200ms", "partition " + names[(i+3)%6] + " / rest", "heal"}
		},
	} {
		wg.Go(func() {
			for i := range storms {
				for _, line := range calamity(i) {
					do(line)
				}
			}
		})
	}
	wg.Wait()
	do("heal")
	for _, name := range names {
		do("thaw " + name)
	}
	eventually(t, l, "everybody", func(s Snapshot) bool {
		for _, name := range names {
			if s.node(name).State != "up" {
				return false
			}
		}
		return s.State == "ok"
	})
	events, err := l.History().Events(t.Context(), time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	require.NoError(t, err)
	require.NotEmpty(t, events)
	for _, e := range events {
		require.NotEqual(t, "-packet", e.Name, "%+v", e)
	}
}
