package hostile

import (
	"runtime"
	"testing"
)

// What an input may cost: PerByte times its size, and Spare.
const (
	PerByte = 64
	Spare   = 1 << 20
)

// Bound fails the test when f allocates more than an input of size bytes may cost.
func Bound(t testing.TB, size int, f func()) {
	t.Helper()
	before := allocated()
	f()
	if got, most := allocated()-before, uint64(PerByte*size+Spare); got > most {
		t.Errorf("%d bytes of input made us allocate %d, the bound is %d", size, got, most)
	}
}

// allocated is how many bytes were allocated since the program began. runtime/metrics would stop nobody,
// but it counts small objects when their span is full or at a collection: one that comes within f then
// adds a megabyte that inputs before this one took.
func allocated() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.TotalAlloc
}
