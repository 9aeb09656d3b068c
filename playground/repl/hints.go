package repl

import (
	"slices"
	"strings"
	"unicode"

	"clusterplay/node/resp"
)

// splitWords splits a line by redis-cli's rules of quoting; false when quotes do not balance.
func splitWords(line string) ([]string, bool) {
	words, ok := resp.SplitLine(nil, []byte(line))
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = string(w)
	}
	return list, ok
}

// Unquote reads a word that may be in quotes; false when they are wrong.
func Unquote(word string) (string, bool) {
	if word == "" || word[0] != '"' && word[0] != '\'' {
		return word, true
	}
	words, ok := splitWords(word)
	if !ok || len(words) != 1 {
		return "", false
	}
	return words[0], true
}

// hint is what may follow a line that begins with a command: its arguments but those that have
// been typed. From the first optional argument on all are shown, whatever has been typed of them.
func hint(commands []Command, line string) string {
	words, ok := splitWords(line)
	if !ok || len(words) == 0 {
		return ""
	}
	words = withoutRepeat(words)
	best, own := Command{}, 0
	for _, c := range commands {
		if n := strings.Count(c.Name, " ") + 1; n > own && n <= len(words) && begins(c.Name, words[:n]) {
			best, own = c, n
		}
	}
	rest := best.Syntax
	for typed := len(words) - own; own > 0 && typed > 0 && rest != "" && rest[0] != '['; typed-- {
		_, rest, _ = strings.Cut(rest, " ")
	}
	if rest != "" && !endsInSpace(line) {
		rest = " " + rest
	}
	return rest
}

func endsInSpace(line string) bool {
	return line != "" && unicode.IsSpace(rune(line[len(line)-1]))
}

// withoutRepeat drops the number of "5 PING".
func withoutRepeat(words []string) []string {
	if len(words) > 1 && strings.Trim(words[0], "0123456789") == "" {
		return words[1:]
	}
	return words
}

// ownWords are what the session understands itself.
var ownWords = []string{"CLEAR", "CONNECT", "EXIT", "HELP", "QUIT", ":SET HINTS", ":SET NOHINTS", ":SET CLUSTER", ":SET NOCLUSTER"}

// completions are the lines that a line may be the beginning of, one word further on, written as
// the last word is: small when it is small.
func completions(commands []Command, line string) []string {
	names, groups := slices.Clone(ownWords), []string{}
	for _, c := range commands {
		names = append(names, c.Name)
		groups = append(groups, "@"+c.Group)
	}
	lead := ""
	if len(line) >= 5 && strings.EqualFold(line[:5], "help ") {
		lead, line = line[:5], strings.TrimLeft(line[5:], " ")
		names = append(names[len(ownWords):], groups...)
	}
	var lines []string
	for _, name := range names {
		if len(name) <= len(line) || !strings.EqualFold(name[:len(line)], line) {
			continue
		}
		if space := strings.IndexByte(name[len(line):], ' '); space > 0 {
			name = name[:len(line)+space]
		}
		if strings.HasPrefix(name, "@") || line != strings.ToUpper(line) {
			name = strings.ToLower(name)
		}
		lines = append(lines, lead+line+name[len(line):])
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// secret tells whether a line holds a password, which nobody should find in the history.
func secret(line string) bool {
	words, ok := splitWords(strings.ToLower(line))
	if !ok || len(words) == 0 {
		return false
	}
	words = withoutRepeat(words)
	has := func(any ...string) bool {
		return slices.ContainsFunc(words[1:], func(w string) bool { return slices.Contains(any, w) })
	}
	switch words[0] {
	case "auth":
		return true
	case "acl":
		return has("setuser", "deluser")
	case "config":
		return has("set") && has("masterauth", "masteruser", "requirepass")
	case "hello":
		return has("auth")
	case "migrate":
		return has("auth", "auth2")
	}
	return false
}
