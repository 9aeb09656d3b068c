package network

import (
	"cmp"
	"slices"
	"time"
)

// Any in a Pair stands for every node.
const Any = "*"

// Pair is an ordered pair of node names: frames from one to the other. Either may be Any; "" is a
// foreign process.
type Pair struct{ From, To string }

// Rule is what happens to the frames of a pair. The zero Rule lets everything pass.
type Rule struct {
	Pair
	Cut       bool          // nothing passes, nothing is lost: as if the cable were out
	Delay     time.Duration // how long a frame travels
	Jitter    time.Duration // a chance of up to so much more or less
	Bandwidth int           // bytes per second; 0 is without limit
	HoldNext  int           // so many of the next frames stop until released or dropped
	HoldType  string        // only frames of this type are held; "" is every type
	DropNext  int           // so many of the next frames are thrown away
	DropType  string        // only frames of this type are dropped; "" is every type
}

// idle tells whether the rule does nothing (any more).
func (r *Rule) idle() bool {
	return !r.Cut && r.Delay == 0 && r.Jitter == 0 && r.Bandwidth == 0 && r.HoldNext == 0 && r.DropNext == 0
}

// Edit changes the rule of a pair; a rule that then does nothing is forgotten. Frames that are
// already travelling keep the delay they set out with.
func (n *Network) Edit(p Pair, change func(*Rule)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.edit(p, change)
	n.recheck()
}

// edit is Edit under mu, without letting frames pass.
func (n *Network) edit(p Pair, change func(*Rule)) {
	r, old := n.rules[p]
	if !old {
		r = &Rule{Pair: p}
	}
	change(r)
	switch {
	case r.idle() && old:
		delete(n.rules, p)
		n.busy.Add(-1)
	case !r.idle() && !old:
		n.rules[p] = r
		n.busy.Add(1)
	}
}

// Cut takes the cable out between every node of one side and every node of the other; one-way
// only for frames from a to b.
func (n *Network) Cut(a, b []string, oneWay bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	cut := func(r *Rule) { r.Cut = true }
	for _, x := range a {
		for _, y := range b {
			n.edit(Pair{x, y}, cut)
			if !oneWay {
				n.edit(Pair{y, x}, cut)
			}
		}
	}
}

// Heal forgets every rule; what travels or was held arrives.
func (n *Network) Heal() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.busy.Add(-int64(len(n.rules)))
	clear(n.rules)
	clear(n.freeAt)
	for _, w := range n.waiting {
		w.due, w.held = w.Sent, false
	}
	n.recheck()
}

// Rules lists the rules in the order of their pairs.
func (n *Network) Rules() []Rule {
	n.mu.Lock()
	defer n.mu.Unlock()
	rules := make([]Rule, 0, len(n.rules))
	for _, r := range n.rules {
		rules = append(rules, *r)
	}
	slices.SortFunc(rules, func(a, b Rule) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return rules
}

// matching lists the rules that concern a pair, the most exact first. The caller holds mu.
func (n *Network) matching(p Pair) []*Rule {
	if len(n.rules) == 0 {
		return nil
	}
	var found []*Rule
	for _, q := range [...]Pair{p, {p.From, Any}, {Any, p.To}, {Any, Any}} {
		if r := n.rules[q]; r != nil {
			found = append(found, r)
		}
	}
	return found
}

// cut tells whether a rule stops everything between a pair. The caller holds mu.
func (n *Network) cut(p Pair) bool {
	for _, r := range n.matching(p) {
		if r.Cut {
			return true
		}
	}
	return false
}

// isCut is cut for those who do not hold mu.
func (n *Network) isCut(p Pair) bool {
	if n.busy.Load() == 0 {
		return false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.cut(p)
}

// dueAt is when a frame sent at a moment arrives under the rules of its pair, given its size. The
// caller holds mu.
func (n *Network) dueAt(p Pair, sent time.Time, size int) time.Time {
	due := sent
	for _, r := range n.matching(p) {
		if r.Bandwidth > 0 {
			start := n.freeAt[r.Pair]
			if start.Before(due) {
				start = due
			}
			due = start.Add(time.Duration(float64(size) / float64(r.Bandwidth) * float64(time.Second)))
			n.freeAt[r.Pair] = due
		}
		if r.Delay > 0 || r.Jitter > 0 {
			due = due.Add(max(r.Delay+n.jitter(r.Jitter), 0))
		}
	}
	return due
}

// jitter is a chance between -j and +j. The caller holds mu.
func (n *Network) jitter(j time.Duration) time.Duration {
	if j <= 0 {
		return 0
	}
	return time.Duration(n.rand.Int64N(2*int64(j)+1)) - j
}

// takes tells whether a rule's count takes this frame, and counts it.
func takes(count *int, want, got string) bool {
	if *count <= 0 || (want != "" && want != got) {
		return false
	}
	*count--
	return true
}
