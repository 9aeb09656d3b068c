package replication

// blockSize is the piece in which a backlog grows: small, for a lab has hundreds of nodes. The first piece begins
// with firstRoom and grows itself: most nodes of a lab never have more in it than PINGs.
const blockSize, firstRoom = 16 << 10, 256

// backlog holds the last bytes of the stream at absolute offsets. It is also the one buffer from
// which all replicas are served: each has a cursor, and bytes are kept past the configured size
// for as long as an attached replica has not got them.
type backlog struct {
	first  Offset   // the oldest byte that is offered
	next   Offset   // the byte that will be written next
	start  Offset   // the first byte of blocks[0]
	blocks [][]byte // all but the last are full
	spare  []byte   // one emptied block, for the next append
}

// newBacklog returns an empty backlog whose first byte will be next.
func newBacklog(next Offset) *backlog {
	return &backlog{first: next, next: next, start: next}
}

// len is the number of bytes offered.
func (b *backlog) len() int64 { return int64(b.next - b.first) }

// has reports whether a replica that wants the bytes from offset on can be served. The byte that
// will be written next may be asked for.
func (b *backlog) has(from Offset) bool { return from >= b.first && from <= b.next }

// append adds bytes of the stream.
func (b *backlog) append(p []byte) {
	for len(p) > 0 {
		last := len(b.blocks) - 1
		if last < 0 || len(b.blocks[last]) == blockSize {
			b.blocks = append(b.blocks, b.block())
			last++
		}
		n := min(len(p), blockSize-len(b.blocks[last]))
		b.blocks[last] = append(b.blocks[last], p[:n]...)
		b.next += Offset(n)
		p = p[n:]
	}
}

func (b *backlog) block() []byte {
	switch {
	case b.spare != nil:
		block := b.spare[:0]
		b.spare = nil
		return block
	case len(b.blocks) == 0:
		return make([]byte, 0, firstRoom)
	}
	return make([]byte, 0, blockSize)
}

// read appends up to limit bytes from offset on to dst.
func (b *backlog) read(dst []byte, from Offset, limit int) []byte {
	limit = min(limit, int(b.next-from))
	for limit > 0 {
		at := int(from - b.start)
		piece := b.blocks[at/blockSize][at%blockSize:]
		piece = piece[:min(len(piece), limit)]
		dst = append(dst, piece...)
		from += Offset(len(piece))
		limit -= len(piece)
	}
	return dst
}

// trim gives up bytes beyond size, but none from keep on.
func (b *backlog) trim(size int64, keep Offset) {
	first := min(b.next-Offset(size), keep)
	if first <= b.first {
		return
	}
	b.first = first
	drop := min(int(b.first-b.start)/blockSize, len(b.blocks))
	if drop == 0 {
		return
	}
	b.spare = b.blocks[drop-1]
	b.blocks = append(b.blocks[:0], b.blocks[drop:]...)
	clear(b.blocks[len(b.blocks):cap(b.blocks)])
	b.start += Offset(drop) * blockSize
}
