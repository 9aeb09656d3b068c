package world

import (
	"encoding/binary"
	"hash/crc32"
	"time"

	"clusterplay/node/event"
)

// trace folds everything that happens into one number: two runs of a seed that differ in any
// input, event or byte sent have different traces.
type trace struct {
	sum   uint64
	table *crc32.Table
}

func newTrace(seed uint64) trace {
	return trace{sum: seed ^ 14695981039346656037, table: crc32.MakeTable(crc32.Castagnoli)}
}

// mix folds one number in (FNV-1a over 64-bit words).
func (t *trace) mix(n uint64) { t.sum = (t.sum ^ n) * 1099511628211 }

func (t *trace) bytes(b []byte) { t.mix(uint64(crc32.Checksum(b, t.table)) | uint64(len(b))<<32) }

func (t *trace) event(now time.Duration, host int, e event.Event) {
	t.mix(uint64(now))
	t.mix(uint64(host))
	t.bytes([]byte(e.Describe()))
}

// TraceHash is the world's story so far in one number.
func (w *World) TraceHash() uint64 { return w.trace.sum }

func (w *World) observeInput(h *host, kind string, data []byte) {
	w.steps++
	w.trace.mix(uint64(w.now))
	w.trace.mix(uint64(h.index)<<8 | uint64(kind[0]))
	if len(data) > 0 {
		w.trace.bytes(data)
	}
}

func (w *World) observeSend(h *host, l linkEnd, data []byte) {
	for _, o := range w.observers {
		o.Sent(w, h.index, l.conn.end[1-l.side].host.index, l.conn.kind, data)
	}
}

func (w *World) observeReceive(h *host, c *conn, data []byte) {
	from := c.end[0].host
	if from == h {
		from = c.end[1].host
	}
	for _, o := range w.observers {
		o.Received(w, from.index, h.index, c.kind, data)
	}
}

func (w *World) observeStep(h *host) {
	for _, o := range w.observers {
		o.Step(w, h.index)
	}
}

func (w *World) observeAnswer(c *Caller, args []string, reply []byte) {
	for _, o := range w.observers {
		o.Answered(w, c, args, reply)
	}
}

func (w *World) observeLife(h *host, what Life) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], uint64(h.life))
	w.trace.mix(uint64(w.now))
	w.trace.bytes(append(b[:], what...))
	w.troubled()
	for _, o := range w.observers {
		o.Life(w, h.index, what)
	}
}
