package server

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCommandsAnswerAsRedisDoes(t *testing.T) {
	d := newDriver(t)
	for _, row := range []struct{ name, command, want string }{
		{"ping", "PING", "+PONG|"},
		{"ping with a message", "PING hi", "$2|hi|"},
		{"ping with too much", "PING x y z", "-ERR wrong number of arguments for 'ping' command|"},
		{"get without a key", "GET", "-ERR wrong number of arguments for 'get' command|"},
		{"unknown", "FOO a b", "-ERR unknown command 'FOO', with args beginning with: 'a' 'b' |"},
		{"unknown subcommand", "CONFIG FOO", "-ERR unknown subcommand 'FOO'. Try CONFIG HELP.|"},
		{"unknown cluster subcommand", "CLUSTER FOO", "-ERR unknown subcommand 'FOO'. Try CLUSTER HELP.|"},
		{"cluster off", "CLUSTER INFO", "-ERR This instance has cluster support disabled|"},
		{"hello 4", "HELLO 4", "-NOPROTO unsupported protocol version|"},
		{"hello abc", "HELLO abc", "-ERR Protocol version is not an integer or out of range|"},
		{"hello option", "HELLO 3 FOO", "-ERR Syntax error in HELLO option 'FOO'|"},
		{"auth without password set", "AUTH x", "-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?|"},
		{"auth wrong user", "AUTH u x", "-WRONGPASS invalid username-password pair or user is disabled.|"},
		{"list", "LPUSH l a", ":1|"},
		{"wrong type", "GET l", "-WRONGTYPE Operation against a key holding the wrong kind of value|"},
		{"config set dir", "CONFIG SET dir /tmp", "-ERR CONFIG SET failed (possibly related to argument 'dir') - can't set protected config|"},
		{"config set unknown", "CONFIG SET nope 1", "-ERR Unknown option or number of arguments for CONFIG SET - 'nope'|"},
		{"config set save", "CONFIG SET save abc", "-ERR CONFIG SET failed (possibly related to argument 'save') - Invalid save parameters|"},
		{"module", "MODULE LOAD x", "-" + errModuleOff + "|"},
		{"shutdown", "SHUTDOWN FOO", "-ERR syntax error|"},
		{"client name", "CLIENT SETNAME 'a b'", "-ERR Client names cannot contain spaces, newlines or special characters.|"},
		{"client kill", "CLIENT KILL 1.2.3.4:5", "-ERR No such client|"},
		{"slowlog", "SLOWLOG GET -2", "-ERR count should be greater than or equal to -1|"},
		{"wait negative", "WAIT 1 -1", "-ERR timeout is negative|"},
		{"wait text", "WAIT x 0", "-ERR value is not an integer or out of range|"},
		{"psync", "PSYNC ? abc", "-ERR value is not an integer or out of range|"},
		{"replconf", "REPLCONF foo bar", "-ERR Unrecognized REPLCONF option: foo|"},
		{"replconf odd", "REPLCONF a", "-ERR syntax error|"},
		{"exec alone", "EXEC", "-ERR EXEC without MULTI|"},
		{"discard alone", "DISCARD", "-ERR DISCARD without MULTI|"},
		{"select out of range", "SELECT 16", "-ERR DB index is out of range|"},
		{"eval", "EVAL 'return 1' 0", ":1|"},
		{"rewrite", "CONFIG REWRITE", "-ERR The server is running without a config file|"},
		{"tracking", "CLIENT TRACKING MAYBE", "-ERR syntax error|"},
		{"getkeys", "COMMAND GETKEYS MSET a b c d", "*2|$1|a|$1|c|"},
		{"role", "ROLE", "*3|$6|master|:0|*0|"},
		{"time", "TIME", "*2|$10|1700000000|$1|0|"},
		{"quit", "QUIT", "+OK|"},
	} {
		t.Run(row.name, func(t *testing.T) { require.Equal(t, row.want, d.do("a", row.command)) })
	}
	require.True(t, d.client("a").Closing)
}
