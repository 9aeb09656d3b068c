package server

import "strings"

// ExpandTitle fills the words in braces of a proc-title-template, and {{ for a brace itself. It returns
// false when there is a word that value does not know, or a brace without its end.
func ExpandTitle(template string, value func(name string) (text string, known bool)) (title string, ok bool) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		b.WriteString(before)
		if !found {
			return strings.Trim(b.String(), " "), true
		}
		if strings.HasPrefix(rest, "{") {
			b.WriteByte('{')
			template = rest[1:]
			continue
		}
		name, after, closed := strings.Cut(rest, "}")
		text, known := value(name)
		if !closed || !known {
			return "", false
		}
		b.WriteString(text)
		template = after
	}
}

// titleTemplate accepts a template that gives a title, whatever the program is called.
func titleTemplate(text string) (string, int64, string) {
	title, ok := ExpandTitle(text, func(name string) (string, bool) {
		switch name {
		case "listen-addr", "config-file", "port", "tls-port":
			return name, true
		}
		return "", name == "title" || name == "server-mode" || name == "unixsocket" // may be empty
	})
	if !ok || title == "" {
		return "", 0, "template format is invalid or contains unknown variables"
	}
	return text, 0, ""
}
