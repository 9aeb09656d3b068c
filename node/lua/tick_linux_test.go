package lua

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// used is the time of computing that the process has had: whatever else the computer does is not in it.
func used(t *testing.T) time.Duration {
	var r syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &r))
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// ticked is how much ten ticks of a script compute that goes on for ever, from the moment it calls ready.
func ticked(t *testing.T, source string) time.Duration {
	t.Helper()
	const most = 10
	s, ticks, began := New(), 0, time.Duration(-1)
	s.SetField(s.Globals(), "ready", s.Native(func(s *State, _ []Value) []Value {
		s.steps, ticks, began = StepsPerTick, 0, used(t)
		return nil
	}))
	s.Hook = func() {
		if ticks++; began >= 0 && ticks == most {
			s.Kill(Str("killed"))
		}
	}
	require.Equal(t, "error: killed", run(t, s, source))
	return used(t) - began
}

// TestWorkIsCountedByWhatItCosts: a tick is about as long whatever the script does, so that who waits for its end
// hears BUSY, and may kill it, in time. A tick of an empty loop is 50 microseconds; one call of a function that looks
// at a megabyte takes some hundred times as long. Work that is not counted is ten thousand times too long.
func TestWorkIsCountedByWhatItCosts(t *testing.T) {
	plain := min(ticked(t, `ready() while true do end`), ticked(t, `ready() while true do end`))
	for name, source := range map[string]string{
		"calls":                    `local function f() end ready() while true do f() end`,
		"refusals near the limit":  `local t = {} for i = 1, 150000 do t[i] = {} end ready() while true do pcall(string.rep, 'x', 51e6) end`,
		"copies":                   `local s = string.rep('a', 1e6) ready() while true do local x = s .. 'b' end`,
		"parts":                    `local s = string.rep('a', 1e6) ready() while true do local x = string.sub(s, 2) end`,
		"upper":                    `local s = string.rep('a', 1e6) ready() while true do local x = string.upper(s) end`,
		"reverse":                  `local s = string.rep('a', 1e6) ready() while true do local x = string.reverse(s) end`,
		"rep":                      `ready() while true do local x = string.rep('a', 1e6) end`,
		"byte":                     `local s = string.rep('a', 7000) ready() while true do string.byte(s, 1, -1) end`,
		"plain find":               `local s = string.rep('a', 1e6) ready() while true do string.find(s, 'b', 1, true) end`,
		"find of much":             `local s = string.rep('a', 1e6) ready() while true do string.find('b', s) end`,
		"match of much":            `local s = string.rep('a', 1e6) .. '+' ready() while true do string.match('b', s) end`,
		"set":                      `local s = '[' .. string.rep('b', 1e6) .. ']' ready() while true do string.find('aaaa', s) end`,
		"match again":              `local s = string.rep('a', 1e5) ready() while true do string.find(s, '(.*)%1b') end`,
		"equal texts":              `local a, b = string.rep('a', 1e6), string.rep('a', 1e6) ready() while true do local x = a == b end`,
		"order of texts":           `local a, b = string.rep('a', 1e6), string.rep('a', 1e6) ready() while true do local x = a < b end`,
		"equal keys":               `local a, b = string.rep('a', 1e6), string.rep('a', 1e6) local t = {[a] = 1} ready() while true do local x = t[b] end`,
		"keys that meet":           `local t = {} for i = 1, 4000 do t[string.format('%06d', i) .. string.rep('x', 64 + i % 2)] = i end ready() while true do local x = t['999999' .. string.rep('x', 64)] end`,
		"numbers that meet":        `local t = {} for i = 1, 4000 do t[2^52 + i * 32767 + i / 2^20] = i end ready() while true do local x = t[2^52 + 32767.5] end`,
		"text as a number":         `local s = string.rep('1', 1e6) ready() while true do local x = s + 1 end`,
		"text that is no number":   `local s = string.rep('1', 1e6) .. 'x' ready() while true do local x = tonumber(s) end`,
		"text in another base":     `local s = string.rep('1', 1e6) ready() while true do local x = tonumber(s, 16) end`,
		"next in what is empty":    `local t = {} for i = 1, 1e6 do t[i] = i end for i = 1, 1e6 do t[i] = nil end ready() while true do next(t) end`,
		"growing again":            `local t = {} for i = 1, 5e5 do t[i] = i end ready() local i = 0 while true do i = i + 1 t['k' .. i] = 1 t['k' .. i] = nil end`,
		"length of what has holes": `local t = {} for i = 1, 2^18 do t[i] = i end for i = 18, 31 do t[2^i] = 1 end ready() while true do local x = #t end`,
		"unpack":                   `local t = {} for i = 1, 7000 do t[i] = i end ready() while true do unpack(t) end`,
		"many arguments":           `local t = {} for i = 1, 7000 do t[i] = i end local function f(...) end ready() while true do f(unpack(t)) end`,
		"format":                   `local s = string.rep('a', 1e6) ready() while true do string.format(s) end`,
		"quote":                    `local s = string.rep('a', 1e6) ready() while true do string.format('%q', s) end`,
		"cut format":               `local s = string.rep('a', 1e6) ready() while true do string.format('%.1s', s) end`,
		"concat":                   `local t = {} for i = 1, 100 do t[i] = string.rep('a', 50000) end ready() while true do table.concat(t) end`,
		"gsub":                     `local s = string.rep('a', 1e6) ready() while true do string.gsub(s, 'b', '') end`,
		"replacing":                `local s = string.rep('a', 1e5) ready() while true do string.gsub(s, 'a', 'bb') end`,
		"much code":                `ready() local a = {b = 1} while true do ` + times(20000, "local x = a.b ", "do ", "end ") + `end`,
		"a long condition":         `ready() local a = {b = 1} while ` + times(1000, "a.b == 1 and ", "", "") + `true do end`,
		"compiling":                `local s = string.rep('local x = 1 ', 150) ready() while true do loadstring(s) end`,
		"compiling what is wrong":  `local s = string.rep('do x = 1 end ', 50000) .. '?' ready() while true do loadstring(s) end`,
		"compiling many names":     `local s = [[` + nested() + `]] ready() while true do loadstring(s) end`,
		"errors":                   `ready() while true do pcall(error, 'x') end`,
		"coroutines":               `ready() while true do coroutine.resume(coroutine.create(function() end)) end`,
	} {
		t.Run(name, func(t *testing.T) {
			spent := ticked(t, source)
			t.Logf("%.1f times a plain loop", float64(spent)/float64(plain))
			require.LessOrEqual(t, spent, 2000*plain)
		})
	}
}

// times is a text again and again, a hundred in a block.
func times(n int, text, open, end string) string {
	var all []byte
	for i := range n {
		if i%100 == 0 {
			all = append(all, open...)
		}
		all = append(all, text...)
		if i%100 == 99 {
			all = append(all, end...)
		}
	}
	return string(all)
}

// nested is a source in which every function sees the variables of all around it, and a name is none of them.
func nested() string {
	var locals []string
	for i := range 195 {
		locals = append(locals, fmt.Sprintf("v%d", i))
	}
	begin := "local function f() local " + strings.Join(locals, ",") + " "
	return strings.Repeat(begin, 190) + strings.Repeat("vx=vy ", 20_000) + strings.Repeat("end ", 190)
}
