package sentinel

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestTranscripts plays whole failovers and compares all that happened, and all that was said to
// nodes beyond the routine, with testdata. Read the diff of -update as carefully as code.
func TestTranscripts(t *testing.T) {
	for _, tt := range []struct {
		name string
		play func(t *testing.T) *town
	}{
		{"failover", func(t *testing.T) *town {
			w := group(t)
			w.tell()
			w.nodes[0].die()
			w.run(8 * time.Second)
			w.note("7000 comes back")
			w.nodes[0].down = false
			w.run(25 * time.Second)
			return w
		}},
		{"lost-election", func(t *testing.T) *town {
			w, h, _ := voters(t, 2, grants, never)
			w.run(time.Second)
			w.peers[0].votes = func([]string) string { return answer(true, idB, 1) }
			h.events = nil
			w.tell()
			w.nodes[0].die()
			w.run(15 * time.Second)
			return w
		}},
		{"by-hand", func(t *testing.T) *town {
			w := group(t)
			w.tell()
			w.sentinels[1].serve(nil, []string{"SENTINEL", "FAILOVER", "mymaster"})
			w.run(6 * time.Second)
			return w
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.play(t).story.String()
			file := filepath.Join("testdata", tt.name+".txt")
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o600))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, string(want), got)
		})
	}
}

// tell begins the story.
func (w *town) tell() { w.story, w.began = &strings.Builder{}, w.now }

// note adds a line to the story if it is told.
func (w *town) note(format string, a ...any) {
	if w.story == nil {
		return
	}
	line := fmt.Sprintf(format, a...)
	for _, h := range w.sentinels {
		line = strings.ReplaceAll(line, h.id, fmt.Sprint(h.port()))
	}
	fmt.Fprintf(w.story, "%7.3f  %s\n", w.now.Sub(w.began).Seconds(), line)
}

// routine are the commands that say nothing new.
var routine = []string{"PING", "INFO", "PUBLISH", "AUTH", "CLIENT SETNAME", "SUBSCRIBE"}

// overheard notes a command that arrived.
func (w *town) overheard(wr *wire, words []string) {
	line := strings.Join(words, " ")
	if w.story == nil || slices.ContainsFunc(routine, func(r string) bool { return strings.HasPrefix(line, r) }) {
		return
	}
	w.note("%d > %d  %s", wr.from.port(), wr.to.port(), strings.Replace(line, "SENTINEL is-master-down-by-addr", "is-master-down-by-addr", 1))
}
