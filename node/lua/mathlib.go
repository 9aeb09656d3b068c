package lua

import "math"

func (s *State) openMath() {
	t := s.NewTable(0, 0)
	functions := map[string]Native{
		"fmod": mathFmod, "frexp": mathFrexp, "ldexp": mathLdexp, "max": mathMax, "min": mathMin, "modf": mathModf,
		"mod": mathFmod,
	}
	for name, f := range map[string]func(float64) float64{
		"abs": math.Abs, "acos": math.Acos, "asin": math.Asin, "atan": math.Atan, "ceil": math.Ceil, "cos": math.Cos,
		"cosh": math.Cosh, "exp": math.Exp, "floor": math.Floor, "log": math.Log, "log10": math.Log10, "sin": math.Sin,
		"sinh": math.Sinh, "sqrt": math.Sqrt, "tan": math.Tan, "tanh": math.Tanh,
		"deg": func(x float64) float64 { return x / (math.Pi / 180) },
		"rad": func(x float64) float64 { return x * (math.Pi / 180) },
	} {
		functions[name] = func(s *State, args []Value) []Value { return s.Return(Num(f(s.CheckNumber(args, 1)))) }
	}
	for name, f := range map[string]func(a, b float64) float64{"atan2": math.Atan2, "pow": math.Pow} {
		functions[name] = func(s *State, args []Value) []Value {
			b := s.CheckNumber(args, 2) // C's compiler looks at it first
			return s.Return(Num(f(s.CheckNumber(args, 1), b)))
		}
	}
	s.Register(t, functions)
	s.SetField(t, "pi", Num(math.Pi))
	s.SetField(t, "huge", Num(math.Inf(1)))
	s.SetField(s.globals, "math", t.Value())
}

func mathFmod(s *State, args []Value) []Value {
	b := s.CheckNumber(args, 2)
	return s.Return(Num(math.Mod(s.CheckNumber(args, 1), b)))
}

func mathFrexp(s *State, args []Value) []Value {
	m, e := math.Frexp(s.CheckNumber(args, 1))
	return s.Return(Num(m), Int(e))
}

func mathLdexp(s *State, args []Value) []Value {
	exponent := int(int32(s.CheckInt(args, 2)))
	return s.Return(Num(math.Ldexp(s.CheckNumber(args, 1), exponent)))
}

func mathModf(s *State, args []Value) []Value {
	n := s.CheckNumber(args, 1)
	if math.IsInf(n, 0) {
		return s.Return(Num(n), Num(math.Copysign(0, n)))
	}
	whole, fraction := math.Modf(n)
	return s.Return(Num(whole), Num(math.Copysign(fraction, n)))
}

func mathMax(s *State, args []Value) []Value {
	best := s.CheckNumber(args, 1)
	for i := 2; i <= len(args); i++ {
		if n := s.CheckNumber(args, i); n > best {
			best = n
		}
	}
	return s.Return(Num(best))
}

func mathMin(s *State, args []Value) []Value {
	best := s.CheckNumber(args, 1)
	for i := 2; i <= len(args); i++ {
		if n := s.CheckNumber(args, i); n < best {
			best = n
		}
	}
	return s.Return(Num(best))
}
