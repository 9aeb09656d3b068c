package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/playground"
)

func TestTheStatusSaysWhyANodeCrashed(t *testing.T) {
	for _, kind := range []string{playground.Cluster, playground.Chain} {
		s := playground.Snapshot{Topology: kind, Nodes: []playground.Node{
			{Name: "7000", State: "crashed", Why: "save nodes.conf: no space left on device", Role: "master"},
			{Name: "7001", State: "killed", Why: "killed", Role: "master"},
		}}
		data, err := json.Marshal(s)
		require.NoError(t, err)
		var out strings.Builder
		require.NoError(t, showStatus(&out, data))
		lines := strings.Split(out.String(), "\n")
		require.True(t, strings.HasSuffix(lines[1], "  (save nodes.conf: no space left on device)"), lines[1])
		require.True(t, strings.HasSuffix(lines[2], "keys 0"), lines[2])
	}
}
