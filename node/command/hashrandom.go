package command

import (
	"math"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// hrandfield runs HRANDFIELD key [count [WITHVALUES]].
func hrandfield(c *Context) {
	if len(c.Args) > 2 {
		randomFields(c)
		return
	}
	h, ok := readHash(c, c.Args[1])
	switch {
	case !ok:
	case h == nil:
		c.Null()
	default:
		field, _ := h.Random(c.Host.Rand)
		c.Bulk(field)
	}
}

// draws reads count [with], the last words of HRANDFIELD and ZRANDMEMBER. A count whose double
// does not fit is refused (CVE-2023-22458).
func draws(c *Context, with string) (count int64, pairs, ok bool) {
	count, ok = c.symmetric(c.Args[2])
	pairs = len(c.Args) == 4
	switch {
	case !ok:
		return 0, false, false
	case len(c.Args) > 4 || pairs && !equalFold(c.Args[3], with):
		c.Error(resp.ErrSyntax)
		return 0, false, false
	case pairs && (count < -math.MaxInt64/2 || count > math.MaxInt64/2):
		c.Error(resp.ErrOutOfRange)
		return 0, false, false
	}
	return count, pairs, true
}

// randomFields answers count different fields or, when count is negative, -count draws.
func randomFields(c *Context) {
	count, pairs, ok := draws(c, "withvalues")
	if !ok {
		return
	}
	h, ok := readHash(c, c.Args[1])
	switch {
	case !ok:
	case h == nil || count == 0:
		c.Array(0)
	case count < 0 && !c.bearable(h, -count):
	case count < 0:
		c.openPairs(int(-count), pairs)
		for range -count {
			field, value := h.Random(c.Host.Rand)
			answerPair(c, field, value, pairs)
		}
	case count >= int64(h.Len()):
		c.openPairs(h.Len(), pairs)
		for field, value := range h.All() {
			answerPair(c, field, value, pairs)
		}
	default:
		sampleFields(c, h, int(count), pairs)
	}
}

func sampleFields(c *Context, h *keyspace.HashValue, count int, pairs bool) {
	c.openPairs(count, pairs)
	for _, field := range h.Sample(count, c.Host.Rand) {
		value, _ := h.Get(field)
		answerPair(c, field, value, pairs)
	}
}

// openPairs opens an array of n elements, or of n elements with a companion each: RESP3 makes an
// array of each such pair.
func (c *Context) openPairs(n int, pairs bool) {
	if pairs && c.Proto != 3 {
		n *= 2
	}
	c.Array(n)
}

func answerPair(c *Context, field, value []byte, pairs bool) {
	if pairs && c.Proto == 3 {
		c.Array(2)
	}
	c.Bulk(field)
	if pairs {
		c.Bulk(value)
	}
}
