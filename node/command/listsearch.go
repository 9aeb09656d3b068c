package command

import (
	"bytes"
	"math"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// linsert runs LINSERT key BEFORE|AFTER pivot element.
func linsert(c *Context) {
	behind := 0
	switch {
	case equalFold(c.Args[2], "after"):
		behind = 1
	case !equalFold(c.Args[2], "before"):
		c.Error(resp.ErrSyntax)
		return
	}
	key, pivot := c.Args[1], c.Args[3]
	l, ok := writeList(c, key)
	switch {
	case !ok:
		return
	case l == nil:
		c.Int(0)
		return
	}
	for i, element := range l.Forward(0) {
		if bytes.Equal(element, pivot) {
			l.Insert(i+behind, c.Args[4])
			c.Changed(1)
			c.Modified(key, "linsert")
			c.Int(int64(l.Len()))
			return
		}
	}
	c.Int(-1)
}

// lrem runs LREM key count element.
func lrem(c *Context) {
	count, ok := c.Integer(c.Args[2])
	if !ok {
		return
	}
	key := c.Args[1]
	l, ok := writeList(c, key)
	switch {
	case !ok:
		return
	case l == nil:
		c.Int(0)
		return
	}
	backwards := count < 0
	if backwards {
		count = max(0, -count) // the smallest integer has no negation and removes all
	}
	removed := l.Remove(c.Args[3], int(count), backwards)
	if removed > 0 {
		c.Changed(removed)
		c.took(key, l, "lrem")
	}
	c.Int(int64(removed))
}

// errRankZero is long because it teaches.
const errRankZero = "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... " +
	"or use negative to start from the end of the list"

// search is what LPOS looks for.
type search struct {
	rank    int64 // the first match that counts
	count   int64 // how many matches; 0 = all
	counted bool  // COUNT was given: answer an array
	longest int64 // how many elements to look at; 0 = all
}

// lpos runs LPOS key element [RANK rank] [COUNT matches] [MAXLEN len].
func lpos(c *Context) {
	s, ok := parseSearch(c, c.Args[3:])
	if !ok {
		return
	}
	l, ok := readList(c, c.Args[1])
	switch {
	case !ok:
	case l == nil && s.counted:
		c.Array(0)
	case l == nil:
		c.Null()
	default:
		s.answer(c, s.matches(l, c.Args[2]))
	}
}

func parseSearch(c *Context, options [][]byte) (s search, ok bool) {
	s = search{rank: 1, count: 1}
	for ; len(options) > 0; options = options[2:] {
		word := options[0]
		ok = len(options) > 1
		switch {
		case !ok:
			c.Error(resp.ErrSyntax)
		case equalFold(word, "rank"):
			s.rank, ok = c.rank(options[1])
		case equalFold(word, "count"):
			s.counted = true
			s.count, ok = c.intFrom(options[1], 0, "ERR COUNT can't be negative")
		case equalFold(word, "maxlen"):
			s.longest, ok = c.intFrom(options[1], 0, "ERR MAXLEN can't be negative")
		default:
			c.Error(resp.ErrSyntax)
			ok = false
		}
		if !ok {
			return s, false
		}
	}
	return s, true
}

// rank reads the number of the first match that counts. The smallest integer, which has no
// negation, counts as -1.
func (c *Context) rank(arg []byte) (int64, bool) {
	rank, ok := c.Integer(arg)
	switch {
	case !ok:
		return 0, false
	case rank == 0:
		c.Error(errRankZero)
		return 0, false
	case rank == math.MinInt64:
		return -1, true
	}
	return rank, true
}

// matches returns the indexes of the elements equal to element that s asks for.
func (s search) matches(l *keyspace.ListValue, element []byte) []int {
	walk, skip := l.Forward(0), s.rank
	if s.rank < 0 {
		walk, skip = l.Backward(l.Len()-1), -s.rank
	}
	var found []int
	seen := int64(0)
	for i, b := range walk {
		if seen++; s.longest > 0 && seen > s.longest {
			break
		}
		if !bytes.Equal(b, element) {
			continue
		}
		if skip--; skip > 0 {
			continue
		}
		found = append(found, i)
		if s.count > 0 && int64(len(found)) == s.count {
			break
		}
	}
	return found
}

func (s search) answer(c *Context, found []int) {
	switch {
	case s.counted:
		c.Array(len(found))
		for _, i := range found {
			c.Int(int64(i))
		}
	case len(found) > 0:
		c.Int(int64(found[0]))
	default:
		c.Null()
	}
}
