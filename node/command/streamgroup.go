package command

import (
	"strings"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
	"clusterplay/node/stream"
)

// The texts with which XGROUP refuses.
const (
	errGroupKey    = "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically."
	errBusyGroup   = "BUSYGROUP Consumer Group name already exists"
	errEntriesRead = "ERR value for ENTRIESREAD must be positive or -1"
)

// subcommandSyntax is the answer to a subcommand that does not understand its arguments
// (addReplySubcommandSyntaxError).
func (c *Context) subcommandSyntax() {
	c.Error("ERR unknown subcommand or wrong number of arguments for '" + subcommandWord(c.Args[1]) + "'. Try " +
		strings.ToUpper(string(c.Args[0])) + " HELP.")
}

// subcommandWord is a subcommand as that answer shows it.
func subcommandWord(word []byte) string {
	text := resp.Quoted(word)
	return text[:min(len(text), 128)]
}

// noSuchGroup is the answer about a group that a stream does not have.
func (c *Context) noSuchGroup(group, key []byte) {
	c.Error("NOGROUP No such consumer group '" + resp.Quoted(group) + "' for key name '" + resp.Quoted(key) + "'")
}

// groupOptions are the options of XGROUP CREATE and SETID.
type groupOptions struct {
	makeStream bool
	read       int64
}

// groupOptions reads the options from the fifth word on.
func (c *Context) groupOptions(makes bool) (o groupOptions, ok bool) {
	o.read = stream.Unknown
	for i := 5; i < len(c.Args); i++ {
		switch {
		case makes && equalFold(c.Args[i], "mkstream"):
			o.makeStream = true
		case equalFold(c.Args[i], "entriesread") && i+1 < len(c.Args):
			i++
			if o.read, ok = c.Integer(c.Args[i]); !ok {
				return o, false
			}
			if o.read < 0 && o.read != stream.Unknown {
				c.Error(errEntriesRead)
				return o, false
			}
		default:
			c.subcommandSyntax()
			return o, false
		}
	}
	return o, true
}

// groupStream returns the stream that XGROUP is about; unless it may be missing, nil is answered
// with an error.
func (c *Context) groupStream(mayMiss bool) (*keyspace.StreamValue, bool) {
	s, ok := writeStream(c, c.Args[2])
	if ok && s == nil && !mayMiss {
		c.Error(errGroupKey)
		return nil, false
	}
	return s, ok
}

// groupNamed returns the group that XGROUP is about, or answers an error.
func (c *Context) groupNamed() (*keyspace.StreamValue, *stream.Group, bool) {
	s, ok := c.groupStream(false)
	if !ok {
		return nil, nil, false
	}
	g := s.Group(c.Args[3])
	if g == nil {
		c.noSuchGroup(c.Args[3], c.Args[2])
	}
	return s, g, g != nil
}

// xgroupCreate runs XGROUP CREATE key group id|$ [MKSTREAM] [ENTRIESREAD n].
func xgroupCreate(c *Context) {
	o, ok := c.groupOptions(true)
	if !ok {
		return
	}
	s, ok := c.groupStream(o.makeStream)
	switch {
	case !ok:
		return
	case len(c.Args) > 8:
		c.subcommandSyntax()
		return
	}
	id, ok := c.groupID(s)
	if !ok {
		return
	}
	key := c.Args[2]
	if s == nil {
		s = keyspace.NewStream()
		c.DB.Set(c.Now, key, s)
		c.Modified(key, "")
		c.Ready(key)
	}
	if s.NewGroup(c.Args[3], id, o.read) == nil {
		c.Error(errBusyGroup)
		return
	}
	c.OK()
	c.Changed(1)
	c.Notify(key, "xgroup-create")
}

// groupID reads the ID a new group begins at; s may be nil.
func (c *Context) groupID(s *keyspace.StreamValue) (id stream.ID, ok bool) {
	if !isMark(c.Args[4], '$') {
		return c.strictID(c.Args[4])
	}
	if s != nil {
		id = s.LastID()
	}
	return id, true
}

// xgroupSetID runs XGROUP SETID key group id|$ [ENTRIESREAD n].
func xgroupSetID(c *Context) {
	o, ok := c.groupOptions(false)
	if !ok {
		return
	}
	s, g, ok := c.groupNamed()
	switch {
	case !ok:
		return
	case len(c.Args) != 5 && len(c.Args) != 7:
		c.subcommandSyntax()
		return
	}
	id := s.LastID()
	if !isMark(c.Args[4], '$') {
		var form stream.Form
		if id, form, ok = stream.Parse(c.Args[4], 0); !ok || form == stream.AutoSeq {
			c.Error(errStreamID)
			return
		}
	}
	g.Last, g.Read = id, o.read
	c.OK()
	c.Changed(1)
	c.Notify(c.Args[2], "xgroup-setid")
}

// xgroupDestroy runs XGROUP DESTROY key group.
func xgroupDestroy(c *Context) {
	s, ok := c.groupStream(false)
	switch {
	case !ok:
	case !s.DropGroup(c.Args[3]):
		c.Int(0)
	default:
		c.Int(1)
		c.Changed(1)
		c.Notify(c.Args[2], "xgroup-destroy")
		c.Ready(c.Args[2])
	}
}

// xgroupCreateConsumer runs XGROUP CREATECONSUMER key group consumer.
func xgroupCreateConsumer(c *Context) {
	_, g, ok := c.groupNamed()
	if !ok {
		return
	}
	made := g.NewConsumer(c.Args[4], c.Now) != nil
	if made {
		c.Changed(1)
		c.Notify(c.Args[2], "xgroup-createconsumer")
	}
	c.Int(oneIf(made))
}

// xgroupDelConsumer runs XGROUP DELCONSUMER key group consumer.
func xgroupDelConsumer(c *Context) {
	_, g, ok := c.groupNamed()
	if !ok {
		return
	}
	reader := g.Consumer(c.Args[4])
	if reader == nil {
		c.Int(0)
		return
	}
	pending := g.DropConsumer(reader)
	c.Changed(1)
	c.Notify(c.Args[2], "xgroup-delconsumer")
	c.Int(int64(pending))
}

// xsetid runs XSETID key id [ENTRIESADDED n] [MAXDELETEDID id].
func xsetid(c *Context) {
	id, ok := c.strictID(c.Args[2])
	if !ok {
		return
	}
	added, deleted := int64(-1), stream.ID{}
	for i := 3; i < len(c.Args); i += 2 {
		more := i+1 < len(c.Args)
		switch {
		case more && equalFold(c.Args[i], "entriesadded"):
			if added, ok = c.Integer(c.Args[i+1]); ok && added < 0 {
				c.Error(errNegAdded)
				ok = false
			}
		case more && equalFold(c.Args[i], "maxdeletedid"):
			if deleted, ok = c.strictID(c.Args[i+1]); ok && id.Compare(deleted) < 0 {
				c.Error(errBelowDeleted)
				ok = false
			}
		default:
			c.Error(resp.ErrSyntax)
			ok = false
		}
		if !ok {
			return
		}
	}
	c.setID(id, added, deleted)
}

// setID does what XSETID asks for; -1 and 0-0 are not asked for.
func (c *Context) setID(id stream.ID, added int64, deleted stream.ID) {
	s, ok := writeStream(c, c.Args[1])
	if !ok {
		return
	}
	if s == nil {
		c.Error(resp.ErrNoSuchKey)
		return
	}
	last, some := s.LastEntry()
	switch {
	case some && id.Compare(last) < 0:
		c.Error(errSmallSetID)
		return
	case some && added != -1 && int64(s.Len()) > added:
		c.Error(errFewAdded)
		return
	}
	s.SetLastID(id)
	if added != -1 {
		s.SetAdded(added)
	}
	if !deleted.IsZero() {
		s.SetMaxDeleted(deleted)
	}
	c.OK()
	c.Changed(1)
	c.Notify(c.Args[1], "xsetid")
}
