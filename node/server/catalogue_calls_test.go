package server

import "strings"

// row is one row of the catalogue of bad input: what is said, and what Redis 7.0.15 answers. In
// says a line that begins with > is a command and the next line is its reply, CR LF as |. A word
// with a backslash is unquoted as Go does; 'a b' is one word; SHA stands for the script's digest.
type row struct{ name, says string }

// badCalls are rows B of the catalogue: commands that are wrong, or ask for too much.
var badCalls = []row{
	{"B1 unknown command", `
> FOO a b
-ERR unknown command 'FOO', with args beginning with: 'a' 'b' |
> FOO ` + strings.Repeat("0123456789 ", 20) + `
-ERR unknown command 'FOO', with args beginning with: ` + strings.Repeat("'0123456789' ", 10) + `|`},
	{"B2 long name", `
> ` + strings.Repeat("N", 300) + `
-ERR unknown command '` + strings.Repeat("N", 128) + `', with args beginning with: |
> FOO ` + strings.Repeat("a", 300) + ` b
-ERR unknown command 'FOO', with args beginning with: '` + strings.Repeat("a", 128) + `' |`},
	{"B3 number of arguments", `
> PING x y z
-ERR wrong number of arguments for 'ping' command|
> GET
-ERR wrong number of arguments for 'get' command|
> CONFIG
-ERR wrong number of arguments for 'config' command|
> CONFIG GET
-ERR wrong number of arguments for 'config|get' command|`},
	{"B4 unknown subcommand", `
> CONFIG FOO
-ERR unknown subcommand 'FOO'. Try CONFIG HELP.|
> CLUSTER FOO
-ERR unknown subcommand 'FOO'. Try CLUSTER HELP.|`},
	{"B5 lines in a name", `
> 'F\r\nOO' 'a\r\nb' 'c\x00d'
-ERR unknown command 'F  OO', with args beginning with: 'a  b' 'c' |
> CONFIG '\r\n+OK'
-ERR unknown subcommand '  +OK'. Try CONFIG HELP.|`},
	{"B6 HELLO", `
> HELLO 4
-NOPROTO unsupported protocol version|
> HELLO abc
-ERR Protocol version is not an integer or out of range|
> HELLO 3 FOO
-ERR Syntax error in HELLO option 'FOO'|`},
	{"B7 AUTH", `
> AUTH x
-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?|
> AUTH u x
-WRONGPASS invalid username-password pair or user is disabled.|`},
	{"B8 wrong type", `
> LPUSH k a
:1|
> GET k
-WRONGTYPE Operation against a key holding the wrong kind of value|`},
	{"B9 SETRANGE", `
> SETRANGE k 536870912 x
-ERR string exceeds maximum allowed size (proto-max-bulk-len)|
> SETRANGE k 9223372036854775807 x
-ERR string exceeds maximum allowed size (proto-max-bulk-len)|
> SETRANGE k -1 x
-ERR offset is out of range|
> EXISTS k
:0|`},
	{"B10 SETBIT", `
> SETBIT k 4294967296 1
-ERR bit offset is not an integer or out of range|
> SETBIT k -1 1
-ERR bit offset is not an integer or out of range|
> SETBIT k 1 2
-ERR bit is not an integer or out of range|
> EXISTS k
:0|`},
	{"B11 expiry", `
> SET l v
+OK|
> EXPIRE l 9223372036854775807
-ERR invalid expire time in 'expire' command|
> EXPIRE l -9223372036854775808
-ERR invalid expire time in 'expire' command|
> SET k v EX 0
-ERR invalid expire time in 'set' command|
> SET k v EX -5
-ERR invalid expire time in 'set' command|
> SET k v PX 9223372036854775807
-ERR invalid expire time in 'set' command|`},
	{"B12 options that exclude each other", `
> SET k v NX XX
-ERR syntax error|
> SET k v EX 1 KEEPTTL
-ERR syntax error|`},
	{"B13 numbers", `
> SET text abc
+OK|
> INCR text
-ERR value is not an integer or out of range|
> SET most 9223372036854775807
+OK|
> INCR most
-ERR increment or decrement would overflow|
> SET f 1
+OK|
> INCRBYFLOAT f inf
-ERR increment would produce NaN or Infinity|
> ZADD z nan a
-ERR value is not a valid float|
> ZADD z inf a
:1|
> ZINCRBY z -inf a
-ERR resulting score is not a number (NaN)|`},
	{"B14 every kind's own", `
> RPUSH l a
:1|
> LSET l 5 x
-ERR index out of range|
> RENAME nope x
-ERR no such key|
> LPOP l -1
-ERR value is out of range, must be positive|
> HSET h a
-ERR wrong number of arguments for 'hset' command|
> HSET h a 1 b
-ERR wrong number of arguments for 'hset' command|
> XADD x 0-0 a b
-ERR The ID specified in XADD must be greater than 0-0|
> GEOADD g 200 100 x
-ERR invalid longitude,latitude pair 200.000000,100.000000|
> BITFIELD k GET u65 0
-ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.|`},
	{"B15 SCAN", `
> SCAN abc
-ERR invalid cursor|
> SCAN 0 COUNT 0
-ERR syntax error|
> SCAN 0 COUNT 9223372036854775807
*2|$1|0|*0|`},
	{"B16 counts below zero", `
> SADD s a b
:2|
> ZADD z 1 a
:1|
> HSET h a b
:1|
> SRANDMEMBER nos -9223372036854775808
-ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807|
> SRANDMEMBER s -9223372036854775808
-ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807|
> ZRANDMEMBER z -9223372036854775807 WITHSCORES
-ERR value is out of range|
> ZRANDMEMBER z -9223372036854775808
-ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807|
> HRANDFIELD h -9223372036854775807 WITHVALUES
-ERR value is out of range|
> HRANDFIELD h -4611686018427387905 WITHVALUES
-ERR value is out of range|`},
	{"B17 RESTORE", `
> RESTORE r 0 garbage!!!!
-ERR DUMP payload version or checksum are wrong|
> RESTORE r 0 x
-ERR DUMP payload version or checksum are wrong|
> RESTORE r 0 ''
-ERR DUMP payload version or checksum are wrong|
> RESTORE r -1 x
-ERR Invalid TTL value, must be >= 0|
> SET r v
+OK|
> RESTORE r 0 x
-BUSYKEY Target key name already exists.|`},
	{"B18 EVAL", `
> EVAL 'return 1' -1
-ERR Number of keys can't be negative|
> EVAL 'return 1' 5 a
-ERR Number of keys can't be greater than number of args|
> EVAL 'return 1' x
-ERR value is not an integer or out of range|
> EVAL 'return return' 0
-ERR Error compiling script (new function): user_script:1: unexpected symbol near 'return'|`},
	{"B19 what a script may not reach", unreachable("io", "os", "loadfile", "require", "setfenv", "dofile", "debug", "newproxy", "package", "module", "getfenv", "print")},
	{"B20 what a script may not change", `
> EVAL 'x=1' 0
-ERR user_script:1: Attempt to modify a readonly table script: SHA, on @user_script:1.|
> EVAL 'getmetatable("").__index = nil' 0
-ERR user_script:1: Attempt to modify a readonly table script: SHA, on @user_script:1.|
> EVAL 'string.x = 1' 0
-ERR user_script:1: Attempt to modify a readonly table script: SHA, on @user_script:1.|`},
	{"B21 what a script may not exhaust", `
> EVAL 'return unpack({1,2,3},0,2147483647)' 0
-ERR user_script:1: too many results to unpack script: SHA, on @user_script:1.|
> EVAL 'local function f() return 1 + f() end return f()' 0
-ERR user_script:1: stack overflow script: SHA, on @user_script:1.|`},
	{"B23 out of order", `
> EVALSHA ffffffffffffffffffffffffffffffffffffffff 0
-NOSCRIPT No matching script. Please use EVAL.|
> MULTI
+OK|
> NOPE
-ERR unknown command 'NOPE', with args beginning with: |
> SET k v
+QUEUED|
> EXEC
-EXECABORT Transaction discarded because of previous errors.|
> EXISTS k
:0|
> EXEC
-ERR EXEC without MULTI|
> DISCARD
-ERR DISCARD without MULTI|`},
	{"B24 subscribed", `
> SUBSCRIBE c
*3|$9|subscribe|$1|c|:1|
> GET k
-ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context|
> UNSUBSCRIBE c
*3|$11|unsubscribe|$1|c|:0|`},
	{"B25 protected settings", `
> CONFIG SET dir /tmp
-ERR CONFIG SET failed (possibly related to argument 'dir') - can't set protected config|
> CONFIG SET dbfilename x
-ERR CONFIG SET failed (possibly related to argument 'dbfilename') - can't set protected config|
> CONFIG SET maxmemory 1 dir /tmp
-ERR CONFIG SET failed (possibly related to argument 'dir') - can't set protected config|
> CONFIG GET maxmemory
*2|$9|maxmemory|$1|0|`},
	{"B26 settings that cannot be", `
> CONFIG SET nope 1
-ERR Unknown option or number of arguments for CONFIG SET - 'nope'|
> CONFIG SET port 99999
-ERR CONFIG SET failed (possibly related to argument 'port') - argument must be between 0 and 65535 inclusive|
> CONFIG SET save abc
-ERR CONFIG SET failed (possibly related to argument 'save') - Invalid save parameters|`},
	{"B27 DEBUG and MODULE", `
> DEBUG SEGFAULT
-ERR DEBUG command not allowed. If the enable-debug-command option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.|
> MODULE LOAD /tmp/x.so
-ERR MODULE command not allowed. If the enable-module-command option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.|`},
	{"B28 administration", `
> SHUTDOWN FOO
-ERR syntax error|
> CLIENT SETNAME 'a b'
-ERR Client names cannot contain spaces, newlines or special characters.|
> CLIENT KILL 1.2.3.4:5
-ERR No such client|
> SLOWLOG GET -2
-ERR count should be greater than or equal to -1|
> ACL SETUSER u foo
-ERR Error in ACL SETUSER modifier 'foo': Syntax error|`},
	{"B29 WAIT", `
> WAIT 1 -1
-ERR timeout is negative|
> WAIT x 0
-ERR value is not an integer or out of range|
> REPLICAOF 127.0.0.1 1
+OK|
> WAIT 0 0
-ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica is configured to be writable (which is not the default) writes to replicas are just local and are not propagated.|
> REPLICAOF NO ONE
+OK|`},
	{"B31 replication", `
> PSYNC ? abc
-ERR value is not an integer or out of range|
> REPLCONF foo bar
-ERR Unrecognized REPLCONF option: foo|
> REPLCONF a
-ERR syntax error|`},
	{"B32 over maxmemory", `
> CONFIG SET maxmemory 1
+OK|
> SET k v
-OOM command not allowed when used memory > 'maxmemory'.|
> DEL k
:0|
> CONFIG SET maxmemory 0
+OK|`},
}

// unreachable says that a script cannot get at any of the names.
func unreachable(names ...string) string {
	var b strings.Builder
	for _, name := range names {
		source := "return " + name + ".x"
		b.WriteString("\n> EVAL '" + source + "' 0\n-ERR user_script:1: Script attempted to access nonexistent global variable '" +
			name + "' script: SHA, on @user_script:1.|")
	}
	return b.String()
}
