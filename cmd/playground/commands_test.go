package main

import (
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

var updateCommands = flag.Bool("commands.update", false, "write COMMANDS.md anew")

func TestCommandsPageIsWhatTheTableSays(t *testing.T) {
	const file = "../../node/command/COMMANDS.md"
	page := commandsPage()
	if *updateCommands {
		require.NoError(t, os.WriteFile(file, []byte(page), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), page, "go test ./cmd/playground -run CommandsPage -commands.update writes it anew")
}
