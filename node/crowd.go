package node

import "sync/atomic"

// Crowd bounds the strangers of all nodes that share it: ordinary clients, and who connects to a bus port
// without being one of the nodes. Each node has its own maxclients, but the descriptors they take are the
// process', which needs some for other things. Nil bounds nobody.
type Crowd struct{ most, in atomic.Int64 }

// Limit sets how many there may be. Those who are in stay.
func (c *Crowd) Limit(most int64) { c.most.Store(most) }

// pass is what a stranger holds who is counted. The zero value is for those who are not.
type pass struct{ of *Crowd }

// admit counts one more and gives them a pass. It reports false when there are too many.
func (c *Crowd) admit(p *pass) bool {
	switch {
	case c == nil:
		return true
	case c.in.Add(1) > c.most.Load():
		c.in.Add(-1)
		return false
	}
	p.of = c
	return true
}

// giveBack is for who leaves; a second time it does nothing.
func (p *pass) giveBack() {
	if p.of != nil {
		p.of.in.Add(-1)
		p.of = nil
	}
}
