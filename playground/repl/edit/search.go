package edit

import (
	"strings"
	"unicode"
)

// search is a search backwards through the history, begun by Ctrl-R.
type search struct {
	on     bool
	text   []rune
	which  int  // the line that is shown
	failed bool // nothing older holds the text
	typed  []rune
}

func (e *Editor) startSearch() {
	e.search = search{on: true, which: len(e.History.lines), typed: e.line}
}

// seek is a key while searching; it reports whether the search wanted it. A key that it does not
// want takes the line that is shown and then does what it always does.
func (e *Editor) seek(k key) bool {
	s := &e.search
	switch {
	case k == ctrl('r'):
		e.look(s.which)
	case k == keyErase:
		if len(s.text) > 0 {
			s.text = s.text[:len(s.text)-1]
		}
		e.look(len(e.History.lines))
	case k == ctrl('g') || k == ctrl('c'):
		e.set(s.typed)
		e.search = search{}
	case k >= ' ' && unicode.IsPrint(rune(k)):
		s.text = append(s.text, rune(k))
		e.look(min(s.which+1, len(e.History.lines)))
	default:
		e.search = search{}
		return k == keyEscape
	}
	return true
}

// look shows the newest line before one that holds the text.
func (e *Editor) look(before int) {
	s := &e.search
	if len(s.text) == 0 {
		s.failed = false
		return
	}
	which, ok := e.History.find(string(s.text), before)
	if s.failed = !ok; s.failed {
		return
	}
	s.which, e.recall = which, which
	line := e.History.lines[which]
	e.set([]rune(line))
	e.at = len([]rune(line[:strings.Index(line, string(s.text))]))
}

// label is the prompt while searching.
func (s *search) label() string {
	if s.failed {
		return "(failed reverse-i-search)`" + string(s.text) + "': "
	}
	return "(reverse-i-search)`" + string(s.text) + "': "
}
