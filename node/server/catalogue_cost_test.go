package server

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"clusterplay/node/hostile"

	"github.com/stretchr/testify/require"
)

// TestSEC24SizesAreCheckedBeforeAnythingGrows has commands that ask for far more than they bring.
func TestSEC24SizesAreCheckedBeforeAnythingGrows(t *testing.T) {
	d := newDriver(t)
	d.do("a", "RPUSH l a b c")
	d.do("a", "SADD s a b c")
	d.do("a", "ZADD z 1 a")
	d.do("a", "HSET h a b")
	for _, line := range []string{
		"SETRANGE k 4611686018427387904 x", "SETRANGE k 536870912 x", "SETBIT k 4294967296 1", "BITFIELD k SET u8 4294967296 1", "BITFIELD k SET u8 #536870912 1",
		"GETRANGE none 0 9223372036854775807", "LRANGE l -9223372036854775808 9223372036854775807", "LPOP l 9223372036854775807",
		"SPOP s 9223372036854775807", "SRANDMEMBER none -9223372036854775807", "ZRANGE z 0 9223372036854775807", "ZRANGEBYSCORE z -inf +inf LIMIT 0 9223372036854775807",
		"ZPOPMIN z 9223372036854775807", "HRANDFIELD h 9223372036854775807", "HRANDFIELD h -4611686018427387904 WITHVALUES",
		"SCAN 0 COUNT 9223372036854775807", "XRANGE x - + COUNT 9223372036854775807", "XADD x MAXLEN 9223372036854775807 * a b", "LMPOP 9223372036854775807 l LEFT",
		"ZUNIONSTORE d 9223372036854775807 z", "SORT l LIMIT 0 9223372036854775807", "GEOSEARCH g FROMLONLAT 0 0 BYRADIUS 1 km COUNT 9223372036854775807",
		"SLOWLOG GET 9223372036854775807", "MEMORY USAGE l SAMPLES 9223372036854775807", "COMMAND GETKEYS EVAL x 9223372036854775807 a", "EVAL x 9223372036854775807 a",
	} {
		t.Run(line, func(t *testing.T) {
			hostile.Bound(t, len(line), func() { require.NotEmpty(t, d.do("a", line)) })
			require.Equal(t, "+PONG|", d.do("a", "PING"))
		})
	}
}

// TestSEC24PatternsAreMatchedInLinearTime matches patterns that take a matcher that tries everything
// longer than the world has been there.
func TestSEC24PatternsAreMatchedInLinearTime(t *testing.T) {
	d := newDriver(t)
	d.do("a", "SET "+strings.Repeat("a", 1000)+" v")
	for _, pattern := range []string{
		strings.Repeat("a*", 200) + "b", strings.Repeat("*", 1000) + "b", strings.Repeat("*a", 200) + "b", strings.Repeat("[a-z]*", 100) + "b", strings.Repeat("?*", 300) + "b",
	} {
		for _, line := range []string{"KEYS " + pattern, "SCAN 0 MATCH " + pattern, "CONFIG GET " + pattern, "PUBSUB CHANNELS " + pattern} {
			require.NotEmpty(t, d.do("a", line))
		}
		require.NotEmpty(t, d.do("s", "PSUBSCRIBE "+pattern))
		require.NotEmpty(t, d.do("a", "PUBLISH "+strings.Repeat("a", 1000)+" m"))
		d.drop("s")
	}
}

// TestSEC26OnlyFilesOfTheNodeAreWritten has every command that writes a file write what it can, with every
// setting and argument that might lead elsewhere.
func TestSEC26OnlyFilesOfTheNodeAreWritten(t *testing.T) {
	d := newDriver(t, "enable-debug-command", "no", "appendonly", "yes")
	for _, line := range []string{
		"SET k '\n* * * * * root id\n'", "CONFIG SET dir /tmp", "CONFIG SET dbfilename ../evil.so", "CONFIG SET appendfilename ../x", "CONFIG SET appenddirname ..",
		"CONFIG SET logfile /tmp/x", "CONFIG SET pidfile /tmp/x", "CONFIG SET aclfile /tmp/x", "CONFIG SET unixsocket /tmp/x", "CONFIG SET loadmodule /tmp/x.so", "CONFIG SET cluster-config-file ../x",
		"SAVE", "BGSAVE", "BGREWRITEAOF", "CONFIG REWRITE", "ACL SAVE", "ACL LOAD", "MODULE LOAD /tmp/x.so", "DEBUG RELOAD", "DEBUG SEGFAULT", "CLUSTER SAVECONFIG", "SHUTDOWN SAVE NOW FORCE ABORT",
	} {
		d.do("a", line)
		d.pass(1e9)
	}
	require.Nil(t, d.exit)
	var written []string
	for name := range d.files {
		written = append(written, name)
	}
	slices.Sort(written)
	for _, name := range written {
		require.Regexp(t, `^(dump\.rdb|redis\.conf|users\.acl|nodes\.conf|appendonlydir/appendonly\.aof\.(manifest|\d+\.(base\.rdb|incr\.aof)))$`, name)
	}
	require.Contains(t, written, "dump.rdb", fmt.Sprint(written))
}
