package edit

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// screen is a terminal of the kind the editor writes for: it knows only what the editor uses.
type screen struct {
	columns     int
	rows        [][]rune
	row, column int
	waiting     bool // the last column is written; the next character goes to the next row
	grey        bool
	hint        string // what was written in grey since the last erasure
}

func newScreen(columns int) *screen { return &screen{columns: columns} }

func (s *screen) write(b []byte) {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == 0x1b:
			n = s.sequence(b)
		case r == '\r':
			s.column, s.waiting = 0, false
		case r == '\n':
			s.row, s.waiting = s.row+1, false
		case r == '\a':
		default:
			s.put(r)
		}
		b = b[n:]
	}
}

func (s *screen) put(r rune) {
	w := cells(r)
	if s.waiting || s.column+w > s.columns {
		s.row, s.column, s.waiting = s.row+1, 0, false
	}
	line := s.line(s.row)
	for len(line) < s.columns {
		line = append(line, ' ')
	}
	s.rows[s.row] = line
	if w == 0 {
		return
	}
	line[s.column] = r
	if w == 2 {
		line[s.column+1] = 0
	}
	if s.grey {
		s.hint += string(r)
	}
	s.column += w
	if s.column == s.columns {
		s.column, s.waiting = s.columns-1, true
	}
}

func (s *screen) line(row int) []rune {
	for len(s.rows) <= row {
		s.rows = append(s.rows, nil)
	}
	return s.rows[row]
}

// sequence obeys ESC [ number letter and returns its length.
func (s *screen) sequence(b []byte) int {
	end := strings.IndexAny(string(b[2:]), "ACHJm") + 2
	n, _ := strconv.Atoi(string(b[2:end]))
	switch b[end] {
	case 'A':
		s.row -= n
	case 'C':
		s.column += n
	case 'H':
		s.row, s.column = 0, 0
	case 'm':
		s.grey = n == 90
	case 'J':
		s.hint = ""
		s.line(s.row)
		s.rows = s.rows[:s.row+1]
		s.rows[s.row] = s.rows[s.row][:min(s.column, len(s.rows[s.row]))]
		if n == 2 {
			s.rows = nil
		}
	}
	s.waiting = false
	return end + 1
}

// String is what can be read, with | where the cursor is.
func (s *screen) String() string {
	s.line(s.row)
	var lines []string
	for i, row := range s.rows {
		text := ""
		for j, r := range row {
			if i == s.row && j == s.column {
				text += "|"
			}
			if r != 0 {
				text += string(r)
			}
		}
		if i == s.row && s.column >= len(row) {
			text += strings.Repeat(" ", s.column-len(row)) + "|"
		}
		lines = append(lines, strings.TrimRight(text, " "))
	}
	return strings.Join(lines, "\n")
}
