package command

import (
	"bytes"

	"clusterplay/node/keyspace"
)

// atOnce is how many elements are written before it is asked whether that is enough.
const atOnce = 64

// walk goes through a value.
type walk interface {
	// some writes a few elements, or as many bytes of a string as are left, and reports whether those were the last.
	some(p paper, left int) (done bool)
	// keep says that the value is about to change; what is left is to be written as it is now.
	keep()
	// drop says that nothing more will be written.
	drop()
}

// undropped is a walk that leaves nothing behind in its value.
type undropped struct{}

func (undropped) drop() {}

// walkOf begins to go through a value.
func walkOf(value keyspace.Value) walk {
	switch v := value.(type) {
	case *keyspace.StringValue:
		return &textWalk{text: v.Bytes(nil)}
	case *keyspace.ListValue:
		_, first := v.Parts()
		return &listWalk{next: first}
	case *keyspace.SetValue:
		return &setWalk{set: v}
	case *keyspace.HashValue:
		return &hashWalk{hash: v}
	case *keyspace.ZSetValue:
		return &zsetWalk{zset: v, at: v.Len() - 1}
	case *keyspace.StreamValue:
		return &logWalk{log: v}
	}
	panic("command: a value of kind " + value.Kind().String() + " has no form in a file")
}

// textWalk goes through a string.
type textWalk struct {
	undropped
	text []byte
}

func (w *textWalk) keep() { w.text = bytes.Clone(w.text) }

func (w *textWalk) some(p paper, left int) (done bool) {
	n := min(left, len(w.text))
	p.text(w.text[:n])
	w.text = w.text[n:]
	return len(w.text) == 0
}

// listWalk goes through a list.
type listWalk struct {
	undropped
	next  keyspace.ListPart
	items [][]byte
}

func (w *listWalk) keep() { w.next = w.next.Keep() }

func (w *listWalk) some(p paper, _ int) (done bool) {
	var more bool
	w.items, w.next, more = w.next.Elements(w.items[:0])
	p.elements(w.items)
	return !more
}

// setWalk goes through a set.
type setWalk struct {
	set    *keyspace.SetValue
	cursor uint64
	kept   keyspace.KeptSet
	isKept bool
}

func (w *setWalk) some(p paper, _ int) (done bool) {
	if w.isKept {
		return w.kept.Next(atOnce, p.member)
	}
	w.cursor = w.set.Scan(w.cursor, atOnce, p.member)
	return w.cursor == 0
}

func (w *setWalk) keep() {
	if w.kept, w.isKept = w.set.Keep(w.cursor); !w.isKept {
		w.set = w.set.Copy().(*keyspace.SetValue)
	}
}

func (w *setWalk) drop() {
	if w.isKept {
		w.kept.Drop()
	}
}

// hashWalk goes through a hash.
type hashWalk struct {
	hash   *keyspace.HashValue
	cursor uint64
	kept   keyspace.KeptHash
	isKept bool
}

func (w *hashWalk) some(p paper, _ int) (done bool) {
	if w.isKept {
		return w.kept.Next(atOnce, p.field)
	}
	w.cursor = w.hash.Scan(w.cursor, atOnce, p.field)
	return w.cursor == 0
}

func (w *hashWalk) keep() {
	if w.kept, w.isKept = w.hash.Keep(w.cursor); !w.isKept {
		w.hash = w.hash.Copy().(*keyspace.HashValue)
	}
}

func (w *hashWalk) drop() {
	if w.isKept {
		w.kept.Drop()
	}
}

// zsetWalk goes through a sorted set, highest score first; see zsetToRDB.
type zsetWalk struct {
	undropped
	zset *keyspace.ZSetValue
	at   int // the next rank
}

func (w *zsetWalk) keep() { w.zset = w.zset.Keep() }

func (w *zsetWalk) some(p paper, _ int) (done bool) {
	last := max(w.at-atOnce, -1)
	for member, score := range w.zset.Descend(w.at) {
		p.scored(member, score)
		if w.at--; w.at == last {
			break
		}
	}
	return w.at < 0
}
