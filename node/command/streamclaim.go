package command

import (
	"math"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
	"clusterplay/node/stream"
)

// claim is what XCLAIM and XAUTOCLAIM are told.
type claim struct {
	idle      int64
	force     bool
	justID    bool
	delivered int64 // -1 is now
	retries   int64 // -1 is one more
	last      stream.ID

	s      *keyspace.StreamValue
	g      *stream.Group
	reader *stream.Consumer
}

// findGroup looks for the stream and the group; when one is missing it answers an error.
func (cl *claim) findGroup(c *Context) bool {
	var ok bool
	if cl.s, ok = useStream(c, c.Args[1]); !ok {
		return false
	}
	if cl.s != nil {
		cl.g = cl.s.Group(c.Args[2])
	}
	if cl.g == nil {
		c.noKeyOrGroup()
	}
	return cl.g != nil
}

// xclaim runs XCLAIM key group consumer min-idle-time id [id …] [IDLE ms] [TIME ms] [RETRYCOUNT n]
// [FORCE] [JUSTID] [LASTID id].
func xclaim(c *Context) {
	cl := claim{delivered: -1, retries: -1}
	if !cl.findGroup(c) {
		return
	}
	var ok bool
	if cl.idle, ok = c.intOr(c.Args[4], "ERR Invalid min-idle-time argument for XCLAIM"); !ok {
		return
	}
	var ids []stream.ID
	for _, word := range c.Args[5:] {
		id, ok := parseStrict(word, 0)
		if !ok {
			break
		}
		ids = append(ids, id)
	}
	if !cl.options(c, 5+len(ids)) {
		return
	}
	passed := cl.last.Compare(cl.g.Last) > 0
	if passed {
		cl.g.Last = cl.last
	}
	if cl.delivered < 0 || cl.delivered > c.Now {
		cl.delivered = c.Now
	}
	mark, n := len(c.Buf), 0
	for i, id := range ids {
		if cl.take(c, id, c.Args[5+i]) {
			n++
		}
	}
	c.ArrayAt(mark, n)
	if passed && c.Effects.Instead == nil {
		c.propagateGroupID(c.Args[1], c.Args[2], cl.g)
		c.Changed(1)
	}
	c.Effects.Silent = c.Effects.Instead == nil
}

// options reads the options of XCLAIM from position i on.
func (cl *claim) options(c *Context, i int) bool {
	for ; i < len(c.Args); i++ {
		word, more, ok := c.Args[i], i+1 < len(c.Args), true
		switch {
		case equalFold(word, "force"):
			cl.force = true
			continue
		case equalFold(word, "justid"):
			cl.justID = true
			continue
		case more && equalFold(word, "idle"):
			cl.delivered, ok = c.intOr(c.Args[i+1], "ERR Invalid IDLE option argument for XCLAIM")
			cl.delivered = c.Now - cl.delivered
		case more && equalFold(word, "time"):
			cl.delivered, ok = c.intOr(c.Args[i+1], "ERR Invalid TIME option argument for XCLAIM")
		case more && equalFold(word, "retrycount"):
			cl.retries, ok = c.intOr(c.Args[i+1], "ERR Invalid RETRYCOUNT option argument for XCLAIM")
		case more && equalFold(word, "lastid"):
			cl.last, ok = c.strictID(c.Args[i+1])
		default:
			c.Error("ERR Unrecognized XCLAIM option '" + resp.Quoted(word) + "'")
			ok = false
		}
		if !ok {
			return false
		}
		i++
	}
	return true
}

// take gives the consumer one entry and answers it; word is how its ID is propagated.
func (cl *claim) take(c *Context, id stream.ID, word []byte) bool {
	p := cl.g.Pending(id)
	if !cl.s.Has(id) {
		if p != nil {
			cl.forget(c, p, word)
		}
		return false
	}
	if p == nil {
		if !cl.force {
			return false
		}
		p = &stream.Pending{ID: id, Deliveries: 1}
	} else if cl.idle > 0 && c.Now-p.Delivered < cl.idle {
		return false
	}
	cl.give(c, p, word)
	return true
}

// forget drops what is pending about an entry that was deleted. Replicas come to the same by the
// XCLAIM they are sent.
func (cl *claim) forget(c *Context, p *stream.Pending, word []byte) {
	c.propagateClaim(c.Args[1], c.Args[2], cl.g, word, p)
	c.Changed(1)
	cl.g.Acknowledge(p.ID)
}

// give makes p pending for the consumer and answers the entry.
func (cl *claim) give(c *Context, p *stream.Pending, word []byte) {
	if cl.reader == nil {
		cl.reader, _ = c.consumer(c.Args[1], cl.g, c.Args[3])
	}
	p = cl.g.Own(p)
	p.Delivered = cl.delivered
	switch {
	case cl.retries >= 0:
		p.Deliveries = cl.retries
	case !cl.justID:
		p.Deliveries++
	}
	cl.g.Assign(p, cl.reader)
	if cl.justID {
		c.streamID(p.ID)
	} else {
		c.entryOf(cl.s, p.ID)
	}
	c.propagateClaim(c.Args[1], c.Args[2], cl.g, word, p)
	c.Changed(1)
}

const errClaimCount = "ERR COUNT must be > 0"

// How many entries XAUTOCLAIM looks at for each that it may answer, and the greatest number it may
// be asked for: ids of all must fit the memory that C can name.
const (
	claimAttempts = 10
	mostClaimed   = math.MaxInt64 / 16
)

// mostGone is for how many IDs of deleted entries XAUTOCLAIM makes room beforehand: Redis asks for the
// memory of all it might answer, and does not get that of more.
const mostGone = 1 << 36

// xautoclaim runs XAUTOCLAIM key group consumer min-idle-time start [COUNT count] [JUSTID].
func xautoclaim(c *Context) {
	cl := claim{delivered: c.Now, retries: -1}
	start, count, ok := cl.autoArguments(c)
	if !ok || !cl.findGroup(c) {
		return
	}
	if count > mostGone {
		c.Error("ERR Insufficient memory, failed allocating transient memory, COUNT too high.")
		return
	}
	c.Array(3)
	mark, n := len(c.Buf), 0
	var gone []stream.ID
	next := start
	cursor := stream.ID{}
	for attempts := count * claimAttempts; ; attempts-- {
		p := cl.g.First(next)
		if p == nil {
			break
		}
		if attempts == 0 || count == 0 {
			cursor = p.ID
			break
		}
		next, ok = p.ID.Next()
		switch {
		case !cl.s.Has(p.ID):
			cl.forget(c, p, p.ID.Append(nil))
			gone = append(gone, p.ID)
			count--
		case cl.idle == 0 || c.Now-p.Delivered >= cl.idle:
			cl.give(c, p, p.ID.Append(nil))
			n++
			count--
		}
		if !ok {
			break
		}
	}
	c.ArrayAt(mark, n)
	c.BulkAt(mark, cursor.String())
	c.Array(len(gone))
	for _, id := range gone {
		c.streamID(id)
	}
	c.Effects.Silent = c.Effects.Instead == nil
}

// autoArguments reads what XAUTOCLAIM is told, or answers what is wrong.
func (cl *claim) autoArguments(c *Context) (start stream.ID, count int64, ok bool) {
	count = 100
	if cl.idle, ok = c.intOr(c.Args[4], "ERR Invalid min-idle-time argument for XAUTOCLAIM"); !ok {
		return start, 0, false
	}
	cl.idle = max(0, cl.idle)
	if start, ok = c.intervalStart(c.Args[5]); !ok {
		return start, 0, false
	}
	for i := 6; i < len(c.Args); i++ {
		switch {
		case equalFold(c.Args[i], "count") && i+1 < len(c.Args):
			i++
			if count, ok = c.intFrom(c.Args[i], 1, errClaimCount); !ok {
				return start, 0, false
			}
			if count > mostClaimed {
				c.Error(errClaimCount)
				return start, 0, false
			}
		case equalFold(c.Args[i], "justid"):
			cl.justID = true
		default:
			c.Error(resp.ErrSyntax)
			return start, 0, false
		}
	}
	return start, count, true
}
