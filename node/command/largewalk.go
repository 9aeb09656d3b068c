package command

import "clusterplay/node/keyspace"

// atOnce is how many elements are written before it is asked whether that is enough.
const atOnce = 64

// walk goes through a value.
type walk interface {
	// some writes a few elements, or as many bytes of a string as are left, and reports whether those were the last.
	some(p paper, left int) (done bool)
}

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
type textWalk struct{ text []byte }

func (w *textWalk) some(p paper, left int) (done bool) {
	n := min(left, len(w.text))
	p.text(w.text[:n])
	w.text = w.text[n:]
	return len(w.text) == 0
}

// listWalk goes through a list.
type listWalk struct {
	next  keyspace.ListPart
	items [][]byte
}

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
}

func (w *setWalk) some(p paper, _ int) (done bool) {
	w.cursor = w.set.Scan(w.cursor, atOnce, p.member)
	return w.cursor == 0
}

// hashWalk goes through a hash.
type hashWalk struct {
	hash   *keyspace.HashValue
	cursor uint64
}

func (w *hashWalk) some(p paper, _ int) (done bool) {
	w.cursor = w.hash.Scan(w.cursor, atOnce, p.field)
	return w.cursor == 0
}

// zsetWalk goes through a sorted set, highest score first; see zsetToRDB.
type zsetWalk struct {
	zset *keyspace.ZSetValue
	at   int // the next rank
}

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
