package keyspace

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestStringEncodingFollowsWhatWasDone(t *testing.T) {
	changed := func(s *StringValue, change func(s *StringValue)) *StringValue {
		change(s)
		return s
	}
	for _, test := range []struct {
		name  string
		value *StringValue
		want  string
		text  string
	}{
		{"a number", NewString([]byte("12")), "int", "12"},
		{"the smallest number", NewString([]byte("-9223372036854775808")), "int", "-9223372036854775808"},
		{"a number too large", NewString([]byte("9223372036854775808")), "embstr", "9223372036854775808"},
		{"a number with a leading zero", NewString([]byte("012")), "embstr", "012"},
		{"44 bytes", NewString([]byte(strings.Repeat("x", 44))), "embstr", strings.Repeat("x", 44)},
		{"45 bytes", NewString([]byte(strings.Repeat("x", 45))), "raw", strings.Repeat("x", 45)},
		{"a number that is text", NewText([]byte("12")), "embstr", "12"},
		{"appended", changed(NewString([]byte("1")), func(s *StringValue) { s.Append([]byte("2")) }), "raw", "12"},
		{"written behind its end", changed(NewString([]byte("a")), func(s *StringValue) { s.SetRange(3, []byte("b")) }), "raw", "a\x00\x00b"},
		{"counted", changed(NewString([]byte("a")), func(s *StringValue) { s.SetInt(7) }), "int", "7"},
		{"given a new text", changed(NewInt(5), func(s *StringValue) { s.Assign([]byte("abc")) }), "embstr", "abc"},
	} {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, test.value.Encoding())
			require.Equal(t, test.text, string(test.value.Bytes(nil)))
			require.Equal(t, len(test.text), test.value.Len())
			dup := test.value.Copy().(*StringValue)
			require.Equal(t, test.want, dup.Encoding())
			require.Equal(t, test.text, string(dup.Bytes(nil)))
			test.value.Append([]byte("more"))
			require.Equal(t, test.text, string(dup.Bytes(nil)), "a copy has a text of its own")
		})
	}
}

func TestParseIntTakesOnlyWhatFormattingGives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64().Draw(t, "n")
		got, ok := ParseInt(strconv.AppendInt(nil, n, 10))
		require.True(t, ok)
		require.Equal(t, n, got)
	})
	for _, text := range []string{
		"", "-", "+1", " 1", "1 ", "01", "-0", "00", "1.0", "1e3", "0x1", "9223372036854775808",
		"-9223372036854775809", "99999999999999999999", "18446744073709551617", "184467440737095516170",
	} {
		t.Run(text, func(t *testing.T) {
			_, ok := ParseInt([]byte(text))
			require.False(t, ok)
		})
	}
	n, ok := ParseInt([]byte("-9223372036854775808"))
	require.True(t, ok)
	require.Equal(t, int64(math.MinInt64), n)
}

func TestAssigningATextOfTheSameLengthDoesNotAllocate(t *testing.T) {
	s := NewString([]byte("hello world"))
	text := []byte("HELLO WORLD")
	require.Zero(t, testing.AllocsPerRun(100, func() { s.Assign(text) }))
}

// TestAKeyThatFillsItsBlockIsReplaced: behind such a key lies another block. The race detector, which watches
// pointers too, ends a program that makes one of the key's end.
func TestAKeyThatFillsItsBlockIsReplaced(t *testing.T) {
	db := NewSpace(Config{}).DB(0)
	for _, size := range []int{8, 16, 24, 32, 48, 64, 128} {
		key := []byte(strings.Repeat("k", size))
		for _, length := range []int{200, 300, 100, 400} {
			text := strings.Repeat("v", length)
			db.SetString(0, key, []byte(text))
			require.Equal(t, text, string(db.Look(0, key).Value.(*StringValue).Bytes(nil)))
		}
	}
	require.Equal(t, 7, db.Len())
}

func TestAStringSaysWhatItWasGiven(t *testing.T) {
	var s StringValue
	require.Empty(t, s.Bytes(nil), "the zero value is the empty string")
	require.Equal(t, "embstr", s.Encoding())
	for _, n := range []int64{0, -1, math.MinInt64, math.MaxInt64} {
		s.SetInt(n)
		got, ok := s.Int()
		require.True(t, ok)
		require.Equal(t, n, got)
		require.Equal(t, "int", s.Encoding())
		require.Equal(t, strconv.FormatInt(n, 10), string(s.Bytes(nil)))
		require.Equal(t, len(strconv.FormatInt(n, 10)), s.Len())
	}
	for _, size := range []int{0, 1, embedded, embedded + 1, 1 << 20} {
		s.keep(textForm(size), make([]byte, size, size+100))
		_, ok := s.Int()
		require.False(t, ok)
		require.Equal(t, size, s.Len())
		require.Equal(t, size+100, s.room())
		require.Equal(t, textForm(size), s.form())
		require.Equal(t, textForm(size), s.Copy().(*StringValue).form())
	}
}
