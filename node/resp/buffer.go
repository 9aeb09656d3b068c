package resp

// The sizes of a connection's read buffer: a quiet one is lean, a pipelining one reads a lot at
// once, and one that held a huge command is let go afterwards.
const (
	minRoom     = 2 << 10
	firstBuffer = 4 << 10
	chunk       = 64 << 10
	keepBuffer  = 128 << 10
)

// Room returns free space to read into. It grows with what has arrived: the next buffer is
// never more than twice what the client has really sent.
func (g *Guard) Room() []byte {
	if free := cap(g.buf) - len(g.buf); free < minRoom {
		g.grow()
	}
	return g.buf[len(g.buf):cap(g.buf)]
}

// Lend gives the guard a buffer to read into, which Return takes back. It reports false, having done nothing,
// when too much waits already to be moved there.
func (g *Guard) Lend(b []byte) bool {
	rest := g.buf[g.start:]
	if len(rest) > len(b)/2 {
		return false
	}
	g.own = g.buf[:0]
	g.buf, g.start = b[:copy(b, rest)], 0
	return true
}

// Return gives back the buffer that was lent. What is left in it is kept elsewhere; the words handed out must
// not be used any more.
func (g *Guard) Return() {
	rest := g.buf[g.start:]
	if len(rest) == 0 && cap(g.own) > firstBuffer {
		g.own = nil
	}
	g.buf, g.own, g.start = append(g.own, rest...), nil, 0
}

// Keep makes the buffer that was lent the guard's own: words handed out are still to be used.
func (g *Guard) Keep() { g.own = nil }

// Received tells that n bytes were read into what Room returned.
func (g *Guard) Received(n int) { g.buf = g.buf[:len(g.buf)+n] }

// Feed copies b into the buffer, for callers that own their reading.
func (g *Guard) Feed(b []byte) {
	g.Release()
	g.buf = append(g.buf, b...)
}

// Take hands out everything that is buffered, commands or not. It is valid until the next read.
func (g *Guard) Take() []byte {
	b := g.buf[g.start:]
	g.consume(len(b))
	return b
}

// Buffered is the number of bytes received and not yet handed out as commands.
func (g *Guard) Buffered() int { return len(g.buf) - g.start }

// Held is what of Buffered has been read as the beginning of a command, headers and whole words, and the rest.
func (g *Guard) Held() (parsed, rest int) { return g.half.pos, g.Buffered() - g.half.pos }

// bigWord is from which length on Redis makes room for a word as soon as that is announced (PROTO_MBULK_BIG_ARG).
const bigWord = 32 << 10

// Announced is how many bytes of the large word that has begun are still to come.
func (g *Guard) Announced() int {
	if g.half.pos == 0 || g.half.size < bigWord {
		return 0
	}
	return max(0, g.half.size+len("\r\n")-(g.Buffered()-g.half.pos))
}

// Pending reports whether the beginning of an unfinished command is waiting for its end.
func (g *Guard) Pending() bool { return g.start < len(g.buf) }

// Release says that the words handed out so far are no longer used: their space is free again.
func (g *Guard) Release() {
	switch rest := len(g.buf) - g.start; {
	case rest == 0 && cap(g.buf) > keepBuffer:
		g.buf, g.start = nil, 0
	case rest == 0:
		g.buf, g.start = g.buf[:0], 0
	case g.start > 0 && (rest < minRoom || g.start > len(g.buf)/2):
		copy(g.buf, g.buf[g.start:])
		g.buf, g.start = g.buf[:rest], 0
	}
}

// Drop frees the buffer of an idle connection if nothing is in it.
func (g *Guard) Drop() {
	if g.start == len(g.buf) {
		g.buf, g.start = nil, 0
	}
}

// grow makes a larger buffer and leaves behind what has been handed out already.
func (g *Guard) grow() {
	rest := len(g.buf) - g.start
	size := firstBuffer
	if cap(g.buf) > 0 {
		size = max(2*rest, min(2*cap(g.buf), chunk))
	}
	grown := make([]byte, rest, max(size, rest+minRoom))
	copy(grown, g.buf[g.start:])
	g.buf, g.start = grown, 0
}
