package server

import "slices"

// clientList is every connected client by ascending id.
type clientList struct {
	list []*client
}

func (l *clientList) add(c *client) {
	i, _ := l.search(c.conn.ID)
	l.list = slices.Insert(l.list, i, c)
}

func (l *clientList) remove(c *client) {
	if i, found := l.search(c.conn.ID); found {
		l.list = slices.Delete(l.list, i, i+1)
	}
}

func (l *clientList) byID(id uint64) *client {
	if i, found := l.search(id); found {
		return l.list[i]
	}
	return nil
}

func (l *clientList) search(id uint64) (int, bool) {
	return slices.BinarySearchFunc(l.list, id, func(c *client, id uint64) int {
		switch {
		case c.conn.ID < id:
			return -1
		case c.conn.ID > id:
			return 1
		}
		return 0
	})
}

// count returns how many clients satisfy a condition.
func (l *clientList) count(is func(*client) bool) int {
	n := 0
	for _, c := range l.list {
		if is(c) {
			n++
		}
	}
	return n
}
