package command

import (
	"strconv"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
	"clusterplay/node/stream"
)

// appendStream appends the commands that make a stream again: its entries, what it remembers, and its
// groups with what is pending of entries that are still there (rewriteStreamObject).
func appendStream(dst, key []byte, v *keyspace.StreamValue) []byte {
	w := resp.Writer{Buf: dst}
	cur := v.Range(stream.ID{}, stream.MaxID, false)
	for cur.Next() {
		w.Array(3 + 2*cur.Fields)
		w.BulkString("XADD")
		w.Bulk(key)
		w.BulkString(cur.ID.String())
		for range cur.Fields {
			name, value := cur.Pair()
			w.Bulk(name.Append(nil))
			w.Bulk(value.Append(nil))
		}
	}
	if v.Len() == 0 { // a stream comes into being with an entry
		w.Buf = resp.AppendWords(w.Buf, "XADD", string(key), "MAXLEN", "0", "0-1", "x", "y")
	}
	w.Buf = resp.AppendWords(w.Buf, "XSETID", string(key), v.LastID().String(), "ENTRIESADDED", strconv.FormatInt(v.Added(), 10),
		"MAXDELETEDID", v.MaxDeleted().String())
	for _, g := range v.Groups() {
		w.Buf = appendGroup(w.Buf, string(key), g)
	}
	return w.Buf
}

func appendGroup(dst []byte, key string, g *stream.Group) []byte {
	dst = resp.AppendWords(dst, "XGROUP", "CREATE", key, g.Name, g.Last.String(), "ENTRIESREAD", strconv.FormatInt(g.Read, 10))
	for _, reader := range g.Consumers() {
		if reader.PendingLen() == 0 {
			dst = resp.AppendWords(dst, "XGROUP", "CREATECONSUMER", key, g.Name, reader.Name)
			continue
		}
		reader.PendingFrom(stream.ID{}, func(p *stream.Pending) bool {
			dst = resp.AppendWords(dst, "XCLAIM", key, g.Name, reader.Name, "0", p.ID.String(), "TIME", strconv.FormatInt(p.Delivered, 10),
				"RETRYCOUNT", strconv.FormatInt(p.Deliveries, 10), "JUSTID", "FORCE")
			return true
		})
	}
	return dst
}
