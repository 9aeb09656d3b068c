package command

import (
	"clusterplay/node/keyspace"
	"clusterplay/node/listpack"
	"clusterplay/node/resp"
	"clusterplay/node/stream"
)

// xrange runs XRANGE key start end [COUNT count].
func xrange(c *Context) { rangeOf(c, c.Args[2], c.Args[3], false) }

// xrevrange runs XREVRANGE key end start [COUNT count].
func xrevrange(c *Context) { rangeOf(c, c.Args[3], c.Args[2], true) }

func rangeOf(c *Context, start, end []byte, back bool) {
	from, to, ok := c.interval(start, end)
	if !ok {
		return
	}
	count := int64(-1)
	for i := 4; i < len(c.Args); i += 2 {
		if i+1 == len(c.Args) || !equalFold(c.Args[i], "count") {
			c.Error(resp.ErrSyntax)
			return
		}
		if count, ok = c.Integer(c.Args[i+1]); !ok {
			return
		}
		count = max(0, count)
	}
	s, ok := readStream(c, c.Args[1])
	switch {
	case !ok:
	case s == nil:
		c.Array(0)
	case count == 0:
		c.NullArray()
	default:
		c.entries(s, s.Range(from, to, back), max(0, count))
	}
}

// interval reads the ends of a range of IDs; an open one begins with a parenthesis.
func (c *Context) interval(start, end []byte) (from, to stream.ID, ok bool) {
	if from, ok = c.intervalStart(start); !ok {
		return from, to, false
	}
	to, open, ok := c.intervalEnd(end, 1<<64-1)
	if ok && open {
		if to, ok = to.Previous(); !ok {
			c.Error("ERR invalid end ID for the interval")
		}
	}
	return from, to, ok
}

func (c *Context) intervalStart(word []byte) (stream.ID, bool) {
	from, open, ok := c.intervalEnd(word, 0)
	if ok && open {
		if from, ok = from.Next(); !ok {
			c.Error("ERR invalid start ID for the interval")
		}
	}
	return from, ok
}

// intervalEnd reads one end; missing is the number of an ID without one.
func (c *Context) intervalEnd(word []byte, missing uint64) (id stream.ID, open, ok bool) {
	if len(word) > 1 && word[0] == '(' {
		id, ok = parseStrict(word[1:], missing)
		open = true
	} else {
		var form stream.Form
		id, form, ok = stream.Parse(word, missing)
		ok = ok && form != stream.AutoSeq
	}
	if !ok {
		c.Error(errStreamID)
	}
	return id, open, ok
}

// entries answers what cur meets, up to count entries; 0 is all.
func (c *Context) entries(s *keyspace.StreamValue, cur stream.Cursor, count int64) {
	mark, n := len(c.Buf), 0
	for (count == 0 || int64(n) < count) && cur.Next() {
		c.entry(&cur)
		n++
	}
	c.ArrayAt(mark, n)
}

// entry answers the entry that cur is at.
func (c *Context) entry(cur *stream.Cursor) {
	c.Array(2)
	c.streamID(cur.ID)
	c.Array(2 * cur.Fields)
	for range cur.Fields {
		c.element(cur.Name())
		c.element(cur.Value())
	}
}

// element answers an element of a listpack.
func (c *Context) element(e listpack.Element) {
	if e.IsInt {
		c.BulkInt(e.Int)
		return
	}
	c.Bulk(e.Text)
}

// entryOf answers the entry with that ID and tells whether there is one.
func (c *Context) entryOf(s *keyspace.StreamValue, id stream.ID) bool {
	cur := s.Range(id, id, false)
	if !cur.Next() {
		return false
	}
	c.entry(&cur)
	return true
}
