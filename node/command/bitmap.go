package command

import (
	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

var bitmapCommands = []binding{
	{"setbit", setbit}, {"getbit", getbit}, {"bitcount", bitcount}, {"bitpos", bitpos}, {"bitop", bitop},
	{"bitfield", func(c *Context) { c.bitfield(false) }},
	{"bitfield_ro", func(c *Context) { c.bitfield(true) }},
}

// bitOffset reads the number of a bit, which must lie within the longest string; the master's word
// is not doubted. With a width, #3 is the bit where the fourth integer of that width begins
// (getBitOffsetFromArgument).
func (c *Context) bitOffset(text []byte, width int64) (bit int64, ok bool) {
	counted := width > 0 && len(text) > 0 && text[0] == '#'
	if counted {
		text = text[1:]
	}
	bit, ok = keyspace.ParseInt(text)
	if counted {
		bit *= width // may overflow: C does not look either
	}
	if !ok || bit < 0 || !c.Master && bit>>3 >= c.Host.SettingInt("proto-max-bulk-len") {
		c.Error(resp.ErrBitOffset)
		return 0, false
	}
	return bit, true
}

// stringWithBit returns the string at key for changing its bytes, made long enough for bit. grown
// tells that it was not before.
func (c *Context) stringWithBit(key []byte, bit int64) (text []byte, grown, ok bool) {
	s, ok := c.changeString(key)
	if !ok {
		return nil, false, false
	}
	length := int(bit>>3) + 1
	if s == nil {
		s = keyspace.NewRaw(make([]byte, length))
		c.DB.Set(c.Now, key, s)
		return s.Writable(length), true, true
	}
	before := s.Len()
	return s.Writable(length), before < length, true
}

// setbit is SETBIT key offset value.
func setbit(c *Context) {
	key := c.Args[1]
	bit, ok := c.bitOffset(c.Args[2], 0)
	if !ok {
		return
	}
	on, ok := c.intOr(c.Args[3], resp.ErrBit)
	if !ok {
		return
	}
	if on != 0 && on != 1 {
		c.Error(resp.ErrBit)
		return
	}
	text, grown, ok := c.stringWithBit(key, bit)
	if !ok {
		return
	}
	old := int64(getField(text, bit, 1))
	if grown || old != on {
		putField(text, bit, 1, uint64(on))
		c.Modified(key, "setbit")
		c.Changed(1)
	}
	c.Int(old)
}

// getbit is GETBIT key offset.
func getbit(c *Context) {
	bit, ok := c.bitOffset(c.Args[2], 0)
	if !ok {
		return
	}
	s, ok := c.readString(c.Args[1])
	switch {
	case !ok:
	case s == nil:
		c.Int(0)
	default:
		var scratch [24]byte
		c.Int(int64(getField(s.Bytes(scratch[:]), bit, 1)))
	}
}

// bitRange is a part of a string as a client asks for it.
type bitRange struct {
	start, end int64
	unit       int64 // bits in one step: 1 or 8
}

// parseUnit reads BYTE or BIT.
func (r *bitRange) parseUnit(word []byte) bool {
	switch {
	case equalFold(word, "bit"):
		r.unit = 1
	case equalFold(word, "byte"):
		r.unit = 8
	default:
		return false
	}
	return true
}

// bits returns the first and the last bit of the part in a string of that many bytes; negative
// places count from the end. The part is empty when first is behind last.
func (r *bitRange) bits(bytes int) (first, last int64) {
	total := int64(bytes) * 8 / r.unit
	start, end := r.start, r.end
	if start < 0 {
		start = max(0, total+start)
	}
	if end < 0 {
		end = max(0, total+end)
	}
	end = min(end, total-1)
	if start > end {
		return 0, -1
	}
	return start * r.unit, end*r.unit + r.unit - 1
}

// bitcount is BITCOUNT key [start end [BYTE|BIT]].
func bitcount(c *Context) {
	s, ok := c.readString(c.Args[1])
	if !ok {
		return
	}
	if s == nil {
		c.Int(0)
		return
	}
	r := bitRange{end: -1, unit: 8}
	if len(c.Args) > 2 && !c.bitcountRange(&r) {
		return
	}
	var scratch [24]byte
	text := s.Bytes(scratch[:])
	first, last := r.bits(len(text))
	if first > last {
		c.Int(0)
		return
	}
	c.Int(countBits(text, first, last))
}

// bitcountRange reads the words behind the key. It has answered when ok is false.
func (c *Context) bitcountRange(r *bitRange) (ok bool) {
	if len(c.Args) == 3 || len(c.Args) > 5 {
		c.Error(resp.ErrSyntax)
		return false
	}
	if r.start, ok = c.Integer(c.Args[2]); !ok {
		return false
	}
	if r.end, ok = c.Integer(c.Args[3]); !ok {
		return false
	}
	if r.start < 0 && r.end < 0 && r.start > r.end {
		c.Int(0) // whatever the unit is
		return false
	}
	if len(c.Args) == 5 && !r.parseUnit(c.Args[4]) {
		c.Error(resp.ErrSyntax)
		return false
	}
	return true
}

// bitpos is BITPOS key bit [start [end [BYTE|BIT]]].
func bitpos(c *Context) {
	bit, ok := c.Integer(c.Args[2])
	if !ok {
		return
	}
	if bit != 0 && bit != 1 {
		c.Error("ERR The bit argument must be 1 or 0.")
		return
	}
	s, ok := c.readString(c.Args[1])
	if !ok {
		return
	}
	if s == nil {
		c.Int(-bit)
		return
	}
	r := bitRange{end: -1, unit: 8}
	if !c.bitposRange(&r) {
		return
	}
	var scratch [24]byte
	text := s.Bytes(scratch[:])
	first, last := r.bits(len(text))
	if first > last {
		c.Int(-1)
		return
	}
	found := findBit(text, bit == 1, first, last)
	if found < 0 && bit == 0 && len(c.Args) < 5 {
		found = last + 1 // without an end the string goes on with zeros
	}
	c.Int(found)
}

// bitposRange reads the words behind the bit.
func (c *Context) bitposRange(r *bitRange) (ok bool) {
	words := c.Args[3:]
	if len(words) > 3 {
		c.Error(resp.ErrSyntax)
		return false
	}
	if len(words) > 0 {
		if r.start, ok = c.Integer(words[0]); !ok {
			return false
		}
	}
	if len(words) > 2 && !r.parseUnit(words[2]) {
		c.Error(resp.ErrSyntax)
		return false
	}
	if len(words) > 1 {
		if r.end, ok = c.Integer(words[1]); !ok {
			return false
		}
	}
	return true
}
