package server

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestExecRunsWhatWasQueuedAsOne(t *testing.T) {
	newDriver(t).play(`
a> MULTI
a: +OK|
a> SET k 1
a: +QUEUED|
a> INCR k
a: +QUEUED|
a> LPUSH k x
a: +QUEUED|
a> EXEC
a: *3|+OK|:2|-WRONGTYPE Operation against a key holding the wrong kind of value|
a> GET k
a: $1|2|
`)
}

func TestTransactionWithABadCommandIsDiscarded(t *testing.T) {
	newDriver(t).play(`
a> MULTI
a: +OK|
a> SET k
a: -ERR wrong number of arguments for 'set' command|
a> SET k 1
a: +QUEUED|
a> EXEC
a: -EXECABORT Transaction discarded because of previous errors.|
a> EXEC
a: -ERR EXEC without MULTI|
a> GET k
a: $-1|
a> MULTI
a: +OK|
a> MULTI
a: -ERR MULTI calls can not be nested|
a> WATCH k
a: -ERR WATCH inside MULTI is not allowed|
a> DISCARD
a: +OK|
`)
}

func TestWatchedKeyThatChangesEndsTheTransaction(t *testing.T) {
	for _, row := range []struct{ name, before, change, want string }{
		{"set by another", "SET k 0", "SET k 1", "*-1|"},
		{"untouched", "SET k 0", "SET other 1", "*1|+PONG|"},
		{"deleted", "SET k 0", "DEL k", "*-1|"},
		{"created", "PING", "SET k 1", "*-1|"},
		{"flushed", "SET k 0", "FLUSHALL", "*-1|"},
		{"flushed but absent", "SET other 0", "FLUSHALL", "*1|+PONG|"},
		{"failed write", "SET k 0", "LPUSH k x", "*1|+PONG|"},
		{"swapped away", "SET k 0", "SWAPDB 0 1", "*-1|"},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := newDriver(t)
			d.do("b", row.before)
			d.do("a", "WATCH k")
			d.do("b", row.change)
			d.do("a", "MULTI")
			d.do("a", "PING")
			require.Equal(t, row.want, d.do("a", "EXEC"))
			d.do("a", "MULTI")
			d.do("a", "PING")
			require.Equal(t, "*1|+PONG|", d.do("a", "EXEC"), "the watch is over")
		})
	}
}

func TestWatchedKeyThatExpiresEndsTheTransaction(t *testing.T) {
	d := newDriver(t)
	d.do("b", "DEBUG SET-ACTIVE-EXPIRE 0")
	d.do("a", "SET k v PX 50")
	d.do("a", "WATCH k")
	d.do("a", "MULTI")
	d.do("a", "PING")
	d.pass(time.Second)
	require.Equal(t, "*-1|", d.do("a", "EXEC"))
}

func TestWatchOfAnExpiredKeyDoesNotNoticeItsDeletion(t *testing.T) {
	d := newDriver(t)
	d.do("b", "DEBUG SET-ACTIVE-EXPIRE 0")
	d.do("a", "SET k v PX 50")
	d.pass(time.Second)
	d.do("a", "WATCH k")
	d.do("b", "GET k")
	d.do("a", "MULTI")
	d.do("a", "PING")
	require.Equal(t, "*1|+PONG|", d.do("a", "EXEC"))
}

func TestBlockedCommandInsideMultiDoesNotWait(t *testing.T) {
	newDriver(t).play(`
a> MULTI
a: +OK|
a> BLPOP l 0
a: +QUEUED|
a> WAIT 1 0
a: +QUEUED|
a> EXEC
a: *2|*-1|:0|
`)
}

func TestUnwatchForgetsAChangeThatHappened(t *testing.T) {
	newDriver(t).play(`
a> WATCH k
a: +OK|
b> SET k 1
b: +OK|
a> UNWATCH
a: +OK|
a> MULTI
a: +OK|
a> GET k
a: +QUEUED|
a> EXEC
a: *1|$1|1|
`)
}

func TestATransactionWithAScriptThatWritesIsRefusedByAReplica(t *testing.T) {
	d := newDriver(t)
	d.call("a", "MULTI")
	d.call("a", "EVAL", "#!lua\nreturn 1", "0")
	d.call("b", "MULTI")
	d.call("b", "EVAL", "#!lua flags=no-writes\nreturn 1", "0")
	d.do("c", "REPLICAOF 127.0.0.1 1")
	require.Equal(t, "-EXECABORT Transaction discarded because of: READONLY You can't write against a read only replica.|", d.do("a", "EXEC"))
	require.Equal(t, "*1|:1|", d.do("b", "EXEC"))
}
