package command

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/keyspace"
)

// conversation runs lines of "command > reply" against one server; a reply is written with its
// line ends as "|". Words in the command are separated by blanks; "" is the empty word.
func conversation(t *testing.T, h *testHost, lines string) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		command, want, ok := strings.Cut(strings.TrimSpace(line), " > ")
		require.True(t, ok, line)
		got := h.do(stringsOf(words(command))...)
		require.Equal(t, want, strings.TrimSuffix(strings.ReplaceAll(got, "\r\n", "|"), "|"), command)
	}
}

func TestStringCommandsAnswer(t *testing.T) {
	for _, test := range []struct{ name, lines string }{
		{"set and get", `
			SET k hello > +OK
			get k > $5|hello
			GET none > $-1
			STRLEN k > :5
			STRLEN none > :0
			GET > -ERR wrong number of arguments for 'get' command`},
		{"conditions of SET", `
			SET k 1 XX > $-1
			SET k 1 NX > +OK
			SET k 2 NX > $-1
			SET k 2 NX GET > $1|1
			SET k 3 XX GET > $1|1
			SET k 3 NX XX > -ERR syntax error
			SET k 3 EX 10 PX 10 > -ERR syntax error
			SET k 3 EX 10 KEEPTTL > -ERR syntax error
			SET k 3 PERSIST > -ERR syntax error
			SET k 3 EX > -ERR syntax error`},
		{"expiry of SET", `
			SET k v EX 0 > -ERR invalid expire time in 'set' command
			SET k v EX -5 > -ERR invalid expire time in 'set' command
			SET k v PX 9223372036854775807 > -ERR invalid expire time in 'set' command
			SETEX k 0 v > -ERR invalid expire time in 'setex' command
			PSETEX k x v > -ERR value is not an integer or out of range
			GETEX none EX 0 > $-1
			SET k v EX 100 > +OK
			TTL k > :100
			GETEX k EX -1 > -ERR invalid expire time in 'getex' command
			GETEX k PERSIST > $1|v
			TTL k > :-1`},
		{"a value of another kind", `
			RPUSH l a > :1
			GET l > -WRONGTYPE Operation against a key holding the wrong kind of value
			SET l v GET > -WRONGTYPE Operation against a key holding the wrong kind of value
			INCR l > -WRONGTYPE Operation against a key holding the wrong kind of value
			APPEND l x > -WRONGTYPE Operation against a key holding the wrong kind of value
			MGET l none > *2|$-1|$-1
			SET l v > +OK`},
		{"numbers", `
			INCR n > :1
			DECRBY n 5 > :-4
			SET n 9223372036854775807 > +OK
			INCR n > -ERR increment or decrement would overflow
			DECRBY n -9223372036854775808 > -ERR decrement would overflow
			INCRBY n x > -ERR value is not an integer or out of range
			SET n text > +OK
			INCR n > -ERR value is not an integer or out of range
			INCRBYFLOAT n 1 > -ERR value is not a valid float
			INCRBYFLOAT f inf > -ERR increment would produce NaN or Infinity
			INCRBYFLOAT f nan > -ERR value is not a valid float
			INCRBYFLOAT f 10.5 > $4|10.5
			INCRBYFLOAT f 0.1 > $4|10.6
			INCRBYFLOAT f -10.6 > $1|0`},
		{"parts", `
			SETRANGE k 536870912 x > -ERR string exceeds maximum allowed size (proto-max-bulk-len)
			SETRANGE k 9223372036854775807 xy > -ERR string exceeds maximum allowed size (proto-max-bulk-len)
			SETRANGE k -1 x > -ERR offset is out of range
			SETRANGE k 3 "" > :0
			EXISTS k > :0
			APPEND k Hello > :5
			SETRANGE k 5 World > :10
			GETRANGE k 0 -1 > $10|HelloWorld
			GETRANGE k -5 -1 > $5|World
			SUBSTR k 3 1 > $0|
			GETRANGE none 0 1 > $0|`},
		{"several", `
			MSET a 1 b > -ERR wrong number of arguments for 'mset' command
			MSET a 1 b 2 > +OK
			MSETNX c 1 a 1 > :0
			MSETNX c 1 d 1 > :1
			MGET a none d > *3|$1|1|$-1|$1|1
			GETDEL a > $1|1
			GETDEL a > $-1
			GETSET a x > $-1
			GETSET a y > $1|x`},
		{"common subsequence", `
			MSET a ohmytext b mynewtext > +OK
			LCS a b > $6|mytext
			LCS a b LEN > :6
			LCS a b IDX > *4|$7|matches|*2|*2|*2|:4|:7|*2|:5|:8|*2|*2|:2|:3|*2|:0|:1|$3|len|:6
			LCS a b IDX LEN > -ERR If you want both the length and indexes, please just use IDX.`},
		{"encodings", `
			SET k 12 > +OK
			OBJECT ENCODING k > $3|int
			APPEND k 3 > :3
			OBJECT ENCODING k > $3|raw
			INCR k > :124
			OBJECT ENCODING k > $3|int
			OBJECT REFCOUNT k > :2147483647
			OBJECT FOO k > -ERR unknown subcommand 'FOO'. Try OBJECT HELP.
			OBJECT ENCODING none > $-1`},
	} {
		t.Run(test.name, func(t *testing.T) { conversation(t, newTestHost(), test.lines) })
	}
}

func TestWritesArePropagatedAsReplicasNeedThem(t *testing.T) {
	const at = "1700000100000" // a hundred seconds after the test host's time
	for _, test := range []struct{ name, before, line, want string }{
		{"SET", "", "SET k v", "SET k v"},
		{"SET with seconds", "", "set k v EX 100 NX GET", "SET k v PXAT " + at},
		{"SET with GET", "", "SET k v get XX", ""},
		{"SET with GET and NX", "", "SET k v get NX", "SET k v NX"},
		{"SET that was refused", "SET k v", "SET k w NX", ""},
		{"SETEX", "", "SETEX k 100 v", "SET k v PXAT " + at},
		{"PSETEX", "", "PSETEX k 100000 v", "SET k v PXAT " + at},
		{"SETNX", "", "SETNX k v", "SETNX k v"},
		{"SETNX that was refused", "SET k v", "SETNX k v", ""},
		{"GETSET", "", "GETSET k v", "SET k v"},
		{"GETEX without a change", "SET k v", "GETEX k", ""},
		{"GETEX with seconds", "SET k v", "GETEX k EX 100", "PEXPIREAT k " + at},
		{"GETEX of the past", "SET k v", "GETEX k EXAT 1000", "DEL k"},
		{"GETEX PERSIST", "SET k v EX 100", "GETEX k PERSIST", "PERSIST k"},
		{"GETEX PERSIST for nothing", "SET k v", "GETEX k PERSIST", ""},
		{"GETDEL", "SET k v", "GETDEL k", "DEL k"},
		{"INCRBYFLOAT", "SET k 1", "INCRBYFLOAT k 0.5", "SET k 1.5 KEEPTTL"},
		{"EXPIRE", "SET k v", "EXPIRE k 100 NX", "PEXPIREAT k " + at + " NX"},
		{"EXPIREAT", "SET k v", "EXPIREAT k 1700000100", "PEXPIREAT k " + at},
		{"PEXPIREAT", "SET k v", "pexpireat k " + at, "pexpireat k " + at},
		{"EXPIRE of the past", "SET k v", "EXPIRE k -1", "DEL k"},
		{"EXPIRE of nothing", "", "EXPIRE k 100", ""},
		{"PERSIST for nothing", "SET k v", "PERSIST k", ""},
		{"DEL of nothing", "", "DEL k", ""},
		{"UNLINK", "SET k v", "UNLINK k none", "UNLINK k none"},
		{"RENAME", "SET k v", "RENAME k n", "RENAME k n"},
		{"RENAME to itself", "SET k v", "RENAME k k", ""},
		{"COPY", "SET k v", "COPY k n DB 1", "COPY k n DB 1"},
		{"MOVE", "SET k v", "MOVE k 1", "MOVE k 1"},
		{"FLUSHALL of nothing", "", "FLUSHALL ASYNC", "FLUSHALL ASYNC"},
		{"SORT STORE", "RPUSH k 2 1", "SORT k STORE n", "SORT k STORE n"},
		{"SORT", "RPUSH k 2 1", "SORT k", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newTestHost()
			if test.before != "" {
				h.do(strings.Fields(test.before)...)
			}
			h.stream = nil
			h.do(strings.Fields(test.line)...)
			var got []string
			for _, line := range h.stream {
				got = append(got, strings.Join(line, " "))
			}
			require.Equal(t, test.want, strings.Join(got, "; "))
		})
	}
}

func TestLazyfreeSettingsChooseTheWordForDeletions(t *testing.T) {
	h := newTestHost()
	h.settings["lazyfree-lazy-expire"] = "yes"
	h.do("SET", "k", "v")
	h.do("EXPIRE", "k", "-1")
	require.Equal(t, []string{"UNLINK", "k"}, h.stream[1])
}

func TestWritesTellTheirEvents(t *testing.T) {
	for _, test := range []struct{ name, before, line, want string }{
		{"SET", "", "SET k v", "set k"},
		{"SET with expiry", "", "SET k v EX 1", "set k, expire k"},
		{"MSET", "", "MSET a 1 b 2", "set a, set b"},
		{"APPEND", "", "APPEND k v", "append k"},
		{"SETRANGE", "", "SETRANGE k 1 v", "setrange k"},
		{"INCRBYFLOAT", "", "INCRBYFLOAT k 1", "incrbyfloat k"},
		{"DECR", "", "DECR k", "incrby k"},
		{"GETDEL", "SET k v", "GETDEL k", "del k"},
		{"GETEX PERSIST", "SET k v EX 9", "GETEX k PERSIST", "persist k"},
		{"EXPIRE of the past", "SET k v", "EXPIRE k -1", "del k"},
		{"RENAME", "SET k v", "RENAME k n", "rename_from k, rename_to n"},
		{"COPY", "SET k v", "COPY k n", "copy_to n"},
		{"MOVE", "SET k v", "MOVE k 2", "move_from k, move_to k"},
		{"SORT STORE of nothing", "RPUSH n a", "SORT k STORE n", "del n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newTestHost()
			if test.before != "" {
				h.do(strings.Fields(test.before)...)
			}
			h.do(strings.Fields(test.line)...)
			require.Equal(t, test.want, strings.Join(h.events, ", "))
		})
	}
}

func TestReplicaStoresAPastExpiryInsteadOfDeleting(t *testing.T) {
	for _, expiry := range []keyspace.Expiry{keyspace.HideExpired, keyspace.ShowExpired} {
		h := newTestHost()
		h.do("SET", "k", "v")
		h.context.Space.Expiry = expiry
		require.Equal(t, ":1\r\n", h.do("PEXPIREAT", "k", "1000"))
		require.Equal(t, ":1\r\n", h.do("DBSIZE"))
		want := map[keyspace.Expiry]string{keyspace.HideExpired: "$-1\r\n", keyspace.ShowExpired: "$1\r\nv\r\n"}
		require.Equal(t, want[expiry], h.do("GET", "k"))
	}
}

func TestLongDoublesHaveSixtyFourBits(t *testing.T) {
	for _, test := range []struct{ a, b, want string }{
		{"10.5", "0.1", "10.6"}, {"0.1", "0.2", "0.3"}, {"3.0e3", "200", "3200"},
		{"9223372036854775807", "1", "9223372036854775808"}, {"1e-18", "0", "0"}, {"-0", "0", "0"},
		{"0x10", "0x1p-1", "16.5"}, {"1.7976931348623157e308", "0", "179769313486231569995"},
	} {
		t.Run(test.a+"+"+test.b, func(t *testing.T) {
			a, ok := ParseLongDouble([]byte(test.a))
			require.True(t, ok)
			b, ok := ParseLongDouble([]byte(test.b))
			require.True(t, ok)
			sum, ok := AddLongDouble(a, b)
			require.True(t, ok)
			got := FormatLongDouble(sum)
			require.Equal(t, test.want, got[:min(len(got), 21)])
		})
	}
	for _, text := range []string{"", "nan", "1_0", "0b1", "0o7", " 1", "1 ", "1e5000", "--1", "e5", "1e-6000", "0x", strings.Repeat("1", longestFloat)} {
		_, ok := ParseLongDouble([]byte(text))
		require.False(t, ok, text)
	}
}
