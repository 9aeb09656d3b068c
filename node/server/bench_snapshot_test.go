package server

import (
	"testing"

	"clusterplay/node/rdb"
)

// populated is a driver with so many keys of a hundred bytes.
func populated(b *testing.B, keys string) *driver {
	d := newDriver(b)
	d.call("a", "DEBUG", "POPULATE", keys, "key", "100")
	return d
}

// eachSlice hands over the data set as a file, in pieces.
func (d *driver) eachSlice(use func(piece []byte)) {
	snap := d.s.startSnapshot(everything)
	for !snap.slice(sliceKeys) {
		use(snap.enc.Take())
	}
	use(snap.finish())
}

// BenchmarkSnapshotOfAMillionKeys encodes a data set that no cache holds.
func BenchmarkSnapshotOfAMillionKeys(b *testing.B) {
	d := populated(b, "1000000")
	b.ReportAllocs()
	for b.Loop() {
		size := 0
		d.eachSlice(func(piece []byte) { size += len(piece) })
		b.SetBytes(int64(size))
	}
}

// BenchmarkLoadAMillionKeys reads such a file.
func BenchmarkLoadAMillionKeys(b *testing.B) {
	var file []byte
	populated(b, "1000000").eachSlice(func(piece []byte) { file = append(file, piece...) })
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		d := newDriver(b)
		if err := d.s.readAll(&loading{decoder: rdb.NewDecoder(file), size: len(file)}); err != nil {
			b.Fatal(err)
		}
	}
}
