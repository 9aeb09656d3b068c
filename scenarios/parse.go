package scenarios

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// The bounds on a lesson: far above any real one, far below what would hurt.
const (
	maxLessonBytes = 1 << 20
	maxFences      = 1000
	maxFenceBytes  = 64 << 10
	maxWithin      = 10 * time.Minute
)

// header is the front matter. Unknown fields are errors: a typing mistake must not be silent.
type header struct {
	ID      string  `yaml:"id"`
	Title   string  `yaml:"title"`
	Level   int     `yaml:"level"`
	Minutes int     `yaml:"minutes"`
	Cluster Cluster `yaml:"cluster"`
	Seed    uint64  `yaml:"seed"`
}

// Parse reads a lesson. file is used in messages; language is the file's, such as "en".
func Parse(file, language string, source []byte) (*Lesson, error) {
	if len(source) > maxLessonBytes {
		return nil, &Problem{file, 1, "the lesson is larger than 1 MiB", "split it"}
	}
	head, body, bodyLine, err := cutHeader(file, source)
	if err != nil {
		return nil, err
	}
	l := &Lesson{ID: head.ID, Title: head.Title, Level: head.Level, Minutes: head.Minutes,
		Language: language, Cluster: head.Cluster, Seed: head.Seed}
	p := &lessonParser{file: file, body: body, firstLine: bodyLine, lesson: l}
	if err := p.run(); err != nil {
		return nil, err
	}
	return l, l.check(file)
}

// cutHeader splits the front matter off and parses it strictly.
func cutHeader(file string, source []byte) (h header, body []byte, bodyLine int, err error) {
	source = bytes.TrimPrefix(source, []byte("\xef\xbb\xbf"))
	source = bytes.ReplaceAll(source, []byte("\r\n"), []byte("\n"))
	rest, found := bytes.CutPrefix(source, []byte("---\n"))
	if !found {
		return h, nil, 0, &Problem{file, 1, "the lesson has no front matter", "begin with a line ---, then id:, level:, minutes:, cluster:, and another ---"}
	}
	head, body, found := bytes.Cut(rest, []byte("\n---\n"))
	if !found {
		return h, nil, 0, &Problem{file, 1, "the front matter does not end", "close it with a line ---"}
	}
	h.Cluster = Cluster{Masters: 3, Replicas: 1, NodeTimeout: 15000}
	if err := yaml.UnmarshalWithOptions(head, &h, yaml.Strict()); err != nil {
		return h, nil, 0, &Problem{file, 2, "front matter: " + yaml.FormatError(err, false, false), ""}
	}
	return h, body, bytes.Count(head, []byte("\n")) + 4, nil
}

// check holds a lesson against what every lesson needs.
func (l *Lesson) check(file string) error {
	switch {
	case l.ID == "":
		return &Problem{file, 2, "id is missing", "id: a-master-dies"}
	case l.Title == "":
		return &Problem{file, 2, "the lesson has no title", "begin the text with a line # Title"}
	case l.Cluster.Masters < 1 || l.Cluster.Masters > 50:
		return &Problem{file, 2, "cluster.masters must be 1 to 50", "masters: 3"}
	case l.Cluster.Replicas < 0 || l.Cluster.Replicas > 5:
		return &Problem{file, 2, "cluster.replicas must be 0 to 5", "replicas: 1"}
	case l.Cluster.NodeTimeout < 100:
		return &Problem{file, 2, "cluster.cluster-node-timeout must be at least 100 (milliseconds)", "cluster-node-timeout: 5000"}
	}
	return nil
}

// lessonParser walks the Markdown's top-level blocks.
type lessonParser struct {
	file      string
	body      []byte
	firstLine int
	lesson    *Lesson
	fences    int
}

var markdown = goldmark.New(goldmark.WithExtensions(extension.GFM, extension.NewCJK(
	extension.WithEastAsianLineBreaks(), extension.WithEscapedSpace())),
	goldmark.WithParserOptions(parser.WithAttribute()))

func (p *lessonParser) run() error {
	doc := markdown.Parser().Parse(text.NewReader(p.body))
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if err := p.block(n); err != nil {
			return err
		}
	}
	return nil
}

// block turns one top-level Markdown block into lesson blocks.
func (p *lessonParser) block(n ast.Node) error {
	fence, ok := n.(*ast.FencedCodeBlock)
	if !ok {
		p.prose(n)
		return nil
	}
	language := string(fence.Language(p.body))
	language, _, _ = strings.Cut(language, "{")
	switch BlockKind(language) {
	case KindRedis, KindPlay, KindQuiz:
		return p.live(fence, BlockKind(language))
	}
	p.prose(n)
	return nil
}

// prose adds n to the prose block that is open, or opens one. The first top heading is the title.
func (p *lessonParser) prose(n ast.Node) {
	if h, ok := n.(*ast.Heading); ok && h.Level == 1 && p.lesson.Title == "" {
		p.lesson.Title = plainText(p.body, n)
	}
	blocks := p.lesson.Blocks
	if len(blocks) == 0 || blocks[len(blocks)-1].Kind != KindProse {
		p.lesson.Blocks = append(blocks, Block{Kind: KindProse})
	}
	last := &p.lesson.Blocks[len(p.lesson.Blocks)-1]
	last.Nodes = append(last.Nodes, proseOf(p.body, n)...)
}

// live adds a fence that acts.
func (p *lessonParser) live(fence *ast.FencedCodeBlock, kind BlockKind) error {
	line := p.lineOf(fence)
	content := fenceText(p.body, fence)
	if p.fences++; p.fences > maxFences || len(content) > maxFenceBytes {
		return &Problem{p.file, line, "the lesson has too many fences, or one larger than 64 KiB", "split it"}
	}
	b := Block{Kind: kind, Fence: strconv.Itoa(p.fences), Line: line}
	var err error
	switch kind {
	case KindRedis:
		err = p.redis(&b, fence, content)
	case KindPlay:
		err = p.play(&b, content)
	case KindQuiz:
		err = p.quiz(&b, content)
	}
	if err != nil {
		return err
	}
	p.lesson.Blocks = append(p.lesson.Blocks, b)
	return nil
}

// lineOf is the file's line on which a fence's content begins.
func (p *lessonParser) lineOf(fence *ast.FencedCodeBlock) int {
	offset := 0
	switch {
	case fence.Lines().Len() > 0:
		offset = fence.Lines().At(0).Start
	case fence.Info != nil:
		offset = fence.Info.Segment.Stop
	}
	return p.firstLine + bytes.Count(p.body[:offset], []byte("\n"))
}

func fenceText(source []byte, fence *ast.FencedCodeBlock) string {
	var b strings.Builder
	for i := range fence.Lines().Len() {
		segment := fence.Lines().At(i)
		b.Write(segment.Value(source))
	}
	return b.String()
}

// redis reads a transcript fence and its attributes, {node=7000 cluster=yes within=10}.
func (p *lessonParser) redis(b *Block, fence *ast.FencedCodeBlock, content string) error {
	b.Text, b.Node = content, "7000"
	info := string(fence.Info.Segment.Value(p.body))
	_, attributes, found := strings.Cut(info, "{")
	if !found {
		return nil
	}
	attributes, closed := strings.CutSuffix(strings.TrimSpace(attributes), "}")
	if !closed {
		return &Problem{p.file, b.Line - 1, "the fence's {…} does not end on its line", "{node=7000 within=10}"}
	}
	for _, word := range strings.Fields(attributes) {
		name, value, _ := strings.Cut(word, "=")
		if err := p.attribute(b, name, strings.Trim(value, `"`)); err != nil {
			return err
		}
	}
	return nil
}

func (p *lessonParser) attribute(b *Block, name, value string) error {
	switch name {
	case "node":
		b.Node = value
		return nil
	case "cluster":
		b.Cluster = value == "yes"
		if value == "yes" || value == "no" {
			return nil
		}
		return &Problem{p.file, b.Line - 1, "cluster=" + value + " is neither yes nor no", "cluster=yes"}
	case "within":
		seconds, err := strconv.ParseFloat(value, 64)
		b.Within = time.Duration(seconds * float64(time.Second))
		if err == nil && seconds >= 0 && b.Within <= maxWithin {
			return nil
		}
		return &Problem{p.file, b.Line - 1, "within=" + value + " is not a number of seconds up to 600", "within=10, a bare number"}
	}
	return &Problem{p.file, b.Line - 1, "a redis fence has no attribute " + name, "node=, cluster=, within="}
}

func (p *lessonParser) play(b *Block, content string) error {
	b.Lines = strings.Split(strings.TrimRight(content, "\n"), "\n")
	for i, line := range b.Lines {
		if err := checkPlayLine(line); err != nil {
			return &Problem{p.file, b.Line + i, err.Error(), ""}
		}
	}
	return nil
}

// quiz reads one question and its answers, a task list in which [x] marks the right ones.
func (p *lessonParser) quiz(b *Block, content string) error {
	source := []byte(content)
	doc := markdown.Parser().Parse(text.NewReader(source))
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if list, ok := n.(*ast.List); ok {
			for item := list.FirstChild(); item != nil; item = item.NextSibling() {
				b.Choices = append(b.Choices, choiceOf(source, item))
			}
			continue
		}
		b.Question = append(b.Question, proseOf(source, n)...)
	}
	right := 0
	for _, c := range b.Choices {
		if c.Right {
			right++
		}
	}
	if len(b.Question) == 0 || len(b.Choices) < 2 || right == 0 {
		return &Problem{p.file, b.Line, "a quiz needs a question, two answers and a right one", "- [ ] wrong, - [x] right"}
	}
	return nil
}

func itoa(n int) string { return strconv.Itoa(n) }
