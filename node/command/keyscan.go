package command

import (
	"math"
	"strconv"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

var scanCommands = []binding{{"keys", keys}, {"scan", scan}}

// keys is KEYS pattern. Expired keys are passed over and stay where they are.
func keys(c *Context) {
	pattern := c.Args[1]
	all, glob := string(pattern) == "*", ReadGlob(pattern, false)
	var found []string
	for key, e := range c.DB.All() {
		if (all || Match(glob, key)) && !c.hidden(e) {
			found = append(found, key)
		}
	}
	c.Array(len(found))
	for _, key := range found {
		c.BulkString(key)
	}
}

// hidden tells whether a client must not see e any more.
func (c *Context) hidden(e *keyspace.Entry) bool {
	return c.DB.ExpiredAt(e, c.Now) && c.Space.Expiry != keyspace.ShowExpired
}

// scanOptions are the options of SCAN.
type scanOptions struct {
	count   int
	pattern *Glob  // nil = everything
	kind    []byte // nil = every type
}

// scan is SCAN cursor [MATCH pattern] [COUNT count] [TYPE type].
func scan(c *Context) {
	cursor, ok := parseCursor(c.Args[1])
	if !ok {
		c.Error(resp.ErrInvalidCursor)
		return
	}
	o, ok := c.scanOptions(c.Args[2:])
	if !ok {
		return
	}
	var found []string
	cursor = c.DB.Scan(cursor, o.count, func(key string, e *keyspace.Entry) {
		if o.pattern == nil || Match(o.pattern, key) {
			found = append(found, key)
		}
	})
	kept := found[:0]
	for _, key := range found {
		// Looking an expired key up deletes it, which must wait until the walk is over.
		if c.scanned([]byte(key), o.kind) {
			kept = append(kept, key)
		}
	}
	c.Array(2)
	c.BulkString(strconv.FormatUint(cursor, 10))
	c.Array(len(kept))
	for _, key := range kept {
		c.BulkString(key)
	}
}

// scanned tells whether key is there and of that kind, nil being any. Only the look at the kind
// counts as a read.
func (c *Context) scanned(key, kind []byte) bool {
	if kind == nil {
		return c.DB.Look(c.Now, key) != nil
	}
	e := c.DB.Peek(c.Now, key)
	return e != nil && equalFold(kind, e.Value.Kind().String())
}

// scanOptions reads what follows the cursor.
func (c *Context) scanOptions(words [][]byte) (o scanOptions, ok bool) {
	o.count = scanCount
	for ; len(words) >= 2; words = words[2:] {
		switch {
		case equalFold(words[0], "count"):
			n, ok := c.Integer(words[1])
			if !ok {
				return o, false
			}
			if n < 1 {
				c.Error(resp.ErrSyntax)
				return o, false
			}
			o.count = int(min(n, math.MaxInt))
		case equalFold(words[0], "match"):
			if o.pattern = nil; string(words[1]) != "*" {
				o.pattern = ReadGlob(words[1], false)
			}
		case equalFold(words[0], "type"):
			o.kind = words[1]
		default:
			c.Error(resp.ErrSyntax)
			return o, false
		}
	}
	if len(words) > 0 {
		c.Error(resp.ErrSyntax)
		return o, false
	}
	return o, true
}
