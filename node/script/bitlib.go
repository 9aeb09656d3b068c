package script

import (
	"math"
	"math/bits"
	"strings"

	"clusterplay/node/lua"
)

func openBit(s *lua.State) {
	t := s.NewTable(0, 0)
	fold := func(f func(a, b uint32) uint32) lua.Native {
		return func(s *lua.State, args []lua.Value) []lua.Value {
			b := bitArg(s, args, 1)
			for i := len(args); i > 1; i-- {
				b = f(b, bitArg(s, args, i))
			}
			return bitResult(s, b)
		}
	}
	shift := func(f func(b uint32, n int) uint32) lua.Native {
		return func(s *lua.State, args []lua.Value) []lua.Value {
			b := bitArg(s, args, 1)
			return bitResult(s, f(b, int(bitArg(s, args, 2)&31)))
		}
	}
	s.Register(t, map[string]lua.Native{
		"tobit":   unary(func(b uint32) uint32 { return b }),
		"bnot":    unary(func(b uint32) uint32 { return ^b }),
		"bswap":   unary(bits.ReverseBytes32),
		"band":    fold(func(a, b uint32) uint32 { return a & b }),
		"bor":     fold(func(a, b uint32) uint32 { return a | b }),
		"bxor":    fold(func(a, b uint32) uint32 { return a ^ b }),
		"lshift":  shift(func(b uint32, n int) uint32 { return b << n }),
		"rshift":  shift(func(b uint32, n int) uint32 { return b >> n }),
		"arshift": shift(func(b uint32, n int) uint32 { return uint32(int32(b) >> n) }),
		"rol":     shift(func(b uint32, n int) uint32 { return bits.RotateLeft32(b, n) }),
		"ror":     shift(func(b uint32, n int) uint32 { return bits.RotateLeft32(b, -n) }),
		"tohex":   toHex,
	})
	s.SetField(s.Globals(), "bit", t.Value())
}

func unary(f func(uint32) uint32) lua.Native {
	return func(s *lua.State, args []lua.Value) []lua.Value { return bitResult(s, f(bitArg(s, args, 1))) }
}

// bitMagic makes a double whose lowest 32 bits are those of the integer nearest to the number.
const bitMagic = 6755399441055744.0

func bitArg(s *lua.State, args []lua.Value, i int) uint32 {
	n, ok := 0.0, false
	if i <= len(args) {
		n, ok = args[i-1].ToNumber()
	}
	if !ok {
		s.CheckNumber(args, i)
	}
	return uint32(math.Float64bits(n + bitMagic))
}

func bitResult(s *lua.State, b uint32) []lua.Value { return s.Return(lua.Num(float64(int32(b)))) }

func toHex(s *lua.State, args []lua.Value) []lua.Value {
	b, n := bitArg(s, args, 1), int32(8)
	if len(args) > 1 {
		n = int32(bitArg(s, args, 2))
	}
	digits := "0123456789abcdef"
	if n < 0 {
		digits, n = strings.ToUpper(digits), -n
	}
	if n > 8 || n < 0 {
		n = 8
	}
	var buf [8]byte
	for i := n - 1; i >= 0; i-- {
		buf[i] = digits[b&15]
		b >>= 4
	}
	return s.Return(s.Text(string(buf[:n])))
}
