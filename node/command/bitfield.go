package command

import (
	"bytes"
	"math"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// overflow says what happens to a number that does not fit into its field.
type overflow int

const (
	wrapAround overflow = iota
	saturate
	refuseToFit
)

// fieldVerb is what a part of BITFIELD does.
type fieldVerb int

const (
	getVerb fieldVerb = iota
	setVerb
	incrVerb
)

// bitField is one operation of BITFIELD.
type bitField struct {
	verb     fieldVerb
	signed   bool
	width    int64 // in bits: 1 to 64, unsigned ones to 63
	at       int64 // the first bit
	operand  int64
	overflow overflow
}

const errFieldType = "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is."

// bitfield is BITFIELD and BITFIELD_RO key [GET type offset | [OVERFLOW WRAP|SAT|FAIL]
// SET type offset value | INCRBY type offset increment …].
func (c *Context) bitfield(readonly bool) {
	fields, ok := c.parseFields(c.Args[2:])
	if !ok {
		return
	}
	last := int64(-1)
	for _, f := range fields {
		if f.verb != getVerb {
			last = max(last, f.at+f.width-1)
		}
	}
	switch {
	case last < 0:
		c.readFields(fields)
	case readonly:
		c.Error("ERR BITFIELD_RO only supports the GET subcommand")
	default:
		c.changeFields(fields, last)
	}
}

func (c *Context) parseFields(words [][]byte) (fields []bitField, ok bool) {
	mode := wrapAround
	for len(words) > 0 {
		word, rest := words[0], words[1:]
		f := bitField{overflow: mode}
		switch {
		case equalFold(word, "get") && len(rest) >= 2:
			f.verb = getVerb
		case equalFold(word, "set") && len(rest) >= 3:
			f.verb = setVerb
		case equalFold(word, "incrby") && len(rest) >= 3:
			f.verb = incrVerb
		case equalFold(word, "overflow") && len(rest) >= 1:
			if mode, ok = c.parseOverflow(rest[0]); !ok {
				return nil, false
			}
			words = rest[1:]
			continue
		default:
			c.Error(resp.ErrSyntax)
			return nil, false
		}
		used, ok := c.parseField(&f, rest)
		if !ok {
			return nil, false
		}
		fields, words = append(fields, f), rest[used:]
	}
	return fields, true
}

func (c *Context) parseOverflow(word []byte) (mode overflow, ok bool) {
	switch {
	case equalFold(word, "wrap"):
		return wrapAround, true
	case equalFold(word, "sat"):
		return saturate, true
	case equalFold(word, "fail"):
		return refuseToFit, true
	}
	c.Error("ERR Invalid OVERFLOW type specified")
	return 0, false
}

// parseField reads type, offset and operand and returns how many words these were.
func (c *Context) parseField(f *bitField, words [][]byte) (used int, ok bool) {
	if !f.parseType(words[0]) {
		c.Error(errFieldType)
		return 0, false
	}
	if f.at, ok = c.bitOffset(words[1], f.width); !ok {
		return 0, false
	}
	if f.verb == getVerb {
		return 2, true
	}
	f.operand, ok = c.Integer(words[2])
	return 3, ok
}

// parseType reads i or u and the number of bits (getBitfieldTypeFromArgument).
func (f *bitField) parseType(word []byte) (ok bool) {
	if len(word) == 0 || word[0] != 'i' && word[0] != 'u' {
		return false
	}
	f.signed = word[0] == 'i'
	widest := int64(63)
	if f.signed {
		widest = 64
	}
	digits, _, _ := bytes.Cut(word[1:], []byte{0})
	f.width, ok = keyspace.ParseInt(digits)
	return ok && f.width >= 1 && f.width <= widest
}

// readFields answers operations that are all GET.
func (c *Context) readFields(fields []bitField) {
	s, ok := c.readString(c.Args[1])
	if !ok {
		return
	}
	var text []byte
	var scratch [24]byte
	if s != nil {
		text = s.Bytes(scratch[:])
	}
	c.Array(len(fields))
	for i := range fields {
		c.Int(fields[i].read(text))
	}
}

// changeFields runs operations of which some write, up to bit last.
func (c *Context) changeFields(fields []bitField, last int64) {
	key := c.Args[1]
	text, grown, ok := c.stringWithBit(key, last)
	if !ok {
		return
	}
	changes := 0
	c.Array(len(fields))
	for i := range fields {
		f := &fields[i]
		old := f.read(text)
		value, fits := f.outcome(old)
		switch {
		case f.verb == getVerb:
			c.Int(old)
			continue
		case !fits:
			c.Null()
			continue
		case f.verb == setVerb:
			c.Int(old)
		default:
			c.Int(value)
		}
		putField(text, f.at, f.width, uint64(value))
		if grown || old != value {
			changes++
		}
	}
	if changes > 0 {
		c.Modified(key, "setbit")
		c.Changed(changes)
	}
}

// read returns the field's number.
func (f *bitField) read(text []byte) int64 { return f.fold(getField(text, f.at, f.width)) }

// fold makes a number of the low bits of value, as the field would keep them.
func (f *bitField) fold(value uint64) int64 {
	unused := 64 - f.width
	if f.signed {
		return int64(value<<unused) >> unused
	}
	return int64(value << unused >> unused)
}

// outcome returns what SET or INCRBY makes of old; fits is false when nothing may be written.
func (f *bitField) outcome(old int64) (value int64, fits bool) {
	base, by := f.operand, int64(0)
	if f.verb == incrVerb {
		base, by = old, f.operand
	}
	low, high := f.limits()
	direction := f.exceeds(base, by, low, high)
	switch {
	case direction == 0:
		return base + by, true
	case f.overflow == refuseToFit:
		return 0, false
	case f.overflow == wrapAround:
		return f.fold(uint64(base) + uint64(by)), true
	case direction > 0:
		return high, true
	}
	return low, true
}

// limits returns the smallest and the largest number that the field can keep.
func (f *bitField) limits() (low, high int64) {
	if f.signed {
		high = math.MaxInt64 >> (64 - f.width)
		return -high - 1, high
	}
	return 0, math.MaxInt64 >> (63 - f.width)
}

// exceeds tells whether base+by is too large (1) or too small (-1) for the field. The room that is
// left is calculated as C does it: for the smallest numbers of all the difference wraps around, and
// they count as too large (checkSignedBitfieldOverflow). A negative number is too large for an
// unsigned field.
func (f *bitField) exceeds(base, by, low, high int64) int {
	above, below := high-base, low-base
	narrow := f.width < 64
	switch {
	case !f.signed && base < 0, base > high, narrow && by > above, base >= 0 && by > 0 && by > above:
		return 1
	case base < low, narrow && by < below, base < 0 && by < 0 && by < below:
		return -1
	}
	return 0
}
