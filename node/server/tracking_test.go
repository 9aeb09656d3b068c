package server

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTrackingEnds has a client track a key in each mode, end that in each way, and look whether it hears of a change
// once it speaks RESP3 again.
func TestTrackingEnds(t *testing.T) {
	for _, mode := range []string{"", " BCAST", " NOLOOP", " BCAST PREFIX k"} {
		for _, end := range []string{"RESET", "CLIENT TRACKING OFF", ""} {
			t.Run(mode+"/"+end, func(t *testing.T) {
				d := newDriver(t)
				d.do("a", "HELLO 3")
				require.Equal(t, "+OK|", d.do("a", "CLIENT TRACKING ON"+mode))
				d.do("a", "GET k")
				if end != "" {
					d.do("a", end)
					d.do("a", "HELLO 3")
				}
				require.Equal(t, "+OK|", d.do("b", "SET k v"))
				heard, info := d.heard("a"), d.do("a", "CLIENT TRACKINGINFO")
				if end == "" {
					require.Contains(t, heard, "invalidate")
					require.Contains(t, info, "$2|on|")
					return
				}
				require.Empty(t, heard)
				require.Contains(t, info, "$3|off|")
			})
		}
	}
}
