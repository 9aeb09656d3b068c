package server

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"clusterplay/node/hostile"

	"github.com/stretchr/testify/require"
)

// hostileScripts are scripts of the comparison with Redis, spoilt ones, and some that are out for harm.
func hostileScripts(t testing.TB) (sources []string) {
	for _, file := range []string{"lua_language.txt", "lua_errors.txt", "lua_libraries.txt", "lua_redis.txt"} {
		for i, source := range scriptCases(t, file) {
			switch i % 8 {
			case 0, 3, 6:
				sources = append(sources, source)
			case 1:
				sources = append(sources, string(hostile.Variants([]byte(source), 2)[1]))
			}
		}
	}
	return append(sources,
		`while true do end`, `local t = {} while true do t[#t+1] = t end`, `return ('x'):rep(1e9)`, `local s = 'x' while true do s = s .. s end`,
		`return string.format('%99999s', 'x')`, `return table.concat({}, ('x'):rep(1e6), 1, 1e6)`, `return ('a'):rep(1e5):find(('a?'):rep(30) .. ('a'):rep(30))`,
		`local function f() return f() end return f()`, `return cjson.decode(('['):rep(1e5))`, `return cmsgpack.unpack(('\145'):rep(1e5))`,
		`return struct.pack('>I99999', 1)`, `return setmetatable(_G, {})`, `return rawset(string, 'x', 1)`, `getmetatable('').__index = nil`,
		`redis.call = nil`, `return loadstring(('('):rep(1e5))`, `return coroutine.wrap(function() coroutine.yield(1) end)()`,
		`return unpack({}, 1, 1e8)`, `for i = 1, 1e9 do redis.call('SET', KEYS[1], i) end`, `return redis.pcall('EVAL', 'return 1', 0)`)
}

func TestThereAreManyHostileScripts(t *testing.T) {
	require.GreaterOrEqual(t, len(hostileScripts(t)), 150)
}

// listGlobals prints everything a script can reach from its globals, functions by name only, and what
// the metatables of the basic types lead to.
const listGlobals = `
local out, seen = {}, {}
local function list(path, t)
	if seen[t] then return end
	seen[t] = true
	local lines = {}
	for k, v in pairs(t) do
		local value = type(v) == 'function' and 'function' or type(v) == 'table' and 'table' or tostring(v)
		lines[#lines + 1] = path .. '.' .. tostring(k) .. '=' .. value
	end
	table.sort(lines)
	for i, line in ipairs(lines) do out[#out + 1] = line end
	for k, v in pairs(t) do
		if type(v) == 'table' and tostring(k) ~= 'KEYS' and tostring(k) ~= 'ARGV' then list(path .. '.' .. tostring(k), v) end
	end
end
list('_G', _G)
list('string', getmetatable('') or {})
return table.concat(out, '\n')`

// mostForScripts bounds what a script may make this process hold: the interpreter's 64 MiB, the strings
// that leave it, and what the collector has not yet seen.
const mostForScripts = 512 << 20

// FuzzScript runs any script. It ends when it is to end, holds no more than it may, and leaves nothing
// behind for the next one.
func FuzzScript(f *testing.F) {
	for _, source := range hostileScripts(f) {
		f.Add(source, "k1", "a1")
	}
	globals := newDriver(f).call("a", "EVAL", listGlobals, "0")
	if !strings.Contains(globals, "_G.redis.call=function") {
		f.Fatal(globals)
	}
	f.Fuzz(func(t *testing.T, source, key, arg string) {
		d := newDriver(t)
		breaths := 0
		breathing(d, time.Millisecond, func(bool) bool { breaths++; return breaths < 20 })
		reply := d.call("a", "EVAL", source, "1", key, arg)
		require.NotEmpty(t, reply)
		require.LessOrEqual(t, breaths, 200, "a script that was killed goes on")
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		require.Less(t, m.HeapAlloc, uint64(mostForScripts))
		breaths = 0
		require.Equal(t, globals, d.call("b", "EVAL", listGlobals, "0"))
	})
}
