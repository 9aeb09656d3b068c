package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible writes to a terminal what others have written: key names, error texts, people's names,
// lessons. Whatever a terminal would obey, or a reader would not see, is written as in JSON, so that
// printed JSON stays what it is.
type visible struct{ to io.Writer }

// Write writes text with its control characters spelled out; lines and tabs stay.
func (v visible) Write(text []byte) (int, error) {
	if _, err := io.WriteString(v.to, spelledOut(string(text))); err != nil {
		return 0, err
	}
	return len(text), nil
}

func spelledOut(text string) string {
	var b strings.Builder
	for i, c := range text {
		_, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case c == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\u%04x`, text[i])
		case c == '\n' || c == '\t' || !unicode.In(c, unicode.C, unicode.Zl, unicode.Zp):
			b.WriteRune(c)
		case c > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, c)
		default:
			fmt.Fprintf(&b, `\u%04x`, c)
		}
	}
	return b.String()
}
