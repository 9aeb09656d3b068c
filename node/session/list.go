package session

import (
	"slices"
	"strconv"
	"strings"
)

// List is every connected client by ascending id. The zero List is empty.
type List[C interface{ ID() uint64 }] struct {
	All []C
}

// Add lists a client.
func (l *List[C]) Add(c C) {
	i, _ := l.search(c.ID())
	l.All = slices.Insert(l.All, i, c)
}

// Remove takes a client off the list.
func (l *List[C]) Remove(c C) {
	if i, found := l.search(c.ID()); found {
		l.All = slices.Delete(l.All, i, i+1)
	}
}

// ByID finds a client; ok is false when there is none.
func (l *List[C]) ByID(id uint64) (c C, ok bool) {
	if i, found := l.search(id); found {
		return l.All[i], true
	}
	return c, false
}

func (l *List[C]) search(id uint64) (int, bool) {
	return slices.BinarySearchFunc(l.All, id, func(c C, id uint64) int {
		switch {
		case c.ID() < id:
			return -1
		case c.ID() > id:
			return 1
		}
		return 0
	})
}

// Count returns how many clients satisfy a condition.
func (l *List[C]) Count(is func(C) bool) int {
	n := 0
	for _, c := range l.All {
		if is(c) {
			n++
		}
	}
	return n
}

// Kind reads the word for a kind of client, as CLIENT LIST TYPE and CLIENT KILL TYPE take it; false
// means that there is no such kind.
func Kind(word []byte) (string, bool) {
	switch w := strings.ToLower(string(word)); w {
	case "slave", "replica":
		return "replica", true
	case "normal", "pubsub", "master":
		return w, true
	}
	return "", false
}

// ErrNoKind refuses a word that is no kind.
func ErrNoKind(word []byte) string { return "ERR Unknown client type '" + string(word) + "'" }

// ReadID reads the number of a client. Where ok, there may still be none: 0 is nobody's.
func ReadID(text []byte) (id uint64, ok bool) {
	n, err := strconv.ParseInt(string(text), 10, 64)
	return uint64(max(n, 0)), err == nil
}
