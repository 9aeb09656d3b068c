package command

import (
	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// Read returns the entry of key for reading, nil when there is none.
func (c *Context) Read(key []byte) *keyspace.Entry { return c.DB.Read(c.Now, key) }

// ForWrite returns the entry of key for changing its value, nil when there is none.
func (c *Context) ForWrite(key []byte) *keyspace.Entry { return c.DB.ForWrite(c.Now, key) }

// valueOf returns the value of e as a T. For no entry it returns the zero T; for a value of
// another kind it writes the error and ok is false.
func valueOf[T keyspace.Value](c *Context, e *keyspace.Entry) (value T, ok bool) {
	if e == nil {
		return value, true
	}
	if value, ok = e.Value.(T); !ok {
		c.Error(resp.ErrWrongType)
	}
	return value, ok
}
