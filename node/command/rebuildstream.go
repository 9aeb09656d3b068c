package command

import (
	"strconv"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
	"clusterplay/node/stream"
)

// A stream is made again by its entries, by what it remembers, and by its groups with what is pending of entries that
// are still there (rewriteStreamObject).

// node writes the entries of a node.
func (r *rebuilder) node(log *keyspace.StreamValue, i int) {
	from, _ := log.Node(i)
	to := stream.MaxID
	if i+1 < log.Nodes() {
		next, _ := log.Node(i + 1)
		to, _ = next.Previous()
	}
	w := resp.Writer{Buf: r.enc.Buf}
	for cur := log.Range(from, to, false); cur.Next(); {
		w.Array(3 + 2*cur.Fields)
		w.BulkString("XADD")
		w.Bulk(r.key)
		w.BulkString(cur.ID.String())
		for range cur.Fields {
			name, value := cur.Pair()
			w.Bulk(name.Append(nil))
			w.Bulk(value.Append(nil))
		}
	}
	r.enc.Buf = w.Buf
}

func (r *rebuilder) facts(log *keyspace.StreamValue) {
	if log.Len() == 0 { // a stream comes into being with an entry
		r.command("XADD", string(r.key), "MAXLEN", "0", "0-1", "x", "y")
	}
	r.command("XSETID", string(r.key), log.LastID().String(), "ENTRIESADDED", strconv.FormatInt(log.Added(), 10),
		"MAXDELETEDID", log.MaxDeleted().String())
}

func (r *rebuilder) group(g *stream.Group) (pending bool) {
	r.of = g
	r.command("XGROUP", "CREATE", string(r.key), g.Name, g.Last.String(), "ENTRIESREAD", strconv.FormatInt(g.Read, 10))
	return false
}

func (r *rebuilder) pending(*stream.Pending) {}
func (r *rebuilder) readers(*stream.Group)   {}

func (r *rebuilder) reader(c *stream.Consumer) {
	r.by = c
	if c.PendingLen() == 0 {
		r.command("XGROUP", "CREATECONSUMER", string(r.key), r.of.Name, c.Name)
	}
}

func (r *rebuilder) owned(p *stream.Pending) {
	r.command("XCLAIM", string(r.key), r.of.Name, r.by.Name, "0", p.ID.String(), "TIME", strconv.FormatInt(p.Delivered, 10),
		"RETRYCOUNT", strconv.FormatInt(p.Deliveries, 10), "JUSTID", "FORCE")
}

func (r *rebuilder) command(words ...string) { r.enc.Buf = resp.AppendWords(r.enc.Buf, words...) }
