package lua

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// run runs a chunk and returns what it displays, or its error.
func run(t testing.TB, s *State, source string) string {
	t.Helper()
	fn, err := s.Load(source, "@user_script")
	if err != nil {
		return "syntax: " + err.Error()
	}
	out, failure := s.Run(fn)
	if failure != nil {
		return "error: " + failure.Error()
	}
	texts := make([]string, len(out))
	for i, v := range out {
		texts[i] = Display(v)
	}
	return strings.Join(texts, " ")
}

func TestMemoryIsRefusedBeforeItIsTaken(t *testing.T) {
	for name, source := range map[string]string{
		"doubling":          `local s = 'x' while true do s = s .. s end`,
		"chain":             `local s = string.rep('x', 2^25) return s .. s .. s .. s .. s`,
		"rep":               `return string.rep('x', 2^40)`,
		"rep of much":       `return string.rep(string.rep('x', 2^20), 2^20)`,
		"table":             `local t = {} for i = 1, 1e9 do t[i] = i end`,
		"fields":            `local t = {} for i = 1, 1e9 do t['k' .. i] = i end`,
		"closures":          `local t = {} for i = 1, 1e9 do t[i] = function() return i end end`,
		"concat":            `local t = {} for i = 1, 2000 do t[i] = string.rep('x', 40000) end return table.concat(t)`,
		"concat of one":     `local s, t = string.rep('x', 2^20), {} for i = 1, 5000 do t[i] = s end return table.concat(t)`,
		"gsub":              `return (string.gsub(string.rep('x', 2^20), 'x', string.rep('y', 1000)))`,
		"format":            `local s = string.rep('x', 2^20) return string.format(string.rep('%s', 200), unpack({s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s}))`,
		"coroutines":        `local t = {} for i = 1, 1e9 do t[i] = coroutine.create(function() end) end`,
		"compiled":          `local t = {} for i = 1, 1e9 do t[i] = loadstring('return ' .. string.rep('1+', 1000) .. i) end`,
		"upper of doubling": `local s = string.rep('x', 2^24) local t = {} for i = 1, 1e6 do t[i] = string.upper(s) .. i end`,
	} {
		t.Run(name, func(t *testing.T) {
			s := New()
			s.Memory = 8 << 20
			got := run(t, s, source)
			require.True(t, strings.Contains(got, "not enough memory") || strings.Contains(got, "no value"), got)
			require.LessOrEqual(t, s.Used(), s.Memory)
		})
	}
}

func TestGarbageIsNotCountedForEver(t *testing.T) {
	require.Equal(t, "done", run(t, New(), `for i = 1, 3000 do local s = string.rep('x', 100000) .. i end return 'done'`))
}

func TestRecursionEndsWithAnError(t *testing.T) {
	for name, source := range map[string]string{
		"lua":         `local function f() return 1 + f() end return pcall(f)`,
		"through go":  `local function f() return pcall(f) end local function g() local t = setmetatable({}, {__index = function(t, k) return t[k .. 'x'] end}) return t.x end return pcall(g)`,
		"sort":        `local function f() table.sort({1, 2}, f) end return pcall(f)`,
		"gsub":        `local function f() return (string.gsub('x', 'x', f)) end return pcall(f)`,
		"tostring":    `local t = {} setmetatable(t, {__tostring = function() return tostring(t) end}) return pcall(tostring, t)`,
		"coroutines":  `local function f() return coroutine.wrap(f)() end return pcall(f)`,
		"brackets":    `return ` + strings.Repeat("(", 100000) + "1" + strings.Repeat(")", 100000),
		"concat":      `return 'a'` + strings.Repeat("..'a'", 100000),
		"not":         `return ` + strings.Repeat("not ", 100000) + "1",
		"tables":      `return ` + strings.Repeat("{", 100000) + strings.Repeat("}", 100000),
		"functions":   strings.Repeat("return function() ", 1000) + strings.Repeat("end ", 1000),
		"blocks":      strings.Repeat("do ", 100000) + strings.Repeat("end ", 100000),
		"targets":     strings.Repeat("a,", 100000) + "a = 1",
		"pattern":     `return pcall(string.find, string.rep('a', 100000), string.rep('a?', 100000) .. 'b')`,
		"deep calls":  `local function f() return ` + strings.Repeat("(x+", 60) + "f()" + strings.Repeat(")", 60) + ` end return pcall(f)`,
		"long calls":  `local function f() return f()` + strings.Repeat("+x", 3900) + ` end return pcall(f)`,
		"long sum":    `local a = 1 return a` + strings.Repeat("+a", 400000),
		"long path":   `local a = {} return a` + strings.Repeat(".a", 400000),
		"many stacks": `local function f(n) if n == 0 then coroutine.yield() end return 1 + f(n - 1) end local t = {} for i = 1, 4000 do t[i] = coroutine.wrap(f) t[i](5000) end`,
		"parentheses": `return pcall(string.find, 'a', string.rep('(a', 100000))`,
	} {
		t.Run(name, func(t *testing.T) {
			got := run(t, New(), source)
			require.Regexp(t, `overflow|too many|too complex|not enough memory|loop in gettable|false|true`, got[:min(len(got), 200)])
		})
	}
}

func TestNothingCatchesTheEnd(t *testing.T) {
	for name, source := range map[string]string{
		"loop":          `while true do end`,
		"pcall":         `while true do pcall(function() while true do end end) end`,
		"xpcall":        `while true do xpcall(function() while true do end end, function() while true do end end) end`,
		"coroutine":     `while true do coroutine.resume(coroutine.create(function() while true do end end)) end`,
		"calls":         `local function f() return f() end f()`,
		"pattern":       `return string.find(string.rep('a', 3000), string.rep('a-', 10) .. 'b')`,
		"sort":          `table.sort({3, 1, 2}, function(a, b) while true do end end)`,
		"gsub":          `string.gsub('x', 'x', function() while true do end end)`,
		"repeat":        `repeat until false`,
		"for":           `for i = 1, math.huge do end`,
		"next for ever": `for k in function() return 1 end do end`,
		"insert":        `local t = {} for i = 1, 100000 do t[i] = i end while true do table.insert(t, 1, 0) table.remove(t, 1) end`,
	} {
		t.Run(name, func(t *testing.T) {
			s := New()
			ticks := 0
			s.Hook = func() {
				if ticks++; ticks >= 50 {
					s.Kill(Str("killed"))
				}
			}
			require.Equal(t, "error: killed", run(t, s, source))
			require.LessOrEqual(t, ticks, 51)
			require.Equal(t, "alive", run(t, s, `return 'alive'`))
		})
	}
}

func TestReadonlyTablesDoNotChange(t *testing.T) {
	s := New()
	table := s.NewTable(0, 0)
	s.SetField(table, "a", Num(1))
	s.SetField(s.Globals(), "t", table.Value())
	table.SetReadonly(true)
	for _, source := range []string{
		`t.a = 2`, `t.b = 1`, `t[1] = 1`, `rawset(t, 'a', 2)`, `table.insert(t, 1)`, `setmetatable(t, {})`,
	} {
		require.Contains(t, run(t, s, source), "Attempt to modify a readonly table", source)
	}
	require.Equal(t, "1", run(t, s, `return t.a`))
}

func TestAnAbandonedCoroutineEndsWithItsScript(t *testing.T) {
	s := New()
	require.Equal(t, "1", run(t, s, `co = coroutine.wrap(function() for i = 1, 9 do coroutine.yield(i) end end) return co()`))
	require.Contains(t, run(t, s, `return co()`), "cannot resume dead coroutine")
	require.Empty(t, s.coroutines)
}
