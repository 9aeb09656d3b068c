package lua

import "testing"

func FuzzSourcesEndWithinTheirLimits(f *testing.F) {
	for _, source := range []string{
		"return 1 + 2", "local t = {1, 2, x = 3} for k, v in pairs(t) do t[k] = nil end return #t",
		"return ('x'):rep(3) .. string.format('%5.2f', 1.5)", "local function f(...) return select('#', ...) end return f(1, 2)",
		"return pcall(function() error({}) end)", "for w in string.gmatch('a b', '%a+') do end",
		"local co = coroutine.wrap(function() coroutine.yield(1) end) co() co() co()",
		"return setmetatable({}, {__index = function(t, k) return k end}).x", "goto x", "return [==[ ]==]", "x = '\\300'",
		"repeat local x = 1 until x == 1", "return 0x1p4, 1e400, .5", "a.b.c:d 'x' {1}", "return #'a' ^ -2 .. 'b' == 'c' and not nil",
	} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		s := New()
		s.Memory = 4 << 20
		ticks := 0
		s.Hook = func() {
			if ticks++; ticks > 20 {
				s.Kill(Str("killed"))
			}
		}
		run(t, s, source)
		if s.Used() > 3*s.Memory {
			t.Fatalf("%d bytes are in use", s.Used())
		}
		if got := run(t, s, "return 1"); got != "1" && ticks < 20 {
			t.Fatalf("afterwards: %s", got)
		}
	})
}
