package server

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// lib is a library that registers what body says.
func lib(name, body string) string { return "#!lua name=" + name + "\n" + body }

const simple = "redis.register_function('f1', function(keys, args) return {keys, args} end)"

// functionCalls is one conversation about functions.
var functionCalls = [][]string{
	{"FUNCTION", "LIST"}, {"FUNCTION", "STATS"}, {"FCALL", "f1", "0"}, {"FUNCTION", "DELETE", "nosuch"}, {"FUNCTION", "KILL"},
	{"FUNCTION", "LOAD", lib("l1", simple)}, {"FUNCTION", "LOAD", lib("l1", simple)}, {"FUNCTION", "LOAD", "REPLACE", lib("l1", simple)},
	{"FUNCTION", "LOAD", lib("l2", simple)}, {"FUNCTION", "LIST"}, {"FUNCTION", "LIST", "WITHCODE"}, {"FUNCTION", "STATS"},
	{"FUNCTION", "LIST", "LIBRARYNAME", "L*"}, {"FUNCTION", "LIST", "LIBRARYNAME", "x*"}, {"FUNCTION", "LIST", "LIBRARYNAME"},
	{"FUNCTION", "LIST", "x"}, {"FUNCTION", "LIST", "WITHCODE", "WITHCODE"},
	{"FCALL", "f1", "1", "k", "a"}, {"FCALL", "F1", "1", "k", "a"}, {"FCALL", "f1", "x"}, {"FCALL", "f1", "-1"}, {"FCALL", "f1", "5", "k"},
	{"FCALL", "nosuch", "x"}, {"FCALL_RO", "f1", "0"},
	{"FUNCTION", "LOAD", "x", lib("l", simple)}, {"FUNCTION", "LOAD", "REPLACE"}, {"FUNCTION", "LOAD", ""},
	{"FUNCTION", "LOAD", "return 1"}, {"FUNCTION", "LOAD", "#!lua name=x"}, {"FUNCTION", "LOAD", "#!lua\nreturn 1"},
	{"FUNCTION", "LOAD", "#!python name=x\n"}, {"FUNCTION", "LOAD", "#!LUA name=x\n"}, {"FUNCTION", "LOAD", "#!lua name=a-b\n"},
	{"FUNCTION", "LOAD", "#!lua name=\n"}, {"FUNCTION", "LOAD", "#!lua name=x name=y\n"}, {"FUNCTION", "LOAD", "#!lua name=x foo=y\n"},
	{"FUNCTION", "LOAD", "#!lua name=\"x\n"}, {"FUNCTION", "LOAD", "#!lua NAME=upper\nredis.register_function('up', function() return 1 end)"},
	{"FUNCTION", "LOAD", lib("l3", "")}, {"FUNCTION", "LOAD", lib("l3", "x = ")}, {"FUNCTION", "LOAD", lib("l3", "error('boom')")},
	{"FUNCTION", "LOAD", lib("l3", "error({err='ERR table'})")}, {"FUNCTION", "LOAD", lib("l3", "redis.call('get', 'x')")},
	{"FUNCTION", "LOAD", lib("l3", "return string.len('x')")}, {"FUNCTION", "LOAD", lib("l3", "x = 1")},
	{"FUNCTION", "LOAD", lib("l3", "return redis.nosuch")}, {"FUNCTION", "LOAD", lib("l3", "redis.x = 1")}, {"FUNCTION", "LOAD", lib("l3", "return math")},
	{"FUNCTION", "LOAD", lib("l3", "redis.register_function()")}, {"FUNCTION", "LOAD", lib("l3", "redis.register_function(1, 2, 3)")},
	{"FUNCTION", "LOAD", lib("l3", "redis.register_function('a')")}, {"FUNCTION", "LOAD", lib("l3", "redis.register_function('a', 'b')")},
	{"FUNCTION", "LOAD", lib("l3", "redis.register_function({}, function() end)")},
	{"FUNCTION", "LOAD", lib("l3", "redis.register_function('a b', function() end)")},
	{"FUNCTION", "LOAD", lib("l3", "local f = function() end redis.register_function('a', f) redis.register_function('a', f)")},
	{"FUNCTION", "LOAD", lib("l3", "redis.register_function{function_name='a'}")},
	{"FUNCTION", "LOAD", lib("l3", "redis.register_function{callback=function() end}")},
	{"FUNCTION", "LOAD", lib("l3", "redis.register_function{function_name='a', callback=5}")},
	{"FUNCTION", "LOAD", lib("l3", "redis.register_function{function_name={}, callback=function() end}")},
	{"FUNCTION", "LOAD", lib("l3", "redis.register_function{function_name='a', callback=function() end, description={}}")},
	{"FUNCTION", "LOAD", lib("l3", "redis.register_function{function_name='a', callback=function() end, flags='x'}")},
	{"FUNCTION", "LOAD", lib("l3", "redis.register_function{function_name='a', callback=function() end, flags={'x'}}")},
	{"FUNCTION", "LOAD", lib("l3", "redis.register_function{function_name='a', callback=function() end, foo=1}")},
	{"FUNCTION", "LOAD", lib("l3", "redis.register_function{[5]='a'}")},
	{"FUNCTION", "LOAD", lib("l4", "redis.register_function{function_name='ro', callback=function(k) return redis.call('get', k[1]) end, "+
		"flags={'no-writes','allow-stale'}, description='reads'}")},
	{"FUNCTION", "LIST", "LIBRARYNAME", "l4"}, {"FCALL_RO", "ro", "1", "k"}, {"FCALL", "ro", "1", "k"},
	{"FUNCTION", "LOAD", lib("l5", "redis.register_function{function_name='w', callback=function(k) return redis.call('set', k[1], 'v') end, flags={'no-writes'}}")},
	{"FCALL", "w", "1", "k"}, {"FCALL_RO", "w", "1", "k"},
	{"FUNCTION", "LOAD", lib("l6", "redis.register_function('set', function(k, a) return redis.call('set', k[1], a[1]) end)")},
	{"FCALL", "set", "1", "k", "v"}, {"FCALL_RO", "set", "1", "k", "v"}, {"GET", "k"},
	{"FUNCTION", "LOAD", lib("l7", "local n = 0 redis.register_function('count', function() n = n + 1 return n end)")},
	{"FCALL", "count", "0"}, {"FCALL", "count", "0"},
	{"FUNCTION", "LOAD", lib("l8", "redis.register_function('glob', function() x = 1 end) redis.register_function('look', function() return x end) "+
		"redis.register_function('arg', function() return KEYS end) redis.register_function('reg', function() return redis.register_function('z', function() end) end) "+
		"redis.register_function('g', function() return {type(_G), type(redis.call), type(redis.register_function == nil)} end)")},
	{"FCALL", "glob", "0"}, {"FCALL", "look", "0"}, {"FCALL", "arg", "0"}, {"FCALL", "reg", "0"}, {"FCALL", "g", "0"},
	{"FUNCTION", "LOAD", lib("l9", "redis.register_function('err', function() error('deep') end)\nredis.register_function('call', function()\n"+
		"  return redis.call('nosuch')\nend)\nredis.register_function('native', redis.log)")},
	{"FCALL", "err", "0"}, {"FCALL", "call", "0"}, {"FCALL", "native", "0"},
	{"FUNCTION", "LOAD", lib("l10", "redis.register_function('setg', function() setmetatable(_G, {}) end) redis.register_function('raw', function() rawset(_G, 'x', 1) end) "+
		"redis.register_function('meta', function() getmetatable(_G).__index = nil end) redis.register_function('vers', function() return redis.REDIS_VERSION end) "+
		"redis.register_function('brk', function() return redis.breakpoint() end)")},
	{"FCALL", "setg", "0"}, {"FCALL", "raw", "0"}, {"FCALL", "meta", "0"}, {"FCALL", "vers", "0"}, {"FCALL", "brk", "0"},
	{"FUNCTION", "DELETE", "L1"}, {"FUNCTION", "DELETE", "l1"}, {"FCALL", "f1", "0"},
	{"FUNCTION", "FLUSH", "x"}, {"FUNCTION", "FLUSH", "sync", "x"}, {"FUNCTION", "RESTORE", "x"}, {"FUNCTION", "RESTORE", "x", "y"},
	{"FUNCTION", "RESTORE", "x", "flush", "y"}, {"FUNCTION", "NOSUCH"}, {"FUNCTION", "FLUSH", "async"}, {"FUNCTION", "LIST"},
	{"FUNCTION", "DUMP"}, {"FUNCTION", "LOAD", lib("only", simple)}, {"FUNCTION", "DUMP"},
	{"MULTI"}, {"FUNCTION", "LOAD", lib("tx", "redis.register_function('t', function() return 1 end)")}, {"FCALL", "t", "0"}, {"EXEC"},
	{"SCRIPT", "LOAD", "return 1"}, {"SCRIPT", "EXISTS", "e0e1f9fabfc9d4800c877a703b823ac0578ff8db", "x"},
	{"EVALSHA", "e0e1f9fabfc9d4800c877a703b823ac0578ff8db", "0"}, {"EVALSHA", "E0E1F9FABFC9D4800C877A703B823AC0578FF8DB", "0"},
	{"EVALSHA_RO", "e0e1f9fabfc9d4800c877a703b823ac0578ff8db", "0"}, {"EVALSHA", "x", "0"}, {"EVALSHA", strings.Repeat("f", 40), "0"},
	{"SCRIPT", "FLUSH", "x"}, {"SCRIPT", "FLUSH", "sync", "y"}, {"SCRIPT", "FLUSH"}, {"EVALSHA", "e0e1f9fabfc9d4800c877a703b823ac0578ff8db", "0"},
	{"SCRIPT", "LOAD", "x ="}, {"SCRIPT", "LOAD", "#!lua flags=x\n"}, {"SCRIPT", "KILL"}, {"SCRIPT", "DEBUG", "NO"}, {"SCRIPT", "DEBUG", "x"}, {"SCRIPT", "NOSUCH"},
	{"EVAL", "return 1", "x"}, {"EVAL", "return 1", "-1"}, {"EVAL", "return 1", "1"}, {"EVAL", "x =", "x"}, {"EVAL", "x =", "0"},
	{"EVAL_RO", "return redis.call('set', 'a', 'b')", "0"}, {"EVAL_RO", "return redis.call('get', 'k')", "0"}, {"EVAL_RO", "#!lua\nreturn 1", "0"},
	{"EVAL_RO", "#!lua flags=no-writes\nreturn 1", "0"}, {"EVAL_RO", "return redis.call('publish', 'c', 'm')", "0"},
	{"CONFIG", "SET", "maxmemory", "1"}, {"EVAL", "return redis.call('set', 'a', 'b')", "0"}, {"EVAL", "return redis.call('get', 'a')", "0"},
	{"EVAL", "#!lua\nreturn 1", "0"}, {"EVAL", "#!lua flags=allow-oom\nreturn redis.call('set', 'a', 'b')", "0"},
	{"EVAL", "#!lua flags=no-writes\nreturn 1", "0"}, {"EVAL", "redis.call('del', 'a') return redis.call('set', 'a', 'b')", "0"},
	{"FCALL", "f1", "0"}, {"FUNCTION", "LOAD", lib("oom", simple)}, {"FUNCTION", "FLUSH"}, {"CONFIG", "SET", "maxmemory", "0"},
	{"CONFIG", "SET", "min-replicas-to-write", "1"}, {"EVAL", "return redis.call('set', 'a', 'b')", "0"}, {"EVAL", "#!lua\nreturn 1", "0"},
	{"EVAL", "return 1", "0"}, {"EVAL", "#!lua flags=no-writes\nreturn 1", "0"},
}

func TestFunctionsAnswerAsInRedis(t *testing.T) {
	for _, proto := range []string{"2", "3"} {
		redis, ours := startReal(t), newDriver(t)
		redis.call("HELLO", proto)
		ours.call("a", "HELLO", proto)
		for _, words := range functionCalls {
			want, got := redis.call(words...), ours.call("a", words...)
			if want != got {
				t.Errorf("RESP%s %q\nredis: %s\nours:  %s", proto, words, want, got)
			}
		}
	}
}

func TestFunctionDumpsGoBothWays(t *testing.T) {
	redis, ours := startReal(t), newDriver(t)
	code := lib("dumped", strings.Repeat("-- a comment that is long enough to be compressed\n", 20)+simple)
	redis.call("FUNCTION", "LOAD", code)
	ours.call("a", "FUNCTION", "LOAD", code)
	text := func(reply string) string {
		_, body, _ := strings.Cut(reply, "|")
		return strings.TrimSuffix(body, "|")
	}
	theirs, mine := text(redis.call("FUNCTION", "DUMP")), text(ours.call("a", "FUNCTION", "DUMP"))
	require.Equal(t, "+OK|", ours.call("a", "FUNCTION", "RESTORE", theirs, "REPLACE"))
	require.Equal(t, "+OK|", redis.call("FUNCTION", "RESTORE", mine, "FLUSH"))
	require.Equal(t, "-ERR Library dumped already exists|", ours.call("a", "FUNCTION", "RESTORE", theirs))
	require.Equal(t, redis.call("FUNCTION", "LIST", "WITHCODE"), ours.call("a", "FUNCTION", "LIST", "WITHCODE"))
	require.Equal(t, "-ERR DUMP payload version or checksum are wrong|", ours.call("a", "FUNCTION", "RESTORE", theirs[:len(theirs)-1]+"x"))
}
