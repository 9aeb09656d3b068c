package command

import (
	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

var lcsCommands = []binding{{"lcs", lcs}}

// lcsOptions are the options of LCS.
type lcsOptions struct {
	length, indexes, withLengths bool
	shortest                     int64
}

// lcs is LCS key1 key2 [LEN] [IDX] [MINMATCHLEN len] [WITHMATCHLEN].
func lcs(c *Context) {
	a, fine := lcsText(c.Read(c.Args[1]))
	b, ok := lcsText(c.Read(c.Args[2]))
	if !fine || !ok {
		c.Error("ERR The specified keys must contain string values")
		return
	}
	o, ok := c.lcsOptions(c.Args[3:])
	if !ok {
		return
	}
	if cells := int64(len(a)+1) * int64(len(b)+1) * 4; cells > c.Host.SettingInt("proto-max-bulk-len") {
		c.Error("ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len")
		return
	}
	grid := newLCSGrid(a, b)
	switch {
	case o.indexes:
		c.lcsIndexes(grid.matches(), grid.at(len(a), len(b)), o)
	case o.length:
		c.Int(int64(grid.at(len(a), len(b))))
	default:
		c.Bulk(grid.text())
	}
}

// lcsText returns a copy of the string in e, nothing for no entry.
func lcsText(e *keyspace.Entry) (text []byte, ok bool) {
	if e == nil {
		return nil, true
	}
	s, ok := e.Value.(*keyspace.StringValue)
	if !ok {
		return nil, false
	}
	return append(make([]byte, 0, s.Len()), s.Bytes(nil)...), true
}

func (c *Context) lcsOptions(words [][]byte) (o lcsOptions, ok bool) {
	for i := 0; i < len(words); i++ {
		switch word := words[i]; {
		case equalFold(word, "idx"):
			o.indexes = true
		case equalFold(word, "len"):
			o.length = true
		case equalFold(word, "withmatchlen"):
			o.withLengths = true
		case equalFold(word, "minmatchlen") && i+1 < len(words):
			i++
			if o.shortest, ok = c.Integer(words[i]); !ok {
				return o, false
			}
		default:
			c.Error(resp.ErrSyntax)
			return o, false
		}
	}
	if o.indexes && o.length {
		c.Error("ERR If you want both the length and indexes, please just use IDX.")
		return o, false
	}
	return o, true
}

// lcsIndexes answers with the ranges that match, from the end to the beginning.
func (c *Context) lcsIndexes(matches []lcsMatch, length uint32, o lcsOptions) {
	kept := matches[:0]
	for _, m := range matches {
		if int64(m.length) >= o.shortest {
			kept = append(kept, m)
		}
	}
	c.Map(2)
	c.BulkString("matches")
	c.Array(len(kept))
	for _, m := range kept {
		size := 2
		if o.withLengths {
			size = 3
		}
		c.Array(size)
		for _, start := range [2]int{m.a, m.b} {
			c.Array(2)
			c.Int(int64(start))
			c.Int(int64(start + m.length - 1))
		}
		if o.withLengths {
			c.Int(int64(m.length))
		}
	}
	c.BulkString("len")
	c.Int(int64(length))
}

// lcsGrid holds the length of the longest common subsequence of each pair of beginnings of a and b.
type lcsGrid struct {
	a, b  []byte
	cells []uint32
}

// lcsMatch is a stretch of bytes that a and b have in common: where it begins in each.
type lcsMatch struct{ a, b, length int }

func newLCSGrid(a, b []byte) *lcsGrid {
	g := &lcsGrid{a: a, b: b, cells: make([]uint32, (len(a)+1)*(len(b)+1))}
	width := len(b) + 1
	for i := 1; i <= len(a); i++ {
		above, row := g.cells[(i-1)*width:i*width], g.cells[i*width:(i+1)*width]
		for j := 1; j <= len(b); j++ {
			if a[i-1] == b[j-1] {
				row[j] = above[j-1] + 1
			} else {
				row[j] = max(above[j], row[j-1])
			}
		}
	}
	return g
}

func (g *lcsGrid) at(i, j int) uint32 { return g.cells[i*(len(g.b)+1)+j] }

// walk goes from the far corner back to the beginning and visits the positions of equal bytes
// that make up the subsequence; where both ways are as good it goes along b.
func (g *lcsGrid) walk(visit func(i, j int)) {
	for i, j := len(g.a), len(g.b); i > 0 && j > 0; {
		switch {
		case g.a[i-1] == g.b[j-1]:
			i--
			j--
			visit(i, j)
		case g.at(i-1, j) > g.at(i, j-1):
			i--
		default:
			j--
		}
	}
}

func (g *lcsGrid) text() []byte {
	text := make([]byte, g.at(len(g.a), len(g.b)))
	left := len(text)
	g.walk(func(i, _ int) {
		left--
		text[left] = g.a[i]
	})
	return text
}

func (g *lcsGrid) matches() (out []lcsMatch) {
	g.walk(func(i, j int) {
		if n := len(out); n > 0 && out[n-1].a == i+1 && out[n-1].b == j+1 {
			out[n-1] = lcsMatch{i, j, out[n-1].length + 1}
			return
		}
		out = append(out, lcsMatch{i, j, 1})
	})
	return out
}
