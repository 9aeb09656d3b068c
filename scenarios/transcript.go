package scenarios

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// exchange is one prompt line of a transcript and the lines expected below it.
type exchange struct {
	line   int // within the fence, from 0
	prompt string
	send   string
	want   []string
}

// promptPattern is redis-cli's prompt: "127.0.0.1:7001> " or, shorter, "> ".
var promptPattern = regexp.MustCompile(`^((?:[0-9.]+:)?[0-9]*(?:\(TX\))?> ?)(.*)$`)

// exchanges cuts a transcript at its prompts.
func exchanges(text string) ([]exchange, error) {
	var out []exchange
	for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if m := promptPattern.FindStringSubmatch(line); m != nil {
			out = append(out, exchange{line: i, prompt: m[1], send: m[2]})
			continue
		}
		if len(out) == 0 {
			return nil, fmt.Errorf("a transcript begins with a prompt, such as 127.0.0.1:7000> PING")
		}
		last := &out[len(out)-1]
		last.want = append(last.want, line)
	}
	return out, nil
}

// match holds a reply against the expected lines: literally, but "..." stands for any lines, and
// a line may end in " (glob)" or " (re)". No expected lines accept every reply.
func match(want, got []string) error {
	if len(want) == 0 {
		return nil
	}
	if matchLines(want, got) {
		return nil
	}
	return fmt.Errorf("expected:\n%s\ngot:\n%s", indent(want), indent(got))
}

func matchLines(want, got []string) bool {
	if len(want) == 0 {
		return len(got) == 0
	}
	if want[0] == "..." {
		for skip := 0; skip <= len(got); skip++ {
			if matchLines(want[1:], got[skip:]) {
				return true
			}
		}
		return false
	}
	return len(got) > 0 && matchLine(want[0], got[0]) && matchLines(want[1:], got[1:])
}

func matchLine(want, got string) bool {
	if pattern, ok := strings.CutSuffix(want, " (glob)"); ok {
		matched, err := path.Match(pattern, got)
		return err == nil && matched
	}
	if pattern, ok := strings.CutSuffix(want, " (re)"); ok {
		re, err := regexp.Compile("^(?:" + pattern + ")$")
		return err == nil && re.MatchString(got)
	}
	return want == got
}

func indent(lines []string) string { return "  " + strings.Join(lines, "\n  ") }
