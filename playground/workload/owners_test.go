package workload

import (
	"math"
	"strconv"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

func TestOwnersAreFewAndSmall(t *testing.T) {
	var o owners
	require.Empty(t, o.at(7))
	o.set(7, "a")
	o.set(16383, "b")
	o.set(0, "a")
	require.Equal(t, []string{"a", "b", "a", ""}, []string{o.at(7), o.at(16383), o.at(0), o.at(8)})
	require.Len(t, o.addrs, 2)
	o.set(7, "b")
	o.set(0, "")
	require.Equal(t, []string{"b", ""}, []string{o.at(7), o.at(0)})
	require.LessOrEqual(t, unsafe.Sizeof(o), uintptr(33<<10))
}

func TestOwnersNeverRunOut(t *testing.T) {
	var o owners
	o.set(1, "first")
	for len(o.addrs) < math.MaxUint16 {
		o.addrs = append(o.addrs, strconv.Itoa(len(o.addrs)))
	}
	o.set(2, "one more")
	require.Equal(t, []string{"", "one more"}, []string{o.at(1), o.at(2)})
}
