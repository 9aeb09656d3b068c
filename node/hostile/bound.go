package hostile

import (
	"runtime/metrics"
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

// allocated is how many bytes were allocated since the program began. Unlike runtime.ReadMemStats it
// stops nobody, which a fuzzer that asks a million times would feel; small objects are counted a span
// late, which Spare covers.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
