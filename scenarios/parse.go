package scenarios

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

const (
	maxSteps      = 1000
	maxFenceBytes = 64 << 10
	maxWithin     = 10 * time.Minute
)

// Parse reads a lesson. file is used in messages; language is the file's, such as "en". What is wrong
// with the text is returned as Problems, all of them.
func Parse(file, language string, source []byte) (*Lesson, error) {
	return parse(file, language, source, false)
}

// ParseForeign is Parse for a lesson that somebody brought: it may only use harmless commands.
func ParseForeign(file, language string, source []byte) (*Lesson, error) {
	return parse(file, language, source, true)
}

func parse(file, language string, source []byte, foreign bool) (*Lesson, error) {
	f := &findings{file: file}
	if foreign && len(source) > MaxBrought {
		f.add(1, 1, "split it", "the lesson is larger than 64 KiB")
		return nil, f.err()
	}
	if !f.guard(source) {
		return nil, f.err()
	}
	source = bytes.TrimPrefix(source, []byte("\xef\xbb\xbf"))
	source = bytes.ReplaceAll(source, []byte("\r\n"), []byte("\n"))
	h, head, body, bodyLine := f.cutHeader(source)
	if len(f.all) > 0 {
		return nil, f.err()
	}
	f.checkHeader(h, head)
	if foreign {
		f.checkForeignHeader(h, head)
	}
	if !f.guardBody(body, bodyLine) { // what follows needs time that grows with what is refused there
		return nil, f.err()
	}
	l := &Lesson{
		ID: h.ID, Title: h.Title, Summary: h.Summary, Level: h.Level, Minutes: h.Minutes, Language: language,
		Cluster: h.Cluster, Seed: h.Seed, Speed: h.Speed, Foreign: foreign, Source: file, head: head,
	}
	p := &lessonParser{findings: f, body: body, firstLine: bodyLine, lesson: l}
	p.run()
	if l.Title == "" {
		f.add(bodyLine, 1, "begin the text with a line # Title", "the lesson has no title")
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return l, nil
}

// lessonParser walks the Markdown's top-level blocks.
type lessonParser struct {
	*findings
	body      []byte
	firstLine int
	lesson    *Lesson
	fences    int
	steps     int
}

var markdown = goldmark.New(goldmark.WithExtensions(extension.GFM, extension.NewCJK(
	extension.WithEastAsianLineBreaks(), extension.WithEscapedSpace())),
	goldmark.WithParserOptions(parser.WithAttribute()))

func (p *lessonParser) run() {
	doc := markdown.Parser().Parse(text.NewReader(p.body))
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		p.block(n)
	}
}

// block turns one top-level Markdown block into lesson blocks.
func (p *lessonParser) block(n ast.Node) {
	if fence, ok := n.(*ast.FencedCodeBlock); ok {
		if kind, live := p.kindOf(fence); live {
			p.live(fence, kind)
			return
		}
	}
	p.survey(n)
	p.prose(n)
}

// kindOf tells whether a fence acts, and how.
func (p *lessonParser) kindOf(fence *ast.FencedCodeBlock) (BlockKind, bool) {
	language, _, _ := strings.Cut(string(fence.Language(p.body)), "{")
	switch kind := BlockKind(language); kind {
	case KindRedis, KindPlay, KindQuiz:
		return kind, true
	}
	return "", false
}

// survey looks through prose for fences that would act and do not, and for where it points to.
func (p *lessonParser) survey(n ast.Node) {
	line := p.firstLine
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		if n.Type() == ast.TypeBlock && n.Lines().Len() > 0 {
			line = p.lineAt(n.Lines().At(0).Start)
		}
		switch n := n.(type) {
		case *ast.FencedCodeBlock:
			if kind, live := p.kindOf(n); live {
				p.add(p.lineOf(n)-1, 1, "write it at the beginning of its lines, outside lists and quotes", "a %s fence in a list or a quote does not run", kind)
			}
		case *ast.Link:
			p.lesson.links = append(p.lesson.links, place{string(n.Destination), line})
		case *ast.Image:
			p.lesson.links = append(p.lesson.links, place{string(n.Destination), line})
		}
		return ast.WalkContinue, nil
	})
}

// prose adds n to the prose block that is open, or opens one. The first top heading is the title.
func (p *lessonParser) prose(n ast.Node) {
	if h, ok := n.(*ast.Heading); ok && h.Level == 1 && p.lesson.Title == "" {
		p.lesson.Title = plainText(p.body, n)
	}
	blocks := p.lesson.Blocks
	if len(blocks) == 0 || blocks[len(blocks)-1].Kind != KindProse {
		p.lesson.Blocks = append(p.lesson.Blocks, Block{Kind: KindProse})
	}
	last := &p.lesson.Blocks[len(p.lesson.Blocks)-1]
	last.Nodes = append(last.Nodes, proseOf(p.body, n)...)
}

// live adds a fence that acts.
func (p *lessonParser) live(fence *ast.FencedCodeBlock, kind BlockKind) {
	content := fenceText(p.body, fence)
	p.fences++
	b := Block{Kind: kind, Fence: strconv.Itoa(p.fences), Line: p.lineOf(fence)}
	if len(content) > maxFenceBytes {
		p.add(b.Line, 1, "split it", "the fence is larger than 64 KiB")
		return
	}
	switch kind {
	case KindRedis:
		p.redis(&b, fence, content)
	case KindPlay:
		p.play(&b, content)
	case KindQuiz:
		p.quiz(&b, content)
	}
	p.steps += max(len(b.Steps), 1)
	if p.steps > maxSteps {
		p.add(b.Line, 1, "split it", "the lesson has more than %d steps", maxSteps)
		return
	}
	p.lesson.Blocks = append(p.lesson.Blocks, b)
}

// lineAt is the file's line of a place in the body.
func (p *lessonParser) lineAt(offset int) int {
	return p.firstLine + bytes.Count(p.body[:offset], []byte("\n"))
}

// lineOf is the file's line on which a fence's content begins.
func (p *lessonParser) lineOf(fence *ast.FencedCodeBlock) int {
	switch {
	case fence.Lines().Len() > 0:
		return p.lineAt(fence.Lines().At(0).Start)
	case fence.Info != nil:
		return p.lineAt(fence.Info.Segment.Stop) + 1
	}
	return p.firstLine
}

func fenceText(source []byte, fence *ast.FencedCodeBlock) string {
	var b strings.Builder
	for i := range fence.Lines().Len() {
		segment := fence.Lines().At(i)
		b.Write(segment.Value(source))
	}
	return b.String()
}

func itoa(n int) string { return strconv.Itoa(n) }
