package command

import (
	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// zsetEnd is one end of a sorted set.
type zsetEnd uint8

const (
	lowest zsetEnd = iota
	highest
)

// These name what popping at each end is: events in lower case, propagated commands in upper.
var (
	zpopEvents = [...]string{"zpopmin", "zpopmax"}
	zpopNames  = [...][]byte{[]byte("ZPOPMIN"), []byte("ZPOPMAX")}
)

// zsetEndOf reads MIN or MAX, or answers a syntax error.
func zsetEndOf(c *Context, word []byte) (zsetEnd, bool) {
	switch {
	case equalFold(word, "min"):
		return lowest, true
	case equalFold(word, "max"):
		return highest, true
	}
	c.Error(resp.ErrSyntax)
	return 0, false
}

// zpop runs ZPOPMIN and ZPOPMAX key [count].
func zpop(c *Context, end zsetEnd) {
	if len(c.Args) > 3 {
		c.Error(resp.ErrSyntax)
		return
	}
	counted, count := len(c.Args) == 3, int64(1)
	if counted {
		var ok bool
		if count, ok = c.intFrom(c.Args[2], 0, resp.ErrNotPositive); !ok {
			return
		}
	}
	z, ok := writeZSet(c, c.Args[1])
	switch {
	case !ok:
		return
	case z == nil || count == 0:
		c.Array(0)
		return
	}
	n := int(min(count, int64(z.Len())))
	nested := counted && c.Proto == 3
	if nested {
		c.Array(n)
	} else {
		c.Array(2 * n)
	}
	zpopMany(c, c.Args[1], z, end, n, nested)
}

// zpopMany takes n members from one end of z and answers each with its score.
func zpopMany(c *Context, key []byte, z *keyspace.ZSetValue, end zsetEnd, n int, nested bool) {
	from, to := 0, n
	if end == highest {
		from, to = z.Len()-n, z.Len()
	}
	walkRanks(z, from, to, end == highest, func(member []byte, score float64) {
		if nested {
			c.Array(2)
		}
		c.Bulk(member)
		c.Double(score)
	})
	z.DeleteRange(from, to)
	c.Changed(n)
	c.took(key, z, zpopEvents[end])
}

// bzpop runs BZPOPMIN and BZPOPMAX key [key …] timeout.
func bzpop(c *Context, end zsetEnd) {
	last := len(c.Args) - 1
	deadline, ok := c.deadline(c.Args[last])
	if !ok {
		return
	}
	keys := c.Args[1:last]
	key, z, ok := firstOf[*keyspace.ZSetValue](c, keys, keyspace.ZSet)
	switch {
	case !ok:
	case z == nil:
		c.Block(keys, deadline, (*resp.Writer).NullArray)
	default:
		c.Array(3)
		c.Bulk(key)
		zpopMany(c, key, z, end, 1, false)
		c.RewriteBytes(zpopNames[end], key)
	}
}

// zmpop runs ZMPOP numkeys key [key …] MIN|MAX [COUNT count].
func zmpop(c *Context) {
	keys, end, count, ok := parsePopMany(c, c.Args[1:], zsetEndOf)
	if ok && !tryZPopMany(c, keys, end, count) {
		c.NullArray()
	}
}

// bzmpop runs BZMPOP timeout numkeys key [key …] MIN|MAX [COUNT count].
func bzmpop(c *Context) {
	keys, end, count, ok := parsePopMany(c, c.Args[2:], zsetEndOf)
	if !ok {
		return
	}
	deadline, ok := c.deadline(c.Args[1])
	if ok && !tryZPopMany(c, keys, end, count) {
		c.Block(keys, deadline, (*resp.Writer).NullArray)
	}
}

// tryZPopMany answers the first key that holds a sorted set and up to count of its members, or an
// error. It is false, and nothing is answered, when there is no sorted set.
func tryZPopMany(c *Context, keys [][]byte, end zsetEnd, count int64) bool {
	key, z, ok := firstOf[*keyspace.ZSetValue](c, keys, keyspace.ZSet)
	if !ok || z == nil {
		return !ok
	}
	n := int(min(count, int64(z.Len())))
	c.Array(2)
	c.Bulk(key)
	c.Array(n)
	zpopMany(c, key, z, end, n, true)
	c.RewriteBytes(zpopNames[end], key, decimal(n))
	return true
}
