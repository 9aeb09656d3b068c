package command

import (
	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

var listCommands = []binding{
	{"lpush", func(c *Context) { push(c, listHead, false) }},
	{"rpush", func(c *Context) { push(c, listTail, false) }},
	{"lpushx", func(c *Context) { push(c, listHead, true) }},
	{"rpushx", func(c *Context) { push(c, listTail, true) }},
	{"lpop", func(c *Context) { pop(c, listHead) }},
	{"rpop", func(c *Context) { pop(c, listTail) }},
	{"llen", llen},
	{"lrange", lrange},
	{"lindex", lindex},
	{"lset", lset},
	{"linsert", linsert},
	{"lrem", lrem},
	{"ltrim", ltrim},
	{"lpos", lpos},
	{"lmove", lmove},
	{"rpoplpush", rpoplpush},
	{"lmpop", lmpop},
	{"blpop", func(c *Context) { blockingPop(c, listHead) }},
	{"brpop", func(c *Context) { blockingPop(c, listTail) }},
	{"blmove", blmove},
	{"brpoplpush", brpoplpush},
	{"blmpop", blmpop},
}

// listEnd is one end of a list.
type listEnd uint8

const (
	listHead listEnd = iota // LEFT
	listTail                // RIGHT
)

// These name what happens at each end: events in lower case, propagated commands in upper.
var (
	pushEvents = [...]string{"lpush", "rpush"}
	popEvents  = [...]string{"lpop", "rpop"}
	popNames   = [...][]byte{[]byte("LPOP"), []byte("RPOP")}
)

func (e listEnd) push(l *keyspace.ListValue, b []byte) {
	if e == listHead {
		l.PushFront(b)
	} else {
		l.PushBack(b)
	}
}

func (e listEnd) pop(l *keyspace.ListValue) []byte {
	if e == listHead {
		return l.PopFront()
	}
	return l.PopBack()
}

// endOf reads LEFT or RIGHT, or answers a syntax error.
func endOf(c *Context, word []byte) (listEnd, bool) {
	switch {
	case equalFold(word, "left"):
		return listHead, true
	case equalFold(word, "right"):
		return listTail, true
	}
	c.Error(resp.ErrSyntax)
	return 0, false
}

func readList(c *Context, key []byte) (*keyspace.ListValue, bool) {
	return valueOf[*keyspace.ListValue](c, c.Read(key))
}

func writeList(c *Context, key []byte) (*keyspace.ListValue, bool) {
	return valueOf[*keyspace.ListValue](c, c.ForWrite(key))
}

// push runs LPUSH, RPUSH, LPUSHX and RPUSHX key element [element …].
func push(c *Context, end listEnd, onlyExisting bool) {
	key := c.Args[1]
	l, ok := writeList(c, key)
	switch {
	case !ok:
		return
	case l == nil && onlyExisting:
		c.Int(0)
		return
	}
	created := l == nil
	if created {
		l = keyspace.NewList()
	}
	for _, element := range c.Args[2:] {
		end.push(l, element)
	}
	if created {
		c.DB.Set(c.Now, key, l)
		c.Ready(key)
	}
	c.Changed(len(c.Args) - 2)
	c.Modified(key, pushEvents[end])
	c.Int(int64(l.Len()))
}

// pop runs LPOP and RPOP key [count].
func pop(c *Context, end listEnd) {
	if len(c.Args) > 3 {
		c.Error(resp.WrongArgs(c.Cmd.Full))
		return
	}
	key, counted, count := c.Args[1], len(c.Args) == 3, int64(1)
	if counted {
		var ok bool
		if count, ok = c.intFrom(c.Args[2], 0, resp.ErrNotPositive); !ok {
			return
		}
	}
	l, ok := writeList(c, key)
	switch {
	case !ok:
	case l == nil && counted:
		c.NullArray()
	case l == nil:
		c.Null()
	case counted:
		popMany(c, key, l, end, count)
	default:
		c.Bulk(end.pop(l))
		c.Changed(1)
		c.took(key, l, popEvents[end])
	}
}

// popMany answers an array of up to count elements popped off l and returns how many there were.
func popMany(c *Context, key []byte, l *keyspace.ListValue, end listEnd, count int64) int {
	n := int(min(count, int64(l.Len())))
	c.Array(n)
	if n == 0 {
		return 0
	}
	for range n {
		c.Bulk(end.pop(l))
	}
	c.Changed(n)
	c.took(key, l, popEvents[end])
	return n
}

// llen runs LLEN key.
func llen(c *Context) {
	l, ok := readList(c, c.Args[1])
	switch {
	case !ok:
	case l == nil:
		c.Int(0)
	default:
		c.Int(int64(l.Len()))
	}
}

// lrange runs LRANGE key start stop.
func lrange(c *Context) {
	start, ok := c.Integer(c.Args[2])
	if !ok {
		return
	}
	stop, ok := c.Integer(c.Args[3])
	if !ok {
		return
	}
	l, ok := readList(c, c.Args[1])
	switch {
	case !ok:
		return
	case l == nil:
		c.Array(0)
		return
	}
	from, to := window(start, stop, l.Len())
	c.Array(to - from)
	if from == to {
		return
	}
	for i, element := range l.Forward(from) {
		c.Bulk(element)
		if i == to-1 {
			break
		}
	}
}

// lindex runs LINDEX key index.
func lindex(c *Context) {
	l, ok := readList(c, c.Args[1])
	switch {
	case !ok:
		return
	case l == nil:
		c.Null()
		return
	}
	index, ok := c.Integer(c.Args[2])
	if !ok {
		return
	}
	if i, inside := place(index, l.Len()); inside {
		c.Bulk(l.At(i))
	} else {
		c.Null()
	}
}

// lset runs LSET key index element.
func lset(c *Context) {
	key := c.Args[1]
	l, ok := writeList(c, key)
	switch {
	case !ok:
		return
	case l == nil:
		c.Error(resp.ErrNoSuchKey)
		return
	}
	index, ok := c.Integer(c.Args[2])
	if !ok {
		return
	}
	i, inside := place(index, l.Len())
	if !inside {
		c.Error(resp.ErrIndexOutOfRange)
		return
	}
	l.Set(i, c.Args[3])
	c.Changed(1)
	c.Modified(key, "lset")
	c.OK()
}

// ltrim runs LTRIM key start stop.
func ltrim(c *Context) {
	start, ok := c.Integer(c.Args[2])
	if !ok {
		return
	}
	stop, ok := c.Integer(c.Args[3])
	if !ok {
		return
	}
	l, ok := writeList(c, c.Args[1])
	if !ok {
		return
	}
	if l != nil {
		from, to := window(start, stop, l.Len())
		c.Changed(l.Len() - (to - from))
		l.Trim(from, to-from)
		c.took(c.Args[1], l, "ltrim")
	}
	c.OK()
}
