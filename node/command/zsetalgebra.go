package command

import (
	"cmp"
	"math"
	"slices"

	"clusterplay/node/keyspace"
)

var zalgebraCommands = []binding{
	{"zunion", func(c *Context) { zcombine(c, zunite) }},
	{"zinter", func(c *Context) { zcombine(c, zintersect) }},
	{"zdiff", func(c *Context) { zcombine(c, zsubtract) }},
	{"zunionstore", func(c *Context) { zcombineStore(c, zunite, "zunionstore") }},
	{"zinterstore", func(c *Context) { zcombineStore(c, zintersect, "zinterstore") }},
	{"zdiffstore", func(c *Context) { zcombineStore(c, zsubtract, "zdiffstore") }},
	{"zintercard", zintercard},
}

// zoperation is one of the ways to combine sorted sets.
type zoperation struct {
	weighs bool // knows WEIGHTS and AGGREGATE
	run    func(in *zinput, yield func(member []byte, score float64) bool)
}

// The operations. Each yields a member at most once, except unite, whose result adds up.
var (
	zunite     = zoperation{weighs: true}
	zintersect = zoperation{weighs: true, run: (*zinput).intersect}
	zsubtract  = zoperation{run: (*zinput).subtract}
)

// zinput is what ZUNION, ZINTER, ZDIFF, their STORE forms and ZINTERCARD are given.
type zinput struct {
	sources    []zsource
	aggregate  func(a, b float64) float64
	withScores bool
	limit      int64 // ZINTERCARD: 0 = none
}

// zsource is one key: a sorted set, a set, whose members all have the score 1, or nothing.
type zsource struct {
	zset   *keyspace.ZSetValue
	set    *keyspace.SetValue
	weight float64
}

func (s *zsource) len() int {
	switch {
	case s.zset != nil:
		return s.zset.Len()
	case s.set != nil:
		return s.set.Len()
	}
	return 0
}

// all yields the members with their weighted scores.
func (s *zsource) all(yield func(member []byte, score float64) bool) {
	if s.zset != nil {
		for member, score := range s.zset.All() {
			if !yield(member, number(s.weight*score)) {
				return
			}
		}
	}
	if s.set != nil {
		for member := range s.set.All() {
			if !yield(member, s.weight) {
				return
			}
		}
	}
}

// score returns the weighted score of member. Unlike those of all it may be no number, which makes
// the sum it goes into 0 and leaves a minimum or maximum alone.
func (s *zsource) score(member []byte) (float64, bool) {
	if s.zset != nil {
		score, there := s.zset.Score(member)
		return s.weight * score, there
	}
	return s.weight, s.set != nil && s.set.Has(member)
}

// number makes 0 of what is none: of 0 times infinity, and of infinity minus infinity.
func number(score float64) float64 {
	if math.IsNaN(score) {
		return 0
	}
	return score
}

func addScores(a, b float64) float64 { return number(a + b) }

// zcombine runs ZUNION, ZINTER and ZDIFF numkeys key [key …] and options.
func zcombine(c *Context, op zoperation) {
	var in zinput
	if !in.parse(c, c.Args[1:], op.options(true)) {
		return
	}
	result := in.result(c, op)
	c.openPairs(result.Len(), in.withScores)
	for member, score := range result.All() {
		answerRanked(c, member, score, in.withScores)
	}
}

// zcombineStore runs ZUNIONSTORE, ZINTERSTORE and ZDIFFSTORE destination numkeys key [key …] and
// options.
func zcombineStore(c *Context, op zoperation, event string) {
	var in zinput
	if in.parse(c, c.Args[2:], op.options(false)) {
		c.storeResult(c.Args[1], c.compact(in.result(c, op)), event)
	}
}

// zintercard runs ZINTERCARD numkeys key [key …] [LIMIT limit].
func zintercard(c *Context) {
	var in zinput
	if !in.parse(c, c.Args[1:], zoptions{limit: true}) {
		return
	}
	in.sort()
	n := int64(0)
	in.intersect(func([]byte, float64) bool {
		n++
		return n != in.limit
	})
	c.Int(n)
}

// result runs op. Like Redis it collects in the large encoding, however small the result.
func (in *zinput) result(c *Context, op zoperation) *keyspace.ZSetValue {
	result, lim := keyspace.NewZSet(), keyspace.Limits{Seed: c.Space.Seed()}
	if op.weighs {
		in.sort()
	}
	if op.run == nil {
		in.uniteInto(result, &lim)
		return result
	}
	op.run(in, func(member []byte, score float64) bool {
		result.Set(member, score, &lim)
		return true
	})
	return result
}

// compact returns z in the small encoding if it fits (zsetConvertToListpackIfNeeded).
func (c *Context) compact(z *keyspace.ZSetValue) *keyspace.ZSetValue {
	lim := c.zsetLimits()
	if z.Len() > lim.ZSetEntries {
		return z
	}
	small := keyspace.NewZSet()
	for member, score := range z.All() {
		if len(member) > lim.ZSetBytes {
			return z
		}
		small.Set(member, score, &lim)
	}
	return small
}

// sort puts the smallest source first; scores are added up in that order.
func (in *zinput) sort() {
	slices.SortStableFunc(in.sources, func(a, b zsource) int { return cmp.Compare(a.len(), b.len()) })
}

// uniteInto adds up first and orders afterwards.
func (in *zinput) uniteInto(result *keyspace.ZSetValue, lim *keyspace.Limits) {
	sums := keyspace.NewDict[float64](lim.Seed)
	for i := range in.sources {
		for member, score := range in.sources[i].all {
			sum, first := sums.Add(member)
			if !first {
				score = in.aggregate(sum.Value, score)
			}
			sum.Value = score
		}
	}
	for member, score := range sums.All() {
		result.Set([]byte(member), *score, lim)
	}
}

// intersect yields the members that all sources have.
func (in *zinput) intersect(yield func(member []byte, score float64) bool) {
	for member, score := range in.sources[0].all {
		everywhere := true
		for i := 1; i < len(in.sources) && everywhere; i++ {
			var other float64
			other, everywhere = in.sources[i].score(member)
			score = in.aggregate(score, other)
		}
		if everywhere && !yield(member, score) {
			return
		}
	}
}

// subtract yields the members that only the first source has.
func (in *zinput) subtract(yield func(member []byte, score float64) bool) {
	for member, score := range in.sources[0].all {
		elsewhere := false
		for i := 1; i < len(in.sources) && !elsewhere; i++ {
			_, elsewhere = in.sources[i].score(member)
		}
		if !elsewhere && !yield(member, score) {
			return
		}
	}
}
