package berth

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// leave gives a harbour's piers back.
func leave(h *harbour) {
	for _, l := range h.guards {
		_ = l.Close()
	}
}

func TestNoPortIsGivenTwice(t *testing.T) {
	var one, other harbour
	defer leave(&one)
	defer leave(&other)
	given := map[int]bool{}
	for range 30 {
		for _, h := range []*harbour{&one, &other} { // as two processes do
			first := h.ports(7)
			for port := first; port < first+7; port++ {
				require.False(t, given[port], port)
				require.NotEqual(t, length-1, port%length, "the guard's port")
				given[port] = true
			}
		}
	}
	require.Len(t, given, 2*30*7)
}

func TestAPortThatIsTakenIsPassedOver(t *testing.T) {
	var h harbour
	defer leave(&h)
	first := h.ports(1)
	bus, err := listen(first + 2 + busStep)
	require.NoError(t, err)
	defer bus.Close()
	require.Equal(t, first+3, h.ports(2), "there is no room for two before it")
}

func TestPiersLieInARow(t *testing.T) {
	var one, other harbour
	defer leave(&one)
	defer leave(&other)
	first := one.row(3)
	require.Len(t, one.guards, 3)
	for range 5 {
		at := other.row(2)
		require.True(t, at+2*length <= first || at >= first+3*length, "%d is in the row from %d on", at, first)
	}
}

func TestWhenAllPiersAreTakenTheOwnAreUsedAgain(t *testing.T) {
	var h, others harbour
	defer leave(&h)
	defer leave(&others)
	first := h.ports(50)
	for others.take(1) > 0 {
	}
	require.Equal(t, first, h.ports(60), "the first test has ended and left its ports")
}
