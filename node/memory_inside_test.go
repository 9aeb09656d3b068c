package node

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// A thousand nodes have two million ends of links.
func TestALinkEndIsSmall(t *testing.T) {
	require.LessOrEqual(t, unsafe.Sizeof(link{}), uintptr(176))
}
