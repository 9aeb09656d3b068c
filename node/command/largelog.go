package command

import (
	"clusterplay/node/keyspace"
	"clusterplay/node/rdb"
	"clusterplay/node/stream"
)

// logPaper writes the parts of a stream, in the order of the methods.
type logPaper interface {
	node(log *keyspace.StreamValue, i int)
	facts(log *keyspace.StreamValue)
	// group begins a group and tells whether what is pending in it follows, besides what is pending for each consumer.
	group(g *stream.Group) (pending bool)
	pending(p *stream.Pending)
	readers(g *stream.Group)
	reader(c *stream.Consumer)
	owned(p *stream.Pending)
}

// logWalk goes through a stream.
type logWalk struct {
	undropped
	log    *keyspace.StreamValue
	stage  logStage
	number int       // the next node, then the group
	place  int       // the consumer in it
	from   stream.ID // the next of what is pending
}

// logStage is what of a stream comes next.
type logStage uint8

const (
	nodeNext logStage = iota
	groupNext
	pendingNext
	readerNext
	ownedNext
)

func (w *logWalk) keep() { w.log = w.log.Keep() }

func (w *logWalk) some(p paper, _ int) (done bool) {
	switch w.stage {
	case nodeNext:
		w.node(p)
	case groupNext:
		if w.number == len(w.log.Groups()) {
			return true
		}
		w.from, w.stage = stream.ID{}, pendingNext
		if !p.group(w.group()) {
			w.readers(p)
		}
	case pendingNext:
		if !w.few(w.group(), p.pending) {
			w.readers(p)
		}
	case readerNext:
		w.reader(p)
	case ownedNext:
		if !w.few(w.group().Consumers()[w.place], p.owned) {
			w.place, w.stage = w.place+1, readerNext
		}
	}
	return false
}

func (w *logWalk) group() *stream.Group { return w.log.Groups()[w.number] }

func (w *logWalk) node(p paper) {
	if w.number == w.log.Nodes() {
		p.facts(w.log)
		w.number, w.stage = 0, groupNext
		return
	}
	p.node(w.log, w.number)
	w.number++
}

func (w *logWalk) readers(p paper) {
	p.readers(w.group())
	w.place, w.stage = 0, readerNext
}

func (w *logWalk) reader(p paper) {
	readers := w.group().Consumers()
	if w.place == len(readers) {
		w.number, w.stage = w.number+1, groupNext
		return
	}
	p.reader(readers[w.place])
	w.from, w.stage = stream.ID{}, ownedNext
}

// few visits some of what is pending in a group or for a consumer, and reports whether more is left.
func (w *logWalk) few(in interface {
	PendingFrom(id stream.ID, visit func(*stream.Pending) bool)
}, visit func(*stream.Pending)) (more bool) {
	n := 0
	in.PendingFrom(w.from, func(p *stream.Pending) bool {
		if more = n == atOnce; more {
			w.from = p.ID
			return false
		}
		visit(p)
		n++
		return true
	})
	return more
}

func (p rdbPaper) node(log *keyspace.StreamValue, i int) {
	id, pack := log.Node(i)
	p.LogNode(rdb.LogNode{ID: rdb.LogID(id), Pack: pack})
}

func (p rdbPaper) facts(log *keyspace.StreamValue) {
	facts := factsToRDB(log)
	p.LogFacts(&facts, len(log.Groups()))
}

func (p rdbPaper) group(g *stream.Group) (pending bool) {
	p.LogGroup([]byte(g.Name), rdb.LogID(g.Last), uint64(g.Read), g.PendingLen())
	return true
}

func (p rdbPaper) pending(entry *stream.Pending) { p.LogPending(pendingToRDB(entry)) }
func (p rdbPaper) readers(g *stream.Group)       { p.Len(uint64(len(g.Consumers()))) }
func (p rdbPaper) owned(entry *stream.Pending)   { p.LogOwned(rdb.LogID(entry.ID)) }

func (p rdbPaper) reader(c *stream.Consumer) {
	p.LogConsumer([]byte(c.Name), c.Seen, c.PendingLen())
}
