package command

import (
	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// ranks is a range of a sorted set: it says which ranks of z lie in it, from ≤ rank < to.
type ranks interface {
	in(z *keyspace.ZSetValue) (from, to int)
}

// rankRange is a range by index; negative ones count from the end.
type rankRange struct {
	start, stop int64
	reverse     bool // indexes count from the highest
}

func (r rankRange) in(z *keyspace.ZSetValue) (int, int) {
	from, to := window(r.start, r.stop, z.Len())
	if r.reverse {
		return z.Len() - to, z.Len() - from
	}
	return from, to
}

// scoreRange is a range by score.
type scoreRange struct {
	min, max         float64
	minOpen, maxOpen bool // the bound itself does not belong
}

func (r scoreRange) in(z *keyspace.ZSetValue) (int, int) {
	from, to := z.BelowScore(r.min, r.minOpen), z.BelowScore(r.max, !r.maxOpen)
	return from, max(from, to)
}

// lexBound is one end of a range by name.
type lexBound struct {
	member []byte
	open   bool // the bound itself does not belong
	least  bool // "-": before everything
	most   bool // "+": behind everything
}

// below counts the members before the bound, with the bound itself where inclusive.
func (b lexBound) below(z *keyspace.ZSetValue, inclusive bool) int {
	switch {
	case b.least:
		return 0
	case b.most:
		return z.Len()
	}
	return z.BelowMember(b.member, inclusive)
}

// lexRange is a range by name; it makes sense when all scores are equal.
type lexRange struct{ min, max lexBound }

func (r lexRange) in(z *keyspace.ZSetValue) (int, int) {
	from, to := r.min.below(z, r.min.open), r.max.below(z, !r.max.open)
	return from, max(from, to)
}

// parseRankRange reads two indexes.
func parseRankRange(c *Context, start, stop []byte) (r rankRange, ok bool) {
	if r.start, ok = c.Integer(start); ok {
		r.stop, ok = c.Integer(stop)
	}
	return r, ok
}

// parseScoreRange reads two scores, each of which may be opened with "(".
func parseScoreRange(c *Context, low, high []byte) (r scoreRange, ok bool) {
	if r.min, r.minOpen, ok = parseScoreBound(low); ok {
		r.max, r.maxOpen, ok = parseScoreBound(high)
	}
	if !ok {
		c.Error(resp.ErrMinMaxFloat)
	}
	return r, ok
}

func parseScoreBound(text []byte) (score float64, open, ok bool) {
	if len(text) > 0 && text[0] == '(' {
		text, open = text[1:], true
	}
	score, ok = parseBound(text)
	return score, open, ok
}

// parseLexRange reads two names, each of which begins with "[" or "(", or "-" and "+".
func parseLexRange(c *Context, low, high []byte) (r lexRange, ok bool) {
	if r.min, ok = parseLexBound(low); ok {
		r.max, ok = parseLexBound(high)
	}
	if !ok {
		c.Error(resp.ErrMinMaxString)
	}
	return r, ok
}

func parseLexBound(text []byte) (b lexBound, ok bool) {
	switch {
	case string(text) == "-":
		return lexBound{least: true}, true
	case string(text) == "+":
		return lexBound{most: true}, true
	case len(text) > 0 && (text[0] == '(' || text[0] == '['):
		return lexBound{member: text[1:], open: text[0] == '('}, true
	}
	return b, false
}
