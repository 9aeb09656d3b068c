package keyspace

import (
	"bytes"
	"iter"
)

// ZSetValue is a sorted set: members ordered by score, those of equal score by their bytes. While
// it is small, member and score stand in turn in one pack; afterwards a hash table finds a
// member's score and a tree keeps the order. Members it hands out are valid until its next change.
//
// Everything about ranges is said in ranks, 0 for the smallest: a range of scores or names is the
// window between two calls of BelowScore or BelowMember.
type ZSetValue struct {
	pairs pack
	large *ranking // nil while the sorted set is a pack
}

// NewZSet returns an empty sorted set.
func NewZSet() *ZSetValue { return &ZSetValue{} }

// Kind says that this is a sorted set.
func (z *ZSetValue) Kind() Kind { return ZSet }

// Encoding is listpack or skiplist.
func (z *ZSetValue) Encoding() string {
	if z.large == nil {
		return "listpack"
	}
	return "skiplist"
}

// Len is the number of members.
func (z *ZSetValue) Len() int {
	if z.large == nil {
		return z.pairs.n / 2
	}
	return z.large.order.Len()
}

// Footprint estimates the bytes the sorted set occupies.
func (z *ZSetValue) Footprint() int {
	if z.large == nil {
		return valueBytes + z.pairs.size()
	}
	return valueBytes + z.large.footprint()
}

// Copy returns a deep copy.
func (z *ZSetValue) Copy() Value {
	if z.large == nil {
		return &ZSetValue{pairs: z.pairs.clone()}
	}
	return &ZSetValue{large: z.large.copy()}
}

// Score returns a member's score and whether there is such a member.
func (z *ZSetValue) Score(member []byte) (float64, bool) {
	if z.large != nil {
		return z.large.scores.Get(member)
	}
	_, at := z.find(member)
	if at < 0 {
		return 0, false
	}
	score, _ := z.pairs.scoreAt(at)
	return score, true
}

// Set gives member a score, which is not NaN, and tells whether the member is new.
func (z *ZSetValue) Set(member []byte, score float64, lim *Limits) bool {
	if z.large != nil {
		return z.large.set(member, score)
	}
	from, at := z.find(member)
	if at >= 0 {
		if was, to := z.pairs.scoreAt(at); was != score {
			z.pairs.remove(from, to, 2)
			z.insert(member, score)
		}
		return false
	}
	if z.Len()+1 > lim.ZSetEntries || len(member) > lim.ZSetBytes {
		z.widen(lim)
		return z.large.set(member, score)
	}
	z.insert(member, score)
	return true
}

// Delete removes a member and tells whether it was there.
func (z *ZSetValue) Delete(member []byte) bool {
	if z.large != nil {
		return z.large.delete(member)
	}
	from, at := z.find(member)
	if at < 0 {
		return false
	}
	_, to := z.pairs.at(at)
	z.pairs.remove(from, to, 2)
	return true
}

// DeleteRange removes the members of ranks from ≤ rank < to.
func (z *ZSetValue) DeleteRange(from, to int) {
	if from >= to {
		return
	}
	if z.large != nil {
		z.large.deleteRange(from, to)
		return
	}
	z.pairs.remove(z.pairs.place(2*from), z.pairs.place(2*to), 2*(to-from))
}

// Rank returns how many members come before a member, and whether there is such a member.
func (z *ZSetValue) Rank(member []byte) (int, bool) {
	if z.large != nil {
		return z.large.rank(member)
	}
	rank := 0
	for other := range z.pairs.pairs {
		if bytes.Equal(other, member) {
			return rank, true
		}
		rank++
	}
	return 0, false
}

// BelowScore returns how many members have a smaller score, or an equal one where inclusive.
func (z *ZSetValue) BelowScore(score float64, inclusive bool) int {
	return z.below(func(_ []byte, other float64) bool {
		return other < score || inclusive && other == score
	})
}

// BelowMember returns how many members have a smaller name, or that one where inclusive. It
// makes sense when all scores are equal.
func (z *ZSetValue) BelowMember(member []byte, inclusive bool) int {
	return z.below(func(other []byte, _ float64) bool {
		c := bytes.Compare(other, member)
		return c < 0 || inclusive && c == 0
	})
}

// At returns the member of a rank, 0 ≤ rank < Len, and its score.
func (z *ZSetValue) At(rank int) ([]byte, float64) {
	if z.large != nil {
		return z.large.at(rank)
	}
	member, at := z.pairs.at(z.pairs.place(2 * rank))
	score, _ := z.pairs.scoreAt(at)
	return member, score
}

// All yields all members with their scores in order.
func (z *ZSetValue) All() iter.Seq2[[]byte, float64] { return z.Ascend(0) }

// Ascend yields the members from rank on, the smallest first.
func (z *ZSetValue) Ascend(rank int) iter.Seq2[[]byte, float64] {
	return func(yield func([]byte, float64) bool) {
		switch {
		case rank >= z.Len():
		case z.large != nil:
			z.large.ascend(rank, yield)
		default:
			z.pairs.ascend(rank, yield)
		}
	}
}

// Descend yields the members from rank down to 0.
func (z *ZSetValue) Descend(rank int) iter.Seq2[[]byte, float64] {
	return func(yield func([]byte, float64) bool) {
		switch {
		case rank < 0:
		case z.large != nil:
			z.large.descend(rank, yield)
		default:
			z.pairs.descend(rank, yield)
		}
	}
}

// Sample returns the ranks of count different members, at most all of them.
func (z *ZSetValue) Sample(count int, rnd func(n int) int) []int {
	count = min(count, z.Len())
	if count*sampleShare < z.Len() {
		return distinct(count, func() (int, int) {
			rank := rnd(z.Len())
			return rank, rank
		})
	}
	ranks := make([]int, z.Len())
	for i := range ranks {
		ranks[i] = i
	}
	return choose(ranks, count, rnd)
}

// Scan visits the members behind cursor and returns the next cursor, as Dict.Scan does. A pack is
// visited at once.
func (z *ZSetValue) Scan(cursor uint64, count int, visit func(member []byte, score float64)) uint64 {
	if z.large != nil {
		return z.large.scores.Scan(cursor, count, func(item *Item[float64]) {
			visit(bytesOf(item.Key()), item.Value)
		})
	}
	for member, score := range z.All() {
		visit(member, score)
	}
	return 0
}

// below counts the members at the front for which before holds; it must hold for no other.
func (z *ZSetValue) below(before func(member []byte, score float64) bool) int {
	if z.large != nil {
		return z.large.below(before)
	}
	n := 0
	for member, score := range z.All() {
		if !before(member, score) {
			break
		}
		n++
	}
	return n
}

// find returns the places of a member and of its score in the pack; -1 when it is not there.
func (z *ZSetValue) find(member []byte) (from, at int) {
	for pos := z.pairs.head; pos < z.pairs.end(); {
		b, next := z.pairs.at(pos)
		if bytes.Equal(b, member) {
			return pos, next
		}
		_, pos = z.pairs.at(next)
	}
	return -1, -1
}

// insert puts a member that is not there at its place in the pack. A negative zero becomes a
// plain one, since a listpack keeps whole scores as integers.
func (z *ZSetValue) insert(member []byte, score float64) {
	score += 0
	pos := z.pairs.head
	for pos < z.pairs.end() {
		other, next := z.pairs.at(pos)
		otherScore, after := z.pairs.scoreAt(next)
		if score < otherScore || score == otherScore && bytes.Compare(member, other) < 0 {
			break
		}
		pos = after
	}
	bits := scoreBytes(score)
	tail := z.pairs.end() - pos
	z.pairs.insert(pos, member)
	z.pairs.insert(z.pairs.end()-tail, bits[:])
}

// Widen leaves the compact encoding, whatever the limits say: SORT does that to what it sorts.
func (z *ZSetValue) Widen(lim *Limits) {
	if z.large == nil {
		z.widen(lim)
	}
}

// widen turns the pack into a table and a tree.
func (z *ZSetValue) widen(lim *Limits) {
	z.large = newRanking(lim.Seed)
	for member, bits := range z.pairs.pairs {
		z.large.set(member, scoreOf(bits))
	}
	z.pairs = pack{}
}
