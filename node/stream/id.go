package stream

import (
	"bytes"
	"cmp"
	"math"
	"strconv"

	"clusterplay/node/listpack"
)

// ID names an entry: the millisecond it was added in, and its number in that millisecond.
type ID struct{ Ms, Seq uint64 }

// MaxID is the greatest ID there can be.
var MaxID = ID{math.MaxUint64, math.MaxUint64}

// Compare orders IDs: -1 when id is before other, 0 when they are equal, else 1.
func (id ID) Compare(other ID) int {
	if c := cmp.Compare(id.Ms, other.Ms); c != 0 {
		return c
	}
	return cmp.Compare(id.Seq, other.Seq)
}

// IsZero tells whether id is 0-0, which no entry has.
func (id ID) IsZero() bool { return id == ID{} }

// Next returns the ID right behind id. Behind the greatest comes 0-0, and ok is false.
func (id ID) Next() (next ID, ok bool) {
	switch {
	case id.Seq < math.MaxUint64:
		return ID{id.Ms, id.Seq + 1}, true
	case id.Ms < math.MaxUint64:
		return ID{id.Ms + 1, 0}, true
	}
	return ID{}, false
}

// Previous returns the ID right before id. Before 0-0 comes the greatest, and ok is false.
func (id ID) Previous() (previous ID, ok bool) {
	switch {
	case id.Seq > 0:
		return ID{id.Ms, id.Seq - 1}, true
	case id.Ms > 0:
		return ID{id.Ms - 1, math.MaxUint64}, true
	}
	return MaxID, false
}

// Append appends the ID as clients write it.
func (id ID) Append(b []byte) []byte {
	b = strconv.AppendUint(b, id.Ms, 10)
	return strconv.AppendUint(append(b, '-'), id.Seq, 10)
}

// String is the ID as clients write it.
func (id ID) String() string { return string(id.Append(nil)) }

// longestID is the longest text that is looked at (streamGenericParseIDOrReply).
const longestID = 127

// Form is how an ID was written.
type Form uint8

// The forms of an ID.
const (
	Whole   Form = iota // 5-1
	NoSeq               // 5: the number is missing
	AutoSeq             // 5-*: the number is to be made up
	Edge                // - or +: the least or the greatest ID
)

// Parse reads an ID. missing is the number of one that has none.
func Parse(word []byte, missing uint64) (id ID, form Form, ok bool) {
	if len(word) > longestID {
		return ID{}, Whole, false
	}
	word = cText(word)
	switch string(word) {
	case "-":
		return ID{}, Edge, true
	case "+":
		return MaxID, Edge, true
	}
	ms, seq, dashed := bytes.Cut(word, []byte("-"))
	if id.Ms, ok = parseUint(ms); !ok {
		return ID{}, Whole, false
	}
	switch {
	case !dashed:
		return ID{id.Ms, missing}, NoSeq, true
	case string(seq) == "*":
		return ID{id.Ms, 0}, AutoSeq, true
	}
	id.Seq, ok = parseUint(seq)
	return id, Whole, ok
}

// cText is what C sees of word: the text up to a zero byte.
func cText(word []byte) []byte {
	if end := bytes.IndexByte(word, 0); end >= 0 {
		return word[:end]
	}
	return word
}

// parseUint reads a number as string2ull does: what is no proper number is given to strtoull, which
// takes blanks, signs and leading zeros, and lets a minus wrap around.
func parseUint(text []byte) (uint64, bool) {
	if n, ok := listpack.ParseInt(text); ok {
		return uint64(n), n >= 0
	}
	text = bytes.TrimLeft(text, " \t\n\v\f\r")
	negative := false
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		negative, text = text[0] == '-', text[1:]
	}
	n, err := strconv.ParseUint(string(text), 10, 64)
	if err != nil {
		return 0, false
	}
	if negative {
		n = -n
	}
	return n, true
}
