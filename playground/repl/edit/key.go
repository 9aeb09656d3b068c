package edit

import "unicode/utf8"

// key is a character, or one of the names below.
type key rune

// The keys that are no characters.
const (
	keyNone key = -1 - iota // a sequence that means nothing to us
	keyUp
	keyDown
	keyLeft
	keyRight
	keyHome
	keyEnd
	keyDelete
	keyWordLeft
	keyWordRight
	keyEraseWord
	keyDropWord
	keyBackTab
	keyEscape
)

const (
	escape     = 0x1b
	keyEnter   = key('\r')
	keyErase   = key(0x7f)
	keyTab     = key('\t')
	longestSeq = 16 // bytes of an escape sequence; what is longer is none
)

// ctrl is the key of a letter held with Ctrl.
func ctrl(letter byte) key { return key(letter & 0x1f) }

// decode reads the first key of b and its length; the length is 0 while the key is not complete.
func decode(b []byte) (k key, n int) {
	switch {
	case len(b) == 0:
		return keyNone, 0
	case b[0] == escape:
		return decodeEscape(b)
	case b[0] == '\n':
		return keyEnter, 1
	case b[0] == 8:
		return keyErase, 1
	case b[0] < utf8.RuneSelf:
		return key(b[0]), 1
	case !utf8.FullRune(b):
		return keyNone, 0
	}
	r, n := utf8.DecodeRune(b)
	if r == utf8.RuneError && n == 1 {
		return keyNone, 1
	}
	return key(r), n
}

// decodeEscape reads what begins with Esc: a letter held with Alt, or a sequence.
func decodeEscape(b []byte) (key, int) {
	if len(b) == 1 {
		return keyNone, 0
	}
	switch b[1] {
	case escape:
		return keyEscape, 1
	case '[', 'O':
		return decodeSequence(b)
	case 'b':
		return keyWordLeft, 2
	case 'f':
		return keyWordRight, 2
	case 'd':
		return keyDropWord, 2
	case 0x7f, 8:
		return keyEraseWord, 2
	}
	return keyNone, 2
}

// sequences are the named keys by the end of their sequence; with is Ctrl or Alt held with them.
var sequences = map[string]struct{ plain, with key }{
	"A": {keyUp, keyUp}, "B": {keyDown, keyDown}, "C": {keyRight, keyWordRight}, "D": {keyLeft, keyWordLeft},
	"H": {keyHome, keyHome}, "F": {keyEnd, keyEnd}, "Z": {keyBackTab, keyBackTab},
	"1~": {keyHome, keyHome}, "7~": {keyHome, keyHome}, "4~": {keyEnd, keyEnd}, "8~": {keyEnd, keyEnd},
	"3~": {keyDelete, keyDropWord},
}

// decodeSequence reads ESC [ numbers letter: the first number names the key when the letter is ~,
// a second one tells what is held with it.
func decodeSequence(b []byte) (key, int) {
	end := 2
	for end < len(b) && (b[end] < '@' || b[end] > '~') {
		if end == longestSeq {
			return keyNone, end
		}
		end++
	}
	if end == len(b) {
		return keyNone, 0
	}
	name, held := string(b[end]), false
	for i, c := range b[2:end] {
		if c == ';' {
			held = true
			break
		}
		if b[end] == '~' {
			name = string(b[2:2+i+1]) + "~"
		}
	}
	known, ok := sequences[name]
	switch {
	case !ok:
		return keyNone, end + 1
	case held:
		return known.with, end + 1
	}
	return known.plain, end + 1
}
