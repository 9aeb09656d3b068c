package scenarios

import (
	"fmt"
	"slices"
	"strings"
)

// Compare holds a lesson in one language against the same in another: whoever reads, the same must
// happen. Captions, comments and prose differ; everything else of a live fence is the same.
func Compare(one, other *Lesson) Problems {
	f := &findings{file: other.Source}
	f.compareHeads(one, other)
	a, b := live(one), live(other)
	for i := range min(len(a), len(b)) {
		if !f.compareFences(one.Source, a[i], b[i]) {
			break // what follows is compared with the wrong one
		}
	}
	if len(a) != len(b) && len(f.all) == 0 {
		f.add(2, 1, "the same fences in the same order", "it has %d live fences, %s has %d", len(b), one.Source, len(a))
	}
	_ = f.err()
	return f.all
}

func (f *findings) compareHeads(one, other *Lesson) {
	field := func(key string, a, b any) {
		if fmt.Sprint(a) != fmt.Sprint(b) {
			line, column := keyPlace(other.head, key)
			f.add(line, column, fmt.Sprintf("%s: %v", key, a), "%s differs from %s", key, one.Source)
		}
	}
	field("id", one.ID, other.ID)
	field("level", one.Level, other.Level)
	field("minutes", one.Minutes, other.Minutes)
	field("seed", one.Seed, other.Seed)
	field("speed", one.Speed, other.Speed)
	field("cluster", one.Cluster, other.Cluster)
}

func live(l *Lesson) []*Block {
	var out []*Block
	for i := range l.Blocks {
		if l.Blocks[i].Kind != KindProse {
			out = append(out, &l.Blocks[i])
		}
	}
	return out
}

// compareFences notes how two fences differ; false when they are not the same fence at all.
func (f *findings) compareFences(file string, a, b *Block) bool {
	if a.Kind != b.Kind {
		f.add(b.Line-1, 1, "the same fences in the same order", "this is a %s fence; in %s there is a %s fence here (line %d)", b.Kind, file, a.Kind, a.Line-1)
		return false
	}
	if a.Node != b.Node || a.Cluster != b.Cluster || a.Within != b.Within {
		f.add(b.Line-1, 1, fmt.Sprintf("{node=%s cluster=%v within=%v}", a.Node, a.Cluster, a.Within.Seconds()), "the attributes differ from %s:%d", file, a.Line-1)
	}
	if right(a) != right(b) {
		f.add(b.Line, 1, "answers in the same order", "the answers of the quiz differ from %s:%d: %s, not %s", file, a.Line, right(b), right(a))
	}
	mine, theirs := acts(a), acts(b)
	for i := range max(len(mine), len(theirs)) {
		switch {
		case i >= len(theirs):
			f.add(b.Line+len(theirs), 1, mine[i], "a line is missing that stands in %s:%d", file, a.Line+i)
		case i >= len(mine):
			f.add(b.Line+i, 1, "leave it out", "the line does not stand in %s", file)
		case mine[i] != theirs[i]:
			f.add(b.Line+i, 1, mine[i], "the line differs from %s:%d", file, a.Line+i)
		default:
			continue
		}
		return true
	}
	return true
}

// right says which answers of a quiz are right: "1 of 3".
func right(b *Block) string {
	var at []string
	for i, c := range b.Choices {
		if c.Right {
			at = append(at, itoa(i+1))
		}
	}
	return strings.Join(at, " and ") + " of " + itoa(len(b.Choices))
}

// acts are the lines of a fence as far as they act.
func acts(b *Block) []string {
	if b.Kind == KindRedis {
		return strings.Split(strings.TrimRight(b.Text, "\n"), "\n")
	}
	lines := slices.Clone(b.Lines)
	for i, line := range lines {
		words, _ := splitWords(line)
		lines[i] = strings.Join(texts(words), " ")
		if len(words) > 0 && words[0].text == verbCaption {
			lines[i] = verbCaption + " …"
		}
	}
	return lines
}
