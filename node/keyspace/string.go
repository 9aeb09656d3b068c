package keyspace

import (
	"bytes"
	"strconv"
	"unsafe"
)

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

// StringValue is a string. Canonical integers are kept as numbers. Of a text, length, room and form share a word:
// a key with its string is to be no longer than five of 16 bytes.
type StringValue struct {
	data *byte  // of a number: isInt
	word uint64 // the number; or the length of the text, what it has room for (as cap says), and its form
}

const (
	// lengthBits is how many bits length and room have each: four times the longest text that commands allow.
	lengthBits = 31
	lengthMask = 1<<lengthBits - 1
)

// isInt is what data points to when the string is a number.
var isInt byte

// form is how the string is kept.
func (s *StringValue) form() form {
	if s.data == &isInt {
		return intForm
	}
	return form(s.word >> (2 * lengthBits))
}

// length and room are those of a text.
func (s *StringValue) length() int { return int(s.word & lengthMask) }
func (s *StringValue) room() int   { return int(s.word >> lengthBits & lengthMask) }

// text is the text of a string that is no number; it is empty for a number.
func (s *StringValue) text() []byte {
	if s.data == &isInt {
		return nil
	}
	return unsafe.Slice(s.data, s.room())[:s.length()]
}

// keep makes text, which belongs to the value from here on, the value.
func (s *StringValue) keep(form form, text []byte) {
	room := min(uint64(cap(text)), lengthMask)
	if uint64(len(text)) > room {
		panic("keyspace: a text of more than 2 GB")
	}
	*s = StringValue{data: unsafe.SliceData(text), word: uint64(len(text)) | room<<lengthBits | uint64(form)<<(2*lengthBits)}
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
	s := new(StringValue)
	s.keep(textForm(len(text)), text)
	return s
}

// NewRaw returns a string that was written in place (SETRANGE). The value keeps text.
func NewRaw(text []byte) *StringValue {
	s := new(StringValue)
	s.keep(rawForm, text)
	return s
}

// NewInt returns a number.
func NewInt(n int64) *StringValue { return &StringValue{&isInt, uint64(n)} }

// Assign makes text the value, as SET stores it (tryObjectEncoding); text is copied, into the
// memory the value has already if it is neither too small nor far too large.
func (s *StringValue) Assign(text []byte) {
	if n, ok := ParseInt(text); ok {
		s.SetInt(n)
		return
	}
	s.assignText(text)
}

// assignText is Assign for what is no number.
func (s *StringValue) assignText(text []byte) {
	had := s.text()[:0]
	if !s.fits(len(text)) {
		had = nil
	}
	s.keep(textForm(len(text)), append(had, text...))
}

// fits tells whether the memory the value has is neither too small for a text of that length nor far
// too large.
func (s *StringValue) fits(length int) bool {
	room := cap(s.text())
	return length <= room && room <= 2*length+embedded
}

// Int returns the number when the value is kept as one.
func (s *StringValue) Int() (n int64, ok bool) { return int64(s.word), s.data == &isInt }

// SetInt makes n the value.
func (s *StringValue) SetInt(n int64) { *s = StringValue{&isInt, uint64(n)} }

// Bytes returns the text. It may be the value's own memory: it is read at once and not kept.
// A number is written into scratch.
func (s *StringValue) Bytes(scratch []byte) []byte {
	if s.data == &isInt {
		return strconv.AppendInt(scratch[:0], int64(s.word), 10)
	}
	return s.text()
}

// Append adds text to the end and makes the value raw.
func (s *StringValue) Append(text []byte) {
	s.keep(rawForm, append(s.raw(), text...))
}

// SetRange writes text at offset, filling a gap with zero bytes, and makes the value raw.
func (s *StringValue) SetRange(offset int, text []byte) {
	copy(s.Writable(offset + len(text))[offset:], text)
}

// Writable makes the value raw and at least length bytes long, filling it up with zero bytes, and
// returns its bytes to be changed in place.
func (s *StringValue) Writable(length int) []byte {
	text := s.raw()
	if missing := length - len(text); missing > 0 {
		text = append(text, make([]byte, missing)...)
	}
	s.keep(rawForm, text)
	return text
}

// Take makes text the value, raw. The value keeps text.
func (s *StringValue) Take(text []byte) { s.keep(rawForm, text) }

// raw is the text of any string, a number's written out.
func (s *StringValue) raw() []byte {
	if s.data == &isInt {
		return strconv.AppendInt(nil, int64(s.word), 10)
	}
	return s.text()
}

// Kind returns String.
func (s *StringValue) Kind() Kind { return String }

// Encoding returns int, embstr or raw.
func (s *StringValue) Encoding() string {
	return [...]string{embeddedForm: "embstr", rawForm: "raw", intForm: "int"}[s.form()]
}

// Len returns the length of the text in bytes.
func (s *StringValue) Len() int {
	if s.data == &isInt {
		var digits [longestInt]byte
		return len(strconv.AppendInt(digits[:0], int64(s.word), 10))
	}
	return s.length()
}

// stringHeader is what a StringValue occupies besides its text.
const stringHeader = 16

// Footprint estimates the bytes the value occupies.
func (s *StringValue) Footprint() int { return stringHeader + cap(s.text()) }

// Copy is a deep copy.
func (s *StringValue) Copy() Value {
	dup := new(StringValue)
	if n, ok := s.Int(); ok {
		dup.SetInt(n)
	} else {
		dup.keep(s.form(), bytes.Clone(s.text()))
	}
	return dup
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
