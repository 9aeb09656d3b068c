package rdb

import "encoding/binary"

// Log is a stream as the file has it.
type Log struct {
	Nodes      []LogNode
	Length     uint64
	Last       LogID
	First      LogID
	MaxDeleted LogID
	Added      uint64 // entries ever added
	Groups     []LogGroup
	Old        bool // of the layout before 7.0, which says no First, MaxDeleted, Added and Read
}

// LogID is an entry's ID: milliseconds and sequence number.
type LogID struct{ Ms, Seq uint64 }

// LogNode is a listpack of entries that begins with the entry ID.
type LogNode struct {
	ID   LogID
	Pack []byte // not looked at by this package
}

// LogGroup is a consumer group.
type LogGroup struct {
	Name      []byte
	Last      LogID
	Read      uint64 // entries read; all ones is unknown
	Pending   []LogPending
	Consumers []LogConsumer
}

// LogPending is an entry that was delivered and not acknowledged.
type LogPending struct {
	ID         LogID
	Delivered  int64 // ms since 1970
	Deliveries uint64
}

// LogConsumer is a consumer and what of its group's pending entries is its own.
type LogConsumer struct {
	Name    []byte
	Seen    int64 // ms since 1970
	Pending []LogID
}

// idSize is the size of an ID in its fixed form: two big-endian numbers.
const idSize = 16

// The least bytes that things take, so that their number can be compared with the bytes there are.
const (
	leastNode     = 1 + idSize + 1
	leastGroup    = 5
	leastPending  = idSize + 8 + 1
	leastConsumer = 1 + 8 + 1
)

func (r *reader) log(t Type) *Log {
	l := &Log{Old: t == TypeStream1}
	l.Nodes = many(r, leastNode, (*reader).logNode)
	l.Length, l.Last = r.len(), r.logID()
	if !l.Old {
		l.First, l.MaxDeleted, l.Added = r.logID(), r.logID(), r.len()
	}
	l.Groups = many(r, leastGroup, func(r *reader) LogGroup { return r.logGroup(l.Old) })
	return l
}

// many reads a number and as many things, each of at least size bytes.
func many[T any](r *reader, size int, read func(*reader) T) []T {
	n := r.count(size)
	if n == 0 {
		return nil
	}
	list := make([]T, 0, min(n, mostAhead))
	for range n {
		list = append(list, read(r))
		if r.err != nil {
			return nil
		}
	}
	return list
}

// mostAhead bounds what is allocated on a number's word alone: things are larger here than there.
const mostAhead = 1024

func (r *reader) logNode() LogNode {
	key := r.string()
	if r.err == nil && len(key) != idSize {
		r.fail("%d bytes where %d belong", len(key), idSize)
	}
	if r.err != nil {
		return LogNode{}
	}
	return LogNode{parseLogID(key), r.string()}
}

func (r *reader) logGroup(old bool) LogGroup {
	g := LogGroup{Name: r.string(), Last: r.logID()}
	if !old {
		g.Read = r.len()
	}
	g.Pending = many(r, leastPending, func(r *reader) LogPending {
		return LogPending{r.fixedID(), int64(r.u64()), r.len()}
	})
	g.Consumers = many(r, leastConsumer, func(r *reader) LogConsumer {
		return LogConsumer{r.string(), int64(r.u64()), many(r, idSize, (*reader).fixedID)}
	})
	return g
}

// logID reads an ID as two lengths.
func (r *reader) logID() LogID { return LogID{r.len(), r.len()} }

// fixedID reads an ID in its fixed form.
func (r *reader) fixedID() LogID {
	b := r.take(idSize)
	if b == nil {
		return LogID{}
	}
	return parseLogID(b)
}

func parseLogID(b []byte) LogID {
	return LogID{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
}

// log writes a stream and returns its layout.
func (e *Encoder) log(l *Log) Type {
	e.Len(uint64(len(l.Nodes)))
	for _, n := range l.Nodes {
		e.LogNode(n)
	}
	e.LogFacts(l, len(l.Groups))
	for i := range l.Groups {
		e.logGroup(&l.Groups[i])
	}
	return TypeStream2
}

// LogNode writes one node of a stream.
func (e *Encoder) LogNode(n LogNode) {
	var key [idSize]byte
	e.String(appendID(key[:0], n.ID))
	e.String(n.Pack)
}

// LogFacts writes what follows behind the nodes of a stream, up to its groups, which are so many.
func (e *Encoder) LogFacts(l *Log, groups int) {
	e.Len(l.Length)
	e.logID(l.Last)
	e.logID(l.First)
	e.logID(l.MaxDeleted)
	e.Len(l.Added)
	e.Len(uint64(groups))
}

// LogGroup writes the head of a group, in which so many entries are pending. They follow, then the number of its
// consumers, then these.
func (e *Encoder) LogGroup(name []byte, last LogID, read uint64, pending int) {
	e.String(name)
	e.logID(last)
	e.Len(read)
	e.Len(uint64(pending))
}

// LogPending writes what is pending in a group.
func (e *Encoder) LogPending(p LogPending) {
	e.LogOwned(p.ID)
	e.Buf = binary.LittleEndian.AppendUint64(e.Buf, uint64(p.Delivered))
	e.Len(p.Deliveries)
}

// LogConsumer writes the head of a consumer, for whom so many entries are pending. They follow.
func (e *Encoder) LogConsumer(name []byte, seen int64, pending int) {
	e.String(name)
	e.Buf = binary.LittleEndian.AppendUint64(e.Buf, uint64(seen))
	e.Len(uint64(pending))
}

// LogOwned writes which entry is pending for a consumer.
func (e *Encoder) LogOwned(id LogID) { e.Buf = appendID(e.Buf, id) }

func (e *Encoder) logGroup(g *LogGroup) {
	e.LogGroup(g.Name, g.Last, g.Read, len(g.Pending))
	for _, p := range g.Pending {
		e.LogPending(p)
	}
	e.Len(uint64(len(g.Consumers)))
	for _, c := range g.Consumers {
		e.LogConsumer(c.Name, c.Seen, len(c.Pending))
		for _, id := range c.Pending {
			e.LogOwned(id)
		}
	}
}

func (e *Encoder) logID(id LogID) {
	e.Len(id.Ms)
	e.Len(id.Seq)
}

func appendID(b []byte, id LogID) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(b, id.Ms), id.Seq)
}
