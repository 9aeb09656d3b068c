package resp

// ArrayAt opens an array whose n elements have been written already, from pos on: for replies whose
// length is known only at their end.
func (w *Writer) ArrayAt(pos, n int) { w.headerAt(pos, func() { w.Array(n) }) }

// MapAt is ArrayAt for a map of n pairs.
func (w *Writer) MapAt(pos, n int) { w.headerAt(pos, func() { w.Map(n) }) }

// BulkAt is ArrayAt for a bulk string that stands in front of what follows it.
func (w *Writer) BulkAt(pos int, text string) { w.headerAt(pos, func() { w.BulkString(text) }) }

// headerAt moves what write appends to pos.
func (w *Writer) headerAt(pos int, write func()) {
	end := len(w.Buf)
	write()
	var room [64]byte
	header := append(room[:0], w.Buf[end:]...)
	copy(w.Buf[pos+len(header):], w.Buf[pos:end])
	copy(w.Buf[pos:], header)
}
