package command

import (
	"math"
	"math/big"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// The forms in which moves of blocked clients are propagated.
var (
	nameLMove     = []byte("LMOVE")
	nameRPopLPush = []byte("RPOPLPUSH")
	endNames      = [...][]byte{[]byte("left"), []byte("right")}
)

// blockingPop runs BLPOP and BRPOP key [key …] timeout.
func blockingPop(c *Context, end listEnd) {
	last := len(c.Args) - 1
	deadline, ok := c.deadline(c.Args[last])
	if !ok {
		return
	}
	keys := c.Args[1:last]
	key, l, ok := firstOf[*keyspace.ListValue](c, keys, keyspace.List)
	switch {
	case !ok:
	case l == nil:
		c.Block(keys, deadline, (*resp.Writer).NullArray)
	default:
		c.Array(2)
		c.Bulk(key)
		c.Bulk(end.pop(l))
		c.Changed(1)
		c.took(key, l, popEvents[end])
		c.RewriteBytes(popNames[end], key)
	}
}

// blmove runs BLMOVE source destination LEFT|RIGHT LEFT|RIGHT timeout.
func blmove(c *Context) {
	from, to, ok := bothEnds(c)
	if !ok || !blockingMove(c, from, to, c.Args[5]) {
		return
	}
	if c.Woken {
		c.RewriteBytes(nameLMove, c.Args[1], c.Args[2], endNames[from], endNames[to])
	} else {
		c.RewriteBytes(nameLMove, c.Args[1], c.Args[2], c.Args[3], c.Args[4])
	}
}

// brpoplpush runs BRPOPLPUSH source destination timeout.
func brpoplpush(c *Context) {
	if blockingMove(c, listTail, listHead, c.Args[3]) {
		c.RewriteBytes(nameRPopLPush, c.Args[1], c.Args[2])
	}
}

// blockingMove tells whether an element was moved; otherwise it has answered or blocked.
func blockingMove(c *Context, from, to listEnd, timeout []byte) bool {
	deadline, ok := c.deadline(timeout)
	if !ok {
		return false
	}
	source := c.Args[1]
	waits := c.Woken && !holds(c, source, keyspace.List)
	switch {
	case !waits && tryMove(c, from, to):
		return c.Effects.Dirty > 0
	case c.NoBlock || c.Master:
		c.Null()
	default:
		c.Block([][]byte{source}, deadline, (*resp.Writer).NullArray)
	}
	return false
}

// holds tells whether key has a value of that kind.
func holds(c *Context, key []byte, kind keyspace.Kind) bool {
	e := c.DB.Peek(c.Now, key)
	return e != nil && e.Value.Kind() == kind
}

// lmpop runs LMPOP numkeys key [key …] LEFT|RIGHT [COUNT count].
func lmpop(c *Context) {
	keys, end, count, ok := parsePopMany(c, c.Args[1:], endOf)
	if ok && !tryPopMany(c, keys, end, count) {
		c.NullArray()
	}
}

// blmpop runs BLMPOP timeout numkeys key [key …] LEFT|RIGHT [COUNT count].
func blmpop(c *Context) {
	keys, end, count, ok := parsePopMany(c, c.Args[2:], endOf)
	if !ok {
		return
	}
	deadline, ok := c.deadline(c.Args[1])
	if ok && !tryPopMany(c, keys, end, count) {
		c.Block(keys, deadline, (*resp.Writer).NullArray)
	}
}

// tryPopMany answers the first key that holds a list and up to count of its elements, or an
// error. It is false, and nothing is answered, when there is no list.
func tryPopMany(c *Context, keys [][]byte, end listEnd, count int64) bool {
	key, l, ok := firstOf[*keyspace.ListValue](c, keys, keyspace.List)
	if !ok || l == nil {
		return !ok
	}
	c.Array(2)
	c.Bulk(key)
	n := popMany(c, key, l, end, count)
	c.RewriteBytes(popNames[end], key, decimal(n))
	return true
}

// parsePopMany reads numkeys key [key …] where [COUNT count], or answers what is wrong.
func parsePopMany[E any](c *Context, args [][]byte, where func(*Context, []byte) (E, bool)) (keys [][]byte, end E, count int64, ok bool) {
	numKeys, ok := c.intFrom(args[0], 1, resp.ErrNumKeys)
	if !ok {
		return nil, end, 0, false
	}
	rest := args[1:]
	if numKeys >= int64(len(rest)) {
		c.Error(resp.ErrSyntax)
		return nil, end, 0, false
	}
	keys, rest = rest[:numKeys], rest[numKeys:]
	if end, ok = where(c, rest[0]); !ok {
		return nil, end, 0, false
	}
	switch rest = rest[1:]; {
	case len(rest) == 0:
		return keys, end, 1, true
	case len(rest) == 1 || !equalFold(rest[0], "count"):
		c.Error(resp.ErrSyntax)
		return nil, end, 0, false
	}
	count, ok = c.intFrom(rest[1], 1, "ERR count should be greater than 0")
	if ok && len(rest) > 2 {
		c.Error(resp.ErrSyntax)
		ok = false
	}
	return keys, end, count, ok
}

// deadline reads a time to wait in seconds and returns when it ends, in ms since 1970; 0 is
// never. What does not fit 64 bits of ms counts as negative (getTimeoutFromObjectOrReply).
func (c *Context) deadline(arg []byte) (int64, bool) {
	seconds, ok := ParseLongDouble(arg)
	if !ok {
		c.Error(resp.ErrTimeoutFloat)
		return 0, false
	}
	wait, exact := seconds.Mul(seconds, big.NewFloat(1000)).Int64()
	tooLong := exact == big.Below && wait == math.MaxInt64
	switch {
	case wait < 0 || tooLong:
		c.Error(resp.ErrTimeoutNegative)
		return 0, false
	case exact == big.Below:
		wait++ // a part of a ms is waited for
	}
	switch {
	case wait == 0:
		return 0, true
	case wait > math.MaxInt64-c.Now:
		return math.MaxInt64, true
	}
	return c.Now + wait, true
}
