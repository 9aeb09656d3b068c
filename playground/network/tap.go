package network

import (
	"slices"
	"sync"
)

const (
	// traceLength is how many frames are kept for an observer who does not read: two seconds of a thousand nodes'
	// gossip (17,500 frames a second), 4 MB.
	traceLength = 1 << 15
	// traceBlock is how many of them are kept or forgotten together.
	traceBlock = 1 << 8
)

// trace keeps the last frames until all who watch have read them. Whoever pushes never waits for whoever reads.
type trace struct {
	mu     sync.Mutex
	blocks [][]Frame // the oldest first; all but the last are full
	spare  []Frame   // the block that was forgotten last
	next   uint64    // how many were ever pushed
	taps   map[*Tap]struct{}
}

// oldest is the number of the first frame that is still there.
func (r *trace) oldest() uint64 {
	if len(r.blocks) == 0 {
		return r.next
	}
	return r.next - uint64((len(r.blocks)-1)*traceBlock+len(r.blocks[len(r.blocks)-1]))
}

// push adds a frame if anybody watches. The oldest are forgotten when there are too many.
func (r *trace) push(f *Frame) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.taps) == 0 {
		return
	}
	last := len(r.blocks) - 1
	if last < 0 || len(r.blocks[last]) == traceBlock {
		if len(r.blocks) == traceLength/traceBlock {
			r.forget()
		}
		if r.spare == nil {
			r.spare = make([]Frame, 0, traceBlock)
		}
		r.blocks, r.spare = append(r.blocks, r.spare), nil
		last = len(r.blocks) - 1
	}
	r.blocks[last] = append(r.blocks[last], *f)
	r.next++
}

// forget forgets the oldest block.
func (r *trace) forget() {
	clear(r.blocks[0]) // the texts in it are garbage
	r.spare = r.blocks[0][:0]
	r.blocks[0] = nil
	if r.blocks = r.blocks[1:]; len(r.blocks) == 0 {
		r.blocks = nil
	}
}

// prune forgets what all observers have read.
func (r *trace) prune() {
	read := r.next
	for t := range r.taps {
		read = min(read, t.cursor)
	}
	for len(r.blocks) > 0 && r.oldest()+uint64(len(r.blocks[0])) <= read {
		r.forget()
	}
}

// Tap is one observer's place in the trace of frames. It is used by one goroutine.
type Tap struct {
	net    *Network
	cursor uint64
	closed bool
	buf    []Frame // what was read last
}

// roomy is from how many frames on a Tap's room is too much for a reader who needs an eighth of it.
const roomy = 256

// Watch begins to observe frames: those that arrive or are dropped from now on.
func (n *Network) Watch() *Tap {
	n.watched.Add(1)
	r := &n.trace
	r.mu.Lock()
	defer r.mu.Unlock()
	t := &Tap{net: n, cursor: r.next}
	if r.taps == nil {
		r.taps = make(map[*Tap]struct{})
	}
	r.taps[t] = struct{}{}
	return t
}

// Read returns the next frames, at most so many, and how many were missed because this observer came too late.
// The frames are the caller's until the next Read.
func (t *Tap) Read(most int) (frames []Frame, missed uint64) {
	if room := cap(t.buf); room > roomy && len(t.buf) < room/8 {
		t.buf = nil // a storm is over
	}
	r := &t.net.trace
	r.mu.Lock()
	defer r.mu.Unlock()
	oldest := r.oldest()
	if t.cursor < oldest {
		missed = oldest - t.cursor
		t.cursor = oldest
	}
	most = int(min(uint64(most), r.next-t.cursor))
	t.buf = slices.Grow(t.buf[:0], most)
	for len(t.buf) < most {
		at := t.cursor - oldest
		piece := r.blocks[at/traceBlock][at%traceBlock:]
		piece = piece[:min(len(piece), most-len(t.buf))]
		t.buf = append(t.buf, piece...)
		t.cursor += uint64(len(piece))
	}
	r.prune()
	return t.buf, missed
}

// Close ends the observation.
func (t *Tap) Close() {
	if t.closed {
		return
	}
	t.closed = true
	r := &t.net.trace
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.taps, t)
	r.prune()
	t.net.watched.Add(-1)
}
