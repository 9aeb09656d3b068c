package command

import (
	"bytes"

	"clusterplay/node/keyspace"
)

// lmove runs LMOVE source destination LEFT|RIGHT LEFT|RIGHT.
func lmove(c *Context) {
	if from, to, ok := bothEnds(c); ok && !tryMove(c, from, to) {
		c.Null()
	}
}

// rpoplpush runs RPOPLPUSH source destination.
func rpoplpush(c *Context) {
	if !tryMove(c, listTail, listHead) {
		c.Null()
	}
}

func bothEnds(c *Context) (from, to listEnd, ok bool) {
	if from, ok = endOf(c, c.Args[3]); ok {
		to, ok = endOf(c, c.Args[4])
	}
	return from, to, ok
}

// tryMove moves one element between the lists in the first two arguments and answers it, or an
// error. It is false, and nothing is answered, when the source is not there.
func tryMove(c *Context, from, to listEnd) bool {
	source, target := c.Args[1], c.Args[2]
	src, ok := writeList(c, source)
	if !ok || src == nil {
		return !ok
	}
	dst, ok := writeList(c, target)
	if !ok {
		return true
	}
	element := bytes.Clone(from.pop(src))
	created := dst == nil
	if created {
		dst = keyspace.NewList()
	}
	to.push(dst, element)
	if created {
		c.DB.Set(c.Now, target, dst)
		c.Ready(target)
	}
	c.Modified(target, pushEvents[to])
	c.took(source, src, popEvents[from])
	c.Changed(1)
	c.Bulk(element)
	return true
}
