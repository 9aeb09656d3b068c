package command

import (
	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// took tells that event took something out of the value at key, and deletes the key when that
// was all.
func (c *Context) took(key []byte, value keyspace.Value, event string) {
	c.Modified(key, event)
	if value.Len() == 0 {
		c.DB.Delete(c.Now, key)
		c.Modified(key, "del")
	}
}

// storeResult makes value, the outcome of a …STORE command, the value of key and answers its
// length. An empty outcome deletes the key.
func (c *Context) storeResult(key []byte, value keyspace.Value, event string) {
	switch {
	case value.Len() > 0:
		c.DB.Set(c.Now, key, value)
		c.Modified(key, event)
		c.Ready(key)
		c.Changed(1)
	case c.DB.Delete(c.Now, key):
		c.Modified(key, "del")
		c.Changed(1)
	}
	c.Int(int64(value.Len()))
}

// mostDrawn bounds the bytes that random draws with repetition may answer: their number is the
// client's to choose and no property of the data.
const mostDrawn = 256 << 20

// bearable tells whether count draws from value make a reply of bearable size. If not it refuses them, unless so much
// may not wait for the client anyway.
func (c *Context) bearable(value keyspace.Value, count int64) bool {
	each := int64(value.Footprint()/value.Len()) + 1
	if count <= mostDrawn/each {
		return true
	}
	if !c.Host.Overflows(c, mostDrawn) {
		c.Error(resp.ErrOutOfRange)
	}
	return false
}

// firstOf returns the first of keys that is there, with its value, which is of that kind; nil
// when none is. ok is false after an answer because of a key of another kind; a client that was
// blocked already passes over those, and is served from the key that woke it.
func firstOf[V keyspace.Value](c *Context, keys [][]byte, kind keyspace.Kind) (key []byte, value V, ok bool) {
	if c.Woken && c.WokenBy != nil {
		keys = [][]byte{c.WokenBy}
	}
	for _, key = range keys {
		e := c.ForWrite(key)
		if e == nil || c.Woken && e.Value.Kind() != kind {
			continue
		}
		value, ok = valueOf[V](c, e)
		return key, value, ok
	}
	return nil, value, true
}
