package command

import (
	"errors"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
	"clusterplay/node/stream"
)

var streamCommands = []binding{
	{"xadd", xadd}, {"xlen", xlen}, {"xdel", xdel}, {"xtrim", xtrim}, {"xsetid", xsetid},
	{"xrange", xrange}, {"xrevrange", xrevrange}, {"xread", xread}, {"xreadgroup", xreadgroup},
	{"xgroup|create", xgroupCreate}, {"xgroup|setid", xgroupSetID}, {"xgroup|destroy", xgroupDestroy},
	{"xgroup|createconsumer", xgroupCreateConsumer}, {"xgroup|delconsumer", xgroupDelConsumer}, {"xgroup|help", help},
	{"xack", xack}, {"xpending", xpending}, {"xclaim", xclaim}, {"xautoclaim", xautoclaim},
	{"xinfo|stream", xinfoStream}, {"xinfo|groups", xinfoGroups}, {"xinfo|consumers", xinfoConsumers}, {"xinfo|help", help},
}

// The texts with which commands about streams refuse.
const (
	errStreamID     = "ERR Invalid stream ID specified as stream command argument"
	errZeroID       = "ERR The ID specified in XADD must be greater than 0-0"
	errLastID       = "ERR The stream has exhausted the last possible ID, unable to add more items"
	errSmallID      = "ERR The ID specified in XADD is equal or smaller than the target stream top item"
	errLargeEntry   = "ERR Elements are too large to be stored"
	errSmallSetID   = "ERR The ID specified in XSETID is smaller than the target stream top item"
	errFewAdded     = "ERR The entries_added specified in XSETID is smaller than the target stream length"
	errNegAdded     = "ERR entries_added must be positive"
	errBelowDeleted = "ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id"
)

// streamLimits returns the bounds of a stream's nodes.
func (c *Context) streamLimits() stream.Limits {
	return stream.Limits{
		Bytes:   c.Host.SettingInt("stream-node-max-bytes"),
		Entries: c.Host.SettingInt("stream-node-max-entries"),
	}
}

func readStream(c *Context, key []byte) (*keyspace.StreamValue, bool) {
	return valueOf[*keyspace.StreamValue](c, c.Read(key))
}

func writeStream(c *Context, key []byte) (*keyspace.StreamValue, bool) {
	return valueOf[*keyspace.StreamValue](c, c.ForWrite(key))
}

// useStream returns a stream that is looked up as by a reader, which counts a hit or a miss, and
// may be changed.
func useStream(c *Context, key []byte) (*keyspace.StreamValue, bool) {
	s, ok := readStream(c, key)
	if s == nil {
		return nil, ok
	}
	return writeStream(c, key)
}

// strictID reads an ID that is neither - nor +; anything else is answered with an error.
func (c *Context) strictID(word []byte) (stream.ID, bool) {
	id, ok := parseStrict(word, 0)
	if !ok {
		c.Error(errStreamID)
	}
	return id, ok
}

func parseStrict(word []byte, missing uint64) (stream.ID, bool) {
	id, form, ok := stream.Parse(word, missing)
	return id, ok && form != stream.Edge && form != stream.AutoSeq
}

// strictIDs reads all of words, or answers an error.
func (c *Context) strictIDs(words [][]byte) ([]stream.ID, bool) {
	ids := make([]stream.ID, 0, 8)
	for _, word := range words {
		id, ok := c.strictID(word)
		if !ok {
			return nil, false
		}
		ids = append(ids, id)
	}
	return ids, true
}

// streamID answers an ID.
func (c *Context) streamID(id stream.ID) {
	var room [44]byte
	c.Bulk(id.Append(room[:0]))
}

// xadd runs XADD key [NOMKSTREAM] [MAXLEN|MINID [=|~] threshold [LIMIT count]] *|id field value
// [field value …].
func xadd(c *Context) {
	a, ok := c.addArguments()
	if !ok {
		return
	}
	pairs := c.Args[min(a.id+1, len(c.Args)):]
	switch {
	case len(pairs) < 2 || len(pairs)%2 == 1:
		c.Error(resp.WrongArgs(c.Cmd.Full))
		return
	case a.form == stream.Whole && a.at.IsZero() && a.given:
		c.Error(errZeroID)
		return
	}
	key := c.Args[1]
	s, ok := writeStream(c, key)
	if !ok {
		return
	}
	create := s == nil
	if create && a.noStream {
		c.Null()
		return
	}
	if create {
		s = keyspace.NewStream()
	}
	id, ok := c.addEntry(s, &a, pairs)
	if create {
		c.DB.Set(c.Now, key, s)
	}
	if !ok {
		return
	}
	c.streamID(id)
	c.Modified(key, "xadd")
	c.Changed(1)
	c.afterAdd(s, &a, id)
	c.Ready(key)
}

// addEntry appends the entry, or answers why that cannot be.
func (c *Context) addEntry(s *keyspace.StreamValue, a *addArguments, pairs [][]byte) (id stream.ID, ok bool) {
	if s.LastID() == stream.MaxID {
		c.Error(errLastID)
		return id, false
	}
	id, ok = a.at, true
	switch {
	case !a.given:
		id, ok = s.NextID(c.Now)
	case a.form == stream.AutoSeq:
		id, ok = s.Numbered(a.at.Ms)
	}
	if !ok {
		c.Error(errSmallID)
		return id, false
	}
	err := s.Add(id, pairs, c.streamLimits())
	switch {
	case errors.Is(err, stream.ErrTooLarge):
		c.Error(errLargeEntry)
	case err != nil:
		c.Error(errSmallID)
	}
	return id, err == nil
}

// afterAdd trims the stream and makes the propagated form deterministic.
func (c *Context) afterAdd(s *keyspace.StreamValue, a *addArguments, id stream.ID) {
	generated := !a.given || a.form == stream.AutoSeq
	if a.trims && a.trim.Apply(s.Stream) > 0 {
		c.Notify(c.Args[1], "xtrim")
	}
	approx := a.trims && a.trim.Approx
	if !generated && !approx {
		return
	}
	words := c.Room.command(len(c.Args))
	copy(words, c.Args)
	if approx {
		a.exactly(words, s.Stream)
	}
	if generated {
		var text [44]byte
		words[a.id] = c.Room.copy(id.Append(text[:0]))
	}
	c.Effects.Rewritten = words
}

// xlen runs XLEN key.
func xlen(c *Context) {
	s, ok := readStream(c, c.Args[1])
	switch {
	case !ok:
	case s == nil:
		c.Int(0)
	default:
		c.Int(int64(s.Len()))
	}
}

// xdel runs XDEL key id [id …].
func xdel(c *Context) {
	s, ok := writeStream(c, c.Args[1])
	switch {
	case !ok:
		return
	case s == nil:
		c.Int(0)
		return
	}
	ids, ok := c.strictIDs(c.Args[2:])
	if !ok {
		return
	}
	deleted := s.Delete(ids...)
	if deleted > 0 {
		c.Modified(c.Args[1], "xdel")
		c.Changed(deleted)
	}
	c.Int(int64(deleted))
}

// xtrim runs XTRIM key MAXLEN|MINID [=|~] threshold [LIMIT count].
func xtrim(c *Context) {
	a, ok := c.trimArguments()
	if !ok {
		return
	}
	s, ok := writeStream(c, c.Args[1])
	switch {
	case !ok:
		return
	case s == nil:
		c.Int(0)
		return
	}
	deleted := a.trim.Apply(s.Stream)
	if deleted > 0 {
		c.Modified(c.Args[1], "xtrim")
		c.Changed(int(deleted))
		if a.trim.Approx {
			words := append(make([][]byte, 0, len(c.Args)), c.Args...)
			a.exactly(words, s.Stream)
			c.Effects.Rewritten = words
		}
	}
	c.Int(deleted)
}
