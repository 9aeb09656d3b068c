package invariant

import (
	"time"

	"clusterplay/node/replication"
	"clusterplay/node/slot"
)

// stream is what is known of the bytes of one history, from the byte first on.
type stream struct {
	first replication.Offset
	bytes []byte
}

// History keeps promises 29, 30 and 33: no two nodes remember one stream differently, the offset of
// a history never goes back in a process, and no history shares more with the one before it than was
// there, nor anything with another shard's. read returns what a node still holds of its stream from an
// offset on, and where that begins.
func (c *Checker) History(now time.Time, host int, is replication.History, read func(replication.Offset) ([]byte, replication.Offset)) {
	h := &c.hosts[host]
	was := h.history
	h.history = is
	h.reach(is)
	renamed := was.ReplID != is.ReplID
	if is.SecondOffset > is.Offset+1 {
		c.fail(33, now, host, "shares %s up to byte %d and is itself at %d", short(is.ReplID2), is.SecondOffset-1, is.Offset)
	}
	if h.joined && is.Offset > 0 {
		c.fail(33, now, host, "joins another shard with byte %d of %s", is.Offset, short(is.ReplID))
	}
	h.joined = false
	loaded := h.loaded
	h.loaded = false
	if !renamed && is.Offset < was.Offset && !loaded {
		c.fail(30, now, host, "went from byte %d of %s back to %d", was.Offset, short(is.ReplID), is.Offset)
	}
	if !renamed && is.Offset <= was.Offset {
		return
	}
	from := was.Offset + 1
	if renamed {
		from = 1
	}
	bytes, first := read(from)
	c.compare(now, host, is.ReplID, first, bytes)
	if shared := is.SecondOffset - first; renamed && shared > 0 {
		c.compare(now, host, is.ReplID2, first, bytes[:min(len(bytes), int(shared))])
	}
}

// Unkept keeps promise 33 where a master keeps no stream, so that its offset stands still whatever it writes:
// nobody else may know its history by that name.
func (c *Checker) Unkept(now time.Time, host int, is replication.History) {
	for i := range c.hosts {
		if at, known := c.hosts[i].been[is.ReplID]; known && i != host && is.Offset > 0 {
			c.fail(33, now, host, "keeps no stream and goes by %s, of which host %d knows byte %d", short(is.ReplID), i, at)
			return
		}
	}
}

// compare holds bytes of a stream against what others remember of it, and remembers them.
func (c *Checker) compare(now time.Time, host int, id string, first replication.Offset, bytes []byte) {
	s := c.stream[id]
	if s == nil || first > s.end() {
		c.stream[id] = &stream{first, append([]byte(nil), bytes...)}
		return
	}
	for i, b := range bytes {
		switch at := first + replication.Offset(i); {
		case at < s.first:
		case at == s.end():
			s.bytes = append(s.bytes, bytes[i:]...)
			return
		case s.bytes[at-s.first] != b:
			c.fail(29, now, host, "byte %d of the stream %s is %q here and was %q elsewhere", at, short(id), b, s.bytes[at-s.first])
			return
		}
	}
}

// end is the offset of the first byte that is not known yet.
func (s *stream) end() replication.Offset { return s.first + replication.Offset(len(s.bytes)) }

// Loaded tells that a host was given all data anew: by a master that is behind it, perhaps, so that it
// goes back in one and the same history.
func (c *Checker) Loaded(host int) { c.hosts[host].loaded = true }

// Alike keeps promise 34 as far as it can be seen at any time: two nodes at the same byte of the same
// history have as many keys in each slot.
func (c *Checker) Alike(now time.Time, host, other int, sl slot.Slot, mine, its int) {
	if mine != its {
		c.fail(34, now, host, "has %d keys in slot %d where host %d, at the same byte of the same history, has %d", mine, sl, other, its)
	}
}

// Acknowledged keeps promise 31: nobody acknowledges what it has not executed. master has heard of ack
// from a replica that is at a point of a history now, and was further perhaps before it was restarted.
func (c *Checker) Acknowledged(now time.Time, master, replica int, id string, ack replication.Offset, is replication.History) {
	if is.ReplID == id && ack > max(is.Offset, c.hosts[replica].been[id]) {
		c.fail(31, now, master, "byte %d of %s was acknowledged by a replica that is at %d", ack, short(id), is.Offset)
	}
}
