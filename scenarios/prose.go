package scenarios

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// proseOf turns a Markdown node into the page's small tree. Raw HTML is dropped; a link keeps its
// address only when it leads to http, https or mailto.
func proseOf(source []byte, n ast.Node) []Prose {
	switch n := n.(type) {
	case *ast.Text:
		return textOf(source, n)
	case *ast.String:
		return []Prose{{Text: string(n.Value)}}
	case *ast.RawHTML, *ast.HTMLBlock, *extast.TaskCheckBox:
		return nil
	case *ast.FencedCodeBlock:
		return []Prose{element("pre", Prose{Text: fenceText(source, n)})}
	case *ast.CodeBlock:
		return []Prose{element("pre", Prose{Text: linesOf(source, n)})}
	case *ast.CodeSpan:
		return []Prose{element("code", Prose{Text: plainText(source, n)})}
	case *ast.AutoLink:
		return []Prose{link(string(n.URL(source)), []Prose{{Text: string(n.Label(source))}})}
	case *ast.Link:
		return []Prose{link(string(n.Destination), childrenOf(source, n))}
	case *ast.Image:
		return []Prose{{Text: plainText(source, n)}}
	case *ast.TextBlock:
		return childrenOf(source, n)
	case *ast.Blockquote:
		return quoteOf(source, n)
	}
	return []Prose{element(tagOf(n), childrenOf(source, n)...)}
}

// alertPattern is the first line of a GitHub alert.
var alertPattern = regexp.MustCompile(`^\s*\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*$`)

// quoteOf is a quotation or, when it begins with a line such as [!NOTE], an alert.
func quoteOf(source []byte, n ast.Node) []Prose {
	children := childrenOf(source, n)
	p, ok := n.FirstChild().(*ast.Paragraph)
	if !ok || p.Lines().Len() == 0 || len(children) == 0 {
		return []Prose{element("blockquote", children...)}
	}
	segment := p.Lines().At(0)
	m := alertPattern.FindSubmatch(segment.Value(source))
	if m == nil {
		return []Prose{element("blockquote", children...)}
	}
	children[0].Children = afterLine(children[0].Children)
	if len(children[0].Children) == 0 {
		children = children[1:]
	}
	return []Prose{{Tag: "aside", Kind: strings.ToLower(string(m[1])), Children: children}}
}

// afterLine drops what stands before the first end of a line.
func afterLine(nodes []Prose) []Prose {
	for i, p := range nodes {
		if p.Tag == "br" || p.Tag == "" && strings.HasSuffix(p.Text, "\n") {
			return nodes[i+1:]
		}
	}
	return nil
}

// tagOf names the element for a Markdown node.
func tagOf(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Heading:
		return "h" + itoa(n.Level)
	case *ast.List:
		if n.IsOrdered() {
			return "ol"
		}
		return "ul"
	case *ast.ListItem:
		return "li"
	case *ast.ThematicBreak:
		return "hr"
	case *ast.Emphasis:
		if n.Level == 2 {
			return "strong"
		}
		return "em"
	case *extast.Strikethrough:
		return "del"
	case *extast.Table:
		return "table"
	case *extast.TableHeader, *extast.TableRow:
		return "tr"
	case *extast.TableCell:
		if _, head := n.Parent().(*extast.TableHeader); head {
			return "th"
		}
		return "td"
	}
	return "p"
}

func element(tag string, children ...Prose) Prose { return Prose{Tag: tag, Children: children} }

func link(to string, children []Prose) Prose {
	for _, scheme := range []string{"http://", "https://", "mailto:"} {
		if strings.HasPrefix(strings.ToLower(to), scheme) {
			return Prose{Tag: "a", Href: to, Children: children}
		}
	}
	return Prose{Tag: "span", Children: children}
}

func textOf(source []byte, n *ast.Text) []Prose {
	out := []Prose{{Text: said(string(n.Segment.Value(source)))}}
	switch {
	case n.HardLineBreak():
		out = append(out, element("br"))
	case n.SoftLineBreak():
		out[0].Text += "\n"
	}
	return out
}

func childrenOf(source []byte, n ast.Node) []Prose {
	var out []Prose
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		out = append(out, proseOf(source, c)...)
	}
	return out
}

func choiceOf(source []byte, item ast.Node) Choice {
	c := Choice{Nodes: childrenOf(source, item)}
	_ = ast.Walk(item, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if box, ok := n.(*extast.TaskCheckBox); ok && entering {
			c.Right = box.IsChecked
		}
		return ast.WalkContinue, nil
	})
	return c
}

// plainText is the text of a node without its marks.
func plainText(source []byte, n ast.Node) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			text := string(t.Segment.Value(source))
			if t.Parent().Kind() != ast.KindCodeSpan { // code is what it is
				text = said(text)
			}
			b.WriteString(text)
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

func linesOf(source []byte, n ast.Node) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		b.Write(segment.Value(source))
	}
	return b.String()
}
