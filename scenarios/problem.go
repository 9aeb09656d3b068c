package scenarios

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is something wrong in a lesson's text: where, what, and what to write instead. Line and
// column count from 1.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"error"`
	Hint    string `json:"hint,omitempty"`
}

// Error is "file:line:column: message (hint)".
func (p *Problem) Error() string {
	text := fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
	if p.Hint != "" {
		text += " (" + p.Hint + ")"
	}
	return text
}

// Problems is everything that is wrong in a lesson, in the order of its text.
type Problems []*Problem

// Error is a line for each problem.
func (p Problems) Error() string {
	var lines []string
	for _, one := range p {
		lines = append(lines, one.Error())
	}
	return strings.Join(lines, "\n")
}

// maxProblems bounds a list of problems: nobody mends more in one go.
const maxProblems = 100

// findings gathers the problems of one file.
type findings struct {
	file string
	all  Problems
}

// add notes a problem.
func (f *findings) add(line, column int, hint, format string, args ...any) {
	if len(f.all) < maxProblems {
		f.all = append(f.all, &Problem{f.file, max(line, 1), max(column, 1), fmt.Sprintf(format, args...), hint})
	}
}

// fault notes what is wrong with a line that has words.
func (f *findings) fault(line int, fault *fault) {
	f.add(line, fault.column, fault.hint, "%s", fault.message)
}

// err is the problems in their order; nil when there are none.
func (f *findings) err() error {
	if len(f.all) == 0 {
		return nil
	}
	slices.SortStableFunc(f.all, func(a, b *Problem) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column)) })
	return f.all
}

// fault is something wrong in one line.
type fault struct {
	column        int
	message, hint string
}

// Error is the message with its hint.
func (f *fault) Error() string {
	if f.hint == "" {
		return f.message
	}
	return f.message + " (" + f.hint + ")"
}

func wrongAt(column int, hint, format string, args ...any) *fault {
	return &fault{column, fmt.Sprintf(format, args...), hint}
}
