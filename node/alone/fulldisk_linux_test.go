package alone

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
)

// rlimitFsize is RLIMIT_FSIZE, which package syscall does not name on every architecture.
const rlimitFsize = 1

// unlimited is RLIM_INFINITY.
const unlimited = ^uint64(0)

// roomForFiles says how long a file of the process may become from now on. The system takes the part of a
// write that still fits and refuses the rest, as a disk does that is full.
func (v *victim) roomForFiles(most uint64) {
	v.t.Helper()
	limit := struct{ now, most uint64 }{most, unlimited}
	_, _, err := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(v.cmd.Process.Pid), rlimitFsize, uintptr(unsafe.Pointer(&limit)), 0, 0, 0)
	if err != 0 {
		v.t.Skipf("this system does not let us bound the files of a process: %v", err)
	}
}

// noise is text that cannot be packed.
func noise(rng *rand.Rand) string {
	b := make([]byte, 1003)
	for i := range b {
		b[i] = 'a' + byte(rng.IntN(26))
	}
	return string(b)
}

// TestAFullDiskStopsWritesUntilThereIsRoomAndLosesNothing has the system cut a write of the log in the middle, and
// a snapshot. Reads go on, writes are refused in Redis' words and taken again without a restart; whatever was
// acknowledged before, during and after is there in the next life.
func TestAFullDiskStopsWritesUntilThereIsRoomAndLosesNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	v := &victim{t: t, dir: t.TempDir(), port: strconv.Itoa(berth.Ports(1)), args: []string{"--appendfsync", "everysec", "--save", "3600 1000000"}}
	t.Cleanup(func() { v.kill() })
	v.raise()
	said := map[string]string{}
	write := func() string {
		key, value := fmt.Sprint("key:", len(said)), noise(rng)
		reply := v.ask("SET", key, value)[0]
		if reply == "+OK" {
			said[key] = value
		}
		return reply
	}
	until := func(want string) {
		t.Helper()
		require.Eventually(t, func() bool { return write() == want }, patience, 5*time.Millisecond, want)
	}
	for range 5 {
		require.Equal(t, "+OK", write())
	}
	v.roomForFiles(40_000)
	until("-MISCONF Errors writing to the AOF file: File too large")
	require.Greater(t, len(said), 30, "it wrote until there was no room")
	require.Contains(t, v.log.String(), "Error writing to the AOF file")
	require.Equal(t, said["key:3"], v.get("key:3"), "reads go on")
	v.roomForFiles(20_000) // a snapshot is shorter than its log
	require.Equal(t, "+Background saving started", v.ask("BGSAVE")[0])
	require.Eventually(t, func() bool { return strings.Contains(v.log.String(), "Background saving error") }, patience, 5*time.Millisecond)

	v.roomForFiles(unlimited)
	until("-MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that may modify the data set are disabled, " +
		"because this instance is configured to report errors during writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). " +
		"Please check the Redis logs for details about the RDB error.")
	require.Eventually(t, func() bool { return v.ask("BGSAVE")[0] == "+Background saving started" }, patience, 5*time.Millisecond)
	until("+OK")
	v.kill()
	v.raise()
	for key, value := range said {
		require.Equal(t, value, v.get(key), "%s was acknowledged", key)
	}
}

// get is the value of a key.
func (v *victim) get(key string) string {
	v.t.Helper()
	values := v.ask("MGET", key)
	require.Len(v.t, values, 1)
	return values[0]
}
