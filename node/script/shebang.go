package script

import (
	"strings"
)

// parseShebang reads a script's first line, if it is one that says how to run it: the flags, and how
// much of the text to skip so that lines keep their numbers.
func parseShebang(body string) (flags Flags, skip int, err error) {
	if !strings.HasPrefix(body, "#!") {
		return Compat, 0, nil
	}
	end := strings.IndexByte(body, '\n')
	if nul := strings.IndexByte(body, 0); end < 0 || nul >= 0 && nul < end {
		return 0, 0, Refusal("ERR Invalid script shebang")
	}
	parts, ok := splitArgs(body[:end])
	if !ok || len(parts) == 0 {
		return 0, 0, Refusal("ERR Invalid engine in script shebang")
	}
	if parts[0] != "#!lua" {
		return 0, 0, Refusal("ERR Unexpected engine in script shebang: " + parts[0])
	}
	for _, part := range parts[1:] {
		list, is := strings.CutPrefix(part, "flags=")
		if !is {
			return 0, 0, Refusal("ERR Unknown lua shebang option: " + part)
		}
		if list == "" {
			continue
		}
		for name := range strings.SplitSeq(list, ",") {
			f, known := flagOf(name)
			if !known {
				return 0, 0, Refusal("ERR Unexpected flag in script shebang: " + name)
			}
			flags |= f
		}
	}
	return flags, end, nil
}

// splitArgs cuts a line into words as redis-cli's are cut (sdssplitargs): quotes hold words together.
func splitArgs(line string) (words []string, ok bool) {
	for i := 0; ; {
		for i < len(line) && isSpace(line[i]) {
			i++
		}
		if i == len(line) {
			return words, true
		}
		var word []byte
		for i < len(line) && !isSpace(line[i]) {
			quote := line[i]
			if quote != '"' && quote != '\'' {
				word = append(word, quote)
				i++
				continue
			}
			n, text, closed := quotedWord(line[i:])
			if i += n; !closed || i < len(line) && !isSpace(line[i]) {
				return nil, false
			}
			word = append(word, text...)
		}
		words = append(words, string(word))
	}
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// quotedWord reads what is in quotes at the beginning of text.
func quotedWord(text string) (n int, word string, closed bool) {
	quote := text[0]
	var b []byte
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == quote:
			return i + 1, string(b), true
		case c == '\\' && i+1 < len(text) && (quote == '"' || text[i+1] == '\''):
			i++
			b = append(b, unescaped(text[i], quote))
		default:
			b = append(b, c)
		}
	}
	return len(text), "", false
}

func unescaped(c, quote byte) byte {
	if quote == '"' {
		switch c {
		case 'n':
			return '\n'
		case 'r':
			return '\r'
		case 't':
			return '\t'
		case 'b':
			return '\b'
		case 'a':
			return '\a'
		}
	}
	return c
}
