package command

import (
	"slices"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
	"clusterplay/node/stream"
)

// serve answers what there is, and tells whether there was something.
func (c *Context) serve(r *reading) bool {
	mark, n := len(c.Buf), 0
	for i, key := range r.keys {
		s, _ := readStream(c, key)
		if s != nil && c.serveStream(r, i, s) {
			n++
		}
	}
	if n > 0 {
		c.streamsAt(mark, n)
	}
	return n > 0
}

// streamsAt opens the reply of n streams that has been written from mark on.
func (c *Context) streamsAt(mark, n int) {
	if c.Proto == 3 {
		c.MapAt(mark, n)
		return
	}
	c.ArrayAt(mark, n)
}

// serveStream answers what stream i has behind the ID, if it has something.
func (c *Context) serveStream(r *reading, i int, s *keyspace.StreamValue) bool {
	after, history := r.ids[i], r.isGroup && r.ids[i] != newOnly
	if r.isGroup && !history {
		after = r.groups[i].Last
	}
	if last, some := s.LastEntry(); !history && (!some || last.Compare(after) <= 0) {
		return false
	}
	c.openStream(r.keys[i])
	start, _ := after.Next()
	if !r.isGroup {
		c.entries(s, s.Range(start, stream.MaxID, false), r.count)
		return true
	}
	s, _ = writeStream(c, r.keys[i])
	reader := c.reader(r, r.keys[i], r.groups[i])
	if history {
		c.history(s, r.groups[i], reader, start, r.count)
	} else {
		c.deliver(s, r, delivery{r.keys[i], r.groups[i], reader, start})
	}
	c.Changed(1)
	return true
}

func (c *Context) openStream(key []byte) {
	if c.Proto != 3 {
		c.Array(2)
	}
	c.Bulk(key)
}

// reader returns the consumer, newly made when there was none.
func (c *Context) reader(r *reading, key []byte, g *stream.Group) *stream.Consumer {
	reader, made := c.consumer(key, g, r.name)
	if made && r.noAck {
		c.propagate(wordXGroup, wordCreateConsumer, key, r.group, r.name)
	}
	return reader
}

// consumer returns the consumer of that name, which has been seen now, newly made when there was
// none.
func (c *Context) consumer(key []byte, g *stream.Group, name []byte) (reader *stream.Consumer, made bool) {
	if reader = g.Consumer(name); reader != nil {
		reader.Seen = c.Now
		return reader, false
	}
	c.Changed(1)
	c.Notify(key, "xgroup-createconsumer")
	return g.NewConsumer(name, c.Now), true
}

// history answers what is pending for a consumer; entries that were deleted have no fields.
func (c *Context) history(s *keyspace.StreamValue, g *stream.Group, reader *stream.Consumer, start stream.ID, count int64) {
	mark, n := len(c.Buf), 0
	var again []*stream.Pending
	reader.PendingFrom(start, func(p *stream.Pending) bool {
		if count > 0 && int64(n) == count {
			return false
		}
		n++
		if !c.entryOf(s, p.ID) {
			c.Array(2)
			c.streamID(p.ID)
			c.NullArray()
			return true
		}
		again = append(again, p)
		return true
	})
	for _, p := range again {
		p = g.Own(p)
		p.Delivered = c.Now
		p.Deliveries++
	}
	c.ArrayAt(mark, n)
}

// delivery is what a group gives a consumer.
type delivery struct {
	key    []byte
	group  *stream.Group
	reader *stream.Consumer
	start  stream.ID
}

// deliver answers new entries, which are pending from now on unless nobody wants to acknowledge
// them.
func (c *Context) deliver(s *keyspace.StreamValue, r *reading, d delivery) {
	mark, n, passed := len(c.Buf), 0, false
	cur := s.Range(d.start, stream.MaxID, false)
	for (r.count == 0 || int64(n) < r.count) && cur.Next() {
		if cur.ID.Compare(d.group.Last) > 0 {
			d.group.Pass(s.Stream, cur.ID)
			passed = true
		}
		if c.entry(&cur); !r.noAck {
			p := d.group.Deliver(cur.ID, d.reader, c.Now)
			c.propagateClaim(d.key, r.group, d.group, cur.ID.Append(nil), p)
		}
		n++
	}
	if passed && r.noAck {
		c.propagateGroupID(d.key, r.group, d.group)
	}
	c.ArrayAt(mark, n)
}

// await blocks the client until one of the streams has more. From now on $ is the ID that it is now.
func (c *Context) await(r *reading) {
	if !r.isGroup {
		c.Args = slices.Clone(c.Args)
		for i, word := range r.words {
			if isMark(word, '$') {
				c.Args[r.first+i] = r.ids[i].Append(nil)
			}
		}
	}
	c.Block(r.keys, r.until, (*resp.Writer).NullArray)
}

// readWoken serves a client that has waited, from the stream that has more now.
func (c *Context) readWoken(r *reading) {
	i := slices.IndexFunc(r.keys, func(key []byte) bool { return string(key) == string(c.WokenBy) })
	key := r.keys[i]
	var s *keyspace.StreamValue
	if e := c.DB.Look(c.Now, key); e != nil {
		s, _ = e.Value.(*keyspace.StreamValue)
	}
	switch {
	case s == nil && r.isGroup:
		c.Error(errStreamGone)
	case s == nil:
		c.await(r)
	case r.isGroup:
		c.groupWoken(r, key, s)
	default:
		after, _ := parseStrict(r.words[i], 0)
		if s.LastID().Compare(after) <= 0 {
			c.await(r)
			return
		}
		c.streamsAt(len(c.Buf), 1)
		c.openStream(key)
		start, _ := after.Next()
		c.entries(s, s.Range(start, stream.MaxID, false), r.wokenCount())
	}
}

func (r *reading) wokenCount() int64 {
	if r.count == 0 {
		return blockedDefault
	}
	return r.count
}

// groupWoken is readWoken for a consumer of a group.
func (c *Context) groupWoken(r *reading, key []byte, s *keyspace.StreamValue) {
	g := s.Group(r.group)
	switch {
	case g == nil:
		c.Error(errGroupGone)
		return
	case s.LastID().Compare(g.Last) <= 0:
		c.await(r)
		return
	}
	s, _ = writeStream(c, key)
	r.count = r.wokenCount()
	start, _ := g.Last.Next()
	reader := c.reader(r, key, g)
	c.streamsAt(len(c.Buf), 1)
	c.openStream(key)
	c.deliver(s, r, delivery{key, g, reader, start})
}
