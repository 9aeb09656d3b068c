package command

import (
	"errors"
	"fmt"

	"clusterplay/node/keyspace"
	"clusterplay/node/rdb"
	"clusterplay/node/stream"
)

// ErrBadStream says that a stream in a file contradicts itself.
var ErrBadStream = errors.New("command: a stream contradicts itself")

func streamToRDB(v *keyspace.StreamValue) *rdb.Log {
	l := factsToRDB(v)
	l.Nodes = make([]rdb.LogNode, v.Nodes())
	for i := range l.Nodes {
		id, pack := v.Node(i)
		l.Nodes[i] = rdb.LogNode{ID: rdb.LogID(id), Pack: pack}
	}
	for _, g := range v.Groups() {
		l.Groups = append(l.Groups, groupToRDB(g))
	}
	return &l
}

// factsToRDB is a stream without nodes and groups.
func factsToRDB(v *keyspace.StreamValue) rdb.Log {
	facts := v.Facts()
	return rdb.Log{
		Length: facts.Length, Added: uint64(facts.Added),
		Last: rdb.LogID(facts.Last), First: rdb.LogID(facts.First), MaxDeleted: rdb.LogID(facts.MaxDeleted),
	}
}

func groupToRDB(g *stream.Group) rdb.LogGroup {
	out := rdb.LogGroup{Name: []byte(g.Name), Last: rdb.LogID(g.Last), Read: uint64(g.Read)}
	g.PendingFrom(stream.ID{}, func(p *stream.Pending) bool {
		out.Pending = append(out.Pending, pendingToRDB(p))
		return true
	})
	for _, reader := range g.Consumers() {
		c := rdb.LogConsumer{Name: []byte(reader.Name), Seen: reader.Seen}
		reader.PendingFrom(stream.ID{}, func(p *stream.Pending) bool {
			c.Pending = append(c.Pending, rdb.LogID(p.ID))
			return true
		})
		out.Consumers = append(out.Consumers, c)
	}
	return out
}

func pendingToRDB(p *stream.Pending) rdb.LogPending {
	return rdb.LogPending{ID: rdb.LogID(p.ID), Delivered: p.Delivered, Deliveries: uint64(p.Deliveries)}
}

func streamFromRDB(v *rdb.Value) (keyspace.Value, error) {
	out, l := keyspace.NewStream(), v.Log
	for _, n := range l.Nodes {
		if err := out.LoadNode(stream.ID(n.ID), n.Pack); err != nil {
			return nil, err
		}
	}
	facts := stream.Facts{
		Length: l.Length, Added: int64(l.Added),
		Last: stream.ID(l.Last), First: stream.ID(l.First), MaxDeleted: stream.ID(l.MaxDeleted),
	}
	if err := out.Load(facts, l.Old); err != nil {
		return nil, err
	}
	for i := range l.Groups {
		if err := groupFromRDB(out.Stream, &l.Groups[i], l.Old); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// groupFromRDB adds a group. Each pending entry must belong to exactly one consumer.
func groupFromRDB(s *stream.Stream, in *rdb.LogGroup, old bool) error {
	last, read := stream.ID(in.Last), int64(in.Read)
	if old {
		read = s.ReadUpTo(last)
	}
	g := s.NewGroup(in.Name, last, read)
	if g == nil {
		return ErrBadStream
	}
	pending := make(map[stream.ID]*stream.Pending, len(in.Pending))
	for _, p := range in.Pending {
		id := stream.ID(p.ID)
		if pending[id] != nil {
			return ErrBadStream
		}
		pending[id] = &stream.Pending{ID: id, Delivered: p.Delivered, Deliveries: int64(p.Deliveries)}
	}
	owned := 0
	for _, c := range in.Consumers {
		reader := g.NewConsumer(c.Name, c.Seen)
		if reader == nil {
			return fmt.Errorf("%w: Duplicate stream consumer detected", ErrBadStream)
		}
		for _, id := range c.Pending {
			p := pending[stream.ID(id)]
			if p == nil || p.Owner != nil {
				return ErrBadStream
			}
			g.Assign(p, reader)
			owned++
		}
	}
	if owned != len(in.Pending) {
		return ErrBadStream
	}
	return nil
}
