package command

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var rewriteTranscripts = flag.Bool("rewrite", false, "ask a real redis-server for the replies in testdata/containers")

// A transcript is a conversation: a line is a command, the indented line under it its reply, and
// # begins a remark. The replies were given by redis-server 7.0.15; with -rewrite it is asked
// again, so that a new transcript needs only its commands.
func TestContainersRepeatTheTranscriptsOfRedis(t *testing.T) {
	files, err := filepath.Glob("testdata/containers/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			if *rewriteTranscripts {
				redis := startRedis(t, 2)
				text = []byte(transcribe(string(text), redis.do))
				require.NoError(t, os.WriteFile(file, text, 0o644))
			}
			ours := newTestHost()
			got := transcribe(string(text), func(args ...string) reply {
				if args[0] == "hello" {
					ours.context.Proto = int(args[1][0] - '0')
					return reply{}
				}
				return parseReply(t, ours.do(args...))
			})
			require.Equal(t, string(text), got)
		})
	}
}

// transcribe runs the commands of a transcript and returns it with the replies they gave.
func transcribe(text string, do func(args ...string) reply) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "  ") {
			continue
		}
		out.WriteString(line)
		if strings.TrimSpace(line) == "" || line[0] == '#' {
			continue
		}
		args := strings.Fields(line)
		for i, arg := range args {
			args[i] = strings.Trim(arg, `"`)
		}
		if r := do(args...); args[0] != "hello" {
			out.WriteString("  " + r.String() + "\n")
		}
	}
	return out.String()
}
