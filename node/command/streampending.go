package command

import (
	"clusterplay/node/resp"
	"clusterplay/node/stream"
)

// noKeyOrGroup is the answer about a group that is not there.
func (c *Context) noKeyOrGroup() {
	c.Error("NOGROUP No such key '" + resp.Quoted(c.Args[1]) + "' or consumer group '" + resp.Quoted(c.Args[2]) + "'")
}

// xack runs XACK key group id [id …].
func xack(c *Context) {
	s, ok := useStream(c, c.Args[1])
	if !ok {
		return
	}
	var g *stream.Group
	if s != nil {
		g = s.Group(c.Args[2])
	}
	if g == nil {
		c.Int(0)
		return
	}
	ids, ok := c.strictIDs(c.Args[3:])
	if !ok {
		return
	}
	done := 0
	for _, id := range ids {
		if g.Acknowledge(id) {
			done++
		}
	}
	c.Changed(done)
	c.Int(int64(done))
}

// pendingQuery is what XPENDING asks for beside the summary.
type pendingQuery struct {
	idle     int64
	count    int64
	from, to stream.ID
	consumer []byte
}

// xpending runs XPENDING key group [[IDLE ms] start end count [consumer]].
func xpending(c *Context) {
	n := len(c.Args)
	if n != 3 && (n < 6 || n > 9) {
		c.Error(resp.ErrSyntax)
		return
	}
	var q pendingQuery
	if n > 3 {
		var ok bool
		if q, ok = c.pendingQuery(); !ok {
			return
		}
	}
	s, ok := readStream(c, c.Args[1])
	if !ok {
		return
	}
	var g *stream.Group
	if s != nil {
		g = s.Group(c.Args[2])
	}
	switch {
	case g == nil:
		c.noKeyOrGroup()
	case n == 3:
		c.pendingSummary(g)
	default:
		c.pendingList(g, &q)
	}
}

func (c *Context) pendingQuery() (q pendingQuery, ok bool) {
	words := c.Args[3:]
	if equalFold(words[0], "idle") {
		if q.idle, ok = c.Integer(words[1]); !ok {
			return q, false
		}
		if len(words) < 5 {
			c.Error(resp.ErrSyntax)
			return q, false
		}
		words = words[2:]
	}
	if q.count, ok = c.Integer(words[2]); !ok {
		return q, false
	}
	if q.from, q.to, ok = c.interval(words[0], words[1]); !ok {
		return q, false
	}
	if len(words) > 3 {
		q.consumer = words[3]
	}
	return q, true
}

// pendingSummary answers how much is pending, from where to where and for whom.
func (c *Context) pendingSummary(g *stream.Group) {
	c.Array(4)
	c.Int(int64(g.PendingLen()))
	if g.PendingLen() == 0 {
		c.Null()
		c.Null()
		c.NullArray()
		return
	}
	least, greatest := g.PendingEnds()
	c.streamID(least)
	c.streamID(greatest)
	mark, n := len(c.Buf), 0
	for _, reader := range g.Consumers() {
		if reader.PendingLen() == 0 {
			continue
		}
		c.Array(2)
		c.BulkString(reader.Name)
		c.BulkInt(int64(reader.PendingLen()))
		n++
	}
	c.ArrayAt(mark, n)
}

// pendingList answers what is pending, one by one.
func (c *Context) pendingList(g *stream.Group, q *pendingQuery) {
	walk := g.PendingFrom
	if q.consumer != nil {
		reader := g.Consumer(q.consumer)
		if reader == nil {
			c.Array(0)
			return
		}
		walk = reader.PendingFrom
	}
	mark, n := len(c.Buf), int64(0)
	walk(q.from, func(p *stream.Pending) bool {
		if n >= q.count || p.ID.Compare(q.to) > 0 {
			return false
		}
		idle := c.Now - p.Delivered
		if q.idle != 0 && idle < q.idle {
			return true
		}
		n++
		c.Array(4)
		c.streamID(p.ID)
		c.BulkString(p.Owner.Name)
		c.Int(max(0, idle))
		c.Int(p.Deliveries)
		return true
	})
	c.ArrayAt(mark, int(n))
}
