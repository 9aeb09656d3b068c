package command

import (
	"clusterplay/node/keyspace"
	"clusterplay/node/rdb"
)

// LargeFrom is the Footprint of a value that may be written in parts.
const LargeFrom = 64 << 10

// Large is a large value on its way into a file, a part at a time. The value does not change meanwhile, or only after
// Keep was called.
type Large struct {
	enc   *rdb.Encoder
	walk  walk
	paper paper
	begun bool
}

// paper writes the parts of a value in the form of a file.
type paper interface {
	// begin comes in front of the first part.
	begin()
	text(part []byte)
	elements(part [][]byte)
	member(member []byte)
	field(name, content []byte)
	scored(member []byte, score float64)
	logPaper
	// end comes behind the last part.
	end()
}

// NewLarge returns a value that is to be written in parts into an RDB file. For any other it returns nil.
func NewLarge(enc *rdb.Encoder, key []byte, value keyspace.Value, expires int64) *Large {
	kind, size := layout(value)
	if kind == 0 && size == 0 {
		return nil
	}
	return &Large{enc: enc, walk: walkOf(value), paper: rdbPaper{enc, rdbHead{key, kind, size, expires}}}
}

// layout is how a value is written in parts, and the number that stands in front of them. Two zeros are for a value
// that is written at once.
func layout(value keyspace.Value) (kind rdb.Type, size int) {
	switch v := value.(type) {
	case *keyspace.StringValue:
		if v.Len() >= rdb.PlainFrom {
			return rdb.TypeString, v.Len()
		}
	case *keyspace.ListValue:
		size, _ = v.Parts()
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
			return rdb.TypeZSet, v.Len()
		}
	case *keyspace.StreamValue:
		return rdb.TypeStream2, v.Nodes()
	}
	return 0, 0
}

// Write writes on until that were about size bytes, and reports whether the value is complete.
func (w *Large) Write(size int) (done bool) {
	if !w.begun {
		w.begun = true
		w.paper.begin()
	}
	for end := len(w.enc.Buf) + size; !done && len(w.enc.Buf) < end; {
		done = w.walk.some(w.paper, end-len(w.enc.Buf))
	}
	if done {
		w.paper.end()
	}
	return done
}

// Keep says that the value is about to change: what is left is written as it is now.
func (w *Large) Keep() { w.walk.keep() }

// Drop says that it will not be written to its end.
func (w *Large) Drop() { w.walk.drop() }

// rdbPaper writes the parts of a value as an RDB file has them.
type rdbPaper struct {
	*rdb.Encoder
	head rdbHead
}

// rdbHead is what stands in front of them.
type rdbHead struct {
	key     []byte
	kind    rdb.Type
	size    int
	expires int64
}

func (p rdbPaper) begin() {
	p.Key(p.head.key, p.head.kind, p.head.expires)
	p.Len(uint64(p.head.size))
}

func (p rdbPaper) text(part []byte)       { p.Buf = append(p.Buf, part...) }
func (p rdbPaper) elements(part [][]byte) { p.ListNode(part) }
func (p rdbPaper) member(member []byte)   { p.String(member) }
func (p rdbPaper) end()                   {}

func (p rdbPaper) field(name, content []byte) {
	p.String(name)
	p.String(content)
}

func (p rdbPaper) scored(member []byte, score float64) {
	p.String(member)
	p.Score(score)
}
