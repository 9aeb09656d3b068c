package machine

import "slices"

// mostLent is the longest memory that is used again: a piece with a huge value in it is left to the collector.
const mostLent = 1 << 20

// Pieces is memory for what a machine hands over piece by piece, each in a Save with a Token: what was answered is
// used again. A long file otherwise leaves garbage of its own length behind, which is collected while it is being
// made, and its price is asked of whoever makes it. Not all pieces are in it: one that somebody else is given as
// well is handed over as nil. Who gives the file up forgets its Pieces, and with them what is still on its way.
type Pieces struct {
	out  [][]byte // handed over and not answered, the oldest first
	free [][]byte
}

// Out notes a piece that is being handed over.
func (p *Pieces) Out(piece []byte) { p.out = append(p.out, piece) }

// Answered notes that the driver has answered the oldest of them: nobody reads it any more.
func (p *Pieces) Answered() {
	if len(p.out) == 0 {
		return // what is answered was no piece
	}
	if piece := p.out[0]; cap(piece) > 0 && cap(piece) <= mostLent {
		p.free = append(p.free, piece[:0])
	}
	p.out = slices.Delete(p.out, 0, 1)
}

// Lend returns memory that nobody reads, or nil.
func (p *Pieces) Lend() []byte {
	last := len(p.free) - 1
	if last < 0 {
		return nil
	}
	piece := p.free[last]
	p.free[last], p.free = nil, p.free[:last]
	return piece
}
