package command

import (
	"crypto/subtle"
	"encoding/binary"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// bitOperation combines from into the bytes of into, which is at least as long.
type bitOperation func(into, from []byte)

// bitOperationOf returns one of those that take any number of strings, nil for any other name. Shorter
// strings are filled up with zeros.
func bitOperationOf(name []byte) bitOperation {
	switch {
	case equalFold(name, "and"):
		return andBits
	case equalFold(name, "or"):
		return orBits
	case equalFold(name, "xor"):
		return func(into, from []byte) { subtle.XORBytes(into, into[:len(from)], from) }
	}
	return nil
}

func andBits(into, from []byte) {
	n := len(from) / wordBytes * wordBytes
	for i := 0; i < n; i += wordBytes {
		word := binary.LittleEndian.Uint64(into[i:]) & binary.LittleEndian.Uint64(from[i:])
		binary.LittleEndian.PutUint64(into[i:], word)
	}
	for i := n; i < len(from); i++ {
		into[i] &= from[i]
	}
	clear(into[len(from):])
}

func orBits(into, from []byte) {
	n := len(from) / wordBytes * wordBytes
	for i := 0; i < n; i += wordBytes {
		word := binary.LittleEndian.Uint64(into[i:]) | binary.LittleEndian.Uint64(from[i:])
		binary.LittleEndian.PutUint64(into[i:], word)
	}
	for i := n; i < len(from); i++ {
		into[i] |= from[i]
	}
}

func invertBits(text []byte) {
	for i := range text {
		text[i] = ^text[i]
	}
}

// bitop is BITOP AND|OR|XOR|NOT destkey key [key …].
func bitop(c *Context) {
	name, target, keys := c.Args[1], c.Args[2], c.Args[3:]
	run, not := bitOperationOf(name), equalFold(name, "not")
	switch {
	case run == nil && !not:
		c.Error(resp.ErrSyntax)
		return
	case not && len(keys) > 1:
		c.Error("ERR BITOP NOT must be called with a single source key.")
		return
	}
	texts, longest, ok := c.stringsAt(keys)
	if !ok {
		return
	}
	if longest == 0 {
		if c.DB.Delete(c.Now, target) {
			c.Modified(target, "del")
			c.Changed(1)
		}
		c.Int(0)
		return
	}
	out := make([]byte, longest)
	copy(out, texts[0])
	if not {
		invertBits(out)
	}
	for _, text := range texts[1:] {
		run(out, text)
	}
	c.DB.Set(c.Now, target, keyspace.NewRaw(out))
	c.Modified(target, "set")
	c.Changed(1)
	c.Int(int64(longest))
}

// stringsAt returns the texts at keys, empty where there is no key, and the length of the longest.
func (c *Context) stringsAt(keys [][]byte) (texts [][]byte, longest int, ok bool) {
	texts = make([][]byte, len(keys))
	for i, key := range keys {
		s, ok := c.readString(key)
		if !ok {
			return nil, 0, false
		}
		if s != nil {
			texts[i] = s.Bytes(nil)
			longest = max(longest, len(texts[i]))
		}
	}
	return texts, longest, true
}
