package playground

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhoDiedIsNotWaitedForByTheIntroductions(t *testing.T) {
	l := launch(t, six())
	require.True(t, l.mostKnown())
	_, err := l.Do(t.Context(), Kill{Node: l.Snapshot().Nodes[0].Name})
	require.NoError(t, err)
	require.True(t, l.mostKnown(), "five know six")
}
