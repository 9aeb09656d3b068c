package session

import "strings"

// Silence is what CLIENT REPLY asked for. The zero Silence lets every reply through.
type Silence uint8

const (
	replyOn Silence = iota
	replyOff
	replySkipNext // CLIENT REPLY SKIP: swallow the next command's reply
	replySkip     // that next command is running
)

// Ask takes the word after CLIENT REPLY; ok is false when there is no such word. ON is answered +OK,
// the others with nothing.
func (s *Silence) Ask(word []byte) (answer, ok bool) {
	switch strings.ToLower(string(word)) {
	case "on":
		*s = replyOn
		return true, true
	case "off":
		*s = replyOff
	case "skip":
		if *s != replyOff {
			*s = replySkipNext
		}
	default:
		return false, false
	}
	return false, true
}

// Swallows reports whether the reply of the command that is running is to be taken back.
func (s Silence) Swallows() bool { return s == replyOff || s == replySkip }

// After settles the Silence when a command has run; before is what it was when the command began.
// It reports whether the command's reply is to be taken back.
func (s *Silence) After(before Silence) (swallow bool) {
	if before == replyOn && *s == replyOn {
		return false
	}
	swallow = *s != replyOn
	switch {
	case before == replySkip && *s == replySkip:
		*s = replyOn
	case *s == replySkipNext:
		*s = replySkip
	}
	return swallow
}
