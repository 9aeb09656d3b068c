package network

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// rings counts how often it was rung.
type rings int

// Ring counts.
func (r *rings) Ring() { *r++ }

func TestALinkInMemoryWakesItsReaderOnce(t *testing.T) {
	p := &pipe{}
	var woken rings
	require.True(t, p.doze(&woken))
	_, err := p.write([]byte("a"))
	require.NoError(t, err)
	_, err = p.write([]byte("b"))
	require.NoError(t, err)
	require.EqualValues(t, 1, woken)
	require.False(t, p.doze(&woken), "there is something to read")

	var b [8]byte
	n, err := p.read(b[:])
	require.NoError(t, err)
	require.Equal(t, "ab", string(b[:n]))
	require.True(t, p.doze(&woken))
	p.closeWrite()
	require.EqualValues(t, 2, woken, "the end must be read too")
	require.False(t, p.doze(&woken))
}

func TestAReaderIsWokenWhenItsOwnEndIsClosed(t *testing.T) {
	p := &pipe{}
	var woken rings
	require.True(t, p.doze(&woken))
	p.closeRead()
	require.EqualValues(t, 1, woken, "somebody must tell the node that the link has ended")
}

func TestALinkInMemoryKeepsWhatItIsGivenAndNeverChangesIt(t *testing.T) {
	p := &pipe{}
	given := []byte("abcdef")
	n, kept, err := p.tryWrite(given, true)
	require.NoError(t, err)
	require.Equal(t, 6, n)
	require.True(t, kept)
	var b [4]byte
	n, err = p.read(b[:])
	require.NoError(t, err)
	require.Equal(t, "abcd", string(b[:n]))
	given[4] = 'E' // what is read next is that very memory
	_, kept, err = p.tryWrite([]byte("ghi"), true)
	require.NoError(t, err)
	require.False(t, kept)
	require.Equal(t, "abcdEf", string(given), "who gave it may still look at it")
	n, err = p.read(b[:])
	require.NoError(t, err)
	require.Equal(t, "Efgh", string(b[:n]))
	n, err = p.read(b[:])
	require.NoError(t, err)
	require.Equal(t, "i", string(b[:n]))
}
