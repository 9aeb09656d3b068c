package hll

import (
	"iter"
	"strconv"
)

// A sparse text is a list of runs of registers with the same value:
//
//	00xxxxxx            1 to 64 zeros            ("zero")
//	01xxxxxx xxxxxxxx   1 to 16384 zeros         ("xzero")
//	1vvvvvxx            1 to 4 times v, 1 to 32  ("val")
const (
	longMark  = 0x40
	valueMark = 0x80

	mostShortZeros = 64
	highestValue   = 32
	mostValues     = 4
)

// run is one run of a sparse text.
type run struct {
	length int
	value  byte // 0 for zeros
	bytes  int  // 1 or 2
}

// runAt reads the run at a place of text. A second byte that is missing counts as 0.
func runAt(text []byte, at int) run {
	b := text[at]
	switch {
	case b&valueMark != 0:
		return run{length: int(b&3) + 1, value: b>>2&0x1f + 1, bytes: 1}
	case b&longMark == 0:
		return run{length: int(b) + 1, bytes: 1}
	}
	low := 0
	if at+1 < len(text) {
		low = int(text[at+1])
	}
	return run{length: int(b&0x3f)<<8 | low + 1, bytes: 2}
}

// runs yields the runs of a sparse text.
func runs(text []byte) iter.Seq[run] {
	return func(yield func(run) bool) {
		for at := headerSize; at < len(text); {
			r := runAt(text, at)
			if !yield(r) {
				return
			}
			at += r.bytes
		}
	}
}

func appendZeros(text []byte, length int) []byte {
	switch {
	case length == 0:
		return text
	case length <= mostShortZeros:
		return append(text, byte(length-1))
	}
	return append(text, byte((length-1)>>8)|longMark, byte(length-1))
}

func appendValues(text []byte, value byte, length int) []byte {
	if length == 0 {
		return text
	}
	return append(text, valuesRun(value, length))
}

func valuesRun(value byte, length int) byte { return (value-1)<<2 | byte(length-1) | valueMark }

// raiseSparse makes the register at index of a sparse text at least value (hllSparseSet).
func raiseSparse(text []byte, index int, value byte, limit int) (out []byte, changed bool, err error) {
	if value > highestValue {
		return promote(text, index, value)
	}
	at, before, first, r := findRun(text, index)
	switch {
	case at < 0:
		return text, false, ErrCorrupt
	case r.value >= value:
		return text, false, nil
	}
	var buf [5]byte
	parts := split(buf[:0], r, index-first, value)
	grown := len(parts) - r.bytes
	if grown > 0 && len(text)+grown > limit {
		return promote(text, index, value)
	}
	text = replace(text, at, min(at+r.bytes, len(text)), parts)
	text = joinValues(text, before)
	Outdate(text)
	return text, true, nil
}

// findRun returns the place of the run that has the register at index, that of the run before it
// and the run's first register; at is -1 when there is none.
func findRun(text []byte, index int) (at, before, first int, r run) {
	at, before = headerSize, headerSize
	for at < len(text) {
		r = runAt(text, at)
		if index < first+r.length {
			return at, before, first, r
		}
		before = at
		at += r.bytes
		first += r.length
	}
	return -1, 0, 0, run{}
}

// split appends the runs that take the place of r when the register at offset in it gets value.
func split(out []byte, r run, offset int, value byte) []byte {
	left, right := offset, r.length-offset-1
	if r.value == 0 {
		return appendZeros(appendValues(appendZeros(out, left), value, 1), right)
	}
	return appendValues(appendValues(appendValues(out, r.value, left), value, 1), r.value, right)
}

// replace puts part into the place of text[from:to].
func replace(text []byte, from, to int, part []byte) []byte {
	size := len(text)
	if grown := len(part) - (to - from); grown > 0 {
		text = append(text, part[:grown]...) // only for the room
	}
	copy(text[from+len(part):], text[to:size])
	copy(text[from:], part)
	return text[:size+len(part)-(to-from)]
}

// scanned is how many runs joinValues looks at.
const scanned = 5

// joinValues joins equal values that lie beside each other in a few runs from at on. How many are
// looked at is Redis' choice and shows in the bytes.
func joinValues(text []byte, at int) []byte {
	for left := scanned; at < len(text) && left > 0; left-- {
		r := runAt(text, at)
		if r.value > 0 && at+1 < len(text) && text[at+1]&valueMark != 0 {
			next := runAt(text, at+1)
			if next.value == r.value && r.length+next.length <= mostValues {
				text = replace(text, at, at+2, []byte{valuesRun(r.value, r.length+next.length)})
				continue
			}
		}
		at += r.bytes
	}
	return text
}

// promote makes text dense and its register at index at least value.
func promote(text []byte, index int, value byte) (out []byte, changed bool, err error) {
	if out, _, err = Dense(text); err != nil {
		return text, false, err
	}
	raiseDense(out[headerSize:], index, value)
	return out, true, nil
}

// Runs writes the runs of a sparse text as PFDEBUG DECODE does: Z:16000 v:1,2 z:382.
func Runs(text []byte) string {
	var out []byte
	for r := range runs(text) {
		switch {
		case r.value > 0:
			out = append(out, "v:"...)
			out = strconv.AppendInt(out, int64(r.value), 10)
			out = append(out, ',')
		case r.bytes == 1:
			out = append(out, "z:"...)
		default:
			out = append(out, "Z:"...)
		}
		out = append(strconv.AppendInt(out, int64(r.length), 10), ' ')
	}
	return string(out[:max(0, len(out)-1)])
}
