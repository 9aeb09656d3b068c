package keyspace

import "bytes"

// warmFrom is how many elements a table must have for their warming to be worth it: the nearer caches hold
// a smaller one.
const warmFrom = 1 << 12

// WarmElements is Warm for what commands look up within large sets, hashes and sorted sets, where several in a
// row have the same key: the member or the field that each names first. The commands are whole, from their
// names on.
func (db *DB) WarmElements(commands [][][]byte) {
	for len(commands) > 1 {
		n := sameKey(commands)
		if n > 1 {
			db.space.warmth += db.data.warmElements(commands[:n])
		}
		commands = commands[n:]
	}
}

// sameKey is how many commands at the front, a group at most, name an element of the same key; at least 1.
func sameKey(commands [][][]byte) int {
	n, most := 1, min(len(commands), warmGroup)
	if len(commands[0]) > 2 {
		for n < most && len(commands[n]) > 2 && bytes.Equal(commands[n][1], commands[0][1]) {
			n++
		}
	}
	return n
}

func (t *table) warmElements(commands [][][]byte) uint32 {
	it := t.keys.Find(commands[0][1])
	if it == nil {
		return 0
	}
	switch v := it.Value.Value.(type) {
	case *SetValue:
		return v.table.warmFirst(commands, 2)
	case *HashValue:
		return v.table.warmFirst(commands, 2)
	case *ZSetValue:
		if v.large != nil {
			return v.large.scores.warmFirst(commands, 3) // ZADD names the score before
		}
	}
	return 0
}

// warmFirst reads what is kept of the elements that stand at a place of commands, or last.
func (d *Dict[V]) warmFirst(commands [][][]byte, place int) uint32 {
	if d == nil || d.count < warmFrom {
		return 0
	}
	var words [warmGroup][]byte
	for i, args := range commands {
		words[i] = args[min(place, len(args)-1)]
	}
	var trails [warmGroup]trail[V]
	found, sum := d.follow(trails[:0], words[:len(commands)], 1)
	for i := range found {
		sum += found[i].reachKey()
	}
	return sum
}
