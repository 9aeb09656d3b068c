package command

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestKeyCommandsAnswer(t *testing.T) {
	for _, test := range []struct{ name, lines string }{
		{"existence", `
			MSET a 1 b 2 > +OK
			EXISTS a a b none > :3
			TOUCH a none > :1
			TYPE a > +string
			TYPE none > +none
			DEL a none > :1
			UNLINK a b > :1
			DBSIZE > :0
			RANDOMKEY > $-1`},
		{"names", `
			RENAME none n > -ERR no such key
			SET a 1 EX 100 > +OK
			SET b 2 > +OK
			RENAMENX a b > :0
			RENAMENX a a > :0
			RENAME a a > +OK
			RENAME a b > +OK
			TTL b > :100
			GET b > $1|1
			COPY b b > -ERR source and destination objects are the same
			COPY b c DB 99 > -ERR DB index is out of range
			COPY b c DB x > -ERR value is not an integer or out of range
			COPY b c > :1
			COPY b c > :0
			COPY b c REPLACE > :1
			TTL c > :100
			MOVE c 0 > -ERR source and destination objects are the same
			MOVE c 16 > -ERR DB index is out of range
			MOVE c 1 > :1
			MOVE c 1 > :0`},
		{"expiry", `
			SET k v > +OK
			EXPIRE k 9223372036854775807 > -ERR invalid expire time in 'expire' command
			EXPIRE k x > -ERR value is not an integer or out of range
			EXPIRE k 1 FOO > -ERR Unsupported option FOO
			EXPIRE k 1 NX XX > -ERR NX and XX, GT or LT options at the same time are not compatible
			EXPIRE k 1 GT LT > -ERR GT and LT options at the same time are not compatible
			EXPIRE k 100 XX > :0
			EXPIRE k 100 GT > :0
			EXPIRE k 100 LT > :1
			EXPIRE k 50 GT > :0
			EXPIRE k 200 GT > :1
			PTTL k > :200000
			EXPIRETIME k > :1700000200
			PEXPIRETIME k > :1700000200000
			PERSIST k > :1
			PERSIST k > :0
			TTL k > :-1
			TTL none > :-2
			EXPIRE k -1 > :1
			EXISTS k > :0`},
		{"scans", `
			SCAN abc > -ERR invalid cursor
			SCAN 99999999999999999999 > -ERR invalid cursor
			SCAN 0 COUNT 0 > -ERR syntax error
			SCAN 0 COUNT x > -ERR value is not an integer or out of range
			SCAN 0 COUNT > -ERR syntax error
			SCAN 0 > *2|$1|0|*0
			SET key v > +OK
			SCAN 0 COUNT 9223372036854775807 > *2|$1|0|*1|$3|key
			SCAN 0 TYPE STRING MATCH k* > *2|$1|0|*1|$3|key
			SCAN 0 TYPE list > *2|$1|0|*0
			KEYS k* > *1|$3|key
			KEYS x* > *0`},
		{"payloads", `
			RESTORE r 0 garbage!!!! > -ERR DUMP payload version or checksum are wrong
			RESTORE r 0 x > -ERR DUMP payload version or checksum are wrong
			RESTORE r -1 x > -ERR Invalid TTL value, must be >= 0
			RESTORE r 0 x IDLETIME -1 > -ERR Invalid IDLETIME value, must be >= 0
			RESTORE r 0 x FREQ 256 > -ERR Invalid FREQ value, must be >= 0 and <= 255
			RESTORE r 0 x IDLETIME 1 FREQ 1 > -ERR syntax error
			SET r v > +OK
			RESTORE r 0 x > -BUSYKEY Target key name already exists.
			DUMP none > $-1`},
		{"sorting", `
			RPUSH l 3 1 2 > :3
			SORT l > *3|$1|1|$1|2|$1|3
			SORT l DESC LIMIT 0 1 > *1|$1|3
			MSET w1 9 w2 8 w3 7 > +OK
			SORT l BY w* GET # GET w* > *6|$1|3|$1|7|$1|2|$1|8|$1|1|$1|9
			SORT l BY nosort > *3|$1|3|$1|1|$1|2
			SORT l GET x* > *3|$-1|$-1|$-1
			HSET h1 f a > :1
			SORT l GET h*->f > *3|$1|a|$-1|$-1
			RPUSH l x > :4
			SORT l > -ERR One or more scores can't be converted into double
			SORT l ALPHA STORE d > :4
			LRANGE d 0 -1 > *4|$1|1|$1|2|$1|3|$1|x
			SORT_RO l STORE d > -ERR syntax error
			SORT w1 > -WRONGTYPE Operation against a key holding the wrong kind of value`},
		{"flushing", `
			SET k v > +OK
			FLUSHDB NOW > -ERR syntax error
			FLUSHDB SYNC > +OK
			DBSIZE > :0`},
		{"memory", `
			MEMORY USAGE none > $-1
			MEMORY USAGE k SAMPLES -1 > -ERR syntax error
			SET k v > +OK
			MEMORY USAGE none SAMPLES 0 > $-1`},
	} {
		t.Run(test.name, func(t *testing.T) { conversation(t, newTestHost(), test.lines) })
	}
}

func TestClusterModeRefusesOtherDatabases(t *testing.T) {
	h := newTestHost()
	h.settings["cluster-enabled"] = "yes"
	conversation(t, h, `
		SET k v > +OK
		MOVE k 1 > -ERR MOVE is not allowed in cluster mode
		COPY k n DB 1 > -ERR Copying to another database is not allowed in cluster mode
		COPY k n DB 0 > :1
		SORT k BY w* > -ERR BY option of SORT denied in Cluster mode.
		SORT k GET w* > -ERR GET option of SORT denied in Cluster mode.`)
}

func TestScanDeletesTheExpiredKeysItMeets(t *testing.T) {
	h := newTestHost()
	for i := range 20 {
		h.do("SET", fmt.Sprint("k", i), "v", "PX", "10")
	}
	h.stream = nil
	h.context.Now += 11
	require.Equal(t, "*0\r\n", h.do("KEYS", "*"))
	require.Empty(t, h.stream, "KEYS deletes nothing")
	require.Equal(t, "*2\r\n$1\r\n0\r\n*0\r\n", h.do("SCAN", "0", "COUNT", "100"))
	require.Len(t, h.stream, 20)
}

func TestIdleTimeGrowsUntilTheKeyIsUsed(t *testing.T) {
	h := newTestHost()
	h.do("SET", "k", "v")
	h.context.Now += 5000
	h.do("TTL", "k")
	require.Equal(t, ":5\r\n", h.do("OBJECT", "IDLETIME", "k"))
	h.do("TOUCH", "k")
	require.Equal(t, ":0\r\n", h.do("OBJECT", "IDLETIME", "k"))
	require.Contains(t, h.do("OBJECT", "FREQ", "k"), "-ERR An LFU maxmemory policy is not selected")
}

func TestHelpListsEverySubcommand(t *testing.T) {
	h := newTestHost()
	text := h.do("OBJECT", "HELP")
	for _, sub := range h.table.Lookup([]byte("object")).Subcommands {
		require.Contains(t, text, "+"+strings.ToUpper(sub.Name))
	}
}

func TestUsageReadsLikeAUsageLine(t *testing.T) {
	table := NewTable()
	for name, want := range map[string]string{
		"set":             "<key> <value> [NX|XX] [GET] [EX <seconds>|PX <milliseconds>|EXAT <unix-time-seconds>|PXAT <unix-time-milliseconds>|KEEPTTL]",
		"mset":            "<key> <value> [<key> <value> ...]",
		"cluster|setslot": "<slot> IMPORTING <node-id>|MIGRATING <node-id>|NODE <node-id>|STABLE",
	} {
		var parts []string
		for _, a := range table.Find([]byte(name)).Arguments() {
			parts = append(parts, a.Usage())
		}
		require.Equal(t, want, strings.Join(parts, " "))
	}
}
