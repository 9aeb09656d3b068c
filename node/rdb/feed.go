package rdb

import "errors"

// feed is what has arrived of a file that comes in pieces. An entry whose end is missing is read again
// from its beginning when at least twice as much of it is there, so that a large one is copied and read
// a few times and not once for every piece.
type feed struct {
	pieces [][]byte
	size   int  // of the pieces
	need   int  // how many bytes must be in hand before the next attempt
	ended  bool // no more comes
	headed bool // the header has been read
	midway bool // what precedes an entry, its expiry perhaps, has been read
}

// NewStream starts reading a file of which nothing has arrived yet. Next also reports false where what
// Feed has brought ends; Waits tells that from the end of the file.
func NewStream() *Decoder {
	return &Decoder{meta: Meta{ReplDB: -1}, feed: &feed{need: headerSize}}
}

// Feed brings more of a file that NewStream began; data must not change from now on.
func (d *Decoder) Feed(data []byte) {
	if len(data) > 0 {
		d.feed.pieces = append(d.feed.pieces, data)
		d.feed.size += len(data)
	}
}

// Finish says that Feed has brought everything.
func (d *Decoder) Finish() { d.feed.ended = true }

// Received is how many bytes Feed has brought.
func (d *Decoder) Received() int { return d.passed + len(d.r.data) + d.feed.size }

// Waits reports whether there is nothing to do before Feed has brought more, or Finish said that there is
// no more.
func (d *Decoder) Waits() bool { return d.open() && d.r.err == nil && (d.done || !d.enough()) }

// open reports whether more may come.
func (d *Decoder) open() bool { return d.feed != nil && !d.feed.ended }

// enough reports whether the next attempt to read may be made.
func (d *Decoder) enough() bool { return d.r.left()+d.feed.size >= d.feed.need }

// refill takes over what has arrived. It reports false when that is not worth an attempt.
func (d *Decoder) refill() bool {
	f := d.feed
	if d.open() && !d.enough() {
		return false
	}
	d.r.more = d.open()
	if f.size > 0 {
		d.join()
	}
	if !f.headed {
		f.headed, f.need = true, 1
		d.header()
	}
	return true
}

// join puts what is left and what has arrived into one piece. What was read may still be in use.
func (d *Decoder) join() {
	f := d.feed
	d.sum(d.r.pos)
	d.passed += d.r.pos
	data := f.pieces[0]
	if left := d.r.data[d.r.pos:]; len(left) > 0 || len(f.pieces) > 1 {
		data = append(make([]byte, 0, len(left)+f.size), left...)
		for _, piece := range f.pieces {
			data = append(data, piece...)
		}
	}
	d.r.data, d.r.pos, d.summed = data, 0, 0
	f.pieces, f.size = nil, 0
}

// cut reports whether the step that began at start ended only because the rest has not arrived yet, and
// takes it back then.
func (d *Decoder) cut(start, functions int) bool {
	if !d.open() || !errors.Is(d.r.err, ErrTruncated) {
		return false
	}
	d.r.err, d.r.pos, d.functions, d.inValue = nil, start, d.functions[:functions], false
	d.feed.midway, d.feed.need = true, max(1, 2*d.r.left())
	d.sum(start)
	return true
}
