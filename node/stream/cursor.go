package stream

import "clusterplay/node/listpack"

// Cursor walks over the entries of a stream. It is valid until the stream changes:
//
//	c := s.Range(from, to, false)
//	for c.Next() {
//		for range c.Fields {
//			name, value := c.Pair()
//		}
//	}
type Cursor struct {
	ID     ID
	Fields int // how many names and values the entry has

	s        *Stream
	from, to ID
	back     bool
	deleted  bool // whether entries marked as deleted are met too

	index   int // of the node
	n       *node
	at      int  // forwards where the next entry begins, backwards where the last one visited did
	inside  bool // forwards: the present entry has not been passed yet, and at is behind
	same    bool // the names are the master's
	left    int  // fields that Pair has not returned
	flags   int  // place of the present entry's flags
	master  int  // place of the first name in the master entry
	fields  int  // how many names the master entry has
	begin   int  // place of the first entry
	name    int  // place of the next name when it is the master's
	element int  // place of the next element of the entry
}

// Range returns a cursor over the entries from from to to, both included; back begins at the end.
func (s *Stream) Range(from, to ID, back bool) Cursor {
	c := Cursor{s: s, from: from, to: to, back: back}
	if back {
		c.index = max(0, s.nodeOf(to)) + 1
	} else {
		c.index = max(0, s.nodeOf(from)) - 1
	}
	return c
}

// Next goes to the next entry and tells whether there is one.
func (c *Cursor) Next() bool {
	if c.back {
		return c.nextBack()
	}
	if c.inside {
		c.pass()
	}
	for {
		if c.n == nil || c.at == c.n.end() {
			if c.index+1 >= len(c.s.nodes) {
				return false
			}
			c.enter(c.index + 1)
			c.at = c.begin
			continue
		}
		flags := c.read(c.at)
		if c.ID.Compare(c.to) > 0 {
			return false
		}
		if c.ID.Compare(c.from) >= 0 && (c.deleted || flags&flagDeleted == 0) {
			c.inside = true
			return true
		}
		c.pass()
	}
}

func (c *Cursor) nextBack() bool {
	for {
		if c.n == nil || c.at == c.begin {
			if c.index-1 < 0 || c.index-1 >= len(c.s.nodes) {
				return false
			}
			c.enter(c.index - 1)
			c.at = c.n.end()
			continue
		}
		at := listpack.Before(c.n.pack, c.at)
		elements, _ := listpack.At(c.n.pack, at)
		for range elements.Int {
			at = listpack.Before(c.n.pack, at)
		}
		flags := c.read(at)
		c.at = at
		if c.ID.Compare(c.from) < 0 {
			return false
		}
		if c.ID.Compare(c.to) <= 0 && (c.deleted || flags&flagDeleted == 0) {
			return true
		}
	}
}

// enter goes to node i.
func (c *Cursor) enter(i int) {
	c.index, c.n = i, &c.s.nodes[i]
	c.fields, c.master, c.begin = c.n.master()
}

// read reads the head of the entry at place at.
func (c *Cursor) read(at int) (flags byte) {
	c.flags = at
	flags = c.n.pack[at]
	c.ID, c.element = c.n.idAt(at)
	c.same = flags&flagSameFields != 0
	if c.same {
		c.Fields, c.left, c.name = c.fields, c.fields, c.master
		return flags
	}
	fields, next := listpack.At(c.n.pack, c.element)
	c.Fields, c.left, c.element = int(fields.Int), int(fields.Int), next
	return flags
}

// pass goes behind what is left of the present entry.
func (c *Cursor) pass() {
	elements := c.left + 1
	if !c.same {
		elements += c.left
	}
	at := c.element
	for range elements {
		at = listpack.Skip(c.n.pack, at)
	}
	c.at, c.inside = at, false
}

// Pair returns the next field of the entry: its name and its value.
func (c *Cursor) Pair() (name, value listpack.Element) {
	name = c.Name()
	return name, c.Value()
}

// Name returns the name of the next field; Value must be asked for next. An element at a time is
// returned in registers, two are not.
func (c *Cursor) Name() (name listpack.Element) {
	if c.same {
		name, c.name = listpack.At(c.n.pack, c.name)
	} else {
		name, c.element = listpack.At(c.n.pack, c.element)
	}
	return name
}

// Value returns the value of the field whose name was asked for.
func (c *Cursor) Value() (value listpack.Element) {
	c.left--
	value, c.element = listpack.At(c.n.pack, c.element)
	return value
}
