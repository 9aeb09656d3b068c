package lua

const (
	maxCaptures = 32
	// maxPatternDepth bounds how deep the matcher calls itself; C has no bound but its stack.
	maxPatternDepth = 20000
	// comparisonsPerStep is how many characters the matcher compares in the time of a step.
	comparisonsPerStep = 16
)

// The lengths of captures that have none.
const (
	capOpen     = -1
	capPosition = -2
)

// matcher matches one pattern against one text. Like C it takes a NUL for the pattern's end.
type matcher struct {
	s     *State
	text  string
	pat   string
	level int
	depth int
	work  int
	caps  [maxCaptures]struct{ start, length int }
}

// at is the pattern's character at p, 0 behind its end.
func (m *matcher) at(p int) byte {
	if p < len(m.pat) {
		return m.pat[p]
	}
	return 0
}

// spend counts comparisons; it is small enough to become part of who calls it.
func (m *matcher) spend(n int) {
	if m.work += n; m.work >= comparisonsPerStep {
		m.pay()
	}
}

func (m *matcher) pay() {
	m.s.Spend(m.work / comparisonsPerStep)
	m.work %= comparisonsPerStep
}

// match returns the end of a match of the pattern from p on at position i, or -1.
func (m *matcher) match(i, p int) int {
	if m.depth++; m.depth > maxPatternDepth {
		m.s.Errorf("pattern too complex")
	}
	defer func() { m.depth-- }()
	for p < len(m.pat) {
		m.spend(1)
		switch c := m.pat[p]; {
		case c == '(' && m.at(p+1) == ')':
			return m.open(i, p+2, capPosition)
		case c == '(':
			return m.open(i, p+1, capOpen)
		case c == ')':
			return m.close(i, p+1)
		case c == '%' && m.at(p+1) == 'b':
			if i = m.balance(i, p+2); i < 0 {
				return -1
			}
			p += 4
			continue
		case c == '%' && m.at(p+1) == 'f':
			end, ok := m.frontier(i, p+2)
			if !ok {
				return -1
			}
			p = end
			continue
		case c == '%' && isDigit(m.at(p+1)):
			if i = m.back(i, m.at(p+1)); i < 0 {
				return -1
			}
			p += 2
			continue
		case c == '$' && p+1 == len(m.pat):
			if i == len(m.text) {
				return i
			}
			return -1
		}
		end := m.classEnd(p)
		hit := i < len(m.text) && m.single(m.text[i], p, end)
		switch m.at(end) {
		case '?':
			if hit {
				if r := m.match(i+1, end+1); r >= 0 {
					return r
				}
			}
			p = end + 1
		case '*':
			return m.longest(i, p, end)
		case '+':
			if !hit {
				return -1
			}
			return m.longest(i+1, p, end)
		case '-':
			return m.shortest(i, p, end)
		default:
			if !hit {
				return -1
			}
			i, p = i+1, end
		}
	}
	return i
}

func (m *matcher) longest(i, p, end int) int {
	n := 0
	for i+n < len(m.text) && m.single(m.text[i+n], p, end) {
		m.spend(1)
		n++
	}
	for ; n >= 0; n-- {
		if r := m.match(i+n, end+1); r >= 0 {
			return r
		}
	}
	return -1
}

func (m *matcher) shortest(i, p, end int) int {
	for {
		if r := m.match(i, end+1); r >= 0 {
			return r
		}
		if i >= len(m.text) || !m.single(m.text[i], p, end) {
			return -1
		}
		i++
	}
}

func (m *matcher) open(i, p, what int) int {
	if m.level >= maxCaptures {
		m.s.Errorf("too many captures")
	}
	m.caps[m.level].start, m.caps[m.level].length = i, what
	m.level++
	r := m.match(i, p)
	if r < 0 {
		m.level--
	}
	return r
}

func (m *matcher) close(i, p int) int {
	l := m.level - 1
	for ; l >= 0 && m.caps[l].length != capOpen; l-- {
	}
	if l < 0 {
		m.s.Errorf("invalid pattern capture")
	}
	m.caps[l].length = i - m.caps[l].start
	r := m.match(i, p)
	if r < 0 {
		m.caps[l].length = capOpen
	}
	return r
}

// back matches what a capture has matched again.
func (m *matcher) back(i int, digit byte) int {
	l := int(digit) - '1'
	if l < 0 || l >= m.level || m.caps[l].length == capOpen {
		m.s.Errorf("invalid capture index")
	}
	n := m.caps[l].length
	if n < 0 || len(m.text)-i < n {
		return -1
	}
	m.spend(comparisonsPerStep * n / bytesPerStep)
	if start := m.caps[l].start; m.text[start:start+n] != m.text[i:i+n] {
		return -1
	}
	return i + n
}

func (m *matcher) balance(i, p int) int {
	if m.at(p) == 0 || m.at(p+1) == 0 {
		m.s.Errorf("unbalanced pattern")
	}
	if i >= len(m.text) || m.text[i] != m.pat[p] {
		return -1
	}
	open, shut, depth := m.pat[p], m.pat[p+1], 1
	for i++; i < len(m.text); i++ {
		m.spend(1)
		switch m.text[i] {
		case shut:
			if depth--; depth == 0 {
				return i + 1
			}
		case open:
			depth++
		}
	}
	return -1
}

func (m *matcher) frontier(i, p int) (end int, ok bool) {
	if m.at(p) != '[' {
		m.s.Errorf("missing '[' after '%%f' in pattern")
	}
	end = m.classEnd(p)
	var before, here byte
	if i > 0 {
		before = m.text[i-1]
	}
	if i < len(m.text) {
		here = m.text[i]
	}
	return end, !m.set(before, p, end-1) && m.set(here, p, end-1)
}

// classEnd is where the class that begins at p ends.
func (m *matcher) classEnd(p int) int {
	c := m.pat[p]
	p++
	switch c {
	case '%':
		if p >= len(m.pat) {
			m.s.Errorf("malformed pattern (ends with '%%')")
		}
		return p + 1
	case '[':
		if m.at(p) == '^' {
			p++
		}
		for first := true; first || m.at(p) != ']'; first = false {
			if p >= len(m.pat) {
				m.s.Errorf("malformed pattern (missing ']')")
			}
			m.spend(1)
			if p++; m.pat[p-1] == '%' && p < len(m.pat) {
				p++
			}
		}
		return p + 1
	}
	return p
}

// single reports whether a character is in the class between p and end.
func (m *matcher) single(c byte, p, end int) bool {
	switch m.pat[p] {
	case '.':
		return true
	case '%':
		return inClass(c, m.pat[p+1])
	case '[':
		return m.set(c, p, end-1)
	}
	return m.pat[p] == c
}

// set reports whether a character is in the set from [ at p to ] at last.
func (m *matcher) set(c byte, p, last int) bool {
	m.spend((last - p) / 2)
	in := true
	if m.pat[p+1] == '^' {
		in = false
		p++
	}
	for p++; p < last; p++ {
		switch {
		case m.pat[p] == '%':
			p++
			if inClass(c, m.pat[p]) {
				return in
			}
		case m.pat[p+1] == '-' && p+2 < last:
			p += 2
			if m.pat[p-2] <= c && c <= m.pat[p] {
				return in
			}
		case m.pat[p] == c:
			return in
		}
	}
	return !in
}

func inClass(c, class byte) bool {
	var in bool
	switch class | 0x20 {
	case 'a':
		in = isAlpha(c)
	case 'c':
		in = c < ' ' || c == 0x7f
	case 'd':
		in = isDigit(c)
	case 'l':
		in = c >= 'a' && c <= 'z'
	case 'p':
		in = c > ' ' && c < 0x7f && !isAlpha(c) && !isDigit(c)
	case 's':
		in = isSpace(c)
	case 'u':
		in = c >= 'A' && c <= 'Z'
	case 'w':
		in = isAlpha(c) || isDigit(c)
	case 'x':
		in = isHex(c)
	case 'z':
		in = c == 0
	default:
		return class == c
	}
	if !isAlpha(class) {
		return class == c
	}
	return in == (class >= 'a')
}
