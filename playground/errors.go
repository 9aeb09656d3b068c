package playground

import "fmt"

// Error is an operator's mistake: what is wrong, with which argument, and what to do instead.
type Error struct {
	Field   string `json:"field,omitempty"`
	Message string `json:"error"`
	Hint    string `json:"hint,omitempty"`
}

// Error is the message with its hint.
func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + " (" + e.Hint + ")"
}

// wrong makes an Error about one argument.
func wrong(field, hint, format string, args ...any) *Error {
	return &Error{Field: field, Message: fmt.Sprintf(format, args...), Hint: hint}
}
