package lua

import "strings"

// specials are the characters without which a pattern is plain text.
const specials = "^$*+?.([%-"

func (s *State) newMatcher(text, pattern string) *matcher {
	s.Copied(len(pattern))
	return &matcher{s: s, text: text, pat: cString(pattern)}
}

// capture is what the i-th capture of a match from start to end has matched; with no captures the
// whole match.
func (m *matcher) capture(i, start, end int) Value {
	if i >= m.level {
		if i > 0 {
			m.s.Errorf("invalid capture index")
		}
		return m.s.Text(m.text[start:end])
	}
	c := m.caps[i]
	switch c.length {
	case capOpen:
		m.s.Errorf("unfinished capture")
	case capPosition:
		return Int(c.start + 1)
	}
	return m.s.Text(m.text[c.start : c.start+c.length])
}

// captures are all captures, or the whole match when there are none.
func (m *matcher) captures(start, end int) []Value {
	out := make([]Value, max(m.level, 1))
	for i := range out {
		out[i] = m.capture(i, start, end)
	}
	return out
}

func strFind(s *State, args []Value) []Value  { return s.find(args, true) }
func strMatch(s *State, args []Value) []Value { return s.find(args, false) }

func (s *State) find(args []Value, find bool) []Value {
	text, pattern := s.CheckText(args, 1), s.CheckText(args, 2)
	init := min(max(position(s.OptInt(args, 3, 1), len(text))-1, 0), len(text))
	s.Read(len(pattern))
	if find && (arg(args, 4).Truth() || !strings.ContainsAny(cString(pattern), specials)) {
		s.Read(len(text[init:]))
		at := strings.Index(text[init:], pattern)
		if at < 0 {
			return s.Return(Nil)
		}
		return s.Return(Int(init+at+1), Int(init+at+len(pattern)))
	}
	m := s.newMatcher(text, pattern)
	p, anchored := 0, m.at(0) == '^'
	if anchored {
		p = 1
	}
	for i := init; i <= len(text); i++ {
		m.level = 0
		if end := m.match(i, p); end >= 0 {
			if !find {
				return s.Return(m.captures(i, end)...)
			}
			if m.level == 0 {
				return s.Return(Int(i+1), Int(end))
			}
			return s.Return(append([]Value{Int(i + 1), Int(end)}, m.captures(i, end)...)...)
		}
		if anchored {
			break
		}
	}
	return s.Return(Nil)
}

func strGmatch(s *State, args []Value) []Value {
	text, pattern := s.CheckText(args, 1), s.CheckText(args, 2)
	at := 0
	return s.Return(s.Native(func(s *State, _ []Value) []Value {
		m := s.newMatcher(text, pattern)
		for i := at; i <= len(text); i++ {
			m.level = 0
			if end := m.match(i, 0); end >= 0 {
				if at = end; end == i {
					at++
				}
				return s.Return(m.captures(i, end)...)
			}
		}
		at = len(text) + 1
		return nil
	}))
}

func strGsub(s *State, args []Value) []Value {
	text, pattern := s.CheckText(args, 1), s.CheckText(args, 2)
	repl := arg(args, 3)
	switch repl.kind {
	case KindNumber, KindString, KindTable, KindFunction:
	default:
		s.ArgError(3, "string/function/table expected")
	}
	most := s.OptInt(args, 4, len(text)+1)
	m := s.newMatcher(text, pattern)
	p, anchored := 0, m.at(0) == '^'
	if anchored {
		p = 1
	}
	var b strings.Builder
	i, n := 0, 0
	for n < most {
		m.level = 0
		end := m.match(i, p)
		if end >= 0 {
			n++
			m.replace(&b, repl, i, end)
		}
		switch {
		case end > i:
			i = end
		case i < len(text):
			b.WriteByte(text[i])
			i++
		default:
			anchored = true
		}
		if anchored {
			break
		}
	}
	s.take(stringSize + len(text) - min(i, len(text)))
	b.WriteString(text[min(i, len(text)):])
	return s.Return(Str(b.String()), Int(n))
}

// replace writes what a match is replaced with.
func (m *matcher) replace(b *strings.Builder, repl Value, start, end int) {
	var v Value
	switch repl.kind {
	case KindFunction:
		v = m.s.call1(repl, m.captures(start, end)...)
	case KindTable:
		v = m.s.index(repl, m.capture(0, start, end), "")
	default:
		m.expand(b, repl, start, end)
		return
	}
	text, ok := v.ToText()
	switch {
	case !v.Truth():
		text = m.text[start:end]
	case !ok:
		m.s.Errorf("invalid replacement value (a %s)", v.kind)
	}
	m.s.Room(b.Len() + len(text))
	m.s.take(len(text))
	b.WriteString(text)
}

// expand writes a replacement in which %1 stands for a capture.
func (m *matcher) expand(b *strings.Builder, repl Value, start, end int) {
	text, _ := repl.ToText()
	m.s.Room(b.Len() + len(text))
	m.s.take(len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			b.WriteByte(text[i])
			continue
		}
		i++
		switch {
		case i >= len(text):
			b.WriteByte(0) // C copies the NUL behind the text
		case !isDigit(text[i]):
			b.WriteByte(text[i])
		case text[i] == '0':
			m.s.Room(b.Len() + end - start)
			m.s.take(end - start)
			b.WriteString(m.text[start:end])
		default:
			piece, _ := m.capture(int(text[i]-'1'), start, end).ToText()
			m.s.Room(b.Len() + len(piece))
			m.s.take(len(piece))
			b.WriteString(piece)
		}
	}
}
