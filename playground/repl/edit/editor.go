package edit

import (
	"bytes"
	"slices"
	"unicode"
)

// Outcome is what became of the bytes that Feed was given.
type Outcome int

// The outcomes of Feed.
const (
	More        Outcome = iota // the line is not finished
	Entered                    // Line is a line
	Interrupted                // Ctrl-C: Line is what was given up
	Ended                      // Ctrl-D on an empty line
)

// maxLine bounds a line in characters: a whole pasted file is not a command.
const maxLine = 64 << 10

// Editor edits one line after the other. Set its fields before Start.
type Editor struct {
	Prompt   string
	Width    int                        // columns of the screen; 0 means 80
	Hint     func(line string) string   // what may follow the line, shown in grey behind it
	Complete func(line string) []string // the whole lines that Tab may make of it
	Secret   func(line string) bool     // lines that are not remembered
	History  *History

	line   []rune
	at     int    // where the cursor is in line
	cut    []rune // what Ctrl-K, Ctrl-U or Ctrl-W took last
	recall int    // which line of the history is shown; its length is the line being typed
	draft  []rune // the line being typed while an older one is shown
	menu   menu
	search search
	held   []byte // the beginning of a key that is not complete
	row    int    // rows between the prompt and the cursor on the screen
	out    bytes.Buffer
}

// Start begins a new line under a prompt.
func (e *Editor) Start() {
	if e.History == nil {
		e.History = &History{}
	}
	e.line, e.draft, e.at, e.row = nil, nil, 0, 0
	e.recall, e.menu, e.search = len(e.History.lines), menu{}, search{}
	e.paint()
}

// Line is the line as it is now.
func (e *Editor) Line() string { return string(e.line) }

// Output takes what is to be written to the screen since the last call.
func (e *Editor) Output() []byte {
	b := bytes.Clone(e.out.Bytes())
	e.out.Reset()
	return b
}

// Feed takes typed bytes up to the end of a line; rest are those that were typed after it.
func (e *Editor) Feed(typed []byte) (rest []byte, outcome Outcome) {
	b := append(e.held, typed...)
	e.held = nil
	for len(b) > 0 {
		k, n := decode(b)
		if n == 0 {
			e.held = bytes.Clone(b)
			break
		}
		b = b[n:]
		if outcome = e.press(k); outcome != More {
			return b, outcome
		}
	}
	e.paint()
	return nil, More
}

// press is one key.
func (e *Editor) press(k key) Outcome {
	if e.search.on && e.seek(k) {
		return More
	}
	if e.menu.on && e.choose(k) {
		return More
	}
	switch k {
	case keyEnter:
		return e.finish(Entered, "")
	case ctrl('c'):
		return e.finish(Interrupted, "^C")
	case ctrl('d'):
		if len(e.line) == 0 {
			return e.finish(Ended, "")
		}
	}
	if do := actions[k]; do != nil {
		do(e)
	} else if k >= ' ' && unicode.IsPrint(rune(k)) {
		e.insert(rune(k))
	}
	return More
}

// finish leaves the line on the screen without its hint and goes to the next row.
func (e *Editor) finish(o Outcome, mark string) Outcome {
	e.at = len(e.line)
	e.draw(e.Prompt, string(e.line)+mark, "", len(e.line))
	e.out.WriteString("\r\n")
	e.row = 0
	if line := string(e.line); o == Entered && (e.Secret == nil || !e.Secret(line)) {
		e.History.Add(line)
	}
	return o
}

func (e *Editor) insert(r rune) {
	if len(e.line) < maxLine {
		e.line = slices.Insert(e.line, e.at, r)
		e.at++
	}
}

// set replaces the whole line; the cursor goes to its end.
func (e *Editor) set(line []rune) {
	e.line, e.at = slices.Clone(line), len(line)
}
