package stream

import "clusterplay/node/listpack"

// A node is a listpack, whose elements begin with a master entry:
//
//	live | dead | n | name 1 … name n | 0
//
// How many entries of the node are live and how many are marked as deleted, and the field names of
// the entry that came first. Behind it come the entries, each with its ID as the difference to the
// node's:
//
//	flags | ms | seq | value 1 … value n | elements          the names are the master's
//	flags | ms | seq | m | name | value … | elements          else
//
// The last element says how many of the entry precede it, for whoever walks backwards.
type node struct {
	id     ID // of the first entry
	pack   []byte
	shared bool // somebody else reads it
}

// The flags of an entry.
const (
	flagDeleted = 1 << iota
	flagSameFields
)

const (
	fixedElements = 3       // flags, ms, seq
	flagsAt       = 1       // an entry's flags are a small integer, which is its encoding byte
	roomAtFirst   = 64      // bytes made for a node that nothing is known about
	mostRoom      = 4096    // bytes made for a node at most
	largestNode   = 1 << 30 // STREAM_LISTPACK_MAX_SIZE
)

// counts returns how many entries are live and how many deleted.
func (n *node) counts() (live, dead int64) {
	l, at := listpack.At(n.pack, listpack.Header)
	d, _ := listpack.At(n.pack, at)
	return l.Int, d.Int
}

// addCounts changes the counts by so much.
func (n *node) addCounts(live, dead int64) {
	n.own()
	at := listpack.Header
	for _, more := range [...]int64{live, dead} {
		had, next := listpack.At(n.pack, at)
		if more != 0 {
			n.replaceInt(at, next, had.Int+more)
			next = listpack.Skip(n.pack, at)
		}
		at = next
	}
}

// replaceInt puts value in the place of the element from at to next.
func (n *node) replaceInt(at, next int, value int64) {
	var room [10]byte
	element := listpack.AppendInt(room[:0], value)
	if len(element) == next-at {
		copy(n.pack[at:], element)
		return
	}
	tail := append([]byte(nil), n.pack[next:len(n.pack)-1]...)
	count := n.elements()
	n.pack = append(append(n.pack[:at], element...), tail...)
	n.pack = listpack.Close(n.pack, count)
}

// elements is the number of elements; from 65535 on it is any number not below.
func (n *node) elements() int {
	count, _ := listpack.Count(n.pack)
	return count
}

// master returns the number of field names, the place of the first and that of the first entry.
func (n *node) master() (fields, names, entries int) {
	at := listpack.Skip(n.pack, listpack.Skip(n.pack, listpack.Header))
	count, at := listpack.At(n.pack, at)
	names = at
	for range count.Int {
		at = listpack.Skip(n.pack, at)
	}
	return int(count.Int), names, listpack.Skip(n.pack, at)
}

// end is the place behind the last entry.
func (n *node) end() int { return len(n.pack) - 1 }

// newNode returns a node without entries whose master entry has the fields of pairs.
func newNode(id ID, pairs [][]byte, room int) node {
	b := listpack.Open(make([]byte, 0, room))
	b = listpack.AppendInt(b, 0)
	b = listpack.AppendInt(b, 0)
	b = listpack.AppendInt(b, int64(len(pairs)/2))
	for i := 0; i < len(pairs); i += 2 {
		b = listpack.Append(b, pairs[i])
	}
	b = listpack.AppendInt(b, 0)
	return node{id: id, pack: listpack.Close(b, len(pairs)/2+4)}
}

// add appends an entry of names and values in turn.
func (n *node) add(id ID, pairs [][]byte) {
	n.addCounts(1, 0)
	fields := int64(len(pairs) / 2)
	same := n.hasFields(pairs)
	flags, elements := int64(0), fixedElements+2*fields+1
	if same {
		flags, elements = flagSameFields, fixedElements+fields
	}
	count := n.elements()
	b := listpack.Reopen(n.pack)
	b = listpack.AppendInt(b, flags)
	b = listpack.AppendInt(b, int64(id.Ms-n.id.Ms))
	b = listpack.AppendInt(b, int64(id.Seq-n.id.Seq))
	if !same {
		b = listpack.AppendInt(b, fields)
	}
	for i, word := range pairs {
		if !same || i%2 == 1 {
			b = listpack.Append(b, word)
		}
	}
	b = listpack.AppendInt(b, elements)
	n.pack = listpack.Close(b, count+int(elements)+1)
}

// hasFields tells whether the master entry has exactly the names of pairs.
func (n *node) hasFields(pairs [][]byte) bool {
	at := listpack.Skip(n.pack, listpack.Skip(n.pack, listpack.Header))
	count, at := listpack.At(n.pack, at)
	if int(count.Int) != len(pairs)/2 {
		return false
	}
	for i := 0; i < len(pairs); i += 2 {
		name, next := listpack.At(n.pack, at)
		if !name.Is(pairs[i]) {
			return false
		}
		at = next
	}
	return true
}

// lastID returns the ID of the last entry, a deleted one too.
func (n *node) lastID() ID {
	at := listpack.Before(n.pack, n.end())
	elements, _ := listpack.At(n.pack, at)
	for range elements.Int {
		at = listpack.Before(n.pack, at)
	}
	id, _ := n.idAt(at)
	return id
}

// idAt returns the ID of the entry at place at and the place behind it.
func (n *node) idAt(at int) (id ID, next int) {
	ms, next := listpack.At(n.pack, listpack.Skip(n.pack, at))
	seq, next := listpack.At(n.pack, next)
	return ID{n.id.Ms + uint64(ms.Int), n.id.Seq + uint64(seq.Int)}, next
}
