package resp

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// arrive puts bytes into a guard as a read does.
func arrive(g *Guard, text string) { g.Received(copy(g.Room(), text)) }

func TestWhatIsLeftInALentBufferIsKeptElsewhere(t *testing.T) {
	var g Guard
	lent := make([]byte, 8<<10)
	require.True(t, g.Lend(lent))
	arrive(&g, "PING\r\n*2\r\n$4\r\nEC")
	words, ok, err := g.Next(nil)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, "PING", string(words[0]))
	_, ok, err = g.Next(nil)
	require.NoError(t, err)
	require.False(t, ok)
	g.Return()
	clear(lent)
	require.True(t, g.Lend(lent), "the beginning moves along")
	arrive(&g, "HO\r\n$1\r\nx\r\n")
	words, ok, err = g.Next(nil)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, [][]byte{[]byte("ECHO"), []byte("x")}, words)
	g.Return()
	require.False(t, g.Pending())
}

func TestABufferThatIsKeptIsNotWrittenTo(t *testing.T) {
	var g Guard
	require.True(t, g.Lend(make([]byte, 8<<10)))
	arrive(&g, "ECHO held\r\nECHO next\r\n")
	held, ok, err := g.Next(nil)
	require.NoError(t, err)
	require.True(t, ok)
	g.Keep()
	arrive(&g, "ECHO more\r\n")
	require.Equal(t, "held", string(held[1]))
	next, ok, err := g.Next(nil)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, "next", string(next[1]))
}

func TestMuchThatWaitsIsNotMovedIntoALentBuffer(t *testing.T) {
	var g Guard
	arrive(&g, "0123456789")
	require.False(t, g.Lend(make([]byte, 16)))
	require.Equal(t, 10, g.Buffered())
}
