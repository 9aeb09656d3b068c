package scenarios

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"
)

// The bounds on a lesson: far above any real one, far below what would hurt. They are checked
// before anything is parsed, because a Markdown parser needs time that grows with the square of
// what is nested or left open.
const (
	maxLessonBytes = 1 << 20
	// MaxBrought is how large a lesson may be that somebody brings, in bytes: four times the longest of
	// our own.
	MaxBrought     = 64 << 10
	maxHeaderBytes = 8 << 10
	maxLineBytes   = 4 << 10
	maxLines       = 20_000
	maxParagraph   = 16 << 10
	maxMarks       = 1000 // brackets, stars, backticks and the like in one paragraph
	maxNesting     = 8    // quotes and lists in one another
	maxIndent      = 40   // columns before the text of a line
)

// archives are the first bytes of files that are no text.
var archives = []struct{ magic, name string }{
	{"PK\x03\x04", "a zip archive"}, {"PK\x05\x06", "a zip archive"}, {"\x1f\x8b", "a gzip file"}, {"BZh", "a bzip2 file"},
	{"\xfd7zXZ", "an xz file"}, {"7z\xbc\xaf", "a 7z archive"}, {"\x28\xb5\x2f\xfd", "a zstd file"}, {"Rar!", "a rar archive"},
	{"%PDF", "a PDF"}, {"\x89PNG", "a picture"}, {"\xff\xd8\xff", "a picture"}, {"GIF8", "a picture"},
}

const tarMagicAt = 257

// guard refuses what is no lesson at all.
func (f *findings) guard(source []byte) bool {
	const hint = "send the lesson's Markdown file by itself"
	for _, a := range archives {
		if bytes.HasPrefix(source, []byte(a.magic)) {
			f.add(1, 1, hint, "this is %s, not a lesson", a.name)
			return false
		}
	}
	if len(source) > tarMagicAt && bytes.HasPrefix(source[tarMagicAt:], []byte("ustar")) {
		f.add(1, 1, hint, "this is a tar archive, not a lesson")
		return false
	}
	if len(source) > maxLessonBytes {
		f.add(1, 1, "split it", "the lesson is larger than 1 MiB")
		return false
	}
	if bytes.Count(source, []byte("\n")) > maxLines {
		f.add(1, 1, "split it", "the lesson has more than %d lines", maxLines)
		return false
	}
	number := 0
	for line := range bytes.Lines(source) {
		number++
		at := bytes.IndexByte(line, 0)
		switch {
		case at >= 0:
			f.add(number, at+1, hint, "a NUL byte: this is not a text")
		case !utf8.Valid(line):
			f.add(number, 1, "save the file as UTF-8", "the line is not UTF-8")
		case len(line) > maxLineBytes:
			f.add(number, 1, "break it", "the line has %d bytes, more than %d", len(line), maxLineBytes)
		}
	}
	return len(f.all) == 0
}

var (
	fencePattern  = regexp.MustCompile("^ {0,3}(`{3,}|~{3,})")
	nestedPattern = regexp.MustCompile(`^(?:[ \t]*(?:>|[-*+][ \t]|[0-9]{1,9}[.)][ \t]))+`)
	marksPattern  = "[]*_`~<>!|\\&"
)

// guardBody bounds the Markdown after the front matter: its nesting, its paragraphs, its fences' ends.
func (f *findings) guardBody(body []byte, firstLine int) bool {
	before := len(f.all)
	g := bodyGuard{findings: f, number: firstLine - 1}
	for line := range strings.Lines(string(body)) {
		g.line(strings.TrimRight(line, "\n"))
	}
	if g.fence != "" {
		f.add(g.opened, 1, "close it with a line "+g.fence, "the fence that begins here has no end")
	}
	return len(f.all) == before
}

// bodyGuard walks over lines without understanding more than fences and paragraphs.
type bodyGuard struct {
	*findings
	number, opened int
	fence          string // the mark of the fence that is open
	bytes, marks   int    // of the paragraph so far
}

func (g *bodyGuard) line(line string) {
	g.number++
	if m := fencePattern.FindStringSubmatch(line); m != nil {
		g.toggle(line, m[1])
		return
	}
	if g.fence != "" {
		return
	}
	if strings.TrimSpace(line) == "" {
		g.bytes, g.marks = 0, 0
		return
	}
	g.bytes += len(line)
	for _, r := range line {
		if strings.ContainsRune(marksPattern, r) {
			g.marks++
		}
	}
	indent := len(line) - len(strings.TrimLeft(line, " \t"))
	switch {
	case g.bytes > maxParagraph:
		g.add(g.number, 1, "put an empty line between", "the paragraph has more than %d bytes", maxParagraph)
		g.bytes = 0
	case g.marks > maxMarks:
		g.add(g.number, 1, "put an empty line between", "the paragraph has more than %d marks such as * or [", maxMarks)
		g.marks = 0
	case indent > maxIndent || depthOf(line) > maxNesting:
		g.add(g.number, 1, "write it plainer", "quotes or lists are nested too deeply")
	}
}

// toggle opens a fence, or closes the one that is open.
func (g *bodyGuard) toggle(line, mark string) {
	switch {
	case g.fence == "":
		g.fence, g.opened = mark, g.number
	case strings.HasPrefix(mark, g.fence) && strings.Trim(line, " \t"+mark[:1]) == "":
		g.fence = ""
	}
	g.bytes, g.marks = 0, 0
}

// depthOf counts the marks of quotes and lists at the beginning of a line.
func depthOf(line string) int {
	depth := 0
	for _, word := range strings.Fields(nestedPattern.FindString(line)) {
		depth += max(strings.Count(word, ">"), 1)
	}
	return depth
}
