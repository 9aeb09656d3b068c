package cluster

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/slot"
)

func TestOwnersAreThoseOfAPlainTable(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	var o owners
	var plain [slot.Count]uint16
	for range 2000 {
		first, number := rng.IntN(slot.Count), uint16(rng.IntN(40))
		for sl := first; sl < min(first+rng.IntN(300), slot.Count); sl++ {
			o.set(slot.Slot(sl), number)
			plain[sl] = number
		}
		probe := slot.Slot(rng.IntN(slot.Count))
		require.Equal(t, plain[probe], o.at(probe))
	}
	for sl, number := range plain {
		require.Equal(t, number, o.at(slot.Slot(sl)), "slot %d", sl)
	}
	require.LessOrEqual(t, len(o.mixed), len(o.pages))
}

func TestPagesOfOneOwnerAreNotWrittenOut(t *testing.T) {
	var o owners
	for turn := range uint16(10) {
		for sl := range slot.Slot(slot.Count) {
			o.set(sl, turn+uint16(sl)/1000)
		}
	}
	require.LessOrEqual(t, len(o.mixed)-len(o.spare), 16, "a page for each border")
	require.LessOrEqual(t, len(o.mixed), 32)
}
