package scenarios

import "strings"

// word is one word of a play line and the column in which it begins, from 1.
type word struct {
	text   string
	column int
}

// splitWords cuts a play line. Blanks part words; a word may stand in "double" or 'single' quotes,
// and a word that begins with # begins a comment. A quote inside a word is a letter like any other.
func splitWords(line string) ([]word, *fault) {
	var words []word
	runes := []rune(line)
	for i := 0; i < len(runes); {
		switch r := runes[i]; {
		case r == ' ' || r == '\t':
			i++
		case r == '#':
			return words, nil
		case r == '"' || r == '\'':
			text, end := quoted(runes, i)
			if end < 0 {
				return words, wrongAt(i+1, `write "…" on one line`, "the quote %c has no end", r)
			}
			words = append(words, word{text, i + 1})
			i = end
		default:
			end := i
			for end < len(runes) && runes[end] != ' ' && runes[end] != '\t' {
				end++
			}
			words = append(words, word{string(runes[i:end]), i + 1})
			i = end
		}
	}
	return words, nil
}

// quoted reads a word in quotes that begins at from, and tells where what follows begins; -1 when
// the quote does not end. In double quotes \" is a quote.
func quoted(runes []rune, from int) (string, int) {
	var b strings.Builder
	for i := from + 1; i < len(runes); i++ {
		switch {
		case runes[i] == runes[from]:
			return b.String(), i + 1
		case runes[i] == '\\' && runes[from] == '"' && i+1 < len(runes) && (runes[i+1] == '"' || runes[i+1] == '\\'):
			i++
		}
		b.WriteRune(runes[i])
	}
	return "", -1
}

// texts are the words without their places.
func texts(words []word) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.text
	}
	return out
}

// columnOf is where the word with that text stands; that of the first when there is none.
func columnOf(words []word, text string) int {
	for _, w := range words {
		if w.text == text || text != "" && strings.Contains(w.text, text) {
			return w.column
		}
	}
	if len(words) == 0 {
		return 1
	}
	return words[0].column
}
