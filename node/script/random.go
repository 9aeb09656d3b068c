package script

import (
	"math"

	"clusterplay/node/lua"
)

// random is the generator behind math.random: drand48's, with the numbers Redis gives for a seed.
type random struct{ x uint64 }

const (
	randomFactor = 0x5DEECE66D
	randomAdd    = 0xB
	randomMask   = 1<<48 - 1
	randomMax    = math.MaxInt32 // REDIS_LRAND48_MAX
)

// newRandom is the generator nobody has given a seed.
func newRandom() random { return random{0x1234ABCD330E} }

func (r *random) seed(n int32) { r.x = uint64(uint32(n))<<16 | 0x330E }

func (r *random) next() int32 {
	r.x = (r.x*randomFactor + randomAdd) & randomMask
	return int32(r.x >> 17)
}

// openRandom puts math.random and math.randomseed in the place of Lua's.
func (e *Engine) openRandom(s *lua.State) {
	math := s.Globals().Field("math").Table()
	s.Register(math, map[string]lua.Native{"random": e.mathRandom, "randomseed": e.mathRandomSeed})
}

func (e *Engine) mathRandom(s *lua.State, args []lua.Value) []lua.Value {
	if e.run == nil {
		s.Errorf("math.random can only be called inside a script invocation")
	}
	r := float64(e.random.next()%randomMax) / randomMax
	low := 1
	switch len(args) {
	case 0:
		return s.Return(lua.Num(r))
	case 1:
		if high := int(int32(s.CheckInt(args, 1))); high >= 1 {
			return s.Return(lua.Num(math.Floor(r*float64(high)) + 1))
		}
		s.ArgError(1, "interval is empty")
	case 2:
		low = int(int32(s.CheckInt(args, 1)))
		high := int(int32(s.CheckInt(args, 2)))
		if low > high {
			s.ArgError(2, "interval is empty")
		}
		return s.Return(lua.Num(math.Floor(r*float64(int32(high-low+1))) + float64(low)))
	}
	s.Errorf("wrong number of arguments")
	return nil
}

func (e *Engine) mathRandomSeed(s *lua.State, args []lua.Value) []lua.Value {
	if e.run == nil {
		s.Errorf("math.randomseed can only be called inside a script invocation")
	}
	e.random.seed(int32(s.CheckInt(args, 1)))
	return nil
}
