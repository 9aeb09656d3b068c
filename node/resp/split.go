package resp

import "strings"

// SplitLine appends the words of a typed line to dst, by Redis' rules of quoting (sdssplitargs):
// words are separated by space; "…" knows \n \r \t \b \a \xHH and \ before any other byte; '…'
// knows only \'; a closing quote ends its word. ok is false when quotes do not balance. The line
// is rewritten in place and the words lie in it: a word is never longer than it was written.
func SplitLine(dst [][]byte, line []byte) (words [][]byte, ok bool) {
	for pos := 0; ; {
		for pos < len(line) && isSpace(line[pos]) {
			pos++
		}
		if pos == len(line) || line[pos] == 0 {
			return dst, true
		}
		start := pos
		s := splitter{line: line, read: pos, write: pos}
		if !s.word() {
			return dst, false
		}
		dst = append(dst, line[start:s.write:s.write])
		pos = s.read
	}
}

// splitter reads one word; write never overtakes read.
type splitter struct {
	line        []byte
	read, write int
}

// word reads up to the end of the word.
func (s *splitter) word() bool {
	for s.read < len(s.line) {
		c := s.line[s.read]
		switch c {
		case ' ', '\n', '\r', '\t', 0:
			return true
		case '"', '\'':
			s.read++
			return s.quoted(c)
		}
		s.put(c, 1)
	}
	return true
}

// quoted reads up to and including the closing quote, which must end the word.
func (s *splitter) quoted(quote byte) bool {
	for s.read < len(s.line) && s.line[s.read] != 0 {
		c := s.line[s.read]
		switch {
		case c == quote:
			s.read++
			return s.atEnd()
		case c == '\\' && quote == '"':
			s.escape()
		case c == '\\' && s.peek(1) == '\'':
			s.put('\'', 2)
		default:
			s.put(c, 1)
		}
	}
	return false
}

// atEnd reports whether the word ends here.
func (s *splitter) atEnd() bool {
	return s.read == len(s.line) || s.line[s.read] == 0 || isSpace(s.line[s.read])
}

// escape reads what a backslash announces.
func (s *splitter) escape() {
	next := s.peek(1)
	if high, low := hexDigit(s.peek(2)), hexDigit(s.peek(3)); next == 'x' && high >= 0 && low >= 0 {
		s.put(byte(high<<4|low), 4)
		return
	}
	if next == 0 {
		s.put('\\', 1)
		return
	}
	if i := strings.IndexByte("nrtba", next); i >= 0 {
		next = "\n\r\t\b\a"[i]
	}
	s.put(next, 2)
}

// put writes c in place of the next n bytes.
func (s *splitter) put(c byte, n int) {
	s.line[s.write] = c
	s.write++
	s.read += n
}

// peek returns the byte n ahead, or 0 past the end, which is how C sees it.
func (s *splitter) peek(n int) byte {
	if s.read+n >= len(s.line) {
		return 0
	}
	return s.line[s.read+n]
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// hexDigit is the value of a hexadecimal digit, or -1.
func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
