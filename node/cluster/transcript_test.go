package cluster

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/slot"
)

var update = flag.Bool("update", false, "rewrite the transcripts in testdata")

// untold are the events that a transcript leaves out unless it asks for them: they are many and
// say little about the story.
var untold = []string{"+link", "-link", "+report", "-report", "+node", "+meet"}

// transcript compares what happened since the cluster formed with testdata/<name>.txt.
func (w *world) transcript(name, title string) {
	w.t.Helper()
	var text strings.Builder
	fmt.Fprintf(&text, "# %s\n", title)
	var began time.Duration
	if len(w.log) > 0 {
		began = w.log[0].at.Truncate(time.Second)
	}
	for _, e := range w.log {
		if !slices.Contains(untold, e.what.Name()) {
			fmt.Fprintf(&text, "%9.3fs %s %s\n", (e.at - began).Seconds(), e.who.name, e.what.Describe())
		}
	}
	path := filepath.Join("testdata", name+".txt")
	if *update {
		require.NoError(w.t, os.WriteFile(path, []byte(text.String()), 0o644))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(w.t, err, "run the test with -update to write it")
	require.Equal(w.t, string(want), text.String())
}

// transcripts are the stories kept in testdata.
var transcripts = []struct {
	name, title string
	play        func(w *world)
}{
	{"failover", "A master dies, its replica is elected, the old master returns as a replica.", func(w *world) {
		w.form(Config{}, 3, 0)
		w.members[0].kill()
		w.run(8 * time.Second)
		w.members[0].boot()
		w.run(4 * time.Second)
	}},
	{"two-replicas", "Of two replicas the one with less data waits a second longer, and then follows.", func(w *world) {
		w.form(Config{}, 3, 0, 0)
		w.members[3].host.lagging = true
		w.members[0].host.offset = 100
		w.run(2 * time.Second)
		w.members[0].kill()
		w.run(8 * time.Second)
	}},
	{"manual-failover", "An operator swaps master and replica without loss.", func(w *world) {
		w.form(Config{}, 3, 0)
		w.members[0].host.offset = 100
		w.run(time.Second)
		d := w.members[3]
		d.do(func() { _ = d.state.Failover(w.now, FailoverDefault) })
		w.run(2 * time.Second)
	}},
	{"minority", "A master is cut off, stops serving, is replaced, and comes back as a replica.", func(w *world) {
		w.form(Config{}, 3, 0)
		a, rest := w.members[:1], w.members[1:]
		w.partition(a, rest)
		w.partition(rest, a)
		w.run(8 * time.Second)
		w.heal()
		w.run(6 * time.Second)
	}},
	{"no-majority", "Two of three masters die: nothing can be decided.", func(w *world) {
		w.form(Config{}, 3, 0)
		w.members[0].kill()
		w.members[1].kill()
		w.run(15 * time.Second)
	}},
	{"reshard", "A slot moves; the importer takes a new epoch and everybody believes it.", func(w *world) {
		w.form(Config{}, 3)
		a, b := w.members[0], w.members[1]
		const sl slot.Slot = 42
		b.do(func() { require.NoError(w.t, b.state.SetSlotImporting(w.now, sl, a.id())) })
		a.do(func() { require.NoError(w.t, a.state.SetSlotMigrating(w.now, sl, b.id())) })
		w.run(time.Second)
		b.do(func() { require.NoError(w.t, b.state.SetSlotNode(w.now, sl, b.id())) })
		w.run(time.Second)
		a.do(func() { require.NoError(w.t, a.state.SetSlotNode(w.now, sl, b.id())) })
		w.run(time.Second)
	}},
	{"replica-migration", "A master loses its only replica; after five seconds a spare one comes over.", func(w *world) {
		w.form(Config{}, 3, 0, 1, 1)
		w.members[3].kill()
		w.run(12 * time.Second)
	}},
	{"frozen", "A master without replicas freezes and thaws.", func(w *world) {
		w.form(Config{}, 3)
		c := w.members[2]
		c.frozen = true
		w.run(4 * time.Second)
		c.thaw()
		w.run(6 * time.Second)
	}},
}

func TestTranscripts(t *testing.T) {
	for _, tt := range transcripts {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			tt.play(w)
			w.transcript(tt.name, tt.title)
		})
	}
}
