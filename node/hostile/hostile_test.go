package hostile

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestVariantsAreManyAndAlwaysTheSame(t *testing.T) {
	good := []byte("*2\r\n$4\r\nECHO\r\n$3\r\nabc\r\n")
	first := Variants(good, 60)
	require.Equal(t, first, Variants(good, 60))
	require.Equal(t, "*2\r\n$4\r\nECHO\r\n$3\r\nabc\r\n", string(good), "the good input stays good")
	different := map[string]bool{}
	for _, v := range first {
		different[string(v)] = true
	}
	require.Greater(t, len(different), 50)
	require.Empty(t, Variants(nil, 5))
}

// failed is a test that may fail without failing this one.
type failed struct {
	testing.TB
	times int
}

func (f *failed) Errorf(string, ...any) { f.times++ }

var sink []byte

func TestBoundNoticesAHungryInput(t *testing.T) {
	f := &failed{TB: t}
	Bound(f, 10, func() { sink = make([]byte, 10) })
	require.Zero(t, f.times)
	Bound(f, 10, func() { sink = make([]byte, 2<<20) })
	require.Equal(t, 1, f.times)
}
