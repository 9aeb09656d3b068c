package alone

import (
	"bytes"
	"os/exec"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// askOnce runs a server with arguments that make it say something and end.
func askOnce(args ...string) (out, errors string, status int) {
	var o, e bytes.Buffer
	status = Server(Process{Args: args, Out: &o, Err: &e})
	return o.String(), e.String(), status
}

func TestTheSystemIsCheckedUnderTheNamesOfRedis(t *testing.T) {
	names := func(text string) [][]string {
		return regexp.MustCompile(`(?m)^(\[[\w-]+\])\.\.\.(?:OK|skipped|WARNING:)$`).FindAllStringSubmatch(text, -1)
	}
	ours, _, status := askOnce("--check-system")
	require.Len(t, names(ours), 4)
	require.Equal(t, bytes.Contains([]byte(ours), []byte("WARNING:")), status == exitFailure)
	theirs, _ := exec.Command("redis-server", "--check-system").Output()
	if theirs == nil {
		t.Skip("redis-server is not installed")
	}
	for i, found := range names(string(theirs)) {
		require.Equal(t, found[1], names(ours)[i][1])
	}
}

func TestMemoryIsTested(t *testing.T) {
	out, _, status := askOnce("--test-memory", "1")
	require.Zero(t, status)
	require.Equal(t, "\nYour memory passed this test.\n", out)
	_, errors, status := askOnce("--test-memory")
	require.Equal(t, exitFailure, status)
	if theirs := exec.Command("redis-server", "--test-memory"); theirs.Err == nil {
		var said bytes.Buffer
		theirs.Stderr = &said
		require.Error(t, theirs.Run())
		require.Equal(t, said.String(), errors)
	}
}
