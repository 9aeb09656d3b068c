package script

import (
	"math"

	"clusterplay/node/lua"
)

// null is what JSON's null is in Lua.
var null = &lua.Userdata{Name: "null"}

// jsonConfig is how cjson of one interpreter is set.
type jsonConfig struct {
	sparseConvert bool
	sparseRatio   int
	sparseSafe    int
	encodeDepth   int
	decodeDepth   int
	encodeInvalid int // numbers that JSON has no word for: 0 refused, 1 written, 2 null
	decodeInvalid bool
	keepBuffer    bool // known and without effect
	precision     int
}

func newJSONConfig() *jsonConfig {
	return &jsonConfig{
		sparseRatio: 2, sparseSafe: 10, encodeDepth: 1000, decodeDepth: 1000, decodeInvalid: true, keepBuffer: true,
		precision: 14,
	}
}

func openJSON(s *lua.State) { s.SetField(s.Globals(), "cjson", newJSON(s)) }

// newJSON makes a cjson table with settings of its own.
func newJSON(s *lua.State) lua.Value {
	c, t := newJSONConfig(), s.NewTable(0, 0)
	s.Register(t, map[string]lua.Native{
		"encode":                  c.encode,
		"decode":                  c.decode,
		"encode_sparse_array":     c.setSparse,
		"encode_max_depth":        integerSetting(&c.encodeDepth, 1, math.MaxInt32),
		"decode_max_depth":        integerSetting(&c.decodeDepth, 1, math.MaxInt32),
		"encode_number_precision": integerSetting(&c.precision, 1, 14),
		"encode_keep_buffer":      boolSetting(&c.keepBuffer),
		"decode_invalid_numbers":  boolSetting(&c.decodeInvalid),
		"encode_invalid_numbers":  c.setEncodeInvalid,
		"new": func(s *lua.State, _ []lua.Value) []lua.Value {
			return s.Return(newJSON(s))
		},
	})
	s.SetField(t, "null", lua.Opaque(null))
	s.SetField(t, "_NAME", lua.Str("cjson"))
	s.SetField(t, "_VERSION", lua.Str("2.1.0"))
	return t.Value()
}

func atMost(s *lua.State, args []lua.Value, n int) {
	if len(args) > n {
		s.ArgError(n+1, "found too many arguments")
	}
}

func absent(args []lua.Value, i int) bool { return i > len(args) || args[i-1].IsNil() }

func integerSetting(setting *int, low, high int) lua.Native {
	return func(s *lua.State, args []lua.Value) []lua.Value {
		atMost(s, args, 1)
		return s.Return(setInteger(s, args, 1, setting, low, high))
	}
}

func setInteger(s *lua.State, args []lua.Value, i int, setting *int, low, high int) lua.Value {
	if !absent(args, i) {
		n := int(int32(s.CheckInt(args, i)))
		if n < low || n > high {
			s.ArgError(1, "expected integer between "+lua.FormatNumber(float64(low))+" and "+lua.FormatNumber(float64(high)))
		}
		*setting = n
	}
	return lua.Int(*setting)
}

func boolSetting(setting *bool) lua.Native {
	return func(s *lua.State, args []lua.Value) []lua.Value {
		atMost(s, args, 1)
		return s.Return(setBool(s, args, 1, setting))
	}
}

func setBool(s *lua.State, args []lua.Value, i int, setting *bool) lua.Value {
	if !absent(args, i) {
		if args[i-1].Kind() == lua.KindBool {
			*setting = args[i-1].Truth()
		} else {
			*setting = option(s, args, i, "off", "on") == 1
		}
	}
	return lua.Bool(*setting)
}

// option is which of some words an argument is.
func option(s *lua.State, args []lua.Value, i int, words ...string) int {
	text := s.CheckText(args, i)
	for n, w := range words {
		if w == text {
			return n
		}
	}
	s.ArgError(i, "invalid option '"+cut(text)+"'")
	return 0
}

func (c *jsonConfig) setSparse(s *lua.State, args []lua.Value) []lua.Value {
	atMost(s, args, 3)
	convert := setBool(s, args, 1, &c.sparseConvert)
	ratio := setInteger(s, args, 2, &c.sparseRatio, 0, math.MaxInt32)
	return s.Return(convert, ratio, setInteger(s, args, 3, &c.sparseSafe, 0, math.MaxInt32))
}

func (c *jsonConfig) setEncodeInvalid(s *lua.State, args []lua.Value) []lua.Value {
	atMost(s, args, 1)
	if !absent(args, 1) {
		switch {
		case args[0].Kind() != lua.KindBool:
			c.encodeInvalid = option(s, args, 1, "off", "on", "null")
		case args[0].Truth():
			c.encodeInvalid = 1
		default:
			c.encodeInvalid = 0
		}
	}
	if c.encodeInvalid == 2 {
		return s.Return(lua.Str("null"))
	}
	return s.Return(lua.Bool(c.encodeInvalid == 1))
}
