package network

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLinksAreConnectionsAsLongAsDescriptorsSuffice(t *testing.T) {
	limit := Limit()
	require.True(t, FitsTCP(6, 0))
	require.True(t, FitsTCP(6, limit-spareDescriptors-Descriptors(6, true)))
	require.False(t, FitsTCP(6, limit-spareDescriptors-Descriptors(6, true)+1))
	require.False(t, FitsTCP(6, limit))
	require.False(t, FitsTCP(1_000_000, 0))
}

func TestAMeshCostsTwoDescriptorsForEachLink(t *testing.T) {
	require.EqualValues(t, 2*6*5+12*6, Descriptors(6, true))
	require.EqualValues(t, 4*6+16, Descriptors(6, false))
}
