package scenarios

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// redis reads a transcript fence and its attributes, {node=7000 cluster=yes within=10}.
func (p *lessonParser) redis(b *Block, fence *ast.FencedCodeBlock, content string) {
	b.Text = content
	p.attributes(b, fence)
	parts, line, wrong := exchanges(content)
	if wrong != nil {
		p.fault(b.Line+line, wrong)
		return
	}
	if b.Node == "" {
		b.Node = promptNode(parts[0].prompt)
	}
	if b.Node == "" {
		b.Node = itoa(lessonPort)
	}
	for i, x := range parts {
		b.Steps = append(b.Steps, x.line)
		if said := promptNode(x.prompt); said != "" && said != b.Node && (i == 0 || !b.Cluster) {
			p.add(b.Line+x.line, 1, "{node="+said+"}, or the prompt of "+b.Node, "the prompt is that of %s, and the fence speaks to %s", said, b.Node)
		}
		if p.lesson.Foreign {
			if wrong := checkCommand(x.send, utf8.RuneCountInString(x.prompt)+1); wrong != nil {
				p.fault(b.Line+x.line, wrong)
			}
		}
	}
}

// promptNode is the port in a prompt; "" when it has none.
func promptNode(prompt string) string {
	if m := promptPattern.FindStringSubmatch(prompt); m != nil {
		return m[2]
	}
	return ""
}

// attributes reads {name=value …} behind the fence's language.
func (p *lessonParser) attributes(b *Block, fence *ast.FencedCodeBlock) {
	info := string(fence.Info.Segment.Value(p.body))
	before, inside, found := strings.Cut(info, "{")
	if !found {
		return
	}
	line := p.lineAt(fence.Info.Segment.Start)
	column := fence.Info.Segment.Start - strings.LastIndex(string(p.body[:fence.Info.Segment.Start]), "\n") + len(before) + 1
	inside, closed := strings.CutSuffix(strings.TrimRight(inside, " \t"), "}")
	if !closed {
		p.add(line, column-1, "{node=7000 within=10}", "the fence's {…} does not end on its line")
		return
	}
	words, wrong := splitWords(inside)
	if wrong != nil {
		p.add(line, column+wrong.column-1, wrong.hint, "%s", wrong.message)
		return
	}
	for _, w := range words {
		name, value, _ := strings.Cut(w.text, "=")
		if message, hint := attribute(b, name, strings.Trim(value, `"`)); message != "" {
			p.add(line, column+w.column-1, hint, "%s", message)
		}
	}
}

// attribute sets one attribute, or says what is wrong with it.
func attribute(b *Block, name, value string) (message, hint string) {
	switch name {
	case "node":
		b.Node = value
		if value == "" {
			return "node= names no node", "node=7000"
		}
		return "", ""
	case "cluster":
		b.Cluster = value == "yes"
		if value == "yes" || value == "no" {
			return "", ""
		}
		return "cluster=" + value + " is neither yes nor no", "cluster=yes"
	case "within":
		seconds, err := strconv.ParseFloat(value, 64)
		b.Within = time.Duration(seconds * float64(time.Second))
		if err == nil && seconds >= 0 && seconds <= maxWithin.Seconds() {
			return "", ""
		}
		if bare := strings.TrimRight(value, "sm"); bare != value && bare != "" {
			return "within=" + value + " is not a number of seconds up to 600", "within=" + bare + ", a bare number: GitHub reads a unit as another attribute and shows none of them"
		}
		return "within=" + value + " is not a number of seconds up to 600", "within=10, a bare number"
	}
	return "a redis fence has no attribute " + strconv.Quote(name), "node=, cluster=, within="
}

// play reads the verbs, a line each.
func (p *lessonParser) play(b *Block, content string) {
	b.Lines = strings.Split(strings.TrimRight(content, "\n"), "\n")
	for i, line := range b.Lines {
		d, wrong := readDeed(line)
		switch {
		case wrong != nil:
			p.fault(b.Line+i, wrong)
			continue
		case d == nil:
			continue
		}
		b.Steps = append(b.Steps, i)
		if p.lesson.Foreign {
			if wrong := d.harmless(); wrong != nil {
				p.fault(b.Line+i, wrong)
			}
		}
	}
	if len(b.Steps) == 0 && len(p.all) == 0 {
		p.add(b.Line, 1, "kill 7001", "the play fence does nothing")
	}
}

// quiz reads one question and its answers, a task list in which [x] marks the right ones, and what is
// said once it is answered.
func (p *lessonParser) quiz(b *Block, content string) {
	source := []byte(content)
	doc := markdown.Parser().Parse(text.NewReader(source))
	right := 0
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		list, ok := n.(*ast.List)
		switch {
		case ok && len(b.Choices) == 0:
			right = p.choices(b, source, list)
		case len(b.Choices) > 0:
			b.Reveal = append(b.Reveal, proseOf(source, n)...)
		default:
			b.Question = append(b.Question, proseOf(source, n)...)
		}
	}
	if len(b.Question) == 0 || len(b.Choices) < 2 || right == 0 {
		p.add(b.Line, 1, "- [ ] wrong, - [x] right", "a quiz needs a question, two answers and a right one")
	}
}

// choices reads the answers and counts the right ones.
func (p *lessonParser) choices(b *Block, source []byte, list *ast.List) (right int) {
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		if !hasBox(item) {
			p.add(b.Line, 1, "- [ ] "+firstLine(plainText(source, item)), "an answer has no box")
		}
		c := choiceOf(source, item)
		b.Choices = append(b.Choices, c)
		if c.Right {
			right++
		}
	}
	return right
}

func hasBox(item ast.Node) (found bool) {
	_ = ast.Walk(item, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		_, box := n.(*extast.TaskCheckBox)
		found = found || box
		return ast.WalkContinue, nil
	})
	return found
}
