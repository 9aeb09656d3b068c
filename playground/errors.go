package playground

import "fmt"

// Error is an operator's mistake: what is wrong, with which argument, and what to do instead.
type Error struct {
	Field   string `json:"field,omitempty"`
	Message string `json:"error"`
	Hint    string `json:"hint,omitempty"`
	Full    string `json:"full,omitempty"` // what there is too little of: labs, nodes, files or memory
	Room    int    `json:"room,omitempty"` // for how many nodes there is room, when it is full
}

// Error is the message with its hint.
func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + " (" + e.Hint + ")"
}

// full makes an Error about something of which there is too little.
func full(what string, room int, hint, format string, args ...any) *Error {
	e := wrong("masters", hint, format, args...)
	if what == "labs" {
		e.Field = "" // of whatever size
	}
	e.Full, e.Room = what, room
	return e
}

// wrong makes an Error about one argument.
func wrong(field, hint, format string, args ...any) *Error {
	return &Error{Field: field, Message: fmt.Sprintf(format, args...), Hint: hint}
}

// errClosed refuses what a lab that has been closed cannot do any more.
func errClosed() *Error { return wrong("", "", "the lab is closed") }
