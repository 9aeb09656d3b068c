package stream

import "encoding/binary"

// idBytes is the size of an ID as a key: two big-endian numbers.
const idBytes = 16

// Bytes appends the ID as Redis orders and files it: 16 bytes, the greatest first.
func (id ID) Bytes(b []byte) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(b, id.Ms), id.Seq)
}

// RadixNodes is how many nodes the radix tree has in which Redis keeps such a stream: one for each
// place where keys part, one for each key's end, and one for each piece of key between them.
func (s *Stream) RadixNodes() int {
	if len(s.nodes) == 0 {
		return 1
	}
	total, before := 0, -1
	var forks []int // depths at which the present key parts from its neighbours, ascending
	for i := range s.nodes {
		after := -1
		if i+1 < len(s.nodes) {
			after = shared(s.nodes[i].id, s.nodes[i+1].id)
		}
		total += withPiece(max(before, after), idBytes)
		for len(forks) > 0 && forks[len(forks)-1] > after {
			depth := forks[len(forks)-1]
			forks = forks[:len(forks)-1]
			above := after
			if len(forks) > 0 {
				above = max(above, forks[len(forks)-1])
			}
			total += withPiece(above, depth)
		}
		if after >= 0 && (len(forks) == 0 || forks[len(forks)-1] < after) {
			forks = append(forks, after)
		}
		before = after
	}
	return total
}

// withPiece is one node at depth and, when more than one byte leads to it from the fork above,
// one for those.
func withPiece(above, depth int) int {
	if depth > above+1 {
		return 2
	}
	return 1
}

// shared is how many bytes two IDs have in common at their beginnings.
func shared(a, b ID) int {
	var x, y [idBytes]byte
	a.Bytes(x[:0])
	b.Bytes(y[:0])
	for i := range x {
		if x[i] != y[i] {
			return i
		}
	}
	return idBytes
}
