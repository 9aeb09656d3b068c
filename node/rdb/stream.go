package rdb

// streamID is the size of an entry's id: milliseconds and sequence number, big endian.
const streamID = 16

// stream walks over a stream to find its end and keeps its bytes as they are.
func (r *reader) stream(t Type) Value {
	start := r.pos
	for range r.count(2) {
		r.fixed(r.string(), streamID)
		r.string() // a listpack
		if r.err != nil {
			return Value{}
		}
	}
	r.lens(3) // length, last id
	if t == TypeStream2 {
		r.lens(5) // first id, greatest deleted id, entries ever added
	}
	for range r.count(4) {
		r.group(t)
		if r.err != nil {
			return Value{}
		}
	}
	if r.err != nil {
		return Value{}
	}
	return Value{Kind: Stream, Type: t, Raw: r.data[start:r.pos:r.pos]}
}

// group walks over a consumer group: its pending entries, then its consumers with theirs.
func (r *reader) group(t Type) {
	r.string()
	r.lens(2) // last delivered id
	if t == TypeStream2 {
		r.lens(1) // entries read
	}
	for range r.count(streamID + 9) {
		r.take(streamID + 8) // id, time of delivery
		r.lens(1)            // number of deliveries
	}
	for range r.count(10) {
		r.string()
		r.take(8) // last seen
		r.take(uint64(r.count(streamID)) * streamID)
		if r.err != nil {
			return
		}
	}
}

func (r *reader) lens(n int) {
	for range n {
		r.len()
	}
}

func (r *reader) fixed(s []byte, size int) {
	if r.err == nil && len(s) != size {
		r.fail("%d bytes where %d belong", len(s), size)
	}
}
