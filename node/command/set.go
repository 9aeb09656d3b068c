package command

import (
	"clusterplay/node/keyspace"
)

var setCommands = []binding{
	{"sadd", sadd},
	{"srem", srem},
	{"smembers", smembers},
	{"sismember", sismember},
	{"smismember", smismember},
	{"scard", scard},
	{"smove", smove},
	{"spop", spop},
	{"srandmember", srandmember},
	{"sinter", func(c *Context) { combineSets(c, intersect) }},
	{"sunion", func(c *Context) { combineSets(c, unite) }},
	{"sdiff", func(c *Context) { combineSets(c, subtract) }},
	{"sinterstore", func(c *Context) { storeSets(c, intersect, "sinterstore") }},
	{"sunionstore", func(c *Context) { storeSets(c, unite, "sunionstore") }},
	{"sdiffstore", func(c *Context) { storeSets(c, subtract, "sdiffstore") }},
	{"sintercard", sintercard},
	{"sscan", sscan},
}

// setLimits returns the limits that changes of sets are told.
func (c *Context) setLimits() keyspace.Limits {
	return keyspace.Limits{
		SetInts: int(c.Host.SettingInt("set-max-intset-entries")),
		Seed:    c.Space.Seed(),
	}
}

func readSet(c *Context, key []byte) (*keyspace.SetValue, bool) {
	return valueOf[*keyspace.SetValue](c, c.Read(key))
}

func writeSet(c *Context, key []byte) (*keyspace.SetValue, bool) {
	return valueOf[*keyspace.SetValue](c, c.ForWrite(key))
}

// sadd runs SADD key member [member …].
func sadd(c *Context) {
	key := c.Args[1]
	s, ok := writeSet(c, key)
	if !ok {
		return
	}
	created := s == nil
	if created {
		s = keyspace.NewSet()
	}
	lim, added := c.setLimits(), 0
	for _, member := range c.Args[2:] {
		if s.Add(member, &lim) {
			added++
		}
	}
	if created {
		c.DB.Set(c.Now, key, s)
	}
	if added > 0 {
		c.Changed(added)
		c.Modified(key, "sadd")
	}
	c.Int(int64(added))
}

// srem runs SREM key member [member …].
func srem(c *Context) {
	key := c.Args[1]
	s, ok := writeSet(c, key)
	if !ok {
		return
	}
	removed := 0
	if s != nil {
		for _, member := range c.Args[2:] {
			if s.Remove(member) {
				removed++
			}
		}
	}
	if removed > 0 {
		c.Changed(removed)
		c.took(key, s, "srem")
	}
	c.Int(int64(removed))
}

// smembers runs SMEMBERS key.
func smembers(c *Context) {
	if s, ok := readSet(c, c.Args[1]); ok {
		answerSet(c, s)
	}
}

// answerSet answers all members of s, which may be nil.
func answerSet(c *Context, s *keyspace.SetValue) {
	if s == nil {
		c.Set(0)
		return
	}
	c.Set(s.Len())
	for member := range s.All() {
		c.Bulk(member)
	}
}

// sismember runs SISMEMBER key member.
func sismember(c *Context) {
	if s, ok := readSet(c, c.Args[1]); ok {
		c.Int(oneIf(s != nil && s.Has(c.Args[2])))
	}
}

// smismember runs SMISMEMBER key member [member …].
func smismember(c *Context) {
	s, ok := readSet(c, c.Args[1])
	if !ok {
		return
	}
	c.Array(len(c.Args) - 2)
	for _, member := range c.Args[2:] {
		c.Int(oneIf(s != nil && s.Has(member)))
	}
}

func oneIf(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// scard runs SCARD key.
func scard(c *Context) {
	s, ok := readSet(c, c.Args[1])
	switch {
	case !ok:
	case s == nil:
		c.Int(0)
	default:
		c.Int(int64(s.Len()))
	}
}

// smove runs SMOVE source destination member.
func smove(c *Context) {
	source, target, member := c.Args[1], c.Args[2], c.Args[3]
	srcEntry, dstEntry := c.ForWrite(source), c.ForWrite(target)
	if srcEntry == nil {
		c.Int(0)
		return
	}
	src, ok := valueOf[*keyspace.SetValue](c, srcEntry)
	if !ok {
		return
	}
	dst, ok := valueOf[*keyspace.SetValue](c, dstEntry)
	switch {
	case !ok:
		return
	case src == dst:
		c.Int(oneIf(src.Has(member)))
		return
	case !src.Remove(member):
		c.Int(0)
		return
	}
	c.Changed(1)
	c.took(source, src, "srem")
	moveInto(c, target, dst, member)
	c.Int(1)
}

// moveInto adds member to the set dst at key, which is created when it is nil.
func moveInto(c *Context, key []byte, dst *keyspace.SetValue, member []byte) {
	created := dst == nil
	if created {
		dst = keyspace.NewSet()
	}
	lim := c.setLimits()
	added := dst.Add(member, &lim)
	if created {
		c.DB.Set(c.Now, key, dst)
	}
	if added {
		c.Changed(1)
		c.Modified(key, "sadd")
	}
}

// sscan runs SSCAN key cursor [MATCH pattern] [COUNT count].
func sscan(c *Context) {
	scanElements(c, func(s *keyspace.SetValue, scan *elementScan) uint64 {
		return s.Scan(scan.cursor, scan.count, scan.one)
	})
}
