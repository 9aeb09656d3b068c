package stream

import (
	"cmp"
	"slices"

	"github.com/tidwall/btree"
)

// Unknown is a group's Read when nobody can tell how many entries it has read.
const Unknown = -1

// Group is a consumer group: the last entry it has delivered, and what of the delivered nobody has
// acknowledged.
type Group struct {
	Name string
	Last ID    // of the last entry delivered
	Read int64 // how many entries of the stream were read up to Last; Unknown

	pending   list
	consumers []*Consumer // by name
	kept      uint32      // how often somebody was given it to read
}

// Consumer is one reader of a group.
type Consumer struct {
	Name string
	Seen int64 // when it last asked for something, ms since 1970

	pending list
}

// Pending is an entry that was delivered and not acknowledged.
type Pending struct {
	ID         ID
	Delivered  int64 // when it was last delivered, ms since 1970
	Deliveries int64
	Owner      *Consumer

	kept uint32 // that of its group when it was made
}

// list holds pending entries by ID; those of a consumer are its group's own.
type list struct {
	tree  *btree.BTreeG[*Pending]
	probe Pending // carries the ID that is looked for
}

func (l *list) set(p *Pending) {
	if l.tree == nil {
		before := func(a, b *Pending) bool { return a.ID.Compare(b.ID) < 0 }
		l.tree = btree.NewBTreeGOptions(before, btree.Options{NoLocks: true, Degree: 16})
	}
	l.tree.Set(p)
}

func (l *list) get(id ID) *Pending {
	if l.tree == nil {
		return nil
	}
	l.probe.ID = id
	p, _ := l.tree.Get(&l.probe)
	return p
}

func (l *list) remove(p *Pending) {
	if l.tree != nil {
		l.tree.Delete(p)
	}
}

func (l *list) len() int {
	if l.tree == nil {
		return 0
	}
	return l.tree.Len()
}

// from visits the entries from id on while visit returns true.
func (l *list) from(id ID, visit func(*Pending) bool) {
	if l.tree != nil {
		l.probe.ID = id
		l.tree.Ascend(&l.probe, visit)
	}
}

// Groups returns the groups by name; the slice is the stream's own.
func (s *Stream) Groups() []*Group { return s.groups }

// Group returns the group of that name, or nil.
func (s *Stream) Group(name []byte) *Group {
	if i, ok := findGroup(s.groups, name); ok {
		return s.groups[i]
	}
	return nil
}

// NewGroup makes a group; it returns nil when there is one of that name.
func (s *Stream) NewGroup(name []byte, last ID, read int64) *Group {
	i, taken := findGroup(s.groups, name)
	if taken {
		return nil
	}
	g := &Group{Name: string(name), Last: last, Read: read}
	s.groups = slices.Insert(s.groups, i, g)
	return g
}

// DropGroup removes a group and tells whether it was there.
func (s *Stream) DropGroup(name []byte) bool {
	i, ok := findGroup(s.groups, name)
	if ok {
		s.groups = slices.Delete(s.groups, i, i+1)
	}
	return ok
}

func findGroup(groups []*Group, name []byte) (int, bool) {
	return slices.BinarySearchFunc(groups, name, func(g *Group, name []byte) int {
		return cmp.Compare(g.Name, string(name))
	})
}

// Consumers returns the consumers by name; the slice is the group's own.
func (g *Group) Consumers() []*Consumer { return g.consumers }

// Consumer returns the consumer of that name, or nil.
func (g *Group) Consumer(name []byte) *Consumer {
	if i, ok := g.find(name); ok {
		return g.consumers[i]
	}
	return nil
}

// NewConsumer makes a consumer; it returns nil when there is one of that name.
func (g *Group) NewConsumer(name []byte, now int64) *Consumer {
	i, taken := g.find(name)
	if taken {
		return nil
	}
	c := &Consumer{Name: string(name), Seen: now}
	g.consumers = slices.Insert(g.consumers, i, c)
	return c
}

// DropConsumer removes a consumer with everything that is pending for it, and returns how much
// that was.
func (g *Group) DropConsumer(c *Consumer) int {
	n := c.pending.len()
	c.pending.from(ID{}, func(p *Pending) bool {
		g.pending.remove(p)
		return true
	})
	if i, ok := g.find([]byte(c.Name)); ok {
		g.consumers = slices.Delete(g.consumers, i, i+1)
	}
	return n
}

func (g *Group) find(name []byte) (int, bool) {
	return slices.BinarySearchFunc(g.consumers, name, func(c *Consumer, name []byte) int {
		return cmp.Compare(c.Name, string(name))
	})
}

// PendingLen is how many entries are pending in the group.
func (g *Group) PendingLen() int { return g.pending.len() }

// PendingLen is how many entries are pending for the consumer.
func (c *Consumer) PendingLen() int { return c.pending.len() }

// Pending returns what is pending under that ID, or nil.
func (g *Group) Pending(id ID) *Pending { return g.pending.get(id) }

// PendingFrom visits what is pending in the group from id on, in order, while visit returns true;
// nothing may be added or removed meanwhile.
func (g *Group) PendingFrom(id ID, visit func(*Pending) bool) { g.pending.from(id, visit) }

// PendingFrom visits what is pending for the consumer, as that of Group does.
func (c *Consumer) PendingFrom(id ID, visit func(*Pending) bool) { c.pending.from(id, visit) }

// PendingEnds returns the least and the greatest ID that is pending in the group.
func (g *Group) PendingEnds() (least, greatest ID) {
	if g.pending.len() == 0 {
		return ID{}, ID{}
	}
	first, _ := g.pending.tree.Min()
	last, _ := g.pending.tree.Max()
	return first.ID, last.ID
}

// Assign makes the entry pending for owner, whoever it was pending for.
func (g *Group) Assign(p *Pending, owner *Consumer) {
	switch p.Owner {
	case owner:
		return
	case nil:
		g.pending.set(p)
	default:
		p.Owner.pending.remove(p)
	}
	p.Owner = owner
	owner.pending.set(p)
}

// Deliver makes the entry pending for owner as one delivered now for the first time.
func (g *Group) Deliver(id ID, owner *Consumer, now int64) *Pending {
	p := g.pending.get(id)
	if p == nil {
		p = &Pending{ID: id}
	}
	p = g.Own(p)
	p.Delivered, p.Deliveries = now, 1
	g.Assign(p, owner)
	return p
}

// Acknowledge removes what is pending under that ID and tells whether there was something.
func (g *Group) Acknowledge(id ID) bool {
	p := g.pending.get(id)
	if p == nil {
		return false
	}
	g.pending.remove(p)
	p.Owner.pending.remove(p)
	return true
}

// First returns what is pending in the group under the first ID from id on, or nil.
func (g *Group) First(id ID) (first *Pending) {
	g.pending.from(id, func(p *Pending) bool {
		first = p
		return false
	})
	return first
}
