package server

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestRealServerReadsLargeValuesThatChangedWhileTheyWereSaved writes every kind in each way and changes it in the middle
// as much as possible. The real server takes the file and has what there was, groups of streams included.
func TestRealServerReadsLargeValuesThatChangedWhileTheyWereSaved(t *testing.T) {
	for _, writer := range writers {
		t.Run(writer.name, func(t *testing.T) {
			d := newDriver(t, writer.settings...)
			for kind, script := range largeKeys {
				d.call("a", "EVAL", script, "1", kind)
			}
			before := d.s.Digest()
			groups := d.do("a", "XINFO STREAM stream FULL COUNT 5000")
			d.s.Call(d.now, d.client("a"), asBytes([]string{writer.command}))
			d.heard("a")
			d.untilPart()
			for kind := range largeKeys {
				d.call("a", "EVAL", manyChanges, "1", kind)
				d.perform(d.s.BeforeSleep(d.now))
			}
			d.rest()
			for name := range d.files {
				if strings.HasSuffix(name, ".incr.aof") {
					d.files[name] = []byte{}
				}
			}
			dir := onDisk(t, d.files)
			checkFile(t, dir, writer.command == "BGSAVE")
			redis := startReal(t, append([]string{"--dir", dir}, dashed(writer.settings)...)...)
			require.Eventually(t, func() bool { return strings.HasPrefix(redis.call("DBSIZE"), ":") }, patience, 10*time.Millisecond)
			require.Equal(t, "+"+before+"|", redis.call("DEBUG", "DIGEST"))
			if writer.command == "BGSAVE" { // commands do not say when a consumer was seen
				_, ours, _ := strings.Cut(groups, "$6|groups|")
				_, theirs, _ := strings.Cut(redis.call("XINFO", "STREAM", "stream", "FULL", "COUNT", "5000"), "$6|groups|")
				require.NotEmpty(t, ours)
				require.Equal(t, ours, theirs)
			}
		})
	}
}

// checkFile has Redis' own tool look at what was written.
func checkFile(t *testing.T, dir string, isRDB bool) {
	t.Helper()
	tool, file := "redis-check-aof", manifestName
	if isRDB {
		tool, file = "redis-check-rdb", "dump.rdb"
	}
	path, err := exec.LookPath(tool)
	if err != nil {
		return
	}
	out, err := exec.Command(path, filepath.Join(dir, file)).CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// dashed are settings as a command line has them.
func dashed(settings []string) (words []string) {
	for i, word := range settings {
		if i%2 == 0 {
			word = "--" + word
		}
		words = append(words, word)
	}
	return words
}
