package command

import (
	"clusterplay/node/keyspace"
	"clusterplay/node/rdb"
)

const (
	// LargeFrom is the Footprint of a value that may be written in parts.
	LargeFrom = 64 << 10
	// atOnce is how many elements are written before it is asked whether that is enough.
	atOnce = 64
)

// Large is a large value on its way into a file, a part at a time. The value does not change meanwhile.
type Large struct {
	value keyspace.Value
	at    int               // of a string, or the next rank of a sorted set
	table uint64            // how far a table was scanned
	list  keyspace.ListPart // the next
	log   *rdb.Log          // without the nodes that are written
	items [][]byte
}

// BeginLarge writes the head of a value that is to be written in parts, and returns the rest. Of any other it writes
// nothing and returns nil.
func BeginLarge(enc *rdb.Encoder, key []byte, value keyspace.Value, expires int64) *Large {
	w := &Large{value: value}
	kind, size := w.layout()
	if kind == 0 && size == 0 {
		return nil
	}
	enc.Key(key, kind, expires)
	enc.Len(uint64(size))
	return w
}

// layout is how the value is written, and the number that stands in front of its parts. Two zeros are for a value
// that is written at once.
func (w *Large) layout() (kind rdb.Type, size int) {
	switch v := w.value.(type) {
	case *keyspace.StringValue:
		if v.Len() >= rdb.PlainFrom {
			return rdb.TypeString, v.Len()
		}
	case *keyspace.ListValue:
		size, w.list = v.Parts()
		return rdb.TypeQuicklist2, size
	case *keyspace.SetValue:
		if v.Encoding() == "hashtable" {
			return rdb.TypeSet, v.Len()
		}
	case *keyspace.HashValue:
		if v.Encoding() == "hashtable" {
			return rdb.TypeHash, v.Len()
		}
	case *keyspace.ZSetValue:
		if v.Encoding() == "skiplist" {
			w.at = v.Len() - 1 // see zsetToRDB
			return rdb.TypeZSet, v.Len()
		}
	case *keyspace.StreamValue:
		w.log = streamToRDB(v)
		return rdb.TypeStream2, len(w.log.Nodes)
	}
	return 0, 0
}

// Write writes on until that were about size bytes, and reports whether the value is complete.
func (w *Large) Write(enc *rdb.Encoder, size int) (done bool) {
	for end := len(enc.Buf) + size; !done && len(enc.Buf) < end; {
		done = w.some(enc, end-len(enc.Buf))
	}
	return done
}

// some writes a few elements, or as many bytes of a string as are left.
func (w *Large) some(enc *rdb.Encoder, left int) (done bool) {
	switch v := w.value.(type) {
	case *keyspace.StringValue:
		text := v.Bytes(nil)[w.at:]
		text = text[:min(left, len(text))]
		enc.Buf = append(enc.Buf, text...)
		w.at += len(text)
		return w.at == v.Len()
	case *keyspace.ListValue:
		var more bool
		w.items, w.list, more = w.list.Elements(w.items[:0])
		enc.ListNode(w.items)
		return !more
	case *keyspace.SetValue:
		w.table = v.Scan(w.table, atOnce, enc.String)
		return w.table == 0
	case *keyspace.HashValue:
		w.table = v.Scan(w.table, atOnce, func(field, content []byte) {
			enc.String(field)
			enc.String(content)
		})
		return w.table == 0
	case *keyspace.ZSetValue:
		return w.members(enc, v)
	}
	return w.node(enc)
}

// members writes members of a sorted set.
func (w *Large) members(enc *rdb.Encoder, z *keyspace.ZSetValue) (done bool) {
	last := max(w.at-atOnce, -1)
	for member, score := range z.Descend(w.at) {
		enc.String(member)
		enc.Score(score)
		if w.at--; w.at == last {
			break
		}
	}
	return w.at < 0
}

// node writes a node of a stream; its groups follow behind the last.
func (w *Large) node(enc *rdb.Encoder) (done bool) {
	if len(w.log.Nodes) == 0 {
		enc.LogTail(w.log)
		return true
	}
	enc.LogNode(w.log.Nodes[0])
	w.log.Nodes = w.log.Nodes[1:]
	return false
}
