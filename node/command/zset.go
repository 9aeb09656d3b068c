package command

import (
	"math"
	"strconv"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

var zsetCommands = []binding{
	{"zadd", func(c *Context) { zadd(c, zaddOptions{}) }},
	{"zincrby", func(c *Context) { zadd(c, zaddOptions{incr: true}) }},
	{"zrem", zrem},
	{"zcard", zcard},
	{"zscore", zscore},
	{"zmscore", zmscore},
	{"zrank", func(c *Context) { zrank(c, false) }},
	{"zrevrank", func(c *Context) { zrank(c, true) }},
	{"zscan", zscan},
	{"zrandmember", zrandmember},
	{"zpopmin", func(c *Context) { zpop(c, lowest) }},
	{"zpopmax", func(c *Context) { zpop(c, highest) }},
	{"zmpop", zmpop},
	{"bzpopmin", func(c *Context) { bzpop(c, lowest) }},
	{"bzpopmax", func(c *Context) { bzpop(c, highest) }},
	{"bzmpop", bzmpop},
}

// zsetLimits returns the limits that changes of sorted sets are told.
func (c *Context) zsetLimits() keyspace.Limits {
	return keyspace.Limits{
		ZSetEntries: int(c.Host.SettingInt("zset-max-listpack-entries")),
		ZSetBytes:   int(c.Host.SettingInt("zset-max-listpack-value")),
		Seed:        c.Space.Seed(),
	}
}

func readZSet(c *Context, key []byte) (*keyspace.ZSetValue, bool) {
	return valueOf[*keyspace.ZSetValue](c, c.Read(key))
}

func writeZSet(c *Context, key []byte) (*keyspace.ZSetValue, bool) {
	return valueOf[*keyspace.ZSetValue](c, c.ForWrite(key))
}

// zaddOptions are the words before ZADD's first score.
type zaddOptions struct{ nx, xx, gt, lt, ch, incr bool }

// parse reads options and returns what follows them.
func (o *zaddOptions) parse(args [][]byte) [][]byte {
	for len(args) > 0 {
		switch word := args[0]; {
		case equalFold(word, "nx"):
			o.nx = true
		case equalFold(word, "xx"):
			o.xx = true
		case equalFold(word, "gt"):
			o.gt = true
		case equalFold(word, "lt"):
			o.lt = true
		case equalFold(word, "ch"):
			o.ch = true
		case equalFold(word, "incr"):
			o.incr = true
		default:
			return args
		}
		args = args[1:]
	}
	return args
}

// refusal returns what is wrong with the options for that many words of scores and members.
func (o *zaddOptions) refusal(words int) string {
	switch {
	case words == 0 || words%2 == 1:
		return resp.ErrSyntax
	case o.nx && o.xx:
		return "ERR XX and NX options at the same time are not compatible"
	case o.gt && o.nx, o.lt && o.nx, o.gt && o.lt:
		return "ERR GT, LT, and/or NX options at the same time are not compatible"
	case o.incr && words > 2:
		return "ERR INCR option supports a single increment-element pair"
	}
	return ""
}

// zadd runs ZADD key [NX|XX] [GT|LT] [CH] [INCR] score member [score member …] and ZINCRBY, which
// is its INCR form.
func zadd(c *Context, o zaddOptions) {
	key, pairs := c.Args[1], o.parse(c.Args[2:])
	if text := o.refusal(len(pairs)); text != "" {
		c.Error(text)
		return
	}
	var few [8]float64
	scores, ok := c.scores(few[:0], pairs)
	if !ok {
		return
	}
	z, ok := writeZSet(c, key)
	if !ok {
		return
	}
	t := zaddTally{zset: z}
	if z == nil && !o.xx {
		t.zset = keyspace.NewZSet()
	}
	if t.zset != nil {
		lim := c.zsetLimits()
		for i, score := range scores {
			t.add(pairs[2*i+1], score, &o, &lim)
		}
	}
	if z == nil && t.added > 0 {
		c.DB.Set(c.Now, key, t.zset)
		c.Ready(key)
	}
	t.finish(c, &o)
}

// scores reads every other word of pairs as a score and appends them to scores.
func (c *Context) scores(scores []float64, pairs [][]byte) ([]float64, bool) {
	for i := 0; i < len(pairs); i += 2 {
		score, ok := c.double(pairs[i], resp.ErrNotFloat)
		if !ok {
			return nil, false
		}
		scores = append(scores, score)
	}
	return scores, true
}

// zaddTally is what a ZADD has done so far.
type zaddTally struct {
	zset           *keyspace.ZSetValue
	added, updated int
	applied        bool    // the last pair was not passed over
	score          float64 // of the last member
	nan            bool    // inf and -inf were added up
}

// add applies one pair (zsetAdd).
func (t *zaddTally) add(member []byte, score float64, o *zaddOptions, lim *keyspace.Limits) {
	old, there := t.zset.Score(member)
	t.applied = false
	if there && o.nx || !there && o.xx {
		return
	}
	if there && o.incr {
		if score += old; math.IsNaN(score) {
			t.nan = true
			return
		}
	}
	if there && (o.lt && score >= old || o.gt && score <= old) {
		return
	}
	t.applied, t.score = true, score
	switch {
	case t.zset.Set(member, score, lim):
		t.added++
	case score != old:
		t.updated++
	}
}

func (t *zaddTally) finish(c *Context, o *zaddOptions) {
	if t.added+t.updated > 0 {
		c.Changed(t.added + t.updated)
		c.Modified(c.Args[1], zaddEvent(o))
	}
	switch {
	case t.nan:
		c.Error(resp.ErrScoreNaN)
	case o.incr && t.applied:
		c.Double(t.score)
	case o.incr:
		c.Null()
	case o.ch:
		c.Int(int64(t.added + t.updated))
	default:
		c.Int(int64(t.added))
	}
}

func zaddEvent(o *zaddOptions) string {
	if o.incr {
		return "zincr"
	}
	return "zadd"
}

// zrem runs ZREM key member [member …].
func zrem(c *Context) {
	key := c.Args[1]
	z, ok := writeZSet(c, key)
	if !ok {
		return
	}
	removed := 0
	if z != nil {
		for _, member := range c.Args[2:] {
			if z.Delete(member) {
				removed++
			}
		}
	}
	if removed > 0 {
		c.Changed(removed)
		c.took(key, z, "zrem")
	}
	c.Int(int64(removed))
}

// zcard runs ZCARD key.
func zcard(c *Context) {
	z, ok := readZSet(c, c.Args[1])
	switch {
	case !ok:
	case z == nil:
		c.Int(0)
	default:
		c.Int(int64(z.Len()))
	}
}

// zscore runs ZSCORE key member.
func zscore(c *Context) {
	if z, ok := readZSet(c, c.Args[1]); ok {
		answerScore(c, z, c.Args[2])
	}
}

// zmscore runs ZMSCORE key member [member …].
func zmscore(c *Context) {
	z, ok := readZSet(c, c.Args[1])
	if !ok {
		return
	}
	c.Array(len(c.Args) - 2)
	for _, member := range c.Args[2:] {
		answerScore(c, z, member)
	}
}

// answerScore answers a member's score; z may be nil.
func answerScore(c *Context, z *keyspace.ZSetValue, member []byte) {
	if z != nil {
		if score, there := z.Score(member); there {
			c.Double(score)
			return
		}
	}
	c.Null()
}

// zrank runs ZRANK and ZREVRANK key member.
func zrank(c *Context, reverse bool) {
	z, ok := readZSet(c, c.Args[1])
	if !ok {
		return
	}
	if z == nil {
		c.Null()
		return
	}
	rank, there := z.Rank(c.Args[2])
	switch {
	case !there:
		c.Null()
	case reverse:
		c.Int(int64(z.Len() - 1 - rank))
	default:
		c.Int(int64(rank))
	}
}

// zscan runs ZSCAN key cursor [MATCH pattern] [COUNT count].
func zscan(c *Context) {
	scanElements(c, func(z *keyspace.ZSetValue, scan *elementScan) uint64 {
		whole := z.Encoding() == "listpack"
		return z.Scan(scan.cursor, scan.count, func(member []byte, score float64) {
			scan.two(member, scoreText(score, whole))
		})
	})
}

// mostWhole is the largest score that a listpack keeps as an integer (double2ll).
const mostWhole = math.MaxInt64 / 2

// scoreText writes a score as ZSCAN shows it: a whole one that comes from a listpack has no
// exponent.
func scoreText(score float64, whole bool) []byte {
	if whole && math.Abs(score) <= mostWhole && score == math.Trunc(score) {
		return strconv.AppendInt(nil, int64(score), 10)
	}
	return []byte(resp.FormatDouble(score))
}
