package playground

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"clusterplay/playground/repl"
)

// Readable is a string as it stands when people can read it, and in redis-cli's quotes and escapes
// otherwise.
func Readable(s string) string {
	plain := func(r rune) bool { return unicode.IsPrint(r) }
	if utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return repl.Quote(s)
}
