package keyspace

import (
	"encoding/binary"
	"math"
	"sort"

	"github.com/tidwall/btree"
)

// ranking is the large form of a sorted set.
type ranking struct {
	scores *Dict[float64]
	order  *btree.BTreeG[ranked]
	size   int // bytes of the members
}

// ranked is a member at its place in the order.
type ranked struct {
	score  float64
	member string
}

// before orders by score, then by the members' bytes.
func before(a, b ranked) bool {
	if a.score != b.score {
		return a.score < b.score
	}
	return a.member < b.member
}

func newRanking(seed Seed) *ranking {
	return &ranking{
		scores: NewDict[float64](seed),
		order:  btree.NewBTreeGOptions(before, btree.Options{NoLocks: true}),
	}
}

func (r *ranking) footprint() int {
	return r.size + dictBytes(r.scores) + orderBytes*r.scores.Len()
}

func (r *ranking) copy() *ranking {
	dup := newRanking(r.scores.seed)
	r.order.Scan(func(item ranked) bool {
		dup.set(bytesOf(item.member), item.score)
		return true
	})
	return dup
}

func (r *ranking) set(member []byte, score float64) (added bool) {
	item, added := r.scores.Add(member)
	switch {
	case added:
		r.size += len(member)
	case item.Value == score:
		return false
	default:
		r.order.Delete(ranked{item.Value, item.Key()})
	}
	item.Value = score
	r.order.Set(ranked{score, item.Key()})
	return added
}

func (r *ranking) delete(member []byte) bool {
	item := r.scores.Remove(member)
	if item == nil {
		return false
	}
	r.size -= len(member)
	r.order.Delete(ranked{item.Value, item.Key()})
	return true
}

func (r *ranking) deleteRange(from, to int) {
	for range to - from {
		item, _ := r.order.DeleteAt(from)
		r.size -= len(item.member)
		r.scores.Delete(bytesOf(item.member))
	}
}

func (r *ranking) rank(member []byte) (int, bool) {
	item := r.scores.Find(member)
	if item == nil {
		return 0, false
	}
	target := ranked{item.Value, item.Key()}
	return sort.Search(r.order.Len(), func(i int) bool {
		other, _ := r.order.GetAt(i)
		return !before(other, target)
	}), true
}

// below counts the members at the front for which front holds; it must hold for no other.
func (r *ranking) below(front func(member []byte, score float64) bool) int {
	return sort.Search(r.order.Len(), func(i int) bool {
		item, _ := r.order.GetAt(i)
		return !front(bytesOf(item.member), item.score)
	})
}

func (r *ranking) at(rank int) ([]byte, float64) {
	item, _ := r.order.GetAt(rank)
	return bytesOf(item.member), item.score
}

func (r *ranking) ascend(rank int, yield func([]byte, float64) bool) {
	from, _ := r.order.GetAt(rank)
	r.order.Ascend(from, func(item ranked) bool { return yield(bytesOf(item.member), item.score) })
}

func (r *ranking) descend(rank int, yield func([]byte, float64) bool) {
	from, _ := r.order.GetAt(rank)
	r.order.Descend(from, func(item ranked) bool { return yield(bytesOf(item.member), item.score) })
}

// ascend walks a pack of members and scores upwards from the pair of that rank.
func (p *pack) ascend(rank int, yield func([]byte, float64) bool) {
	for pos := p.place(2 * rank); pos < p.end(); {
		member, at := p.at(pos)
		score, next := p.scoreAt(at)
		if !yield(member, score) {
			return
		}
		pos = next
	}
}

// descend walks a pack of members and scores downwards from the pair of that rank.
func (p *pack) descend(rank int, yield func([]byte, float64) bool) {
	for pos := p.place(2*rank + 2); pos > p.head; {
		at := p.before(pos)
		pos = p.before(at)
		score, _ := p.scoreAt(at)
		if member, _ := p.at(pos); !yield(member, score) {
			return
		}
	}
}

// scoreAt reads the score at pos and returns the place behind it.
func (p *pack) scoreAt(pos int) (float64, int) {
	bits, next := p.at(pos)
	return scoreOf(bits), next
}

func scoreOf(bits []byte) float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(bits))
}

func scoreBytes(score float64) (bits [8]byte) {
	binary.LittleEndian.PutUint64(bits[:], math.Float64bits(score))
	return bits
}
