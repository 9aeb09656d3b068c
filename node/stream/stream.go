package stream

import (
	"errors"
	"math"
	"slices"
	"sort"
)

// Stream is a log of entries in the order of their IDs. The zero Stream is empty.
type Stream struct {
	nodes   []node
	length  int
	last    ID    // of the last entry ever added, or what XSETID said
	first   ID    // of the first entry that is there, 0-0 without one
	deleted ID    // the greatest ID that XDEL deleted
	added   int64 // how many entries were ever added
	groups  []*Group
	bytes   int // of all nodes
}

// Limits bound a node: entries go to a new one when the last is full.
type Limits struct {
	Bytes   int64 // stream-node-max-bytes; 0 is no limit
	Entries int64 // stream-node-max-entries; 0 is no limit
}

// Why an entry cannot be added.
var (
	ErrNotAfter = errors.New("stream: the ID is not after the last")
	ErrTooLarge = errors.New("stream: the entry is too large")
)

// Len is the number of entries.
func (s *Stream) Len() int { return s.length }

// LastID is the ID of the last entry ever added, or what SetLastID said.
func (s *Stream) LastID() ID { return s.last }

// FirstID is the ID of the first entry; 0-0 without entries.
func (s *Stream) FirstID() ID { return s.first }

// MaxDeleted is the greatest ID that Delete deleted.
func (s *Stream) MaxDeleted() ID { return s.deleted }

// Added is how many entries were ever added.
func (s *Stream) Added() int64 { return s.added }

// Nodes is the number of nodes.
func (s *Stream) Nodes() int { return len(s.nodes) }

// SetLastID makes id the last ID.
func (s *Stream) SetLastID(id ID) { s.last = id }

// SetAdded sets how many entries were ever added.
func (s *Stream) SetAdded(n int64) { s.added = n }

// SetMaxDeleted sets the greatest ID ever deleted.
func (s *Stream) SetMaxDeleted(id ID) { s.deleted = id }

// NextID returns the ID of an entry added in the millisecond now: never one that goes back, so ok
// is false behind the greatest ID.
func (s *Stream) NextID(now int64) (id ID, ok bool) {
	if ms := uint64(now); ms > s.last.Ms {
		return ID{ms, 0}, true
	}
	return s.last.Next()
}

// Numbered returns the ID of the next entry of the millisecond ms; ok is false when all are used.
func (s *Stream) Numbered(ms uint64) (id ID, ok bool) {
	if ms != s.last.Ms {
		return ID{ms, 0}, true
	}
	return ID{ms, s.last.Seq + 1}, s.last.Seq < math.MaxUint64
}

// Add appends an entry of field names and values in turn.
func (s *Stream) Add(id ID, pairs [][]byte, lim Limits) error {
	if id.Compare(s.last) <= 0 {
		return ErrNotAfter
	}
	size := 0
	for _, word := range pairs {
		size += len(word)
	}
	if size > largestNode {
		return ErrTooLarge
	}
	if len(s.nodes) == 0 || s.nodes[len(s.nodes)-1].full(size, lim) {
		s.open(id, pairs)
	}
	n := &s.nodes[len(s.nodes)-1]
	before := len(n.pack)
	n.add(id, pairs)
	s.bytes += len(n.pack) - before
	s.length++
	s.added++
	s.last = id
	if s.length == 1 {
		s.first = id
	}
	return nil
}

// open begins a new node and takes back what the last one has too much.
func (s *Stream) open(id ID, pairs [][]byte) {
	room := roomAtFirst
	if last := len(s.nodes) - 1; last >= 0 {
		n := &s.nodes[last]
		room = min(len(n.pack)+len(n.pack)/16, mostRoom)
		if cap(n.pack)-len(n.pack) > len(n.pack)/8 {
			n.pack = slices.Clip(slices.Clone(n.pack))
		}
	}
	s.nodes = append(s.nodes, newNode(id, pairs, room))
	s.bytes += len(s.nodes[len(s.nodes)-1].pack)
}

// full tells whether an entry of size bytes does not go in any more.
func (n *node) full(size int, lim Limits) bool {
	most := lim.Bytes
	if most == 0 || most > largestNode {
		most = largestNode
	}
	if int64(len(n.pack)+size) >= most {
		return true
	}
	if lim.Entries == 0 {
		return false
	}
	live, dead := n.counts()
	return live+dead >= lim.Entries
}

// nodeOf returns the index of the node that id belongs to: the last that does not begin behind it,
// -1 when all do.
func (s *Stream) nodeOf(id ID) int {
	return sort.Search(len(s.nodes), func(i int) bool { return s.nodes[i].id.Compare(id) > 0 }) - 1
}

// LastEntry returns the ID of the last entry that is there.
func (s *Stream) LastEntry() (id ID, ok bool) {
	c := s.Range(ID{}, MaxID, true)
	ok = c.Next()
	return c.ID, ok
}

// Has tells whether there is an entry with that ID.
func (s *Stream) Has(id ID) bool {
	c := s.Range(id, id, false)
	return c.Next()
}
