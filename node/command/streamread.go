package command

import (
	"math"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
	"clusterplay/node/stream"
)

// The texts with which XREAD and XREADGROUP refuse.
const (
	errUnbalanced = "ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified."
	errNotGroup   = "ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead."
	errNotNoAck   = "ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead."
	errNoGroup    = "ERR Missing GROUP option for XREADGROUP"
	errDollar     = "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this " +
		"consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set."
	errNewOnly     = "ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option."
	errGroupGone   = "NOGROUP the consumer group this client was blocked on no longer exists"
	errStreamGone  = "UNBLOCKED the stream key no longer exists"
	blockedDefault = 1000 // entries for a client that has waited and did not say how many
)

// reading is what XREAD and XREADGROUP are told.
type reading struct {
	isGroup bool
	group   []byte
	name    []byte // of the consumer
	noAck   bool
	count   int64 // 0 is all
	blocks  bool
	until   int64    // with blocks: ms since 1970; 0 is never
	keys    [][]byte // of the streams
	words   [][]byte // the IDs as they were written
	first   int      // position of the first of words
	ids     []stream.ID
	room    [4]stream.ID // of ids, for the usual case
	groups  []*stream.Group
}

// newOnly is the ID that stands for >.
var newOnly = stream.MaxID

// xread runs XREAD [COUNT count] [BLOCK ms] STREAMS key [key …] id [id …].
func xread(c *Context) { readStreams(c) }

// xreadgroup runs XREADGROUP GROUP group consumer [COUNT count] [BLOCK ms] [NOACK] STREAMS key
// [key …] id [id …].
func xreadgroup(c *Context) {
	readStreams(c)
	// What it does travels as XCLAIM and XGROUP.
	c.Effects.Silent = c.Effects.Instead == nil
}

func readStreams(c *Context) {
	r, ok := c.reading()
	if !ok {
		return
	}
	if c.Woken {
		c.readWoken(r)
		return
	}
	if !c.resolve(r) {
		return
	}
	switch {
	case c.serve(r):
	case r.blocks:
		c.await(r)
	default:
		c.NullArray()
	}
}

// reading reads the options, or answers what is wrong.
func (c *Context) reading() (r *reading, ok bool) {
	r = &reading{isGroup: c.Cmd.Name == "xreadgroup"}
	for i := 1; i < len(c.Args) && r.keys == nil; i++ {
		if i = c.readOption(r, i); i < 0 {
			return nil, false
		}
	}
	switch {
	case r.keys == nil:
		c.Error(resp.ErrSyntax)
	case r.isGroup && r.group == nil:
		c.Error(errNoGroup)
	default:
		return r, true
	}
	return nil, false
}

// readOption reads the option at position i and returns the position of its last word; -1 after an
// error was answered.
func (c *Context) readOption(r *reading, i int) int {
	word, more := c.Args[i], len(c.Args)-i-1
	ok, last := true, i+1
	switch {
	case equalFold(word, "block") && more > 0 && c.Script:
		c.Error("ERR " + string(c.Args[0]) + " command is not allowed with BLOCK option from scripts")
		return -1
	case equalFold(word, "block") && more > 0:
		r.blocks = true
		r.until, ok = c.milliseconds(c.Args[i+1])
	case equalFold(word, "count") && more > 0:
		r.count, ok = c.Integer(c.Args[i+1])
		r.count = max(0, r.count)
	case equalFold(word, "streams") && more > 0:
		return c.readKeys(r, i+1)
	case equalFold(word, "group") && more > 1:
		r.group, r.name, last = c.Args[i+1], c.Args[i+2], i+2
		ok = c.onlyGroup(r, errNotGroup)
	case equalFold(word, "noack"):
		r.noAck, last = true, i
		ok = c.onlyGroup(r, errNotNoAck)
	default:
		c.Error(resp.ErrSyntax)
		ok = false
	}
	if !ok {
		return -1
	}
	return last
}

func (c *Context) onlyGroup(r *reading, refusal string) bool {
	if !r.isGroup {
		c.Error(refusal)
	}
	return r.isGroup
}

// readKeys takes the keys and IDs from position i on.
func (c *Context) readKeys(r *reading, i int) int {
	rest := c.Args[i:]
	if len(rest)%2 == 1 {
		c.Error(errUnbalanced)
		return -1
	}
	n := len(rest) / 2
	r.keys, r.words, r.first = rest[:n], rest[n:], i+n
	return len(c.Args)
}

// milliseconds reads a time to wait and returns when it ends; 0 is never.
func (c *Context) milliseconds(word []byte) (until int64, ok bool) {
	wait, ok := c.intOr(word, resp.ErrTimeoutInteger)
	switch {
	case !ok:
		return 0, false
	case wait < 0:
		c.Error(resp.ErrTimeoutNegative)
		return 0, false
	case wait == 0:
		return 0, true
	}
	return c.Now + min(wait, math.MaxInt64-c.Now), true
}

// resolve finds the groups and reads the IDs, or answers what is wrong.
func (c *Context) resolve(r *reading) bool {
	r.ids = r.room[:0]
	for i, word := range r.words {
		s, ok := readStream(c, r.keys[i])
		if !ok || r.isGroup && !c.resolveGroup(r, s, r.keys[i]) {
			return false
		}
		id, ok := c.readID(r, s, word)
		if !ok {
			return false
		}
		r.ids = append(r.ids, id)
	}
	return true
}

func (c *Context) resolveGroup(r *reading, s *keyspace.StreamValue, key []byte) bool {
	var g *stream.Group
	if s != nil {
		g = s.Group(r.group)
	}
	if g == nil {
		c.Error("NOGROUP No such key '" + resp.Quoted(key) + "' or consumer group '" + resp.Quoted(r.group) +
			"' in XREADGROUP with GROUP option")
		return false
	}
	r.groups = append(r.groups, g)
	return true
}

// readID reads the ID behind which a stream is read.
func (c *Context) readID(r *reading, s *keyspace.StreamValue, word []byte) (id stream.ID, ok bool) {
	switch {
	case isMark(word, '$') && r.isGroup:
		c.Error(errDollar)
		return id, false
	case isMark(word, '$'):
		if s != nil {
			id = s.LastID()
		}
		return id, true
	case isMark(word, '>') && !r.isGroup:
		c.Error(errNewOnly)
		return id, false
	case isMark(word, '>'):
		return newOnly, true
	}
	return c.strictID(word)
}

// isMark tells whether C takes word for that one letter.
func isMark(word []byte, mark byte) bool {
	return len(word) > 0 && word[0] == mark && (len(word) == 1 || word[1] == 0)
}
