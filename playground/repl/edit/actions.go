package edit

import "slices"

// actions are what keys do that are not characters.
var actions map[key]func(*Editor)

func init() { // not a literal: some actions press keys themselves
	actions = map[key]func(*Editor){
		keyLeft: (*Editor).left, ctrl('b'): (*Editor).left,
		keyRight: (*Editor).right, ctrl('f'): (*Editor).right,
		keyHome: (*Editor).home, ctrl('a'): (*Editor).home,
		keyEnd: (*Editor).end, ctrl('e'): (*Editor).end,
		keyWordLeft:  func(e *Editor) { e.at = e.wordLeft() },
		keyWordRight: func(e *Editor) { e.at = e.wordRight() },
		keyErase:     func(e *Editor) { e.remove(e.at-1, e.at) },
		keyDelete:    func(e *Editor) { e.remove(e.at, e.at+1) },
		ctrl('d'):    func(e *Editor) { e.remove(e.at, e.at+1) },
		ctrl('k'):    func(e *Editor) { e.take(e.at, len(e.line)) },
		ctrl('u'):    func(e *Editor) { e.take(0, len(e.line)) }, // the whole line, as redis-cli does
		ctrl('w'):    func(e *Editor) { e.take(e.wordLeft(), e.at) },
		keyEraseWord: func(e *Editor) { e.take(e.wordLeft(), e.at) },
		keyDropWord:  func(e *Editor) { e.take(e.at, e.wordRight()) },
		ctrl('y'):    (*Editor).paste,
		ctrl('t'):    (*Editor).swap,
		ctrl('l'):    (*Editor).clear,
		keyUp:        (*Editor).older, ctrl('p'): (*Editor).older,
		keyDown: (*Editor).newer, ctrl('n'): (*Editor).newer,
		ctrl('r'): (*Editor).startSearch,
		keyTab:    (*Editor).complete,
	}
}

func (e *Editor) left()  { e.at = max(e.at-1, 0) }
func (e *Editor) right() { e.at = min(e.at+1, len(e.line)) }
func (e *Editor) home()  { e.at = 0 }
func (e *Editor) end()   { e.at = len(e.line) }

// remove deletes line[from:to], of which a part may not exist; the cursor goes where it was.
func (e *Editor) remove(from, to int) []rune {
	from, to = max(from, 0), min(to, len(e.line))
	if from >= to {
		return nil
	}
	gone := slices.Clone(e.line[from:to])
	e.line = slices.Delete(e.line, from, to)
	e.at = from
	return gone
}

// take removes and keeps for Ctrl-Y.
func (e *Editor) take(from, to int) {
	if gone := e.remove(from, to); gone != nil {
		e.cut = gone
	}
}

func (e *Editor) paste() {
	for _, r := range e.cut {
		e.insert(r)
	}
}

// swap exchanges the characters around the cursor.
func (e *Editor) swap() {
	if e.at == 0 || len(e.line) < 2 {
		return
	}
	e.at = min(e.at, len(e.line)-1)
	e.line[e.at-1], e.line[e.at] = e.line[e.at], e.line[e.at-1]
	e.at++
}

func (e *Editor) clear() {
	e.out.WriteString("\x1b[H\x1b[2J")
	e.row = 0
}

// wordLeft is where the word before the cursor begins.
func (e *Editor) wordLeft() int {
	i := e.at
	for i > 0 && e.line[i-1] == ' ' {
		i--
	}
	for i > 0 && e.line[i-1] != ' ' {
		i--
	}
	return i
}

// wordRight is where the word after the cursor ends.
func (e *Editor) wordRight() int {
	i := e.at
	for i < len(e.line) && e.line[i] == ' ' {
		i++
	}
	for i < len(e.line) && e.line[i] != ' ' {
		i++
	}
	return i
}

func (e *Editor) older() { e.show(e.recall - 1) }
func (e *Editor) newer() { e.show(e.recall + 1) }

// show puts a line of the history in place of the one being typed, which is kept.
func (e *Editor) show(which int) {
	lines := e.History.lines
	if which < 0 || which > len(lines) {
		return
	}
	if e.recall == len(lines) {
		e.draft = slices.Clone(e.line)
	}
	e.recall = which
	if which == len(lines) {
		e.set(e.draft)
		return
	}
	e.set([]rune(lines[which]))
}
