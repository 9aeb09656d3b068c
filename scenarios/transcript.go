package scenarios

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// exchange is one prompt line of a transcript and the lines expected below it.
type exchange struct {
	line   int // within the fence, from 0
	prompt string
	send   string
	want   []pattern
}

// pattern is one expected line.
type pattern struct {
	text string
	any  bool           // "...": any lines, or none
	glob string         // text (glob)
	re   *regexp.Regexp // text (re)
}

// promptPattern is redis-cli's prompt: "127.0.0.1:7001> " or, shorter, "> ".
var promptPattern = regexp.MustCompile(`^((?:[0-9.]+:)?([0-9]*)(?:\[[0-9]+\])?(?:\(TX\))?> ?)(.*)$`)

// exchanges cuts a transcript at its prompts. A fault comes with the line in which it is, from 0.
func exchanges(text string) (out []exchange, line int, wrong *fault) {
	for i, written := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if m := promptPattern.FindStringSubmatch(written); m != nil {
			if strings.TrimSpace(m[3]) == "" {
				return nil, i, wrongAt(utf8.RuneCountInString(m[1])+1, "127.0.0.1:7000> PING", "nothing follows the prompt")
			}
			out = append(out, exchange{line: i, prompt: m[1], send: m[3]})
			continue
		}
		if len(out) == 0 {
			return nil, i, wrongAt(1, "127.0.0.1:7000> PING", "a transcript begins with a prompt")
		}
		p, wrong := readPattern(written)
		if wrong != nil {
			return nil, i, wrong
		}
		last := &out[len(out)-1]
		last.want = append(last.want, p)
	}
	return out, 0, nil
}

// readPattern reads an expected line: "..." stands for any lines, and a line may end in (glob) or (re).
func readPattern(line string) (pattern, *fault) {
	p := pattern{text: line, any: line == "..."}
	if glob, ok := strings.CutSuffix(line, " (glob)"); ok {
		p.glob = glob
	}
	if text, ok := strings.CutSuffix(line, " (re)"); ok {
		re, err := regexp.Compile("^(?:" + text + ")$")
		if err != nil {
			return p, wrongAt(1, `such as \d+ (re)`, "%s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		}
		p.re = re
	}
	return p, nil
}

func (p pattern) matches(got string) bool {
	switch {
	case p.re != nil:
		return p.re.MatchString(got)
	case p.glob != "":
		return matchGlob([]rune(p.glob), []rune(got))
	}
	return p.text == got
}

// match holds a reply against the expected lines. No expected lines accept every reply.
func match(want []pattern, got []string) error {
	if len(want) == 0 || wild(want, got, func(p pattern) bool { return p.any }, pattern.matches) {
		return nil
	}
	expected := make([]string, len(want))
	for i, p := range want {
		expected[i] = p.text
	}
	return &Mismatch{Expected: expected, Got: got}
}

// Mismatch is a reply that differs from what the transcript says.
type Mismatch struct {
	Expected, Got []string
}

// Error shows both.
func (m *Mismatch) Error() string {
	return fmt.Sprintf("expected:\n%s\ngot:\n%s", indent(m.Expected), indent(m.Got))
}

// matchGlob matches * and ?; a backslash takes their meaning from them.
func matchGlob(glob, got []rune) bool {
	type sign struct {
		r     rune
		plain bool
	}
	var signs []sign
	for i := 0; i < len(glob); i++ {
		if glob[i] == '\\' && i+1 < len(glob) {
			i++
			signs = append(signs, sign{glob[i], true})
			continue
		}
		signs = append(signs, sign{glob[i], false})
	}
	return wild(signs, got, func(s sign) bool { return s.r == '*' && !s.plain },
		func(s sign, r rune) bool { return s.r == r || s.r == '?' && !s.plain })
}

// wild matches a sequence against patterns of which some stand for any run of elements. It only ever
// goes back to the last of those, so its work is at most the product of both lengths.
func wild[P, E any](want []P, got []E, any func(P) bool, one func(P, E) bool) bool {
	w, g, star, mark := 0, 0, -1, 0
	for g < len(got) {
		switch {
		case w < len(want) && any(want[w]):
			star, mark = w, g
			w++
		case w < len(want) && one(want[w], got[g]):
			w++
			g++
		case star >= 0:
			mark++
			w, g = star+1, mark
		default:
			return false
		}
	}
	for w < len(want) && any(want[w]) {
		w++
	}
	return w == len(want)
}

func indent(lines []string) string { return "  " + strings.Join(lines, "\n  ") }
