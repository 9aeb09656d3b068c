package node

import "sync"

// shelf is where a node keeps the buffers of large replies for whoever answers next. Each client would have two of
// its own otherwise, of which none is in the processor's cache when it is its turn again, and a client that has just
// come would let one grow from nothing.
type shelf struct {
	mu   sync.Mutex
	free [][]byte
	used bool // since the last sweep
}

const (
	// largeReply is the least buffer that lies on the shelf; smaller ones stay with their clients.
	largeReply = 16 << 10
	// shelfRoom is how many lie there: as many clients are answered in one turn of the loop with a pipeline of 64.
	shelfRoom = maxBatch / 64
)

// take takes the buffer that was put there last, or none.
func (s *shelf) take() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used = true
	last := len(s.free) - 1
	if last < 0 {
		return nil
	}
	b := s.free[last]
	s.free[last] = nil
	s.free = s.free[:last]
	return b
}

// put puts a large buffer there that nobody uses any more. It reports whether it was taken.
func (s *shelf) put(b []byte) bool {
	if cap(b) < largeReply || cap(b) > keepSpare {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.free) == shelfRoom {
		return false
	}
	s.free = append(s.free, b[:0])
	return true
}

// sweep clears the shelf when nobody has asked for a buffer since the last sweep.
func (s *shelf) sweep() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.used {
		s.free = nil
	}
	s.used = false
}

// lend gives a client a large buffer for its replies, if there is one and it is likely to need it: it has
// sent a pipeline, or was told much the last time. The lock is held.
func (c *client) lend() {
	if len(c.Out) > 0 || cap(c.Out) >= largeReply || !c.much && c.batch.left() < 2 {
		return
	}
	if b := c.life.shelf.take(); b != nil {
		c.Out = b
	}
}
