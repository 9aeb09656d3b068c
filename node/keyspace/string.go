package keyspace

import "strconv"

// embedded is the longest string that Redis keeps in the same block as its header and calls
// "embstr" (OBJ_ENCODING_EMBSTR_SIZE_LIMIT).
const embedded = 44

// longestInt is the length of the longest text that can be a 64-bit number: "-9223372036854775808".
const longestInt = 20

type form uint8

// The forms of a string. A text that was changed in place is raw whatever its length.
const (
	embeddedForm form = iota
	rawForm
	intForm
)

// StringValue is a string. Canonical integers are kept as numbers.
type StringValue struct {
	form form
	num  int64
	text []byte
}

// NewString returns a string as SET stores it; text is copied.
func NewString(text []byte) *StringValue {
	s := new(StringValue)
	s.Assign(text)
	return s
}

// NewText is NewString for a result that stays text although it may look like a number
// (INCRBYFLOAT). The value keeps text.
func NewText(text []byte) *StringValue {
	return &StringValue{form: textForm(len(text)), text: text}
}

// NewRaw returns a string that was written in place (SETRANGE). The value keeps text.
func NewRaw(text []byte) *StringValue { return &StringValue{form: rawForm, text: text} }

// NewInt returns a number.
func NewInt(n int64) *StringValue { return &StringValue{form: intForm, num: n} }

// Assign makes text the value, as SET stores it (tryObjectEncoding); text is copied, into the
// memory the value has already if it is neither too small nor far too large.
func (s *StringValue) Assign(text []byte) {
	if n, ok := ParseInt(text); ok {
		*s = StringValue{form: intForm, num: n}
		return
	}
	if cap(s.text) > 2*len(text)+embedded {
		s.text = nil
	}
	s.form = textForm(len(text))
	s.text = append(s.text[:0], text...)
}

// Int returns the number when the value is kept as one.
func (s *StringValue) Int() (n int64, ok bool) { return s.num, s.form == intForm }

// SetInt makes n the value.
func (s *StringValue) SetInt(n int64) { *s = StringValue{form: intForm, num: n} }

// Bytes returns the text. It may be the value's own memory: it is read at once and not kept.
// A number is written into scratch.
func (s *StringValue) Bytes(scratch []byte) []byte {
	if s.form == intForm {
		return strconv.AppendInt(scratch[:0], s.num, 10)
	}
	return s.text
}

// Append adds text to the end and makes the value raw.
func (s *StringValue) Append(text []byte) {
	s.makeRaw()
	s.text = append(s.text, text...)
}

// SetRange writes text at offset, filling a gap with zero bytes, and makes the value raw.
func (s *StringValue) SetRange(offset int, text []byte) {
	copy(s.Writable(offset + len(text))[offset:], text)
}

// Writable makes the value raw and at least length bytes long, filling it up with zero bytes, and
// returns its bytes to be changed in place.
func (s *StringValue) Writable(length int) []byte {
	s.makeRaw()
	if missing := length - len(s.text); missing > 0 {
		s.text = append(s.text, make([]byte, missing)...)
	}
	return s.text
}

// Take makes text the value, raw. The value keeps text.
func (s *StringValue) Take(text []byte) { *s = StringValue{form: rawForm, text: text} }

func (s *StringValue) makeRaw() {
	if s.form == intForm {
		s.text = strconv.AppendInt(nil, s.num, 10)
	}
	s.form, s.num = rawForm, 0
}

// Kind returns String.
func (s *StringValue) Kind() Kind { return String }

// Encoding returns int, embstr or raw.
func (s *StringValue) Encoding() string {
	return [...]string{embeddedForm: "embstr", rawForm: "raw", intForm: "int"}[s.form]
}

// Len returns the length of the text in bytes.
func (s *StringValue) Len() int {
	if s.form == intForm {
		var digits [longestInt]byte
		return len(strconv.AppendInt(digits[:0], s.num, 10))
	}
	return len(s.text)
}

// stringHeader is what a StringValue occupies besides its text, rounded to Go's size class.
const stringHeader = 48

// Footprint estimates the bytes the value occupies.
func (s *StringValue) Footprint() int { return stringHeader + cap(s.text) }

// Copy is a deep copy.
func (s *StringValue) Copy() Value {
	return &StringValue{form: s.form, num: s.num, text: append([]byte(nil), s.text...)}
}

func textForm(length int) form {
	if length <= embedded {
		return embeddedForm
	}
	return rawForm
}

// ParseInt reads a 64-bit number in the one form that Redis itself would print: no blanks, no
// plus, no leading zeros, no "-0" (string2ll).
func ParseInt(text []byte) (n int64, ok bool) {
	digits := text
	if len(digits) > 0 && digits[0] == '-' {
		digits = digits[1:]
	}
	negative := len(digits) != len(text)
	switch {
	case len(digits) == 0 || len(text) > longestInt:
		return 0, false
	case digits[0] == '0':
		return 0, len(text) == 1
	}
	var magnitude uint64
	for _, c := range digits {
		if c < '0' || c > '9' || magnitude > (1<<64-1)/10 {
			return 0, false
		}
		d := uint64(c - '0')
		if magnitude = magnitude*10 + d; magnitude < d {
			return 0, false
		}
	}
	if negative {
		return -int64(magnitude), magnitude <= 1<<63
	}
	return int64(magnitude), magnitude < 1<<63
}
