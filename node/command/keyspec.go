package command

import (
	"bytes"
	"math"
)

// KeyFlags say what a command does with the keys of one KeySpec.
type KeyFlags uint16

// The flags of keys, in the order in which COMMAND INFO prints them.
const (
	RO       KeyFlags = 1 << iota // reads the key
	RW                            // changes it
	OW                            // overwrites it
	RM                            // removes it
	Access                        // the user sees, copies or deletes data of the key
	Insert                        // adds data without looking at the old
	Update                        // changes data
	Delete                        // deletes part of the data
	NotKey                        // looks like a key and is none (a shard channel)
	Partial                       // the spec does not find all keys
	Variable                      // flags depend on the arguments
)

var keyFlagNames = [...]string{
	"RO", "RW", "OW", "RM", "access", "insert", "update", "delete", "not_key", "incomplete",
	"variable_flags",
}

// Names returns the names of the flags as COMMAND INFO prints them.
func (f KeyFlags) Names() []string { return names(uint32(f), keyFlagNames[:]) }

// KeySpec says where a command's keys are: where to begin, and how to go on from there.
type KeySpec struct {
	Flags KeyFlags
	Begin int // begin_search index: the position of the first key; 0 = by Keyword

	Keyword string // begin_search keyword: the keys begin behind this word …
	From    int    // … which is looked for from here; negative: backwards from the end

	// Range: up to Last, counted from the first key, or from the end when negative; a Limit of
	// n > 1 ends after an n-th of the words.
	Last, Step, Limit int

	Counted bool // keynum: the word at Begin is the number of keys, which follow it
	Unknown bool // only the command's own rule finds these keys
}

// KeyRef is the position of one key among a command's words, and what happens to it.
type KeyRef struct {
	Pos   int
	Flags KeyFlags
}

// FindKeys appends the positions of the keys of the call args to out. The number of words must
// have been checked with Accepts. Words that make no sense (a count of keys that is no number or
// too large) give no keys; the command itself will complain about them.
func (c *Command) FindKeys(args [][]byte, out []KeyRef) []KeyRef {
	if c.movable != nil {
		return c.movable(args, out)
	}
	for i := range c.Keys {
		out = c.Keys[i].find(args, out)
	}
	return out
}

func (s *KeySpec) find(args [][]byte, out []KeyRef) []KeyRef {
	first := s.begin(args)
	switch {
	case s.Unknown || first <= 0 || first >= len(args):
		return out
	case s.Counted:
		return s.findCounted(args, first, out)
	}
	for i, last := first, s.last(first, len(args)); i <= last; i += s.Step {
		out = append(out, KeyRef{i, s.Flags})
	}
	return out
}

// begin returns where the keys begin, 0 when there are none.
func (s *KeySpec) begin(args [][]byte) int {
	switch {
	case s.Keyword == "":
		return s.Begin
	case s.From < 0:
		for i := len(args) + s.From; i > 0; i-- {
			if bytes.EqualFold(args[i], []byte(s.Keyword)) {
				return i + 1
			}
		}
	default:
		for i := s.From; i < len(args); i++ {
			if bytes.EqualFold(args[i], []byte(s.Keyword)) {
				return i + 1
			}
		}
	}
	return 0
}

// last returns the position of the last key of a range (getKeysUsingKeySpecs).
func (s *KeySpec) last(first, words int) int {
	switch {
	case s.Last >= 0:
		return min(first+s.Last, words-1)
	case s.Limit > 1:
		return first + (words-first)/s.Limit + s.Last
	}
	return words + s.Last
}

func (s *KeySpec) findCounted(args [][]byte, at int, out []KeyRef) []KeyRef {
	n := atoi(args[at])
	if n < 1 || n > len(args)-at-1 {
		return out
	}
	for i := at + 1; i <= at+n; i++ {
		out = append(out, KeyRef{i, s.Flags})
	}
	return out
}

// atoi reads the number a text begins with, as C does when it looks for keys (genericGetKeys): 3.25
// keys are three.
func atoi(text []byte) int {
	text = bytes.TrimLeft(text, " \t\n\v\f\r")
	digits, negative := text, false
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		digits, negative = text[1:], text[0] == '-'
	}
	n := int64(0)
	for _, d := range digits {
		if d < '0' || d > '9' {
			break
		}
		if n > (math.MaxInt64-9)/10 {
			n = math.MaxInt64 // which is -1 as an int
			break
		}
		n = 10*n + int64(d-'0')
	}
	if negative {
		n = -n
	}
	return int(int32(n))
}

// LegacyRange returns the first key, last key and step that COMMAND INFO prints besides the
// specs: those of the specs that are ranges from a fixed position, merged where they touch
// (populateCommandLegacyRangeSpec).
func (c *Command) LegacyRange() (first, last, step int) {
	for i := range c.Keys {
		s := &c.Keys[i]
		if s.Begin == 0 || s.Counted || s.Unknown || first != 0 && s.Begin != last+1 {
			continue
		}
		if first == 0 {
			first, step = s.Begin, s.Step
		}
		if last = s.Last; last >= 0 {
			last += s.Begin
		}
	}
	return first, last, step
}

// The shapes of the table's key specs.

func one(at int, flags KeyFlags) KeySpec { return KeySpec{Begin: at, Step: 1, Flags: flags} }

func span(at, last, step int, flags KeyFlags) KeySpec {
	return KeySpec{Begin: at, Last: last, Step: step, Flags: flags}
}

func counted(at int, flags KeyFlags) KeySpec {
	return KeySpec{Begin: at, Counted: true, Step: 1, Flags: flags}
}

func behind(word string, from, last int, flags KeyFlags) KeySpec {
	return KeySpec{Keyword: word, From: from, Last: last, Step: 1, Flags: flags}
}

func unknown(flags KeyFlags) KeySpec { return KeySpec{Unknown: true, Flags: flags} }
