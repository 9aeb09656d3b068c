package command

// Glob is a pattern as KEYS, SCAN, PSUBSCRIBE and CONFIG GET mean it: * ? [abc] [^a-z] and \ before
// a literal (stringmatchlen). It is read once and held against many texts, by one goroutine.
//
// Every element but a star takes exactly one byte. So what stands before the first star belongs to
// the beginning of a text, what stands behind the last one to its end, and each stretch between
// two stars is wanted at the first place where it fits. That takes one step for a byte of text, and one
// more for every 64 elements of the stretch: no pattern holds a node for long.
type Glob struct {
	starred    bool
	head, tail []element // the whole pattern is in head when there is no star
	middle     []stretch
	classes    []class
	least      int // the bytes a text needs: one for each element
}

// ReadGlob reads a pattern; with fold case does not matter. It does not keep pattern.
func ReadGlob(pattern []byte, fold bool) *Glob {
	g := &Glob{}
	var run []element
	for len(pattern) > 0 {
		if pattern[0] == '*' {
			g.star(run)
			run, pattern = nil, pattern[1:]
			continue
		}
		e, size := g.element(pattern, fold)
		run, pattern = append(run, e), pattern[size:]
		g.least++
	}
	if g.starred {
		g.tail = run
	} else {
		g.head = run
	}
	return g
}

// star ends a run of elements.
func (g *Glob) star(run []element) {
	switch {
	case !g.starred:
		g.starred, g.head = true, run
	case len(run) > 0:
		g.middle = append(g.middle, stretch{elements: run})
	}
}

// Match tells whether all of text fits g. No text at all fits not even a star.
func Match[T string | []byte](g *Glob, text T) bool {
	switch {
	case len(text) < g.least, g.starred && len(text) == 0, !g.starred && len(text) > g.least:
		return false
	}
	end := len(text) - len(g.tail)
	if !fits(g, g.head, text, 0) || !fits(g, g.tail, text, end) {
		return false
	}
	from := len(g.head)
	for i := range g.middle {
		if from = after(g, &g.middle[i], text, from, end); from < 0 {
			return false
		}
	}
	return true
}

// fits tells whether elements fit text from a place on that is far enough from its end.
func fits[T string | []byte](g *Glob, elements []element, text T, from int) bool {
	for i, e := range elements {
		if !g.takes(e, text[from+i]) {
			return false
		}
	}
	return true
}

// element takes one byte: the one it is, when it is below anyByte; every one, when it is anyByte; one
// of a class of the Glob's, when it is above.
type element uint32

const anyByte element = 256

func (g *Glob) takes(e element, c byte) bool {
	switch {
	case e < anyByte:
		return byte(e) == c
	case e == anyByte:
		return true
	}
	return g.classes[e-anyByte-1].has(c)
}

// element reads the element pattern begins with, which is size bytes long.
func (g *Glob) element(pattern []byte, fold bool) (e element, size int) {
	switch {
	case pattern[0] == '?':
		return anyByte, 1
	case pattern[0] == '[':
		s, size := readClass(pattern, fold)
		return g.class(s), size
	case pattern[0] == '\\' && len(pattern) > 1:
		return g.literal(pattern[1], fold), 2
	}
	return g.literal(pattern[0], fold), 1
}

// literal takes c, and with fold the letter of the other case as well.
func (g *Glob) literal(c byte, fold bool) element {
	if !fold || !isLetter(c) {
		return element(c)
	}
	var s class
	s.addEither(c)
	return g.class(s)
}

func (g *Glob) class(s class) element {
	g.classes = append(g.classes, s)
	return anyByte + element(len(g.classes))
}

// stretch is the elements between two stars.
type stretch struct {
	elements []element
	all      *together // made when first needed
}

// fewElements is how many are tried one by one at each byte; a longer stretch gets a table.
const fewElements = 16

// after is where the first place in text[from:end] that fits s ends, or -1.
func after[T string | []byte](g *Glob, s *stretch, text T, from, end int) int {
	last := end - len(s.elements)
	if from > last {
		return -1
	}
	if len(s.elements) > fewElements {
		if s.all == nil {
			s.all = g.together(s.elements)
		}
		return afterAll(s.all, text, from, end)
	}
	for ; from <= last; from++ {
		if fits(g, s.elements, text, from) {
			return from + len(s.elements)
		}
	}
	return -1
}

// together looks for a stretch at all places at once (shift-and): bit i of state says that elements
// 0 to i fit the bytes that end here.
type together struct {
	masks []uint64 // for each byte, which elements take it
	state []uint64
	last  uint64 // the bit of the last element
}

func (g *Glob) together(elements []element) *together {
	words := (len(elements) + 63) / 64
	a := &together{make([]uint64, 256*words), make([]uint64, words), 1 << ((len(elements) - 1) % 64)}
	for i, e := range elements {
		if e < anyByte {
			a.masks[int(e)*words+i/64] |= 1 << (i % 64)
			continue
		}
		for c := range 256 {
			if g.takes(e, byte(c)) {
				a.masks[c*words+i/64] |= 1 << (i % 64)
			}
		}
	}
	return a
}

// afterAll is after for a long stretch.
func afterAll[T string | []byte](a *together, text T, from, end int) int {
	clear(a.state)
	words := len(a.state)
	for at := from; at < end; at++ {
		carry, mask := uint64(1), a.masks[int(text[at])*words:]
		for w, was := range a.state {
			a.state[w] = (was<<1 | carry) & mask[w]
			carry = was >> 63
		}
		if a.state[words-1]&a.last != 0 {
			return at + 1
		}
	}
	return -1
}
