package resp

import (
	"math"
	"strconv"
	"strings"
)

// Kind is a reply's type byte on the wire.
type Kind byte

// The kinds of reply. $-1 and *-1 are read as KindNull, whatever the protocol version.
const (
	KindStatus    Kind = '+'
	KindError     Kind = '-'
	KindInt       Kind = ':'
	KindBulk      Kind = '$'
	KindArray     Kind = '*'
	KindNull      Kind = '_'
	KindDouble    Kind = ','
	KindBool      Kind = '#'
	KindVerbatim  Kind = '='
	KindBigNumber Kind = '('
	KindBlobError Kind = '!'
	KindMap       Kind = '%'
	KindSet       Kind = '~'
	KindPush      Kind = '>'
	KindAttribute Kind = '|'
)

// Value is one reply, with everything in it.
type Value struct {
	Kind Kind
	Int  int64   // KindInt; 1 or 0 for KindBool
	Text string  // the text of all that have one; a verbatim string without its format
	List []Value // the elements; key, value, key, value for KindMap
}

// IsError reports whether v is an error of either form.
func (v Value) IsError() bool { return v.Kind == KindError || v.Kind == KindBlobError }

// IsNull reports whether v is an absent value.
func (v Value) IsNull() bool { return v.Kind == KindNull }

// Code is the first word of an error, such as "MOVED"; "" for anything else.
func (v Value) Code() string {
	if !v.IsError() {
		return ""
	}
	code, _, _ := strings.Cut(v.Text, " ")
	return code
}

// String is a value's text: numbers in decimal, "" for what has elements or is absent.
func (v Value) String() string {
	if v.Kind == KindInt || v.Kind == KindBool {
		return strconv.FormatInt(v.Int, 10)
	}
	return v.Text
}

// Float is a number's value; NaN for what is none.
func (v Value) Float() float64 {
	f, err := strconv.ParseFloat(v.String(), 64)
	if err != nil {
		return math.NaN()
	}
	return f
}

// Get looks a key up in a map, or in the flat array RESP2 sends for one.
func (v Value) Get(key string) (value Value, ok bool) {
	for i := 0; i+1 < len(v.List); i += 2 {
		if v.List[i].Text == key {
			return v.List[i+1], true
		}
	}
	return Value{}, false
}
