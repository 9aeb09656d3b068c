package server

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestWhatIsLeftToAnotherThreadIsCountedAsRedisCounts has both servers delete in every way there is, and
// compares what INFO says each time.
func TestWhatIsLeftToAnotherThreadIsCountedAsRedisCounts(t *testing.T) {
	redis, ours := startReal(t), newDriver(t)
	freed := regexp.MustCompile(`lazyfreed_objects:(\d+)`)
	ask := func(call func(...string) string) string { return freed.FindString(call("INFO", "memory")) }
	mine := func(words ...string) string { return ours.call("a", words...) }
	run := func(line string) {
		words := strings.Fields(line)
		require.Equal(t, redis.call(words...), mine(words...), line)
	}
	fill := func() {
		for i := range 200 {
			run(fmt.Sprintf("SADD set m%d", i))
			run(fmt.Sprintf("HSET hash f%d v", i))
			run(fmt.Sprintf("ZADD zset %d m%d", i, i))
			run(fmt.Sprintf("XADD stream 1-%d a b", i+1))
		}
		run("SADD ints 1 2 3")
		run("SET string v")
	}
	run("CONFIG SET stream-node-max-entries 2 hash-max-listpack-entries 100 zset-max-listpack-entries 100")
	for _, line := range []string{
		"DEL set hash zset stream ints string", "UNLINK set hash zset stream ints string none", "SET set v", "RENAME hash zset",
		"FLUSHDB", "FLUSHDB ASYNC", "FLUSHALL SYNC", "FLUSHALL ASYNC",
		"CONFIG SET lazyfree-lazy-user-del yes lazyfree-lazy-user-flush yes lazyfree-lazy-server-del yes",
		"DEL set hash zset stream ints string", "SET set v", "RENAME hash zset", "SDIFFSTORE zset ints none", "FLUSHDB", "FLUSHALL SYNC", "FLUSHALL",
	} {
		fill()
		run("CONFIG RESETSTAT")
		run(line)
		require.Eventually(t, func() bool { return strings.Contains(redis.call("INFO", "memory"), "lazyfree_pending_objects:0|") },
			patience, time.Millisecond)
		require.Equal(t, ask(redis.call), ask(mine), line)
		run("FLUSHALL SYNC")
	}
}
