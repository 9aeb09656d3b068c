package replication

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/resp"
)

var update = flag.Bool("update", false, "rewrite testdata/*.txt")

// TestTranscripts plays whole conversations and compares every word said with testdata. Read the
// diff of -update as carefully as code.
func TestTranscripts(t *testing.T) {
	for _, tt := range []struct {
		name string
		play func(l *lab)
	}{
		{"full-sync", func(l *lab) {
			m, r := l.nodes[0], l.nodes[1]
			m.set("a", "1")
			m.slow = true
			l.follow(r, m)
			m.set("b", "2")
			l.run(1500 * time.Millisecond)
			m.finish(l.now)
			l.settle()
			m.set("c", "3", "d", "4")
			l.run(time.Second)
		}},
		{"link-cut", func(l *lab) {
			m, r := l.nodes[0], l.nodes[1]
			l.follow(r, m)
			m.set("a", "1")
			l.settle()
			l.last(r).budget = 40
			m.set("b", "2", "c", "3")
			l.run(time.Second)
		}},
		{"promotion-in-a-chain", func(l *lab) {
			a, b, c := l.nodes[0], l.nodes[1], l.nodes[2]
			l.follow(b, a)
			a.set("k", "1")
			l.follow(c, b)
			b.Promote(l.now)
			l.settle()
			l.follow(a, b)
			b.set("k", "2")
			l.run(time.Second)
		}},
		{"old-master-with-extra-writes", func(l *lab) {
			a, b := l.nodes[0], l.nodes[1]
			l.follow(b, a)
			b.Promote(l.now)
			l.settle()
			a.set("lost", "1")
			b.set("kept", "1")
			l.follow(a, b)
		}},
		{"failover", func(l *lab) {
			a, b, c := l.nodes[0], l.nodes[1], l.nodes[2]
			l.follow(b, a)
			l.follow(c, a)
			l.run(time.Second)
			a.set("k", "1")
			l.visit(a).do("FAILOVER", "TO", "127.0.0.1", "7001", "TIMEOUT", "5000")
			l.run(3 * time.Second)
			b.set("k", "2")
			l.settle()
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab(t, 3)
			l.transcript = &strings.Builder{}
			tt.play(l)
			file := filepath.Join("testdata", tt.name+".txt")
			got := shorten(l.transcript.String())
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o600))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, string(want), got)
		})
	}
}

// write adds a line to the transcript.
func (l *lab) write(format string, args ...any) {
	if l.transcript != nil {
		fmt.Fprintf(l.transcript, format+"\n", args...)
	}
}

// tell adds what one side said: commands as words, anything else by its lines.
func (l *lab) tell(from, to int, said []byte) {
	if l.transcript == nil {
		return
	}
	for len(said) > 0 {
		if said[0] == '*' {
			var g resp.Guard
			g.Feed(said)
			if words, ok, _ := g.Next(nil); ok {
				var line []string
				for _, w := range words {
					line = append(line, string(w))
				}
				l.write("%d -> %d  %s", from, to, strings.Join(line, " "))
				said = said[len(said)-g.Buffered():]
				continue
			}
		}
		line, rest, _ := strings.Cut(string(said), "\n")
		l.write("%d -> %d  %q", from, to, line+"\n"[:len(said)-len(line)-len(rest)])
		said = []byte(rest)
	}
}

// shorten cuts ids to eight characters.
func shorten(text string) string {
	return regexp.MustCompile(`\b([0-9a-f]{8})[0-9a-f]{32}\b`).ReplaceAllString(text, "$1")
}
