package cluster

import (
	"encoding/binary"
	"math/bits"
)

// index finds nodes by their ids. Every entry of every gossip section asks for one: a cluster of a thousand
// asks two million times a second. Ids are chance, so their first bytes will do to tell nearly all apart; a
// cell and the node itself are all that a lookup touches. Whoever makes up ids that begin alike makes lookups
// slow, no more: a table holds at most maxNodes.
type index struct {
	cells []cell // a power of two of them, at most half of them taken
	taken int
}

// cell is a place for a node: the first that was free at or after where its key belongs.
type cell struct {
	key  uint64
	node *node // nil: free
}

// leastCells is how many there are at first.
const leastCells = 16

func keyOf(id *ID) uint64 { return binary.LittleEndian.Uint64(id[:]) }

// home is where a key belongs. The digits of an id differ in few bits; the golden ratio spreads them.
func (x *index) home(key uint64) int {
	return int(key * 0x9e3779b97f4a7c15 >> (64 - bits.TrailingZeros(uint(len(x.cells)))))
}

func (x *index) after(i int) int { return (i + 1) & (len(x.cells) - 1) }

// find returns the node with an id, and the cell it is in; nil when there is none.
func (x *index) find(id *ID) (*node, int) {
	if x.taken == 0 {
		return nil, 0
	}
	key := keyOf(id)
	for i := x.home(key); ; i = x.after(i) {
		c := &x.cells[i]
		if c.node == nil {
			return nil, i
		}
		if c.key == key && c.node.id == *id {
			return c.node, i
		}
	}
}

// add puts a node in that is not there.
func (x *index) add(n *node) {
	if 2*(x.taken+1) > len(x.cells) {
		old := x.cells
		x.cells = make([]cell, max(leastCells, 2*len(old)))
		for _, c := range old {
			if c.node != nil {
				x.seat(c)
			}
		}
	}
	x.taken++
	x.seat(cell{keyOf(&n.id), n})
}

func (x *index) seat(c cell) {
	i := x.home(c.key)
	for x.cells[i].node != nil {
		i = x.after(i)
	}
	x.cells[i] = c
}

// remove takes a node out. Those behind it that could be nearer to where they belong move up.
func (x *index) remove(id *ID) {
	n, i := x.find(id)
	if n == nil {
		return
	}
	x.taken--
	for {
		x.cells[i] = cell{}
		free := i
		for i = x.after(i); ; i = x.after(i) {
			c := x.cells[i]
			if c.node == nil {
				return
			}
			// c may move when free lies between its home and where it is, around the end or not.
			if last := len(x.cells) - 1; (i-x.home(c.key))&last >= (i-free)&last {
				x.cells[free] = c
				break
			}
		}
	}
}
