package scenarios

import (
	"regexp"
	"slices"
	"strconv"
)

// lessonPort is the first client port a lesson is written for.
const lessonPort = 7000

// portPattern finds the ports of a lesson's nodes and of their buses, standing alone.
var portPattern = regexp.MustCompile(`\b1?70[0-9]{2}\b`)

// Rebase is the lesson as it reads on a lab whose first client port is first: where 7000 was
// taken, every 7001 of the text becomes the port that node really has.
func (l *Lesson) Rebase(first int) *Lesson {
	if first == lessonPort {
		return l
	}
	move := func(s string) string {
		return portPattern.ReplaceAllStringFunc(s, func(port string) string {
			n, _ := strconv.Atoi(port)
			return strconv.Itoa(n - lessonPort + first)
		})
	}
	out := *l
	out.Blocks = slices.Clone(l.Blocks)
	for i := range out.Blocks {
		b := &out.Blocks[i]
		b.Node, b.Text = move(b.Node), move(b.Text)
		b.Lines = mapped(b.Lines, move)
		b.Nodes, b.Question = rebaseProse(b.Nodes, move), rebaseProse(b.Question, move)
		b.Choices = mapped(b.Choices, func(c Choice) Choice { return Choice{rebaseProse(c.Nodes, move), c.Right} })
		b.Reveal = rebaseProse(b.Reveal, move)
	}
	return &out
}

func rebaseProse(nodes []Prose, move func(string) string) []Prose {
	return mapped(nodes, func(p Prose) Prose {
		return Prose{Tag: p.Tag, Text: move(p.Text), Href: p.Href, Kind: p.Kind, Children: rebaseProse(p.Children, move)}
	})
}

// mapped applies f to each element; nil stays nil.
func mapped[T any](in []T, f func(T) T) []T {
	if in == nil {
		return nil
	}
	out := make([]T, len(in))
	for i, v := range in {
		out[i] = f(v)
	}
	return out
}
