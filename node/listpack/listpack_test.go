package listpack

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// packOf packs words.
func packOf(words ...string) []byte {
	b := Open(nil)
	for _, w := range words {
		b = Append(b, []byte(w))
	}
	return Close(b, len(words))
}

// forward reads a listpack from its beginning, backward from its end.
func forward(b []byte) (words []string) {
	for at := Header; b[at] != End || at < len(b)-1; {
		e, next := At(b, at)
		if next != Skip(b, at) {
			panic("At and Skip disagree")
		}
		words, at = append(words, string(e.Append(nil))), next
	}
	return words
}

func backward(b []byte) (words []string) {
	for at := len(b) - 1; at > Header; {
		at = Before(b, at)
		e, _ := At(b, at)
		words = append(words, string(e.Append(nil)))
	}
	slices.Reverse(words)
	return words
}

// The bytes are those of redis-server 7.0.15: the listpacks of DUMP of small hashes.
func TestListpacksHaveTheBytesOfRedis(t *testing.T) {
	require.Equal(t, "120000000400816602817602816702"+"0a01ff", fmt.Sprintf("%x", packOf("f", "v", "g", "10")))
	require.Equal(t, "14000000040081610201018162028332"+"2e3504ff", fmt.Sprintf("%x", packOf("a", "1", "b", "2.5")))
}

func TestWhatGoesInComesOutFromBothEnds(t *testing.T) {
	words := []string{"", "-", "-0", "007", "+1", " 1", "9223372036854775808", "-9223372036854775809"}
	for _, n := range []int64{0, 1, 127, 128, 4095, 4096, 32767, 32768, 1<<23 - 1, 1 << 23, math.MaxInt32, math.MaxInt32 + 1, math.MaxInt64} {
		words = append(words, strconv.FormatInt(n, 10), strconv.FormatInt(-n, 10), strconv.FormatInt(-n-1, 10))
	}
	for _, n := range []int{1, 62, 63, 64, 125, 126, 127, 4095, 4096, 16380, 16390, 1 << 21} {
		words = append(words, strings.Repeat("x", n))
	}
	b := packOf(words...)
	count, err := Check(b)
	require.NoError(t, err)
	require.Equal(t, len(words), count)
	require.Equal(t, words, forward(b))
	require.Equal(t, words, backward(b))
	for _, word := range words {
		require.GreaterOrEqual(t, Size([]byte(word)), len(packOf(word))-Header-1, "a bound for %.20q", word)
	}
}

func TestElementIsItsTextAndNoOther(t *testing.T) {
	b := packOf("12", "012", "x")
	number, next := At(b, Header)
	text, _ := At(b, next)
	require.True(t, number.Is([]byte("12")))
	require.False(t, number.Is([]byte("012")))
	require.True(t, text.Is([]byte("012")))
	require.False(t, text.Is([]byte("12")))
}

func TestFromManyElementsOnTheCountIsNotKept(t *testing.T) {
	words := make([]string, 70000)
	for i := range words {
		words[i] = "1"
	}
	b := packOf(words...)
	_, known := Count(b)
	require.False(t, known)
	count, err := Check(b)
	require.NoError(t, err)
	require.Equal(t, 70000, count)
	b = Close(Append(Reopen(b), []byte("2")), count+1)
	_, err = Check(b)
	require.NoError(t, err)
}

// FuzzCheck requires that whatever passes Check can be walked from both ends, and is written again the
// same when its elements are in their shortest form.
func FuzzCheck(f *testing.F) {
	f.Add(packOf())
	f.Add(packOf("a", "-1", "300", strings.Repeat("x", 70), "123456789012"))
	f.Add([]byte{9, 0, 0, 0, 1, 0, 0x80, 1, 0xFF})
	f.Add([]byte{16, 0, 0, 0, 1, 0, 0xF0, 0xFF, 0xFF, 0xFF, 0xFF, 'a', 'b', 'c', 3, 0xFF})
	f.Fuzz(func(t *testing.T, b []byte) {
		count, err := Check(b)
		if err != nil {
			return
		}
		words := forward(b)
		require.Len(t, words, count)
		require.Equal(t, words, backward(b))
		again := packOf(words...)
		require.LessOrEqual(t, len(again), len(b))
		if len(again) == len(b) && !bytes.Equal(again, b) {
			n, _ := Count(b)
			require.Equal(t, uncount, n, "only the count may be left out")
		}
	})
}
