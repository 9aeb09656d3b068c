package hll

import (
	"bytes"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

const limit = 3000

func sketchOf(t *testing.T, limit int, elements ...string) []byte {
	text := New()
	for _, element := range elements {
		var err error
		text, _, err = Add(text, []byte(element), limit)
		require.NoError(t, err)
	}
	return text
}

func numbers(n int) (out []string) {
	for i := range n {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func TestThreeElementsHaveTheBytesThatRedisWrites(t *testing.T) {
	text := sketchOf(t, limit, "a", "b", "c")
	require.Equal(t, "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80`\xf3\x80P\xb1\x84K\xfb\x80BZ", string(text))
	count, err := Count(text)
	require.NoError(t, err)
	require.EqualValues(t, 3, count)
	Keep(text, count)
	kept, ok := Kept(text)
	require.True(t, ok)
	require.EqualValues(t, 3, kept)
}

func TestAnElementSeenBeforeChangesNothing(t *testing.T) {
	text := sketchOf(t, limit, "a", "b", "c")
	before := string(text)
	out, changed, err := Add(text, []byte("b"), limit)
	require.NoError(t, err)
	require.False(t, changed)
	require.Equal(t, before, string(out))
}

func TestSparseAndDenseAgree(t *testing.T) {
	for _, n := range []int{0, 1, 100, 1000, 20_000} {
		sparse, dense := sketchOf(t, 1<<20, numbers(n)...), sketchOf(t, 0, numbers(n)...)
		a, err := Count(sparse)
		require.NoError(t, err)
		b, err := Count(dense)
		require.NoError(t, err)
		require.Equal(t, a, b, "%d elements", n)
		require.InDelta(t, n, a, float64(n)/20)
		if n > 0 {
			require.True(t, Sparse(sparse))
			require.False(t, Sparse(dense))
		}
		converted, _, err := Dense(sparse)
		require.NoError(t, err)
		require.True(t, n == 0 || bytes.Equal(dense[headerSize:], converted[headerSize:]), "%d elements", n)
	}
}

func TestASparseSketchStaysBelowItsLimit(t *testing.T) {
	text, dense := New(), false
	for _, element := range numbers(20_000) {
		text, _, _ = Add(text, []byte(element), limit)
		dense = dense || !Sparse(text)
		require.True(t, dense || len(text) <= limit)
	}
	require.True(t, dense)
}

func TestAUnionHasSeenWhatAllHaveSeen(t *testing.T) {
	all := numbers(3000)
	var u Union
	require.NoError(t, u.Merge(sketchOf(t, limit, all[:1500]...)))
	require.NoError(t, u.Merge(sketchOf(t, 0, all[1000:]...)))
	whole := sketchOf(t, limit, all...)
	want, err := Count(whole)
	require.NoError(t, err)
	require.Equal(t, want, u.Count())
	written, err := Count(u.Into(New(), limit))
	require.NoError(t, err)
	require.Equal(t, want, written)
}

func TestTheSelfTestPasses(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	require.Empty(t, SelfTest(rnd.IntN, limit))
}

func TestTheSelfTestNoticesAWrongRegister(t *testing.T) {
	require.NotEmpty(t, compareSketches(sketchOf(t, 0, numbers(500)...), sketchOf(t, limit, numbers(499)...), 500, limit))
	require.NotEmpty(t, compareSketches(sketchOf(t, 0, "a"), sketchOf(t, 0, "a"), 1, limit))
	require.NotEmpty(t, compareSketches(sketchOf(t, 0, "a"), sketchOf(t, limit, "a"), 1000, limit))
}

func FuzzNoTextCanBreakIt(f *testing.F) {
	f.Add([]byte("\x7f\xff"), "a")
	f.Add([]byte("\x7f"), "b")
	f.Add([]byte("\xff\xff\x7f\xf7"), "c")
	f.Add([]byte{}, "d")
	f.Fuzz(func(t *testing.T, body []byte, element string) {
		text := append(append([]byte(nil), New()[:headerSize]...), body...)
		require.True(t, Valid(text))
		_ = Runs(text)
		_, countErr := Count(text)
		var u Union
		mergeErr := u.Merge(text)
		_, _, denseErr := Dense(text)
		require.Equal(t, mergeErr, denseErr)
		if countErr != nil {
			require.Error(t, mergeErr)
		}
		out, _, err := Add(text, []byte(element), limit)
		require.True(t, Valid(out))
		if countErr == nil && mergeErr == nil {
			require.NoError(t, err)
			_, err = Count(out)
			require.NoError(t, err)
		}
	})
}
