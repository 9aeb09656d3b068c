package command

import (
	"bytes"
	"math"
	"strconv"

	"clusterplay/node/keyspace"
)

// errSymmetric refuses the one integer that has no positive counterpart.
const errSymmetric = "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807"

// intFrom reads an integer that is not below least; anything else is answered with refusal.
func (c *Context) intFrom(arg []byte, least int64, refusal string) (n int64, ok bool) {
	n, ok = keyspace.ParseInt(arg)
	if !ok || n < least {
		c.Error(refusal)
		return 0, false
	}
	return n, true
}

// symmetric reads an integer whose negation is one too.
func (c *Context) symmetric(arg []byte) (n int64, ok bool) {
	return c.IntegerIn(arg, -math.MaxInt64, math.MaxInt64, errSymmetric)
}

// double reads a floating point number, or answers refusal.
func (c *Context) double(arg []byte, refusal string) (f float64, ok bool) {
	if f, ok = ParseFloat(arg); !ok {
		c.Error(refusal)
	}
	return f, ok
}

// parseBound reads one end of a range of scores as strtod does when only its own end is checked:
// blanks may lead, nothing at all is 0 and too much is infinite (zslParseRange).
func parseBound(text []byte) (float64, bool) {
	if end := bytes.IndexByte(text, 0); end >= 0 {
		text = text[:end]
	}
	if len(text) == 0 {
		return 0, true
	}
	s, ok := floatText(bytes.TrimLeft(text, " \t\n\v\f\r"))
	if !ok {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, !math.IsNaN(f) && (err == nil || math.IsInf(f, 0))
}

// decimal writes n as text.
func decimal(n int) []byte { return strconv.AppendInt(nil, int64(n), 10) }

// window turns the indexes of the first and last element wanted, which count from the end when
// negative, into a half-open part of n elements.
func window(start, stop int64, n int) (from, to int) {
	size := int64(n)
	if start < 0 {
		start = max(0, start+size)
	}
	if stop < 0 {
		stop += size
	}
	stop = min(stop, size-1)
	if start > stop {
		return 0, 0
	}
	return int(start), int(stop) + 1
}

// place turns an index, which counts from the end when negative, into one of n places.
func place(index int64, n int) (int, bool) {
	if index < 0 {
		index += int64(n)
	}
	return int(index), index >= 0 && index < int64(n)
}
