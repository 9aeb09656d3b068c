package command

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWordsOfARoomStayAsTheyAreUntilItIsEmptied(t *testing.T) {
	var r Room
	given := [][][]byte{}
	for i := range 300 { // through several growths of both parts
		given = append(given, r.copyAll([][]byte{fmt.Appendf(nil, "word %d", i), r.decimal(int64(i))}))
	}
	for i, words := range given {
		require.Equal(t, fmt.Sprintf("word %d", i), string(words[0]))
		require.Equal(t, fmt.Sprint(i), string(words[1]))
		_ = append(words[0], "what is appended to one goes elsewhere"...)
		_ = append(words, nil)
	}
	require.Equal(t, "word 299", string(given[299][0]))
}

func TestEmptiedRoomTakesNoNewMemory(t *testing.T) {
	var r Room
	words := [][]byte{[]byte("PEXPIREAT"), []byte("key"), []byte("1700000000000")}
	require.Zero(t, testing.AllocsPerRun(100, func() {
		r.copyAll(words)
		r.Empty()
	}))
	r.copy(make([]byte, 2*keptRoom))
	r.Empty()
	require.Zero(t, cap(r.text), "a large text is not kept for ever")
}

func TestPlainDecimalsReadLikeAllOthers(t *testing.T) {
	for _, text := range []string{"", "-", ".", "1", "-1.5", ".5", "5.", "1-2", "--1", "1.2.3", "0.00000000000000000001", "123456789012345678901234"} {
		f, ok := ParseFloat([]byte(text))
		s, fine := floatText([]byte(text + "e0")) // the exponent takes it the long way
		require.False(t, plainDecimal([]byte(s)))
		g, same := ParseFloat([]byte(text + "e0"))
		require.True(t, fine)
		require.Equal(t, same, ok, text)
		require.Equal(t, g, f, text)
	}
}
