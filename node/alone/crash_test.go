package alone

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAServerThatDiesOfASignalSaysWhatItWasDoing(t *testing.T) {
	s := serve(t, "loglevel warning\n")
	require.Equal(t, "PONG", s.ask("PING"))
	s.signals <- syscall.SIGSEGV
	require.Equal(t, 128+11, s.ended())
	at := 0
	for _, part := range []string{
		"=== REDIS BUG REPORT START", "# Redis 7.0.15 crashed by signal: 11\n", "------ STACK TRACE ------\ngoroutine ", "------ INFO OUTPUT ------\n# Server\n",
		"------ CLIENT LIST OUTPUT ------\n", "=== REDIS BUG REPORT END.",
	} {
		i := strings.Index(s.out.String()[at:], part)
		require.GreaterOrEqual(t, i, 0, "%q in %s", part, s.out)
		at += i
	}
}

func TestNoReportIsWrittenWhenNobodyWantsOne(t *testing.T) {
	s := serve(t, "crash-log-enabled yes\n")
	require.Equal(t, "OK", s.ask("CONFIG", "SET", "crash-log-enabled", "no"))
	s.signals <- syscall.SIGABRT
	require.Equal(t, 128+6, s.ended())
	require.NotContains(t, s.out.String(), "REPORT")
}

func TestAServerThatIsToldToCrashReportsItToo(t *testing.T) {
	for command, want := range map[string][]string{
		"SEGFAULT": {"# Redis 7.0.15 crashed by signal: 11 (DEBUG SEGFAULT)\n", "STACK TRACE"},
		"PANIC":    {"# Guru Meditation: called by Unittest\n", "# Redis 7.0.15 crashed by signal: 6 (DEBUG PANIC)\n"},
		"ASSERT":   {"# === ASSERTION FAILED ===\n", "# Redis 7.0.15 crashed by signal: 6 (DEBUG ASSERT)\n"},
	} {
		s := serve(t, "enable-debug-command yes\n")
		require.Empty(t, s.ask("DEBUG", command))
		require.Greater(t, s.ended(), 128)
		for _, line := range want {
			require.Contains(t, s.out.String(), line)
		}
	}
}

func TestAServerThatCannotReadItsFileEndsWithTheReason(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "dump.rdb"), []byte("REDIS0010\x0d\x03bad\x04ABCD"), 0o600))
	s := serve(t, "dir "+dir+"\n")
	require.Equal(t, 1, s.ended())
	lines := strings.Split(strings.TrimSpace(s.out.String()), "\n")
	require.Contains(t, lines[len(lines)-1], "Fatal error loading the DB: load dump.rdb: ", "the last line says why")
}
