package command

import (
	"strconv"

	"clusterplay/node/stream"
)

// The words of what is propagated for commands about consumer groups.
var (
	wordXClaim         = []byte("XCLAIM")
	wordXGroup         = []byte("XGROUP")
	wordSetID          = []byte("SETID")
	wordCreateConsumer = []byte("CREATECONSUMER")
	wordEntriesRead    = []byte("ENTRIESREAD")
	wordTime           = []byte("TIME")
	wordRetryCount     = []byte("RETRYCOUNT")
	wordForce          = []byte("FORCE")
	wordJustID         = []byte("JUSTID")
	wordLastID         = []byte("LASTID")
	wordZero           = []byte("0")
)

// propagate adds a command to those that are propagated in place of this one. The words are kept as
// they are until the unit ends.
func (c *Context) propagate(words ...[]byte) {
	c.Effects.Instead = append(c.Effects.Instead, words)
}

// propagateClaim tells replicas that an entry is pending for its owner, in a form that may be
// repeated: XCLAIM key group consumer 0 id TIME ms RETRYCOUNT n FORCE JUSTID LASTID id.
func (c *Context) propagateClaim(key, group []byte, g *stream.Group, id []byte, p *stream.Pending) {
	room := make([]byte, 0, 64+len(p.Owner.Name))
	cut := func(from int) []byte { return room[from:len(room):len(room)] }
	room = append(room, p.Owner.Name...)
	owner, at := cut(0), len(room)
	room = strconv.AppendInt(room, p.Delivered, 10)
	delivered, at := cut(at), len(room)
	room = strconv.AppendInt(room, p.Deliveries, 10)
	deliveries, at := cut(at), len(room)
	room = g.Last.Append(room)
	c.propagate(wordXClaim, key, group, owner, wordZero, id, wordTime, delivered, wordRetryCount, deliveries,
		wordForce, wordJustID, wordLastID, cut(at))
}

// propagateGroupID tells replicas how far the group has come.
func (c *Context) propagateGroupID(key, group []byte, g *stream.Group) {
	c.propagate(wordXGroup, wordSetID, key, group, g.Last.Append(nil), wordEntriesRead, strconv.AppendInt(nil, g.Read, 10))
}
