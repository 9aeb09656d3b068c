package main_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheCommandLineTalksToAPersonOnATerminal(t *testing.T) {
	t.Parallel()
	needTool(t, "script") // gives a program a terminal
	program, err := build()
	require.NoError(t, err)
	node := startOwn(t, 0, nil)
	home := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "script", "-qec", program+" cli -p "+node.String(), "/dev/null")
	cmd.Env = append(os.Environ(), "HOME="+home, "REDISCLI_HISTFILE=")
	var screen syncBuffer
	keys, typed := io.Pipe()
	cmd.Stdin, cmd.Stdout = keys, &screen
	require.NoError(t, cmd.Start())
	for _, step := range []struct{ keys, want string }{
		{"", node.addr() + "> "},
		{"set a \"x y\"\r", "\r\nOK\r\n"},
		{"get a\r", "\r\n\"x y\"\r\n"},
		{"auth secret\r", "(error) ERR AUTH"},
		{"subscribe news\r", "Reading messages..."},
		{"\x03echo back\r", "\r\n\"back\"\r\n"},
		{"multi\r", "(TX)> "},
	} {
		_, err := typed.Write([]byte(step.keys))
		require.NoError(t, err)
		require.Eventually(t, func() bool { return strings.Contains(screen.String(), step.want) }, patience, 5*time.Millisecond, step.want)
	}
	_, err = typed.Write([]byte("\x04"))
	require.NoError(t, err)
	require.NoError(t, typed.Close())
	require.NoError(t, cmd.Wait())
	kept, err := os.ReadFile(filepath.Join(home, ".playground_cli_history"))
	require.NoError(t, err)
	require.Equal(t, "set a \"x y\"\nget a\nsubscribe news\necho back\nmulti\n", string(kept), "what was typed is kept, passwords are not")
}
