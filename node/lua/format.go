package lua

import (
	"math"
	"strconv"
	"strings"
)

// spec is one conversion of string.format.
type spec struct {
	minus, plus, space, alt, zero bool
	width                         int
	precision                     int // -1 when there is none
	verb                          byte
}

// maxFlags is how many flags C accepts.
const maxFlags = 5

// parseSpec reads what follows a % and returns where it ends.
func (s *State) parseSpec(format string, i int) (c spec, end int) {
	c.precision = -1
	first := i
	for ; i < len(format) && strings.IndexByte("-+ #0", format[i]) >= 0; i++ {
		switch format[i] {
		case '-':
			c.minus = true
		case '+':
			c.plus = true
		case ' ':
			c.space = true
		case '#':
			c.alt = true
		case '0':
			c.zero = true
		}
	}
	if i-first > maxFlags {
		s.Errorf("invalid format (repeated flags)")
	}
	c.width, i = twoDigits(format, i)
	if i < len(format) && format[i] == '.' {
		c.precision, i = twoDigits(format, i+1)
	}
	if i < len(format) && isDigit(format[i]) {
		s.Errorf("invalid format (width or precision too long)")
	}
	if i < len(format) {
		c.verb = format[i]
	}
	return c, i + 1
}

func twoDigits(format string, i int) (n, end int) {
	for end = i; end < len(format) && end < i+2 && isDigit(format[end]); end++ {
		n = 10*n + int(format[end]-'0')
	}
	return n, end
}

func strFormat(s *State, args []Value) []Value {
	format := s.CheckText(args, 1)
	s.Read(len(format))
	var b strings.Builder
	n := 1
	for i := 0; i < len(format); i++ {
		switch {
		case format[i] != '%':
			b.WriteByte(format[i])
			continue
		case i+1 < len(format) && format[i+1] == '%':
			b.WriteByte('%')
			i++
			continue
		}
		c, end := s.parseSpec(format, i+1)
		if n++; n > len(args) {
			s.ArgError(n, "no value")
		}
		text := s.convert(c, args, n)
		s.Room(b.Len() + len(text))
		s.take(len(text))
		b.WriteString(text)
		i = end - 1
	}
	s.take(stringSize + len(format))
	return s.Return(Str(b.String()))
}

// convert writes one argument.
func (s *State) convert(c spec, args []Value, n int) string {
	switch c.verb {
	case 'c':
		return c.pad(cString(string([]byte{byte(s.CheckInt(args, n))})), false)
	case 'd', 'i':
		return c.integer(int64(integer(s.CheckNumber(args, n))))
	case 'o', 'u', 'x', 'X':
		return c.unsigned(unsigned(s.CheckNumber(args, n)))
	case 'e', 'E', 'f', 'g', 'G':
		return c.float(s.CheckNumber(args, n))
	case 'q':
		text := s.CheckText(args, n)
		s.Read(len(text))
		return quote(text)
	case 's':
		text := s.CheckText(args, n)
		s.Copied(len(text))
		if c.precision < 0 && len(text) >= 100 {
			return text
		}
		if text = cString(text); c.precision >= 0 {
			text = text[:min(len(text), c.precision)]
		}
		return c.pad(text, false)
	}
	option := ""
	if c.verb != 0 {
		option = string([]byte{c.verb})
	}
	s.Errorf("invalid option '%%%s' to 'format'", option)
	return ""
}

func unsigned(n float64) uint64 {
	if n >= math.MaxInt64 {
		return uint64(n)
	}
	return uint64(int64(integer(n)))
}

// pad fills a text to the width. zeros go behind a sign or 0x.
func (c spec) pad(text string, zeros bool) string {
	room := c.width - len(text)
	switch {
	case room <= 0:
		return text
	case c.minus:
		return text + strings.Repeat(" ", room)
	case zeros && c.zero:
		head := 0
		if strings.ContainsAny(text[:1], "+- ") {
			head = 1
		}
		if strings.HasPrefix(text[head:], "0x") || strings.HasPrefix(text[head:], "0X") {
			head += 2
		}
		return text[:head] + strings.Repeat("0", room) + text[head:]
	}
	return strings.Repeat(" ", room) + text
}

func (c spec) sign(negative bool) string {
	switch {
	case negative:
		return "-"
	case c.plus:
		return "+"
	case c.space:
		return " "
	}
	return ""
}

// digits fills digits to the precision.
func (c spec) digits(text string) string {
	if c.precision == 0 && text == "0" {
		return ""
	}
	return strings.Repeat("0", max(0, c.precision-len(text))) + text
}

func (c spec) integer(n int64) string {
	abs := uint64(n)
	if n < 0 {
		abs = -abs
	}
	return c.pad(c.sign(n < 0)+c.digits(strconv.FormatUint(abs, 10)), c.precision < 0)
}

func (c spec) unsigned(n uint64) string {
	var text string
	switch c.verb {
	case 'o':
		text = c.digits(strconv.FormatUint(n, 8))
		if c.alt && !strings.HasPrefix(text, "0") {
			text = "0" + text
		}
	case 'u':
		text = c.digits(strconv.FormatUint(n, 10))
	default:
		text = c.digits(strconv.FormatUint(n, 16))
		if c.alt && n != 0 {
			text = "0x" + text
		}
		if c.verb == 'X' {
			text = strings.ToUpper(text)
		}
	}
	return c.pad(text, c.precision < 0)
}

func (c spec) float(n float64) string {
	verb, upper := c.verb, c.verb == 'E' || c.verb == 'G'
	if upper {
		verb |= 0x20
	}
	text, special := formatSpecial(n)
	if special {
		text = strings.TrimPrefix(text, "-")
	} else {
		text = c.finite(math.Abs(n), verb)
	}
	if upper {
		text = strings.ToUpper(text)
	}
	return c.pad(c.sign(math.Signbit(n))+text, !special)
}

func (c spec) finite(n float64, verb byte) string {
	precision := c.precision
	if precision < 0 {
		precision = 6
	}
	if verb == 'g' {
		precision = max(precision, 1)
		if c.alt {
			return alternateG(n, precision)
		}
	}
	text := strconv.FormatFloat(n, verb, precision, 64)
	if c.alt && precision == 0 {
		mantissa, exponent, found := strings.Cut(text, "e")
		if text = mantissa + "."; found {
			text += "e" + exponent
		}
	}
	return text
}

// alternateG is %#g, which keeps zeros at the end.
func alternateG(n float64, precision int) string {
	text := strconv.FormatFloat(n, 'g', precision, 64)
	mantissa, exponent, found := strings.Cut(text, "e")
	digits := strings.TrimLeft(strings.Replace(mantissa, ".", "", 1), "0")
	if n == 0 {
		digits = "0"
	}
	if !strings.Contains(mantissa, ".") {
		mantissa += "."
	}
	mantissa += strings.Repeat("0", max(0, precision-len(digits)))
	if found {
		mantissa += "e" + exponent
	}
	return mantissa
}

// quote writes a text as Lua reads it (%q).
func quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(text) {
		switch c {
		case '"', '\\', '\n':
			b.WriteByte('\\')
			b.WriteByte(c)
		case '\r':
			b.WriteString("\\r")
		case 0:
			b.WriteString("\\000")
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
