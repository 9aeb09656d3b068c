package command

import (
	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

var hashCommands = []binding{
	{"hset", hset},
	{"hmset", hset},
	{"hsetnx", hsetnx},
	{"hget", hget},
	{"hmget", hmget},
	{"hgetall", hgetall},
	{"hkeys", hkeys},
	{"hvals", hvals},
	{"hlen", hlen},
	{"hexists", hexists},
	{"hstrlen", hstrlen},
	{"hdel", hdel},
	{"hincrby", hincrby},
	{"hincrbyfloat", hincrbyfloat},
	{"hrandfield", hrandfield},
	{"hscan", hscan},
}

// hashLimits returns the limits that changes of hashes are told.
func (c *Context) hashLimits() keyspace.Limits {
	return keyspace.Limits{
		HashEntries: int(c.Host.SettingInt("hash-max-listpack-entries")),
		HashBytes:   int(c.Host.SettingInt("hash-max-listpack-value")),
		Seed:        c.Space.Seed(),
	}
}

func readHash(c *Context, key []byte) (*keyspace.HashValue, bool) {
	return valueOf[*keyspace.HashValue](c, c.Read(key))
}

func writeHash(c *Context, key []byte) (*keyspace.HashValue, bool) {
	return valueOf[*keyspace.HashValue](c, c.ForWrite(key))
}

// setFields gives the hash h at key, which is created when it is nil, fields and values in turn
// and returns how many fields are new.
func setFields(c *Context, key []byte, h *keyspace.HashValue, event string, pairs ...[]byte) int {
	create := h == nil
	if create {
		h = keyspace.NewHash()
	}
	lim, added := c.hashLimits(), 0
	h.Fit(&lim, pairs...)
	for i := 0; i < len(pairs); i += 2 {
		if h.Set(pairs[i], pairs[i+1], &lim) {
			added++
		}
	}
	if create {
		c.DB.Set(c.Now, key, h)
	}
	c.Changed(len(pairs) / 2)
	c.Modified(key, event)
	return added
}

// hset runs HSET and HMSET key field value [field value …].
func hset(c *Context) {
	if len(c.Args)%2 == 1 {
		c.Error(resp.WrongArgs(c.Cmd.Full))
		return
	}
	h, ok := writeHash(c, c.Args[1])
	if !ok {
		return
	}
	added := setFields(c, c.Args[1], h, "hset", c.Args[2:]...)
	if c.Cmd.Full == "hmset" {
		c.OK()
	} else {
		c.Int(int64(added))
	}
}

// hsetnx runs HSETNX key field value.
func hsetnx(c *Context) {
	h, ok := writeHash(c, c.Args[1])
	if !ok {
		return
	}
	if h != nil {
		if _, there := h.Get(c.Args[2]); there {
			c.Int(0)
			return
		}
	}
	setFields(c, c.Args[1], h, "hset", c.Args[2:]...)
	c.Int(1)
}

// hget runs HGET key field.
func hget(c *Context) {
	if h, ok := readHash(c, c.Args[1]); ok {
		answerField(c, h, c.Args[2])
	}
}

// answerField answers a field's value; h may be nil.
func answerField(c *Context, h *keyspace.HashValue, field []byte) {
	if h != nil {
		if value, there := h.Get(field); there {
			c.Bulk(value)
			return
		}
	}
	c.Null()
}

// hmget runs HMGET key field [field …].
func hmget(c *Context) {
	h, ok := readHash(c, c.Args[1])
	if !ok {
		return
	}
	c.Array(len(c.Args) - 2)
	for _, field := range c.Args[2:] {
		answerField(c, h, field)
	}
}

// hgetall runs HGETALL key.
func hgetall(c *Context) {
	h, ok := readHash(c, c.Args[1])
	if !ok {
		return
	}
	if h == nil {
		c.Map(0)
		return
	}
	c.Map(h.Len())
	for field, value := range h.All() {
		c.Bulk(field)
		c.Bulk(value)
	}
}

// hkeys runs HKEYS key.
func hkeys(c *Context) {
	h, ok := readHash(c, c.Args[1])
	if !ok {
		return
	}
	if h == nil {
		c.Array(0)
		return
	}
	c.Array(h.Len())
	for field := range h.All() {
		c.Bulk(field)
	}
}

// hvals runs HVALS key.
func hvals(c *Context) {
	h, ok := readHash(c, c.Args[1])
	if !ok {
		return
	}
	if h == nil {
		c.Array(0)
		return
	}
	c.Array(h.Len())
	for _, value := range h.All() {
		c.Bulk(value)
	}
}

// hlen runs HLEN key.
func hlen(c *Context) {
	h, ok := readHash(c, c.Args[1])
	switch {
	case !ok:
	case h == nil:
		c.Int(0)
	default:
		c.Int(int64(h.Len()))
	}
}

// hexists runs HEXISTS key field.
func hexists(c *Context) {
	h, ok := readHash(c, c.Args[1])
	if !ok {
		return
	}
	there := false
	if h != nil {
		_, there = h.Get(c.Args[2])
	}
	c.Int(oneIf(there))
}

// hstrlen runs HSTRLEN key field.
func hstrlen(c *Context) {
	h, ok := readHash(c, c.Args[1])
	if !ok {
		return
	}
	var value []byte
	if h != nil {
		value, _ = h.Get(c.Args[2])
	}
	c.Int(int64(len(value)))
}

// hdel runs HDEL key field [field …].
func hdel(c *Context) {
	key := c.Args[1]
	h, ok := writeHash(c, key)
	if !ok {
		return
	}
	removed := 0
	if h != nil {
		for _, field := range c.Args[2:] {
			if h.Delete(field) {
				removed++
			}
		}
	}
	if removed > 0 {
		c.Changed(removed)
		c.took(key, h, "hdel")
	}
	c.Int(int64(removed))
}

// hscan runs HSCAN key cursor [MATCH pattern] [COUNT count].
func hscan(c *Context) {
	scanElements(c, func(h *keyspace.HashValue, scan *elementScan) uint64 {
		return h.Scan(scan.cursor, scan.count, scan.two)
	})
}
