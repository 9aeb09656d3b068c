package stream

import (
	"errors"

	"clusterplay/node/listpack"
)

// ErrCorrupt says that what should be loaded is no stream.
var ErrCorrupt = errors.New("stream: corrupt")

// Facts are what a stream remembers beside its entries and groups.
type Facts struct {
	Length     uint64
	Last       ID
	First      ID
	MaxDeleted ID
	Added      int64
}

// Node returns node i: the ID it begins with, and its bytes, which are the stream's own.
func (s *Stream) Node(i int) (id ID, pack []byte) { return s.nodes[i].id, s.nodes[i].pack }

// LoadNode appends a node to a stream that is being loaded. pack is copied and may be anything: what
// the stream could not walk safely is refused.
func (s *Stream) LoadNode(id ID, pack []byte) error {
	if _, err := listpack.Check(pack); err != nil {
		return ErrCorrupt
	}
	c := checker{pack: pack, at: listpack.Header, id: id, last: s.last, first: len(s.nodes) == 0}
	live := c.node()
	if c.bad {
		return ErrCorrupt
	}
	n := node{id: id, pack: append([]byte(nil), pack...)}
	s.nodes = append(s.nodes, n)
	s.bytes += len(pack)
	s.length += int(live)
	s.last = c.last
	return nil
}

// Load ends the loading of nodes with what the stream remembers. Those who do not know the first
// entry and the number added (old) let it be found out.
func (s *Stream) Load(f Facts, old bool) error {
	if f.Length != uint64(s.length) || f.Last.Compare(s.last) < 0 {
		return ErrCorrupt
	}
	s.last, s.deleted, s.added, s.first = f.Last, f.MaxDeleted, f.Added, f.First
	if old {
		s.deleted, s.added = ID{}, int64(f.Length)
		s.findFirst()
	}
	return nil
}

// Facts returns what the stream remembers.
func (s *Stream) Facts() Facts {
	return Facts{uint64(s.length), s.last, s.first, s.deleted, s.added}
}

// checker walks over a node that nobody has checked beyond its being a listpack.
type checker struct {
	pack  []byte
	at    int
	id    ID
	last  ID // of the entry before
	first bool
	bad   bool
}

// node checks the whole node and returns how many entries are live.
func (c *checker) node() (live int64) {
	said, dead, fields := c.number(), c.number(), c.number()
	if fields < 0 || fields > int64(len(c.pack)) {
		c.bad = true
		return 0
	}
	c.skip(fields)
	c.bad = c.bad || c.number() != 0
	deleted := int64(0)
	for !c.bad && c.pack[c.at] != listpack.End {
		if c.entry(fields)&flagDeleted != 0 {
			deleted++
		} else {
			live++
		}
	}
	// A trim can leave a node whose last entry was deleted before: no entry lives, and Redis keeps it.
	c.bad = c.bad || live != said || deleted != dead || live+deleted == 0
	return live
}

// entry checks one entry.
func (c *checker) entry(fields int64) (flags int64) {
	flags = c.number()
	id := ID{c.id.Ms + uint64(c.number()), c.id.Seq + uint64(c.number())}
	elements := fixedElements + fields
	if flags&flagSameFields == 0 {
		if fields = c.number(); fields < 0 || fields > int64(len(c.pack)) {
			c.bad = true
			return 0
		}
		elements = fixedElements + 1 + 2*fields
		c.skip(2 * fields)
	} else {
		c.skip(fields)
	}
	if flags < 0 || flags > flagDeleted|flagSameFields || c.number() != elements || id.Compare(c.last) <= 0 {
		c.bad = true
	}
	c.last = id
	return flags
}

// number reads an integer.
func (c *checker) number() int64 {
	if c.bad || c.pack[c.at] == listpack.End {
		c.bad = true
		return 0
	}
	e, next := listpack.At(c.pack, c.at)
	c.bad = !e.IsInt
	c.at = next
	return e.Int
}

func (c *checker) skip(elements int64) {
	for range elements {
		if c.bad || c.pack[c.at] == listpack.End {
			c.bad = true
			return
		}
		c.at = listpack.Skip(c.pack, c.at)
	}
}
