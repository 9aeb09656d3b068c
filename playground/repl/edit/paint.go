package edit

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

const (
	defaultWidth = 80
	narrowest    = 8 // columns: a window that is being folded away reports none
	grey         = "\x1b[90m"
	plain        = "\x1b[0m"
)

// spot is a place on the screen, counted from where the prompt begins.
type spot struct{ row, column int }

// after is where the cursor is when text has been written from s on.
func (s spot) after(text string, columns int) spot {
	for _, r := range text {
		w := cells(r)
		if s.column+w > columns {
			s = spot{s.row + 1, 0}
		}
		s.column += w
	}
	return s
}

// cells is how many columns a character takes.
func cells(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// paint draws the line as it is now, with a hint when the cursor is at its end.
func (e *Editor) paint() {
	if e.search.on {
		e.draw(e.search.label(), string(e.line), "", e.at)
		return
	}
	hint := ""
	if e.Hint != nil && e.at == len(e.line) && len(e.line) > 0 {
		hint = e.Hint(string(e.line))
	}
	e.draw(e.Prompt, string(e.line), hint, e.at)
}

// draw writes prompt, text and hint over what was there and puts the cursor before text's
// character number at.
func (e *Editor) draw(prompt, text, hint string, at int) {
	columns := e.columns()
	if e.row > 0 {
		fmt.Fprintf(&e.out, "\x1b[%dA", e.row)
	}
	e.out.WriteString("\r\x1b[J" + prompt + text)
	end := spot{}.after(prompt, columns).after(text, columns)
	if end.column == columns { // the terminal waits at the margin: go on to the next row
		e.out.WriteString("\r\n")
		end = spot{end.row + 1, 0}
	}
	if hint = fit(hint, columns-end.column-1); hint != "" {
		e.out.WriteString(grey + hint + plain)
	}
	to := spot{}.after(prompt, columns).after(string([]rune(text)[:at]), columns)
	if to.column == columns {
		to = spot{to.row + 1, 0}
	}
	if up := end.row - to.row; up > 0 {
		fmt.Fprintf(&e.out, "\x1b[%dA", up)
	}
	e.out.WriteByte('\r')
	if to.column > 0 {
		fmt.Fprintf(&e.out, "\x1b[%dC", to.column)
	}
	e.row = to.row
}

func (e *Editor) columns() int {
	if e.Width == 0 {
		return defaultWidth
	}
	return max(e.Width, narrowest)
}

// fit cuts a hint to the columns that are left, without breaking a word unless it is the first.
func fit(hint string, columns int) string {
	if columns <= 0 {
		return ""
	}
	if (spot{}).after(hint, columns).row == 0 {
		return hint
	}
	cut := 0
	for i := range hint {
		if (spot{}).after(hint[:i], columns).row > 0 {
			break
		}
		cut = i
	}
	if space := strings.LastIndexByte(hint[:cut], ' '); space > 0 {
		cut = space
	}
	return hint[:cut]
}
