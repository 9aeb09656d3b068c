package edit

import (
	"slices"
	"strings"
)

// historyLimit is how many lines are remembered when nothing else is said.
const historyLimit = 500

// History is the lines that were entered, oldest first. Its zero value is ready.
type History struct {
	Limit int               // 0 means 500
	Added func(line string) // told of each line that is remembered; may be nil
	lines []string
}

// Add remembers a line, unless it is empty or the same as the last.
func (h *History) Add(line string) {
	if line == "" || len(h.lines) > 0 && h.lines[len(h.lines)-1] == line {
		return
	}
	h.lines = append(h.lines, line)
	if h.Added != nil {
		h.Added(line)
	}
	limit := h.Limit
	if limit == 0 {
		limit = historyLimit
	}
	if over := len(h.lines) - limit; over > 0 {
		h.lines = slices.Delete(h.lines, 0, over)
	}
}

// Lines are the remembered lines, oldest first.
func (h *History) Lines() []string { return slices.Clone(h.lines) }

// find looks from before index at backwards for a line that holds text.
func (h *History) find(text string, at int) (found int, ok bool) {
	for i := min(at, len(h.lines)) - 1; i >= 0; i-- {
		if strings.Contains(h.lines[i], text) {
			return i, true
		}
	}
	return at, false
}
