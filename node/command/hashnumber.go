package command

import (
	"math/big"
	"strconv"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// hincrby runs HINCRBY key field increment.
func hincrby(c *Context) {
	increment, ok := c.Integer(c.Args[3])
	if !ok {
		return
	}
	key, field := c.Args[1], c.Args[2]
	h, ok := writeHash(c, key)
	if !ok {
		return
	}
	var number int64
	if old, there := fieldOf(h, field); there {
		if number, ok = keyspace.ParseInt(old); !ok {
			c.Error(resp.ErrHashNotInteger)
			return
		}
	}
	sum := number + increment
	if (sum > number) != (increment > 0) && increment != 0 {
		c.Error(resp.ErrOverflow)
		return
	}
	var text [20]byte
	setFields(c, key, h, "hincrby", field, strconv.AppendInt(text[:0], sum, 10))
	c.Int(sum)
}

// nameHSet begins the command by which HINCRBYFLOAT is propagated, so that a replica need not
// calculate the same.
var nameHSet = []byte("HSET")

// hincrbyfloat runs HINCRBYFLOAT key field increment.
func hincrbyfloat(c *Context) {
	increment, ok := ParseLongDouble(c.Args[3])
	switch {
	case !ok:
		c.Error(resp.ErrNotFloat)
		return
	case increment.IsInf():
		c.Error("ERR value is NaN or Infinity")
		return
	}
	key, field := c.Args[1], c.Args[2]
	h, ok := writeHash(c, key)
	if !ok {
		return
	}
	number := new(big.Float)
	if old, there := fieldOf(h, field); there {
		if number, ok = ParseLongDouble(old); !ok {
			c.Error(resp.ErrHashNotFloat)
			return
		}
	}
	sum, ok := AddLongDouble(number, increment)
	if !ok {
		c.Error(resp.ErrNaNOrInf)
		return
	}
	text := []byte(FormatLongDouble(sum))
	setFields(c, key, h, "hincrbyfloat", field, text)
	c.RewriteBytes(nameHSet, key, field, text)
	c.Bulk(text)
}

// fieldOf returns a field of h, which may be nil.
func fieldOf(h *keyspace.HashValue, field []byte) ([]byte, bool) {
	if h == nil {
		return nil, false
	}
	return h.Get(field)
}
