package lua

import (
	"slices"
	"strings"
)

// openString sets the library string, which is also what strings are indexed with.
func (s *State) openString() {
	t := s.NewTable(0, 0)
	s.Register(t, map[string]Native{
		"byte": strByte, "char": strChar, "dump": strDump, "find": strFind, "format": strFormat, "gfind": strGmatch,
		"gmatch": strGmatch, "gsub": strGsub, "len": strLen, "lower": strLower, "match": strMatch, "rep": strRep,
		"reverse": strReverse, "sub": strSub, "upper": strUpper,
	})
	s.SetField(s.globals, "string", t.Value())
	s.stringMeta = s.NewTable(0, 1)
	s.SetField(s.stringMeta, "__index", t.Value())
}

// StringMeta is the metatable of all strings.
func (s *State) StringMeta() *Table { return s.stringMeta }

// position turns a position that may count from the end into one from the beginning (posrelat).
func position(i, length int) int {
	if i < 0 {
		i += length + 1
	}
	return max(i, 0)
}

func strByte(s *State, args []Value) []Value {
	text := s.CheckText(args, 1)
	from := position(s.OptInt(args, 2, 1), len(text))
	to := position(s.OptInt(args, 3, from), len(text))
	from, to = max(from, 1), min(to, len(text))
	if from > to {
		return nil
	}
	if to-from+1 > maxResults-len(args) {
		s.Errorf("stack overflow (string slice too long)")
	}
	s.Spend((to - from) / placesPerStep)
	s.ret = s.ret[:0]
	for _, c := range []byte(text[from-1 : to]) {
		s.ret = append(s.ret, Int(int(c)))
	}
	return s.ret
}

func strChar(s *State, args []Value) []Value {
	b := make([]byte, len(args))
	for i := range args {
		c := s.CheckInt(args, i+1)
		if c < 0 || c > 255 {
			s.ArgError(i+1, "invalid value")
		}
		b[i] = byte(c)
	}
	return s.Return(s.Text(string(b)))
}

// strDump writes the head of compiled code and nothing else: no function reads code, here as in Redis.
func strDump(s *State, args []Value) []Value {
	if s.CheckFunction(args, 1).Function().native != nil {
		s.Errorf("unable to dump given function")
	}
	return s.Return(Str("\x1bLuaQ\x00\x01\x04\x08\x04\x08\x00"))
}

func strLen(s *State, args []Value) []Value { return s.Return(Int(len(s.CheckText(args, 1)))) }

func strLower(s *State, args []Value) []Value {
	return s.mapBytes(s.CheckText(args, 1), 'A', 'Z')
}

func strUpper(s *State, args []Value) []Value {
	return s.mapBytes(s.CheckText(args, 1), 'a', 'z')
}

// mapBytes changes the case of the letters from first to last.
func (s *State) mapBytes(text string, first, last byte) []Value {
	s.take(stringSize + len(text))
	s.Read(len(text))
	b := []byte(text)
	for i, c := range b {
		if c >= first && c <= last {
			b[i] = c ^ 0x20
		}
	}
	return s.Return(Str(string(b)))
}

func strReverse(s *State, args []Value) []Value {
	text := s.CheckText(args, 1)
	s.take(stringSize + len(text))
	s.Read(len(text))
	b := []byte(text)
	slices.Reverse(b)
	return s.Return(Str(string(b)))
}

func strRep(s *State, args []Value) []Value {
	text, n := s.CheckText(args, 1), s.CheckInt(args, 2)
	if n <= 0 || text == "" {
		return s.Return(Str(""))
	}
	if n > s.Memory/len(text) {
		s.outOfMemory()
	}
	s.take(stringSize + n*len(text))
	return s.Return(Str(strings.Repeat(text, n)))
}

func strSub(s *State, args []Value) []Value {
	text := s.CheckText(args, 1)
	from := max(position(s.CheckInt(args, 2), len(text)), 1)
	to := min(position(s.OptInt(args, 3, -1), len(text)), len(text))
	if from > to {
		return s.Return(Str(""))
	}
	return s.Return(s.Text(text[from-1 : to]))
}
