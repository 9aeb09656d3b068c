package command

import (
	"clusterplay/node/keyspace"
)

// zrandmember runs ZRANDMEMBER key [count [WITHSCORES]].
func zrandmember(c *Context) {
	if len(c.Args) > 2 {
		randomRanked(c)
		return
	}
	z, ok := readZSet(c, c.Args[1])
	switch {
	case !ok:
	case z == nil:
		c.Null()
	default:
		member, _ := z.At(c.Host.Rand(z.Len()))
		c.Bulk(member)
	}
}

// randomRanked answers count different members or, when count is negative, -count draws.
func randomRanked(c *Context) {
	count, pairs, ok := draws(c, "withscores")
	if !ok {
		return
	}
	z, ok := readZSet(c, c.Args[1])
	switch {
	case !ok:
	case z == nil || count == 0:
		c.Array(0)
	case count < 0 && !c.bearable(z, -count):
	case count < 0:
		c.openPairs(int(-count), pairs)
		for range -count {
			member, score := z.At(c.Host.Rand(z.Len()))
			answerRanked(c, member, score, pairs)
		}
	case count >= int64(z.Len()):
		c.openPairs(z.Len(), pairs)
		for member, score := range z.Descend(z.Len() - 1) { // as zuiNext walks
			answerRanked(c, member, score, pairs)
		}
	default:
		sampleRanked(c, z, int(count), pairs)
	}
}

func sampleRanked(c *Context, z *keyspace.ZSetValue, count int, pairs bool) {
	c.openPairs(count, pairs)
	for _, rank := range z.Sample(count, c.Host.Rand) {
		member, score := z.At(rank)
		answerRanked(c, member, score, pairs)
	}
}
