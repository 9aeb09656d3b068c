package network

import "sync"

// traceLength is how many frames are kept for those who watch: two seconds of a thousand nodes'
// gossip (17,500 frames a second), 4 MB.
const traceLength = 1 << 15

// tapRing keeps the last frames. Whoever pushes never waits for whoever reads.
type tapRing struct {
	mu     sync.Mutex
	frames []Frame
	next   uint64 // how many were ever pushed
}

// push adds a frame, overwriting the oldest.
func (r *tapRing) push(f *Frame) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.frames) < traceLength {
		r.frames = append(r.frames, *f)
	} else {
		r.frames[r.next%traceLength] = *f
	}
	r.next++
}

// Tap is one observer's place in the trace of frames. It is used by one goroutine.
type Tap struct {
	net    *Network
	cursor uint64
	closed bool
}

// Watch begins to observe frames: those that arrive or are dropped from now on.
func (n *Network) Watch() *Tap {
	n.watched.Add(1)
	n.trace.mu.Lock()
	defer n.trace.mu.Unlock()
	return &Tap{net: n, cursor: n.trace.next}
}

// Read copies the next frames into buf and tells how many, and how many were missed because this
// observer came too late.
func (t *Tap) Read(buf []Frame) (n int, missed uint64) {
	r := &t.net.trace
	r.mu.Lock()
	defer r.mu.Unlock()
	oldest := r.next - min(r.next, traceLength)
	if t.cursor < oldest {
		missed = oldest - t.cursor
		t.cursor = oldest
	}
	for n < len(buf) && t.cursor < r.next {
		buf[n] = r.frames[t.cursor%traceLength]
		n++
		t.cursor++
	}
	return n, missed
}

// Close ends the observation.
func (t *Tap) Close() {
	if !t.closed {
		t.closed = true
		t.net.watched.Add(-1)
	}
}
