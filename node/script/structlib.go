package script

import (
	"encoding/binary"
	"math"
	"strings"

	"clusterplay/node/lua"
)

const (
	// maxInteger is the largest size of an integer in bytes.
	maxInteger = 32
	// maxAlign is what ! alone aligns to.
	maxAlign = 8
)

func openStruct(s *lua.State) {
	t := s.NewTable(0, 0)
	s.Register(t, map[string]lua.Native{"pack": structPack, "unpack": structUnpack, "size": structSize})
	s.SetField(s.Globals(), "struct", t.Value())
}

// layout reads a format of struct.
type layout struct {
	s     *lua.State
	fmt   string
	big   bool
	align int
}

func newLayout(s *lua.State, args []lua.Value) *layout {
	format := s.CheckText(args, 1)
	s.Copied(len(format))
	return &layout{s: s, fmt: cut(format), align: 1}
}

// next takes an option with its size, 0 for those that have none of their own.
func (l *layout) next() (opt byte, size int) {
	l.s.Spend(1)
	opt = l.fmt[0]
	l.fmt = l.fmt[1:]
	switch opt {
	case 'B', 'b', 'x':
		return opt, 1
	case 'H', 'h':
		return opt, 2
	case 'f':
		return opt, 4
	case 'L', 'l', 'T', 'd':
		return opt, 8
	case 'c':
		return opt, l.number(1)
	case 'i', 'I':
		size = l.number(4)
		if size > maxInteger {
			l.s.Errorf("integral size %d is larger than limit of %d", size, maxInteger)
		}
	}
	return opt, size
}

func (l *layout) number(def int) int {
	n, digits := 0, 0
	for ; len(l.fmt) > 0 && l.fmt[0] >= '0' && l.fmt[0] <= '9'; digits++ {
		if n > (math.MaxInt32-int(l.fmt[0]-'0'))/10 {
			l.s.Errorf("integral size overflow")
		}
		n = 10*n + int(l.fmt[0]-'0')
		l.fmt = l.fmt[1:]
	}
	if digits == 0 {
		return def
	}
	return n
}

// padding is how many bytes align an element at a position.
func (l *layout) padding(at int, opt byte, size int) int {
	if size == 0 || opt == 'c' {
		return 0
	}
	size = min(size, l.align)
	return (size - at&(size-1)) & (size - 1)
}

func (l *layout) control(opt byte) {
	switch opt {
	case ' ':
	case '>':
		l.big = true
	case '<':
		l.big = false
	case '!':
		a := l.number(maxAlign)
		if a <= 0 || a&(a-1) != 0 {
			l.s.Errorf("alignment %d is not a power of 2", a)
		}
		l.align = a
	default:
		l.s.ArgError(1, "invalid format option '"+cut(string([]byte{opt}))+"'")
	}
}

func isInteger(opt byte) bool { return strings.IndexByte("bBhHlLTiI", opt) >= 0 }

// arranged puts bytes that begin with the lowest into the order wanted.
func (l *layout) arranged(b []byte) []byte {
	if l.big {
		for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
			b[i], b[j] = b[j], b[i]
		}
	}
	return b
}

func structPack(s *lua.State, args []lua.Value) []lua.Value {
	l := newLayout(s, args)
	args = append(args[:len(args):len(args)], lua.Nil) // C puts it there
	var out []byte
	arg := 2
	for len(l.fmt) > 0 {
		opt, size := l.next()
		out = append(out, make([]byte, l.padding(len(out), opt, size))...)
		s.Room(len(out) + size)
		switch {
		case isInteger(opt):
			out = append(out, l.integer(s.CheckNumber(args, arg), size)...)
			arg++
		case opt == 'x':
			out = append(out, 0)
		case opt == 'f':
			bits := math.Float32bits(float32(s.CheckNumber(args, arg)))
			out = append(out, l.arranged(binary.LittleEndian.AppendUint32(nil, bits))...)
			arg++
		case opt == 'd':
			bits := math.Float64bits(s.CheckNumber(args, arg))
			out = append(out, l.arranged(binary.LittleEndian.AppendUint64(nil, bits))...)
			arg++
		case opt == 'c' || opt == 's':
			text := s.CheckText(args, arg)
			arg++
			if size == 0 {
				size = len(text)
			}
			if len(text) < size {
				s.ArgError(arg, "string too short")
			}
			s.Room(len(out) + size)
			s.Copied(size)
			if out = append(out, text[:size]...); opt == 's' {
				out = append(out, 0)
			}
		default:
			l.control(opt)
		}
	}
	return s.Return(s.Text(string(out)))
}

func (l *layout) integer(n float64, size int) []byte {
	value := uint64(truncated(n))
	if n >= math.MaxInt64 && n < math.MaxUint64 {
		value = uint64(n)
	}
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(value)
		value >>= 8
	}
	return l.arranged(b)
}

func structUnpack(s *lua.State, args []lua.Value) []lua.Value {
	l := newLayout(s, args)
	data := s.CheckText(args, 2)
	pos := s.OptInt(args, 3, 1)
	if pos == 0 {
		s.ArgError(3, "offset must be 1 or greater")
	}
	pos--
	var out []lua.Value
	for len(l.fmt) > 0 {
		opt, size := l.next()
		pos += l.padding(pos, opt, size)
		l.fits(data, pos, size)
		if len(out) >= maxStack-10 {
			s.Errorf("stack overflow (too many results)")
		}
		v, used, is := l.element(data, pos, opt, size, &out)
		if is {
			out = append(out, v)
		}
		pos += used
	}
	return s.Return(append(out, lua.Int(pos+1))...)
}

func (l *layout) fits(data string, pos, size int) {
	if size > len(data) || pos < 0 || pos > len(data)-size {
		l.s.ArgError(2, "data string too short")
	}
}

// element reads one element; is is false for options that have no value.
func (l *layout) element(data string, pos int, opt byte, size int, out *[]lua.Value) (v lua.Value, used int, is bool) {
	switch {
	case isInteger(opt):
		return lua.Num(l.readInteger(data[pos:pos+size], opt >= 'a')), size, true
	case opt == 'x':
		return lua.Nil, size, false
	case opt == 'f':
		b := l.arranged([]byte(data[pos : pos+size]))
		return lua.Num(float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))), size, true
	case opt == 'd':
		b := l.arranged([]byte(data[pos : pos+size]))
		return lua.Num(math.Float64frombits(binary.LittleEndian.Uint64(b))), size, true
	case opt == 'c':
		if size == 0 {
			size = l.previous(out)
			l.fits(data, pos, size)
		}
		return l.s.Text(data[pos : pos+size]), size, true
	case opt == 's':
		l.s.Copied(len(data) - pos)
		n := strings.IndexByte(data[pos:], 0)
		if n < 0 {
			l.s.Errorf("unfinished string in data")
		}
		return l.s.Text(data[pos : pos+n]), n + 1, true
	}
	l.control(opt)
	return lua.Nil, size, false
}

// previous takes the value before back: it is the size of a c0.
func (l *layout) previous(out *[]lua.Value) int {
	if n := len(*out); n > 0 {
		if size, ok := (*out)[n-1].ToNumber(); ok {
			*out = (*out)[:n-1]
			if size < 0 || size > math.MaxInt32 {
				return math.MaxInt32
			}
			return int(size)
		}
	}
	l.s.Errorf("format 'c0' needs a previous size")
	return 0
}

func (l *layout) readInteger(text string, signed bool) float64 {
	b := l.arranged([]byte(text))
	var value uint64
	for i := len(b) - 1; i >= 0; i-- {
		value = value<<8 | uint64(b[i])
	}
	if !signed {
		return float64(value)
	}
	if bits := uint(len(b)*8 - 1); bits < 64 && value&(1<<bits) != 0 {
		value |= ^uint64(0) << bits
	}
	return float64(int64(value))
}

func structSize(s *lua.State, args []lua.Value) []lua.Value {
	l, pos := newLayout(s, args), 0
	for len(l.fmt) > 0 {
		opt, size := l.next()
		pos += l.padding(pos, opt, size)
		switch {
		case opt == 's':
			s.ArgError(1, "option 's' has no fixed size")
		case opt == 'c' && size == 0:
			s.ArgError(1, "option 'c0' has no fixed size")
		case opt|0x20 < 'a' || opt|0x20 > 'z':
			if opt < '0' || opt > '9' {
				l.control(opt)
			}
		}
		pos += size
	}
	return s.Return(lua.Int(pos))
}
