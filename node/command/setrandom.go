package command

import (
	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// The commands by which removals that chance decided are propagated.
var (
	nameSRem = []byte("SREM")
	nameDel  = []byte("DEL")
)

// spop runs SPOP key [count].
func spop(c *Context) {
	switch len(c.Args) {
	case 2:
		popOneMember(c)
	case 3:
		popMembers(c)
	default:
		c.Error(resp.ErrSyntax)
	}
}

func popOneMember(c *Context) {
	key := c.Args[1]
	s, ok := writeSet(c, key)
	switch {
	case !ok:
		return
	case s == nil:
		c.Null()
		return
	}
	member := s.Random(c.Host.Rand)
	c.Bulk(member)
	c.RewriteBytes(nameSRem, key, member)
	s.Remove(c.Effects.Rewritten[2])
	c.Changed(1)
	c.took(key, s, "spop")
}

func popMembers(c *Context) {
	count, ok := c.intFrom(c.Args[2], 0, resp.ErrNotPositive)
	if !ok {
		return
	}
	key := c.Args[1]
	s, ok := writeSet(c, key)
	switch {
	case !ok:
	case s == nil || count == 0:
		c.Set(0)
	case count >= int64(s.Len()):
		popAllMembers(c, key, s)
	default:
		members := s.Sample(int(count), c.Host.Rand)
		c.Set(len(members))
		for _, member := range members {
			c.Bulk(member)
			s.Remove(member)
			c.Instead(nameSRem, key, member)
		}
		c.Changed(len(members))
		c.Modified(key, "spop")
	}
}

func popAllMembers(c *Context, key []byte, s *keyspace.SetValue) {
	answerSet(c, s)
	c.Changed(s.Len())
	c.Modified(key, "spop")
	c.DB.Delete(c.Now, key)
	c.Modified(key, "del")
	c.RewriteBytes(nameDel, key)
}

// srandmember runs SRANDMEMBER key [count].
func srandmember(c *Context) {
	switch len(c.Args) {
	case 2:
		randomMember(c)
	case 3:
		randomMembers(c)
	default:
		c.Error(resp.ErrSyntax)
	}
}

func randomMember(c *Context) {
	s, ok := readSet(c, c.Args[1])
	switch {
	case !ok:
	case s == nil:
		c.Null()
	default:
		c.Bulk(s.Random(c.Host.Rand))
	}
}

// randomMembers answers count different members or, when count is negative, -count draws.
func randomMembers(c *Context) {
	count, ok := c.symmetric(c.Args[2])
	if !ok {
		return
	}
	s, ok := readSet(c, c.Args[1])
	switch {
	case !ok:
	case s == nil || count == 0:
		c.Array(0)
	case count < 0 && !c.bearable(s, -count):
	case count < 0:
		c.Array(int(-count))
		for range -count {
			c.Bulk(s.Random(c.Host.Rand))
		}
	default:
		members := s.Sample(int(min(count, int64(s.Len()))), c.Host.Rand)
		c.Array(len(members))
		for _, member := range members {
			c.Bulk(member)
		}
	}
}
