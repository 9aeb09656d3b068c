package keyspace

// opened is an entry that was handed out for writing, in the table that counts its memory.
type opened struct {
	data *table
	item *item
}

const (
	// mostOpen is how many written entries wait to be measured; a command that writes to a few
	// keys at once finds them all waiting when it is done with them.
	mostOpen = 64
	// pointerBytes is what a bucket occupies.
	pointerBytes = 8
)

// UsedMemory estimates the bytes that all keys, values and tables occupy.
func (s *Space) UsedMemory() int {
	s.settle(len(s.open))
	bytes := 0
	for _, db := range s.dbs {
		bytes += int(db.data.words)*8 + db.data.keys.Buckets()*pointerBytes
	}
	return bytes
}

// mayGrow asks whether there is room for a table of so many buckets.
func (s *Space) mayGrow(buckets int) bool { return s.MayGrow == nil || s.MayGrow(buckets*pointerBytes) }

// reopen notes that the value of it may change behind the database's back.
func (s *Space) reopen(data *table, it *item) {
	if it.Value.isOpen() {
		return
	}
	if len(s.open) == mostOpen {
		s.settle(mostOpen / 2)
	}
	it.Value.setOpen(true)
	s.open = append(s.open, opened{data, it})
}

// settle measures the n oldest of the written entries.
func (s *Space) settle(n int) {
	for _, o := range s.open[:n] {
		if e := &o.item.Value; e.isOpen() {
			e.setOpen(false)
			o.data.count(o.item)
		}
	}
	left := copy(s.open, s.open[n:])
	clear(s.open[left:])
	s.open = s.open[:left]
}
