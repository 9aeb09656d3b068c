package rdb

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// feedFile is a file with everything whose end may be missing: what stands before an entry, large and
// small values, functions, several databases.
func feedFile() []byte {
	var e Encoder
	e.Header(Meta{RedisVersion: "7.0.15", ReplID: "0123456789012345678901234567890123456789", ReplOffset: 7})
	e.Function([]byte("#!lua name=lib\nredis.register_function('f', function() return 1 end)"))
	for db := range 2 {
		e.Select(db)
		e.Resize(5, 2)
		text := Value{Kind: String, Str: []byte("value")}
		e.Entry([]byte(fmt.Sprintf("plain:%d", db)), &text, 0)
		e.Entry([]byte("ending"), &text, 1<<50)
		large := Value{Kind: String, Str: make([]byte, 3000)}
		for i := range large.Str {
			large.Str[i] = byte(rand.N(256))
		}
		e.Entry([]byte("large"), &large, 0)
		list := Value{Kind: List}
		for i := range 300 {
			list.Items = append(list.Items, []byte(fmt.Sprintf("element %d", i)))
		}
		e.Entry([]byte("list"), &list, 0)
		hash := Value{Kind: Hash}
		for i := range 200 {
			hash.Items = append(hash.Items, []byte(fmt.Sprintf("field %d", i)), large.Str[i:i+10])
		}
		e.Entry([]byte("hash that ends"), &hash, 1<<51)
	}
	e.End()
	return e.Take()
}

// told is what a decoder has found.
func told(e *Entry) string { return fmt.Sprintf("%d %q %d %v", e.DB, e.Key, e.Expire, e.Value) }

// TestAFileInPiecesIsReadAsTheWhole cuts a file at every byte, and into pieces of every small size.
func TestAFileInPiecesIsReadAsTheWhole(t *testing.T) {
	file := feedFile()
	var want []string
	whole := NewDecoder(file)
	for whole.Next() {
		want = append(want, told(whole.Entry()))
	}
	require.NoError(t, whole.Err())
	require.Len(t, want, 10)
	for size := 1; size < len(file); size += 1 + size/7 {
		d := NewStream()
		var got []string
		read := func() {
			for d.Next() {
				got = append(got, told(d.Entry()))
			}
			require.NoError(t, d.Err())
		}
		for at := 0; at < len(file); at += size {
			require.True(t, at == 0 || d.Waits(), "size %d at %d", size, at)
			d.Feed(append([]byte(nil), file[at:min(at+size, len(file))]...))
			read()
		}
		d.Finish()
		read()
		require.False(t, d.Waits())
		require.Equal(t, want, got, "pieces of %d", size)
		require.Equal(t, whole.Meta(), d.Meta())
		require.Equal(t, whole.Functions(), d.Functions())
		require.Equal(t, len(file), d.Offset())
	}
}

func TestAFileInPiecesThatEndsTooSoonIsRefusedAsTheWhole(t *testing.T) {
	file := feedFile()
	for size := 0; size < len(file); size += 1 + size/9 {
		d := NewStream()
		d.Feed(file[:size])
		for d.Next() {
		}
		require.NoError(t, d.Err())
		d.Finish()
		for d.Next() {
		}
		whole := NewDecoder(file[:size])
		for whole.Next() {
		}
		require.Error(t, whole.Err())
		require.EqualError(t, d.Err(), whole.Err().Error(), "after %d bytes", size)
	}
}

func TestAFileInPiecesKeepsItsChecksum(t *testing.T) {
	file := feedFile()
	file[len(file)-1]++
	d := NewStream()
	for _, b := range file {
		d.Feed([]byte{b})
		for d.Next() {
		}
	}
	d.Finish()
	for d.Next() {
	}
	require.ErrorIs(t, d.Err(), ErrChecksum)
}
