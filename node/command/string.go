package command

import (
	"math"
	"math/big"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

var stringCommands = []binding{
	{"get", get}, {"getdel", getdel}, {"getset", getset}, {"strlen", strlen},
	{"mget", mget}, {"mset", mset}, {"msetnx", msetnx}, {"append", appendText},
	{"getrange", getrange}, {"substr", getrange}, {"setrange", setrange},
	{"incr", func(c *Context) { c.increment(1) }},
	{"decr", func(c *Context) { c.increment(-1) }},
	{"incrby", incrby}, {"decrby", decrby}, {"incrbyfloat", incrbyfloat},
}

// readString returns the string at key for reading; nil when there is no key. For a value of
// another kind it writes the error and ok is false.
func (c *Context) readString(key []byte) (s *keyspace.StringValue, ok bool) {
	return valueOf[*keyspace.StringValue](c, c.Read(key))
}

// changeString is readString for a value that is going to be changed.
func (c *Context) changeString(key []byte) (s *keyspace.StringValue, ok bool) {
	return valueOf[*keyspace.StringValue](c, c.ForWrite(key))
}

// bulkString answers with the text of s, or null for nil.
func (c *Context) bulkString(s *keyspace.StringValue) {
	if s == nil {
		c.Null()
		return
	}
	var scratch [24]byte
	c.Bulk(s.Bytes(scratch[:]))
}

// get is GET key.
func get(c *Context) {
	if s, ok := c.readString(c.Args[1]); ok {
		c.bulkString(s)
	}
}

// getdel is GETDEL key.
func getdel(c *Context) {
	s, ok := c.readString(c.Args[1])
	if !ok {
		return
	}
	c.bulkString(s)
	if s != nil {
		c.deleteInstead(c.Args[1], "lazyfree-lazy-user-del")
	}
}

// getset is GETSET key value.
func getset(c *Context) {
	key, value := c.Args[1], c.Args[2]
	old, ok := c.readString(key)
	if !ok {
		return
	}
	c.bulkString(old)
	c.DB.SetString(c.Now, key, value)
	c.RewriteBytes(wordSet, key, value)
	c.Modified(key, "set")
	c.Changed(1)
}

// strlen is STRLEN key.
func strlen(c *Context) {
	s, ok := c.readString(c.Args[1])
	switch {
	case !ok:
	case s == nil:
		c.Int(0)
	default:
		c.Int(int64(s.Len()))
	}
}

// mget is MGET key [key …].
func mget(c *Context) {
	c.DB.Warm(c.Args[1:], 1)
	c.Array(len(c.Args) - 1)
	for _, key := range c.Args[1:] {
		var s *keyspace.StringValue
		if e := c.Read(key); e != nil {
			s, _ = e.Value.(*keyspace.StringValue)
		}
		c.bulkString(s)
	}
}

// mset is MSET key value [key value …].
func mset(c *Context) {
	if c.setPairs() {
		c.OK()
	}
}

// msetnx is MSETNX key value [key value …].
func msetnx(c *Context) {
	for i := 1; i < len(c.Args) && len(c.Args)%2 == 1; i += 2 {
		if c.ForWrite(c.Args[i]) != nil {
			c.Int(0)
			return
		}
	}
	if c.setPairs() {
		c.Int(1)
	}
}

func (c *Context) setPairs() bool {
	if len(c.Args)%2 == 0 {
		c.Error(resp.WrongArgs(c.Cmd.Full))
		return false
	}
	c.DB.Warm(c.Args[1:], 2)
	for i := 1; i < len(c.Args); i += 2 {
		c.DB.SetString(c.Now, c.Args[i], c.Args[i+1])
		c.Modified(c.Args[i], "set")
	}
	c.Changed(len(c.Args) / 2)
	return true
}

// smallestLimit is the lowest value that proto-max-bulk-len may have: shorter strings need no look.
const smallestLimit = 1 << 20

// fits tells whether a string may be length bytes long, and writes the error when not. The
// master's word is not doubted (checkStringLength).
func (c *Context) fits(length int64) bool {
	if length <= smallestLimit || c.Master || length <= c.Host.SettingInt("proto-max-bulk-len") {
		return true
	}
	c.Error(resp.ErrTooLong)
	return false
}

// appendText is APPEND key value.
func appendText(c *Context) {
	key, text := c.Args[1], c.Args[2]
	s, ok := c.changeString(key)
	switch {
	case !ok:
		return
	case s == nil:
		c.DB.SetString(c.Now, key, text)
		c.Int(int64(len(text)))
	case !c.fits(int64(s.Len()) + int64(len(text))):
		return
	default:
		s.Append(text)
		c.Int(int64(s.Len()))
	}
	c.Modified(key, "append")
	c.Changed(1)
}

// getrange is GETRANGE key start end.
func getrange(c *Context) {
	start, ok := c.Integer(c.Args[2])
	if !ok {
		return
	}
	end, ok := c.Integer(c.Args[3])
	if !ok {
		return
	}
	s, ok := c.readString(c.Args[1])
	if !ok {
		return
	}
	if s == nil {
		c.BulkString("")
		return
	}
	var scratch [24]byte
	c.Bulk(part(s.Bytes(scratch[:]), start, end))
}

// part returns the bytes from start to end, both included; negative ones count from the end.
func part(text []byte, start, end int64) []byte {
	length := int64(len(text))
	if start < 0 && end < 0 && start > end {
		return nil
	}
	if start < 0 {
		start = max(0, start+length)
	}
	if end < 0 {
		end = max(0, end+length)
	}
	end = min(end, length-1)
	if start > end {
		return nil
	}
	return text[start : end+1]
}

// setrange is SETRANGE key offset value.
func setrange(c *Context) {
	key, text := c.Args[1], c.Args[3]
	offset, ok := c.Integer(c.Args[2])
	if !ok {
		return
	}
	if offset < 0 {
		c.Error(resp.ErrOffsetRange)
		return
	}
	s, ok := c.changeString(key)
	switch {
	case !ok:
		return
	case len(text) == 0 && s == nil:
		c.Int(0)
		return
	case len(text) == 0:
		c.Int(int64(s.Len()))
		return
	case offset > math.MaxInt64-int64(len(text)):
		c.Error(resp.ErrTooLong)
		return
	case !c.fits(offset + int64(len(text))):
		return
	case s == nil:
		s = keyspace.NewRaw(nil)
		s.SetRange(int(offset), text)
		c.DB.Set(c.Now, key, s)
	default:
		s.SetRange(int(offset), text)
	}
	c.Modified(key, "setrange")
	c.Changed(1)
	c.Int(int64(s.Len()))
}

// incrby is INCRBY key increment.
func incrby(c *Context) {
	if by, ok := c.Integer(c.Args[2]); ok {
		c.increment(by)
	}
}

// decrby is DECRBY key decrement.
func decrby(c *Context) {
	by, ok := c.Integer(c.Args[2])
	switch {
	case !ok:
	case by == math.MinInt64:
		c.Error(resp.ErrDecrOverflow)
	default:
		c.increment(-by)
	}
}

// increment adds to the number at Args[1].
func (c *Context) increment(by int64) {
	key := c.Args[1]
	s, ok := c.changeString(key)
	if !ok {
		return
	}
	n := int64(0)
	if s != nil {
		if n, ok = numberIn(s); !ok {
			c.Error(resp.ErrNotInteger)
			return
		}
	}
	if by < 0 && n < math.MinInt64-by || by > 0 && n > math.MaxInt64-by {
		c.Error(resp.ErrOverflow)
		return
	}
	n += by
	if s == nil {
		c.DB.SetInt(c.Now, key, n)
	} else {
		s.SetInt(n)
	}
	c.Modified(key, "incrby")
	c.Changed(1)
	c.Int(n)
}

// numberIn reads the integer in s, which a raw string may hold as text.
func numberIn(s *keyspace.StringValue) (n int64, ok bool) {
	if n, ok = s.Int(); ok {
		return n, true
	}
	return keyspace.ParseInt(s.Bytes(nil))
}

// incrbyfloat is INCRBYFLOAT key increment.
func incrbyfloat(c *Context) {
	key := c.Args[1]
	s, ok := c.changeString(key)
	if !ok {
		return
	}
	old := new(big.Float).SetPrec(longDoubleBits)
	if s != nil {
		old, ok = ParseLongDouble(s.Bytes(nil))
	}
	by, fine := ParseLongDouble(c.Args[2])
	if !ok || !fine {
		c.Error(resp.ErrNotFloat)
		return
	}
	sum, ok := AddLongDouble(old, by)
	if !ok {
		c.Error(resp.ErrNaNOrInf)
		return
	}
	text := []byte(FormatLongDouble(sum))
	c.DB.Overwrite(c.Now, key, keyspace.NewText(text))
	c.RewriteBytes(wordSet, key, text, wordKeepTTL)
	c.Modified(key, "incrbyfloat")
	c.Changed(1)
	c.Bulk(text)
}
