package scenarios

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"clusterplay/playground"
)

// Lint is what is wrong with a lesson that can be read: nodes that its lab does not have, minutes
// that cannot be, links that lead nowhere. exists tells whether a file stands beside the lesson.
func Lint(l *Lesson, exists func(name string) bool) Problems {
	f := &findings{file: l.Source}
	f.lintMinutes(l)
	for _, link := range l.links {
		if !leads(link.text, exists) {
			f.add(link.line, 1, "https://…, or a file beside the lesson", "the link %.60s leads nowhere", link.text)
		}
	}
	nodes := nodeCount(l)
	for i := range l.Blocks {
		switch b := &l.Blocks[i]; b.Kind {
		case KindRedis:
			if !known(b.Node, nodes, l) {
				f.add(b.Line-1, 1, nodeHint(nodes), "the lesson's lab has no node %s", b.Node)
			}
		case KindPlay:
			f.lintPlay(b, nodes, l)
		}
	}
	f.lintQuiz(l)
	_ = f.err() // brings them into order
	return f.all
}

// lintPlay looks for nodes that are not there.
func (f *findings) lintPlay(b *Block, nodes int, l *Lesson) {
	for i, line := range b.Lines {
		d, _ := readDeed(line)
		if d == nil {
			continue
		}
		for _, name := range d.nodes() {
			if !known(name, nodes, l) {
				f.add(b.Line+i, columnOf(d.words, name), nodeHint(nodes), "the lesson's lab has no node %s", name)
			}
		}
	}
}

// lintQuiz looks for questions that cannot teach.
func (f *findings) lintQuiz(l *Lesson) {
	for _, b := range l.Blocks {
		right := 0
		for _, c := range b.Choices {
			if c.Right {
				right++
			}
		}
		if b.Kind == KindQuiz && right == len(b.Choices) {
			f.add(b.Line, 1, "- [ ] for a wrong one", "every answer of the quiz is right")
		}
	}
}

// nodes are the nodes that a deed names.
func (d *deed) nodes() []string {
	switch d.verb {
	case verbWait, verbExpect:
		return d.condition.nodes
	case verbFocus:
		return texts(d.words)
	}
	return playground.NodesNamed(d.action)
}

// nodeCount is how many nodes a lesson's lab may come to have: those of its topology, and those that
// it adds.
func nodeCount(l *Lesson) int {
	count := l.Nodes()
	for _, b := range l.Blocks {
		for _, line := range b.Lines {
			if d, _ := readDeed(line); d != nil && (strings.HasPrefix(d.verb, "add-")) {
				count++
			}
		}
	}
	return count
}

func nodeHint(nodes int) string { return fmt.Sprintf("7000 to %d", lessonPort+nodes-1) }

// known tells whether a lesson may name a node so: by its port, its shard's letter, or as the master
// of a slot.
func known(name string, nodes int, l *Lesson) bool {
	if port, err := strconv.Atoi(name); err == nil {
		return port >= lessonPort && port < lessonPort+nodes
	}
	if name == "*" || name == "rest" || name == playground.NoOne || name == "sentinels" || strings.HasPrefix(name, "master-of:") {
		return true
	}
	letter := strings.ToUpper(name)
	return len(letter) == 1 && letter[0] >= 'A' && int(letter[0]-'A') < nodes
}

// The pace of a reader, and how much longer than that a lesson may say it takes: half an hour of
// looking at one page of text is a mistake in the number.
const (
	wordsPerMinute   = 240
	signsPerMinute   = 400 // Chinese characters
	minutesPerStep   = 1.5
	minutesOfTalk    = 10
	shortestPossible = 1
)

func (f *findings) lintMinutes(l *Lesson) {
	line, column := keyPlace(l.head, "minutes")
	if l.Minutes == 0 {
		f.add(line, column, "minutes: 10", "minutes is missing")
		return
	}
	reading, steps := load(l)
	least := max(math.Round(reading*0.8), shortestPossible)
	most := math.Ceil(2*reading + minutesPerStep*float64(steps) + minutesOfTalk)
	if m := float64(l.Minutes); m < least || m > most {
		f.add(line, column, fmt.Sprintf("minutes: %.0f to %.0f", least, most), "%d minutes do not fit a text of %.1f minutes and %d steps", l.Minutes, reading, steps)
	}
}

// load is how many minutes a lesson takes to read, and how many steps it has.
func load(l *Lesson) (minutes float64, steps int) {
	words, signs := 0, 0
	for _, b := range l.Blocks {
		steps += len(b.Steps)
		for _, p := range append(append(b.Nodes, b.Question...), b.Reveal...) {
			w, s := count(p)
			words, signs = words+w, signs+s
		}
	}
	return float64(words)/wordsPerMinute + float64(signs)/signsPerMinute, steps
}

func count(p Prose) (words, signs int) {
	for _, field := range strings.Fields(p.Text) {
		han := 0
		for _, r := range field {
			if unicode.Is(unicode.Han, r) {
				han++
			}
		}
		if signs += han; han == 0 {
			words++
		}
	}
	for _, c := range p.Children {
		w, s := count(c)
		words, signs = words+w, signs+s
	}
	return words, signs
}

var webLink = regexp.MustCompile(`^(?i)(https?://[^/\s]+|mailto:[^@\s]+@[^@\s]+)`)

// leads tells whether a link of a lesson leads somewhere.
func leads(to string, exists func(string) bool) bool {
	if webLink.MatchString(to) || strings.HasPrefix(to, "#") {
		return true
	}
	return !strings.Contains(to, ":") && to != "" && exists != nil && exists(to)
}
