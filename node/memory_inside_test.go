package node

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// A link end has one of each, and a thousand nodes have two million.
func TestALinkEndIsSmall(t *testing.T) {
	require.LessOrEqual(t, unsafe.Sizeof(link{}), uintptr(192))
	require.LessOrEqual(t, unsafe.Sizeof(socket{}), uintptr(64))
	require.LessOrEqual(t, unsafe.Sizeof(gate{}), uintptr(48))
}
