package cluster

import (
	"cmp"
	"slices"
	"time"
)

// maxStrangers bounds the links that somebody dialled of whom we do not know who it is. In the largest cluster that
// forms here everybody is a stranger at first. Redis bounds nobody.
const maxStrangers = 1024

// stranger tells a link that somebody dialled who is none of the nodes we know, as far as we have heard.
func (l *link) stranger() bool { return l.inbound && l.node == nil }

// welcome notes a stranger's link. When there are too many, the oldest has to go, so that a node always gets in.
func (s *State) welcome(l *link) {
	s.links[l.id] = l
	if s.strangers++; s.strangers <= maxStrangers {
		return
	}
	oldest := l
	for _, other := range s.links {
		if other.stranger() && older(other, oldest) < 0 {
			oldest = other
		}
	}
	s.closeLink(oldest, "closed")
}

func older(a, b *link) int { return cmp.Or(cmp.Compare(a.created, b.created), cmp.Compare(a.id, b.id)) }

// forgetLink takes a link off the list.
func (s *State) forgetLink(l *link) {
	delete(s.links, l.id)
	if l.stranger() {
		s.strangers--
	}
}

// dismissSilent closes the links of strangers who have said nothing for as long as a handshake may take: a node speaks at
// once. It looks four times in that time.
func (s *State) dismissSilent(now time.Time) {
	patience := max(s.cfg.NodeTimeout, minHandshake)
	if s.strangers == 0 || s.dismissed.age(now) < patience/4 {
		return
	}
	s.dismissed = instantOf(now)
	var silent []*link
	for _, l := range s.links {
		if l.stranger() && !l.spoke && l.created.age(now) > patience {
			silent = append(silent, l)
		}
	}
	slices.SortFunc(silent, older)
	for _, l := range silent {
		s.closeLink(l, "closed")
	}
}
