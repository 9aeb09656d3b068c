package command

import (
	"bytes"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

var keyCommands = []binding{
	{"del", del}, {"unlink", unlink}, {"exists", exists}, {"touch", touch}, {"type", typeOf},
	{"rename", func(c *Context) { c.rename(false) }},
	{"renamenx", func(c *Context) { c.rename(true) }},
	{"copy", copyKey}, {"move", move}, {"randomkey", randomkey},
	{"dbsize", dbsize}, {"flushdb", flushdb}, {"flushall", flushall},
}

// del is DEL key [key …].
func del(c *Context) { c.del(c.Space.Lazy.User) }

// unlink is UNLINK key [key …].
func unlink(c *Context) { c.del(true) }

// del deletes keys. Their values are left to another thread, as far as INFO tells.
func (c *Context) del(lazily bool) {
	remove := c.DB.Delete
	if lazily {
		remove = c.DB.Unlink
	}
	deleted := 0
	for _, key := range c.Args[1:] {
		if remove(c.Now, key) {
			c.Modified(key, "del")
			deleted++
		}
	}
	c.Changed(deleted)
	c.Int(int64(deleted))
}

// exists is EXISTS key [key …]; a key named twice counts twice.
func exists(c *Context) {
	count := int64(0)
	for _, key := range c.Args[1:] {
		if c.DB.Peek(c.Now, key) != nil {
			count++
		}
	}
	c.Int(count)
}

// touch is TOUCH key [key …].
func touch(c *Context) {
	count := int64(0)
	for _, key := range c.Args[1:] {
		if c.Read(key) != nil {
			count++
		}
	}
	c.Int(count)
}

// typeOf is TYPE key.
func typeOf(c *Context) {
	kind := keyspace.None
	if e := c.DB.Peek(c.Now, c.Args[1]); e != nil {
		kind = e.Value.Kind()
	}
	c.Status(kind.String())
}

// rename is RENAME and, with nx, RENAMENX key newkey.
func (c *Context) rename(nx bool) {
	source, target := c.Args[1], c.Args[2]
	same := bytes.Equal(source, target)
	switch {
	case c.ForWrite(source) == nil:
		c.Error(resp.ErrNoSuchKey)
		return
	case nx && (same || c.ForWrite(target) != nil):
		c.Int(0)
		return
	case !same:
		c.DB.Move(c.Now, source, c.DB, target)
		c.Modified(source, "rename_from")
		c.Modified(target, "rename_to")
		c.Ready(target)
		c.Changed(1)
	}
	if nx {
		c.Int(1)
		return
	}
	c.OK()
}

// copyKey is COPY source destination [DB destination-db] [REPLACE].
func copyKey(c *Context) {
	source, target := c.Args[1], c.Args[2]
	db, replace, ok := c.copyOptions(c.Args[3:])
	if !ok {
		return
	}
	switch {
	case c.clustered() && db != c.DB:
		c.Error("ERR Copying to another database is not allowed in cluster mode")
		return
	case db == c.DB && bytes.Equal(source, target):
		c.Error(resp.ErrSameObject)
		return
	}
	e := c.Read(source)
	if e == nil || !replace && db.ForWrite(c.Now, target) != nil {
		c.Int(0)
		return
	}
	at := c.DB.Expires(e)
	db.Set(c.Now, target, e.Value.Copy())
	if at != 0 {
		db.Expire(target, at)
	}
	c.Host.Modified(db, target, "copy_to")
	c.Host.Ready(db, target)
	c.Changed(1)
	c.Int(1)
}

func (c *Context) copyOptions(words [][]byte) (db *keyspace.DB, replace, ok bool) {
	db = c.DB
	for len(words) > 0 {
		switch {
		case equalFold(words[0], "replace"):
			replace = true
			words = words[1:]
		case equalFold(words[0], "db") && len(words) > 1:
			if db, ok = c.copyTarget(words[1]); !ok {
				return nil, false, false
			}
			words = words[2:]
		default:
			c.Error(resp.ErrSyntax)
			return nil, false, false
		}
	}
	return db, replace, true
}

// copyTarget is database for COPY. In cluster mode the other databases exist in name only: nil.
func (c *Context) copyTarget(text []byte) (db *keyspace.DB, ok bool) {
	n, ok := keyspace.ParseInt(text)
	count, _ := keyspace.ParseInt([]byte(c.Host.Setting("databases")))
	if ok && c.clustered() && n > 0 && n < count {
		return nil, true
	}
	return c.database(text)
}

// database returns the database with the number in text, or writes the error.
func (c *Context) database(text []byte) (db *keyspace.DB, ok bool) {
	const low, high = -1 << 31, 1<<31 - 1
	i, ok := c.IntegerIn(text, low, high, resp.ErrNotInt32)
	if !ok {
		return nil, false
	}
	if db = c.Space.DB(int(i)); db == nil {
		c.Error(resp.ErrDBIndex)
	}
	return db, db != nil
}

// clustered tells whether the server is in cluster mode.
func (c *Context) clustered() bool { return c.Host.Setting("cluster-enabled") == "yes" }

// move is MOVE key db.
func move(c *Context) {
	key := c.Args[1]
	if c.clustered() {
		c.Error("ERR MOVE is not allowed in cluster mode")
		return
	}
	db, ok := c.database(c.Args[2])
	switch {
	case !ok:
		return
	case db == c.DB:
		c.Error(resp.ErrSameObject)
		return
	case c.ForWrite(key) == nil || db.ForWrite(c.Now, key) != nil:
		c.Int(0)
		return
	}
	c.DB.Move(c.Now, key, db, key)
	c.Modified(key, "move_from")
	c.Host.Modified(db, key, "move_to")
	c.Host.Ready(db, key)
	c.Changed(1)
	c.Int(1)
}

// randomkey is RANDOMKEY.
func randomkey(c *Context) {
	key, ok := c.DB.RandomKey(c.Now, c.Host.Rand)
	if !ok {
		c.Null()
		return
	}
	c.BulkString(key)
}

// dbsize is DBSIZE.
func dbsize(c *Context) { c.Int(int64(c.DB.Len())) }

// flushdb is FLUSHDB [ASYNC|SYNC].
func flushdb(c *Context) {
	lazily, ok := c.flushOption()
	if !ok {
		return
	}
	c.Changed(max(1, flush(c.DB, lazily))) // propagated even when there was nothing to delete
	c.Host.Flushed(c.DB)
	c.OK()
}

// flushall is FLUSHALL [ASYNC|SYNC].
func flushall(c *Context) {
	lazily, ok := c.flushOption()
	if !ok {
		return
	}
	dbs, deleted := make([]*keyspace.DB, c.Space.Len()), 0
	for i := range dbs {
		dbs[i] = c.Space.DB(i)
		deleted += flush(dbs[i], lazily)
	}
	c.Changed(max(1, deleted))
	c.Host.Flushed(dbs...)
	c.OK()
}

// flush empties a database. Both ways take no time, and the collector frees the content later.
func flush(db *keyspace.DB, lazily bool) int {
	if lazily {
		return db.FlushLater()
	}
	return db.Flush()
}

// flushOption reads the one option, by default what lazyfree-lazy-user-flush says.
func (c *Context) flushOption() (lazily, ok bool) {
	switch words := c.Args[1:]; {
	case len(words) == 0:
		return c.Space.Lazy.Flush, true
	case len(words) == 1 && equalFold(words[0], "sync"):
		return false, true
	case len(words) == 1 && equalFold(words[0], "async"):
		return true, true
	}
	c.Error(resp.ErrSyntax)
	return false, false
}
