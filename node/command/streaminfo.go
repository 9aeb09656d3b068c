package command

import (
	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
	"clusterplay/node/stream"
)

// infoDefault is how many entries XINFO STREAM FULL shows of each list.
const infoDefault = 10

// infoStream returns the stream that XINFO is about, or answers an error.
func (c *Context) infoStream() *keyspace.StreamValue {
	s, ok := readStream(c, c.Args[2])
	if ok && s == nil {
		c.Error(resp.ErrNoSuchKey)
	}
	return s
}

// xinfoStream runs XINFO STREAM key [FULL [COUNT count]].
func xinfoStream(c *Context) {
	s := c.infoStream()
	if s == nil {
		return
	}
	words, count := c.Args[3:], int64(infoDefault)
	switch {
	case len(words) == 0:
		c.Map(10)
		c.aboutStream(s)
		c.streamEnds(s)
		return
	case len(words) != 1 && len(words) != 3, !equalFold(words[0], "full"), len(words) == 3 && !equalFold(words[1], "count"):
		c.subcommandSyntax()
		return
	case len(words) == 3:
		var ok bool
		if count, ok = c.Integer(words[2]); !ok {
			return
		}
		if count < 0 {
			count = infoDefault
		}
	}
	c.Map(9)
	c.aboutStream(s)
	c.BulkString("entries")
	c.entries(s, s.Range(stream.ID{}, stream.MaxID, false), count)
	c.BulkString("groups")
	c.Array(len(s.Groups()))
	for _, g := range s.Groups() {
		c.groupInFull(s, g, count)
	}
}

// aboutStream answers the seven fields that both forms begin with.
func (c *Context) aboutStream(s *keyspace.StreamValue) {
	c.namedInt("length", int64(s.Len()))
	c.namedInt("radix-tree-keys", int64(s.Nodes()))
	c.namedInt("radix-tree-nodes", int64(s.RadixNodes()))
	c.BulkString("last-generated-id")
	c.streamID(s.LastID())
	c.BulkString("max-deleted-entry-id")
	c.streamID(s.MaxDeleted())
	c.namedInt("entries-added", s.Added())
	c.BulkString("recorded-first-entry-id")
	c.streamID(s.FirstID())
}

func (c *Context) namedInt(name string, n int64) {
	c.BulkString(name)
	c.Int(n)
}

// streamEnds answers the number of groups and the first and last entry.
func (c *Context) streamEnds(s *keyspace.StreamValue) {
	c.namedInt("groups", int64(len(s.Groups())))
	c.BulkString("first-entry")
	c.endOf(s, false)
	c.BulkString("last-entry")
	c.endOf(s, true)
}

func (c *Context) endOf(s *keyspace.StreamValue, back bool) {
	cur := s.Range(stream.ID{}, stream.MaxID, back)
	if cur.Next() {
		c.entry(&cur)
		return
	}
	c.Null()
}

// progress answers how much a group has read and has to read.
func (c *Context) progress(s *keyspace.StreamValue, g *stream.Group) {
	c.BulkString("entries-read")
	if g.Read == stream.Unknown {
		c.Null()
	} else {
		c.Int(g.Read)
	}
	c.BulkString("lag")
	if lag, ok := g.Lag(s.Stream); ok {
		c.Int(lag)
	} else {
		c.Null()
	}
}

// groupInFull answers a group with up to count pending entries of each list.
func (c *Context) groupInFull(s *keyspace.StreamValue, g *stream.Group, count int64) {
	c.Map(7)
	c.BulkString("name")
	c.BulkString(g.Name)
	c.BulkString("last-delivered-id")
	c.streamID(g.Last)
	c.progress(s, g)
	c.namedInt("pel-count", int64(g.PendingLen()))
	c.BulkString("pending")
	c.pendingInFull(g.PendingFrom, count, true)
	c.BulkString("consumers")
	c.Array(len(g.Consumers()))
	for _, reader := range g.Consumers() {
		c.Map(4)
		c.BulkString("name")
		c.BulkString(reader.Name)
		c.namedInt("seen-time", reader.Seen)
		c.namedInt("pel-count", int64(reader.PendingLen()))
		c.BulkString("pending")
		c.pendingInFull(reader.PendingFrom, count, false)
	}
}

// pendingInFull answers up to count of what walk visits; 0 is all.
func (c *Context) pendingInFull(walk func(stream.ID, func(*stream.Pending) bool), count int64, owners bool) {
	mark, n := len(c.Buf), 0
	walk(stream.ID{}, func(p *stream.Pending) bool {
		if count > 0 && int64(n) == count {
			return false
		}
		n++
		if owners {
			c.Array(4)
		} else {
			c.Array(3)
		}
		c.streamID(p.ID)
		if owners {
			c.BulkString(p.Owner.Name)
		}
		c.Int(p.Delivered)
		c.Int(p.Deliveries)
		return true
	})
	c.ArrayAt(mark, n)
}

// xinfoGroups runs XINFO GROUPS key.
func xinfoGroups(c *Context) {
	s := c.infoStream()
	if s == nil {
		return
	}
	c.Array(len(s.Groups()))
	for _, g := range s.Groups() {
		c.Map(6)
		c.BulkString("name")
		c.BulkString(g.Name)
		c.namedInt("consumers", int64(len(g.Consumers())))
		c.namedInt("pending", int64(g.PendingLen()))
		c.BulkString("last-delivered-id")
		c.streamID(g.Last)
		c.progress(s, g)
	}
}

// xinfoConsumers runs XINFO CONSUMERS key group.
func xinfoConsumers(c *Context) {
	s := c.infoStream()
	if s == nil {
		return
	}
	g := s.Group(c.Args[3])
	if g == nil {
		c.noSuchGroup(c.Args[3], c.Args[2])
		return
	}
	c.Array(len(g.Consumers()))
	for _, reader := range g.Consumers() {
		c.Map(3)
		c.BulkString("name")
		c.BulkString(reader.Name)
		c.namedInt("pending", int64(reader.PendingLen()))
		c.namedInt("idle", max(0, c.Now-reader.Seen))
	}
}
