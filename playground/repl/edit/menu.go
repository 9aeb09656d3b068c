package edit

// menu is a completion under way: Tab walks through the lines that may be meant, Esc comes back to
// what was typed, and any other key takes what is shown.
type menu struct {
	on    bool
	lines []string
	which int // len(lines) is what was typed
	typed []rune
}

// complete begins to walk. A single line is simply taken.
func (e *Editor) complete() {
	if e.Complete == nil || e.at != len(e.line) {
		return
	}
	lines := e.Complete(string(e.line))
	switch len(lines) {
	case 0:
		e.out.WriteByte('\a')
	case 1:
		e.set([]rune(lines[0]))
	default:
		e.menu = menu{on: true, lines: lines, typed: e.line}
		e.set([]rune(lines[0]))
	}
}

// choose is a key while the menu is open; it reports whether the menu wanted it.
func (e *Editor) choose(k key) bool {
	step := map[key]int{keyTab: 1, keyBackTab: len(e.menu.lines)}[k]
	switch {
	case k == keyEscape || k == ctrl('g'):
		e.set(e.menu.typed)
		e.menu = menu{}
		return true
	case step == 0:
		e.menu = menu{}
		return false
	}
	e.menu.which = (e.menu.which + step) % (len(e.menu.lines) + 1)
	if e.menu.which == len(e.menu.lines) {
		e.out.WriteByte('\a')
		e.set(e.menu.typed)
	} else {
		e.set([]rune(e.menu.lines[e.menu.which]))
	}
	return true
}
