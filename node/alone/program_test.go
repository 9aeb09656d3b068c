package alone

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// script writes a program beside a Sentinel's file and returns its path.
func (r *running) script(name, text string) string {
	r.t.Helper()
	path := filepath.Join(filepath.Dir(r.file), name)
	require.NoError(r.t, os.WriteFile(path, []byte(text), 0o700))
	return path
}

// set names a program for mymaster.
func (r *running) set(option, path string) {
	r.t.Helper()
	require.Equal(r.t, "OK", r.ask("SENTINEL", "SET", "mymaster", option, path))
}

// eventually waits until a file holds a text.
func eventually(t *testing.T, file, text string) {
	t.Helper()
	require.Eventually(t, func() bool {
		got, err := os.ReadFile(file)
		return err == nil && strings.Contains(string(got), text)
	}, patience, 5*time.Millisecond, text)
}

const scriptsAllowed = aConf + "sentinel deny-scripts-reconfig no\n"

func TestANotificationScriptIsRunWithTheEventAndItsMessage(t *testing.T) {
	r := start(t, scriptsAllowed)
	told := filepath.Join(filepath.Dir(r.file), "told")
	r.set("notification-script", r.script("note.sh", "#!/bin/sh\necho \"$#|$1|$2\" >> "+told+"\n"))
	r.set("quorum", "1")
	eventually(t, told, "2|+set|master mymaster 127.0.0.1 1 quorum 1\n")
	require.Eventually(t, func() bool {
		return strings.Contains(r.ask("INFO", "sentinel"), "sentinel_running_scripts:0\r\nsentinel_scripts_queue_length:0\r\n")
	}, patience, 10*time.Millisecond)
	r.stop()
	require.Zero(t, r.ended())
	require.NotContains(t, r.out.String(), "-script-")
}

func TestAPathBeginsInTheDirectoryOfTheSentinel(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "note.sh"), []byte("#!/bin/sh\npwd > where\n"), 0o700))
	r := start(t, scriptsAllowed+"dir "+dir+"\nsentinel notification-script mymaster note.sh\n")
	eventually(t, filepath.Join(dir, "where"), filepath.Base(dir)+"\n") // +monitor was news enough
	r.stop()
	require.Zero(t, r.ended())
}

func TestAScriptThatFailsIsToldOf(t *testing.T) {
	r := start(t, scriptsAllowed)
	path := r.script("bad.sh", "#!/bin/sh\nexit 3\n")
	r.set("notification-script", path)
	require.Eventually(t, func() bool { return strings.Contains(r.out.String(), "# -script-error "+path+" 0 3\n") }, patience, 5*time.Millisecond)
	unreadable := r.script("odd", "this is no program\n")
	r.set("notification-script", unreadable)
	require.Eventually(t, func() bool { return strings.Contains(r.out.String(), "# -script-error "+unreadable+" 0 2\n") }, patience, 5*time.Millisecond)
	r.stop()
	require.Zero(t, r.ended())
}

func TestAScriptThatHangsIsKilledAndOneThatAsksIsRunAgain(t *testing.T) {
	r := start(t, scriptsAllowed)
	require.Equal(t, "OK", r.ask("SENTINEL", "DEBUG", "script-max-runtime", "50", "script-retry-delay", "20"))
	counted := filepath.Join(filepath.Dir(r.file), "counted")
	hangs := r.script("hang.sh", "#!/bin/sh\n[ -e "+counted+" ] || { : > "+counted+"; kill -STOP $$; }\n")
	r.set("notification-script", hangs)
	require.Eventually(t, func() bool { return strings.Contains(r.out.String(), "# -script-timeout "+hangs+" ") }, patience, 5*time.Millisecond)
	r.set("notification-script", "")
	again := r.script("again.sh", "#!/bin/sh\necho run >> "+counted+"\n[ $(wc -l < "+counted+") = 3 ] || exit 1\n")
	r.set("notification-script", again)
	eventually(t, counted, "run\nrun\nrun\n")
	require.NotContains(t, r.out.String(), "-script-error "+again)
	r.stop()
	require.Zero(t, r.ended())
}

func TestAFileWithAScriptThatCannotBeExecutedDoesNotStart(t *testing.T) {
	var out output
	file := filepath.Join(t.TempDir(), "sentinel.conf")
	require.NoError(t, os.WriteFile(file, []byte("sentinel monitor m 127.0.0.1 1 1\nsentinel notification-script m /nowhere\n"), 0o600))
	require.Equal(t, exitFailure, Sentinel(t.Context(), []string{file}, &out))
	require.Contains(t, out.String(), "at line 2\n>>> 'sentinel notification-script m /nowhere'\nNotification script seems non existing or non executable.")
}
