package server

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestBlockedClientsAreServedInTheOrderOfBlocking(t *testing.T) {
	d := newDriver(t)
	d.play(`
a> BLPOP l 0
a:
b> BRPOP other l 0
b:
c> BLPOP l 0
c:
x> RPUSH l 1 2
x: :2|
a: *2|$1|l|$1|1|
b: *2|$1|l|$1|2|
c:
x> LPUSH l 3
x: :1|
c: *2|$1|l|$1|3|
x> EXISTS l
x: :0|
`)
	require.Zero(t, d.s.View(d.now).Blocked)
}

func TestServedClientMayServeTheNext(t *testing.T) {
	newDriver(t).play(`
a> BLMOVE src dst LEFT RIGHT 0
a:
b> BLPOP dst 0
b:
x> RPUSH src v
x: :1|
a: $1|v|
b: *2|$3|dst|$1|v|
`)
}

func TestBlockedClientTimesOutToTheMillisecond(t *testing.T) {
	d := newDriver(t)
	d.do("a", "BLPOP l 0.25")
	d.pass(249 * time.Millisecond)
	require.Empty(t, d.heard("a"))
	d.pass(time.Millisecond)
	require.Equal(t, "*-1|", d.heard("a"))
	require.False(t, d.client("a").Blocked)
}

func TestPushInsideMultiServesOnceAtTheEnd(t *testing.T) {
	newDriver(t).play(`
a> BLPOP l 0
a:
x> MULTI
x: +OK|
x> RPUSH l 1
x: +QUEUED|
x> DEL l
x: +QUEUED|
x> EXEC
x: *2|:1|:1|
a:
x> RPUSH l 2
x: :1|
a: *2|$1|l|$1|2|
`)
}

func TestClientUnblock(t *testing.T) {
	d := newDriver(t)
	d.play(`
a> BLPOP l 0
a:
b> BLPOP l 0
b:
x> CLIENT UNBLOCK 1
x: :1|
a: *-1|
x> CLIENT UNBLOCK 2 ERROR
x: :1|
b: -UNBLOCKED client unblocked via CLIENT UNBLOCK|
x> CLIENT UNBLOCK 2
x: :0|
`)
}

func TestBlockedClientThatHangsUpIsForgotten(t *testing.T) {
	d := newDriver(t)
	d.do("a", "BLPOP l 0")
	d.do("b", "BLPOP l 0")
	d.drop("a")
	d.do("x", "RPUSH l 1")
	require.Equal(t, "*2|$1|l|$1|1|", d.heard("b"))
}

func TestWrongTypeDoesNotWakeABlockedClient(t *testing.T) {
	newDriver(t).play(`
a> BLPOP k 0
a:
x> SET k string
x: +OK|
a:
x> DEL k
x: :1|
x> RPUSH k 1
x: :1|
a: *2|$1|k|$1|1|
`)
}

func TestBlockedClientsAreSentAwayWhenTheServerBecomesAReplica(t *testing.T) {
	d := newDriver(t)
	d.do("a", "BLPOP l 0")
	d.do("x", "REPLICAOF 127.0.0.1 7001")
	require.Equal(t, "-UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)|", d.heard("a"))
	require.True(t, d.client("a").Closing)
}

func TestClientPauseHoldsCommandsBackInOrder(t *testing.T) {
	d := newDriver(t)
	d.play(`
x> CLIENT PAUSE 300 WRITE
x: +OK|
a> SET k a
a:
b> GET k
b: $-1|
c> APPEND k c
c:
...299ms
a:
...1ms
a: +OK|
c: :2|
b> GET k
b: $2|ac|
`)
}

func TestClientUnpauseLetsEverybodyGo(t *testing.T) {
	newDriver(t).play(`
x> CLIENT PAUSE 30000 WRITE
x: +OK|
a> SET k a
a:
x> CLIENT UNPAUSE
x: +OK|
a: +OK|
`)
}

func TestDebugSleepStopsTheWholeNode(t *testing.T) {
	d := newDriver(t)
	d.play(`
a> DEBUG SLEEP 0.5
a:
b> PING
b:
...400ms
b:
...100ms
a: +OK|
b: +PONG|
b> SLOWLOG LEN
b: :1|
`)
	require.Contains(t, d.do("b", "SLOWLOG GET"), ":500000|*3|$5|DEBUG|$5|SLEEP|$3|0.5|")
}

func TestAKeyThatExpiredBeforeAWaiterSawItGoesAndServesNobody(t *testing.T) {
	d := newDriver(t)
	d.do("x", "DEBUG SET-ACTIVE-EXPIRE 0")
	d.do("x", "SELECT 1")
	d.do("x", "RPUSH l v")
	d.do("x", "PEXPIRE l 100")
	d.do("a", "BRPOP l 0")
	d.pass(101 * time.Millisecond)
	d.do("x", "SWAPDB 1 0")
	require.Empty(t, d.heard("a"))
	require.Zero(t, d.s.space.DB(0).Len(), "its deletion is what replicas hear")
}

func TestAKeyThatExpiredDuringASleepInExecGoesAndServesNobody(t *testing.T) {
	d := newDriver(t)
	d.do("x", "DEBUG SET-ACTIVE-EXPIRE 0")
	d.do("a", "BRPOP k 0")
	d.play(`
x> MULTI
x: +OK|
x> RPUSH k hello
x: +QUEUED|
x> PEXPIRE k 100
x: +QUEUED|
x> DEBUG SLEEP 0.2
x: +QUEUED|
`)
	d.ask("x", "EXEC")
	d.pass(time.Second)
	require.Equal(t, "*3|:1|:1|+OK|", d.heard("x"))
	require.Empty(t, d.heard("a"))
	require.Zero(t, d.s.space.DB(0).Len())
}
