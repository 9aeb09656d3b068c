package command

import (
	"errors"
	"strconv"

	"clusterplay/node/rdb"
	"clusterplay/node/resp"
)

var dumpCommands = []binding{{"dump", dump}, {"restore", restore}, {"restore-asking", restore}}

// dump is DUMP key.
func dump(c *Context) {
	e := c.Read(c.Args[1])
	if e == nil {
		c.Null()
		return
	}
	value := ToRDB(e.Value)
	c.Bulk(rdb.AppendDump(nil, &value))
}

// restoreOptions are the options of RESTORE; idle is -1 when it is not said.
type restoreOptions struct {
	replace, absolute bool

	idle int64
	freq int64
}

// restore is RESTORE and RESTORE-ASKING key ttl payload [REPLACE] [ABSTTL] [IDLETIME s] [FREQ f].
func restore(c *Context) {
	key := c.Args[1]
	o, ok := c.restoreOptions(c.Args[4:])
	if !ok {
		return
	}
	if !o.replace && c.ForWrite(key) != nil {
		c.Error(resp.ErrBusyKey)
		return
	}
	at, ok := c.restoreTTL(o)
	if !ok {
		return
	}
	decode := rdb.DecodeDump
	if c.Host.Unsealed() {
		decode = rdb.DecodeUnsealed
	}
	decoded, err := decode(c.Args[3])
	switch {
	case err == nil:
		c.restoreValue(key, decoded, at, o)
	case errors.Is(err, rdb.ErrDump):
		c.Error(resp.ErrBadPayload)
	default:
		c.damaged(err)
	}
}

// damaged refuses a payload.
func (c *Context) damaged(err error) {
	c.Host.Damaged(rdb.Type(c.Args[3][0]).Packed(), err)
	c.Error(resp.ErrBadFormat)
}

// restoreTTL reads the time to live and returns when the key dies; 0 is never.
func (c *Context) restoreTTL(o restoreOptions) (at int64, ok bool) {
	ttl, ok := c.Integer(c.Args[2])
	switch {
	case !ok:
		return 0, false
	case ttl < 0:
		c.Error("ERR Invalid TTL value, must be >= 0")
		return 0, false
	case ttl == 0 || o.absolute:
		return ttl, true
	}
	return ttl + c.Now, true
}

func (c *Context) restoreValue(key []byte, decoded rdb.Value, at int64, o restoreOptions) {
	lim := LimitsOf(c.Host, c.Space)
	value, err := FromRDB(&decoded, &lim)
	if err != nil {
		c.damaged(err)
		return
	}
	deleted := o.replace && c.DB.Delete(c.Now, key)
	if at != 0 && c.alreadyDead(at) {
		if deleted {
			c.RewriteBytes([]byte(c.deleteWord("lazyfree-lazy-server-del")), key)
			c.Modified(key, "del")
			c.Changed(1)
		}
		c.OK()
		return
	}
	e := c.DB.Set(c.Now, key, value)
	if o.idle >= 0 {
		c.Space.SetIdle(e, c.Now, o.idle)
	}
	if o.freq >= 0 {
		c.Space.SetFrequency(e, c.Now, int(o.freq))
	}
	if at != 0 {
		c.DB.Expire(key, at)
		c.propagateRestore(at, o)
	}
	c.Modified(key, "restore")
	c.Ready(key)
	c.Changed(1)
	c.OK()
}

// propagateRestore makes the time to live absolute.
func (c *Context) propagateRestore(at int64, o restoreOptions) {
	if o.absolute {
		return
	}
	words := append(append([][]byte(nil), c.Args...), []byte("ABSTTL"))
	words[2] = strconv.AppendInt(nil, at, 10)
	c.RewriteBytes(words...)
}

func (c *Context) restoreOptions(words [][]byte) (o restoreOptions, ok bool) {
	o.idle, o.freq = -1, -1
	for len(words) > 0 {
		more := len(words) > 1
		switch {
		case equalFold(words[0], "replace"):
			o.replace = true
			words = words[1:]
			continue
		case equalFold(words[0], "absttl"):
			o.absolute = true
			words = words[1:]
			continue
		case more && o.freq < 0 && equalFold(words[0], "idletime"):
			o.idle, ok = c.restoreNumber(words[1], 1<<63-1, "ERR Invalid IDLETIME value, must be >= 0")
		case more && o.idle < 0 && equalFold(words[0], "freq"):
			o.freq, ok = c.restoreNumber(words[1], 255, "ERR Invalid FREQ value, must be >= 0 and <= 255")
		default:
			c.Error(resp.ErrSyntax)
			ok = false
		}
		if !ok {
			return o, false
		}
		words = words[2:]
	}
	return o, true
}

func (c *Context) restoreNumber(text []byte, most int64, failure string) (n int64, ok bool) {
	return c.IntegerIn(text, 0, most, failure)
}
