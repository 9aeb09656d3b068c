package command

import (
	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

var zrangeCommands = []binding{
	{"zrange", func(c *Context) { zrange(c, zrangeOptions{}) }},
	{"zrevrange", func(c *Context) { zrange(c, zrangeOptions{by: byRank, fixed: true, reverse: true}) }},
	{"zrangebyscore", func(c *Context) { zrange(c, zrangeOptions{by: byScore, fixed: true}) }},
	{"zrevrangebyscore", func(c *Context) { zrange(c, zrangeOptions{by: byScore, fixed: true, reverse: true}) }},
	{"zrangebylex", func(c *Context) { zrange(c, zrangeOptions{by: byLex, fixed: true}) }},
	{"zrevrangebylex", func(c *Context) { zrange(c, zrangeOptions{by: byLex, fixed: true, reverse: true}) }},
	{"zrangestore", zrangestore},
	{"zcount", func(c *Context) { zcount(c, byScore) }},
	{"zlexcount", func(c *Context) { zcount(c, byLex) }},
	{"zremrangebyrank", func(c *Context) { zremrange(c, byRank, "zremrangebyrank") }},
	{"zremrangebyscore", func(c *Context) { zremrange(c, byScore, "zremrangebyscore") }},
	{"zremrangebylex", func(c *Context) { zremrange(c, byLex, "zremrangebylex") }},
}

// rangeKind is what a range of a sorted set is about.
type rangeKind uint8

const (
	byRank rangeKind = iota
	byScore
	byLex
)

// parse reads the two ends of a range, the lower first, or answers what is wrong.
func (k rangeKind) parse(c *Context, low, high []byte) (ranks, bool) {
	switch k {
	case byScore:
		return parseScoreRange(c, low, high)
	case byLex:
		return parseLexRange(c, low, high)
	default:
		return parseRankRange(c, low, high)
	}
}

// zrangeOptions are the words behind the ends of a range, some of which the name of the command
// may have decided already.
type zrangeOptions struct {
	by         rangeKind
	fixed      bool // by and reverse are the command's
	store      bool
	reverse    bool
	withScores bool
	limited    bool
	offset     int64
	limit      int64 // negative = no limit
}

// zrange runs ZRANGE key min max [BYSCORE|BYLEX] [REV] [LIMIT offset count] [WITHSCORES] and the
// older commands that are one form of it each.
func zrange(c *Context, o zrangeOptions) {
	part, ok := o.parse(c, c.Args[2:])
	if !ok {
		return
	}
	z, ok := readZSet(c, c.Args[1])
	switch {
	case !ok:
	case z == nil:
		c.Array(0)
	default:
		from, to := o.cut(part.in(z))
		c.openPairs(to-from, o.withScores)
		walkRanks(z, from, to, o.reverse, func(member []byte, score float64) {
			answerRanked(c, member, score, o.withScores)
		})
	}
}

// zrangestore runs ZRANGESTORE destination source min max and the options of ZRANGE.
func zrangestore(c *Context) {
	o := zrangeOptions{store: true}
	part, ok := o.parse(c, c.Args[3:])
	if !ok {
		return
	}
	z, ok := readZSet(c, c.Args[2])
	if !ok {
		return
	}
	result, lim := keyspace.NewZSet(), c.zsetLimits()
	if z != nil {
		from, to := o.cut(part.in(z))
		if o.by == byRank && to-from > lim.ZSetEntries {
			result.Widen(&lim) // only there Redis knows the length beforehand
		}
		walkRanks(z, from, to, o.reverse, func(member []byte, score float64) {
			result.Set(member, score, &lim)
		})
	}
	c.storeResult(c.Args[1], result, "zrangestore")
}

// walkRanks visits the members of ranks from ≤ rank < to, the last first when reverse.
func walkRanks(z *keyspace.ZSetValue, from, to int, reverse bool, visit func(member []byte, score float64)) {
	left := to - from
	if left == 0 {
		return
	}
	walk := z.Ascend(from)
	if reverse {
		walk = z.Descend(to - 1)
	}
	for member, score := range walk {
		visit(member, score)
		if left--; left == 0 {
			return
		}
	}
}

func answerRanked(c *Context, member []byte, score float64, withScore bool) {
	if withScore && c.Proto == 3 {
		c.Array(2)
	}
	c.Bulk(member)
	if withScore {
		c.Double(score)
	}
}

// parse reads min max and the options, or answers what is wrong.
func (o *zrangeOptions) parse(c *Context, args [][]byte) (ranks, bool) {
	o.limit = -1
	for rest := args[2:]; len(rest) > 0; {
		n, ok := o.option(c, rest)
		if !ok {
			return nil, false
		}
		rest = rest[n:]
	}
	switch {
	case o.limit != -1 && o.by == byRank:
		c.Error("ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX")
		return nil, false
	case o.withScores && o.by == byLex:
		c.Error("ERR syntax error, WITHSCORES not supported in combination with BYLEX")
		return nil, false
	case o.by == byRank:
		r, ok := parseRankRange(c, args[0], args[1])
		r.reverse = o.reverse
		return r, ok
	case o.reverse:
		return o.by.parse(c, args[1], args[0])
	}
	return o.by.parse(c, args[0], args[1])
}

// option reads the option that words begin with and returns how many words it has.
func (o *zrangeOptions) option(c *Context, words [][]byte) (n int, ok bool) {
	word := words[0]
	switch {
	case !o.store && equalFold(word, "withscores"):
		o.withScores = true
	case len(words) > 2 && equalFold(word, "limit"):
		o.limited = true
		if o.offset, ok = c.Integer(words[1]); ok {
			o.limit, ok = c.Integer(words[2])
		}
		return 3, ok
	case !o.fixed && !o.reverse && equalFold(word, "rev"):
		o.reverse = true
	case !o.fixed && o.by == byRank && equalFold(word, "bylex"):
		o.by = byLex
	case !o.fixed && o.by == byRank && equalFold(word, "byscore"):
		o.by = byScore
	default:
		c.Error(resp.ErrSyntax)
		return 0, false
	}
	return 1, true
}

// cut applies LIMIT to the ranks from ≤ rank < to. An offset below 0 passes over everything.
func (o *zrangeOptions) cut(from, to int) (int, int) {
	if !o.limited || o.by == byRank {
		return from, to
	}
	n := int64(to - from)
	if o.offset < 0 || o.offset >= n {
		return from, from
	}
	n -= o.offset
	if o.limit >= 0 {
		n = min(n, o.limit)
	}
	if o.reverse {
		to -= int(o.offset)
		return to - int(n), to
	}
	from += int(o.offset)
	return from, from + int(n)
}

// zcount runs ZCOUNT and ZLEXCOUNT key min max.
func zcount(c *Context, by rangeKind) {
	part, ok := by.parse(c, c.Args[2], c.Args[3])
	if !ok {
		return
	}
	z, ok := readZSet(c, c.Args[1])
	switch {
	case !ok:
	case z == nil:
		c.Int(0)
	default:
		from, to := part.in(z)
		c.Int(int64(to - from))
	}
}

// zremrange runs ZREMRANGEBYRANK, ZREMRANGEBYSCORE and ZREMRANGEBYLEX key min max.
func zremrange(c *Context, by rangeKind, event string) {
	part, ok := by.parse(c, c.Args[2], c.Args[3])
	if !ok {
		return
	}
	key := c.Args[1]
	z, ok := writeZSet(c, key)
	switch {
	case !ok:
		return
	case z == nil:
		c.Int(0)
		return
	}
	from, to := part.in(z)
	if to > from {
		z.DeleteRange(from, to)
		c.Changed(to - from)
		c.took(key, z, event)
	}
	c.Int(int64(to - from))
}
