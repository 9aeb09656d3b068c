package rdb

import (
	"encoding/binary"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzFile requires of every input a clean answer within the promised memory, and of every file
// that is understood that writing and reading it again gives the same.
func FuzzFile(f *testing.F) {
	f.Add(encodeFile(sample()[:9], Meta{RedisVersion: "7.0.15", ReplID: noise40, ReplOffset: 5}))
	for _, d := range dumps {
		body := unhex(f, d.hex)
		f.Add(fileAround(body[:len(body)-dumpTail]))
	}
	body := unhex(f, streamDump)
	f.Add(fileAround(body[:len(body)-dumpTail]))
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, meta, err := decodeFile(data)
		if err != nil {
			return
		}
		again, metaAgain, err := decodeFile(encodeFile(entries, meta))
		require.NoError(t, err)
		require.Equal(t, len(entries), len(again))
		require.Equal(t, meta.ReplID, metaAgain.ReplID)
		for i := range entries {
			requireSame(t, &entries[i].Value, &again[i].Value)
			require.Equal(t, entries[i].Expire, again[i].Expire)
		}
	})
}

const noise40 = "8f3a0c5d1e7b92640f1d8c3b7a5e69240d1f8e3c"

// fileAround makes a file whose only entry has the given type byte and value, with the key "k".
func fileAround(value []byte) []byte {
	file := append([]byte("REDIS0010\xfe\x00"), value[0], 1, 'k')
	file = append(append(file, value[1:]...), opEnd)
	return append(file, 0, 0, 0, 0, 0, 0, 0, 0)
}

// FuzzDump mends the checksum, so that the value behind it is reached.
func FuzzDump(f *testing.F) {
	for _, d := range dumps {
		b := unhex(f, d.hex)
		f.Add(b[:len(b)-dumpTail])
	}
	b := unhex(f, streamDump)
	f.Add(b[:len(b)-dumpTail])
	f.Fuzz(func(t *testing.T, body []byte) {
		payload := append(append([]byte(nil), body...), Version, 0)
		payload = binary.LittleEndian.AppendUint64(payload, Checksum(0, payload))
		v, err := DecodeDump(payload)
		if err != nil {
			return
		}
		again, err := DecodeDump(AppendDump(nil, &v))
		require.NoError(t, err)
		requireSame(t, &v, &again)
	})
}

// FuzzLZF requires that unpacking never leaves its bounds.
func FuzzLZF(f *testing.F) {
	f.Add([]byte{1, 'a', 'a', 0xe0, 0x1b, 0, 1, 'a', 'a'}, 40)
	f.Fuzz(func(t *testing.T, in []byte, size int) {
		if size < 0 || size > 1<<20 {
			return
		}
		if out, ok := decompress(in, size); ok {
			require.Len(t, out, size)
		}
	})
}

// requireSame compares what two values mean; an integer set may be written sorted.
func requireSame(t *testing.T, a, b *Value) {
	t.Helper()
	require.Equal(t, a.Kind, b.Kind)
	require.Equal(t, string(a.Str), string(b.Str))
	if a.Kind == Stream {
		b.Log.Old = a.Log.Old // what is written is of the new layout
	}
	require.Equal(t, a.Log, b.Log)
	require.Equal(t, len(a.Items), len(b.Items))
	if a.Kind != Set {
		for i := range a.Items {
			require.Equal(t, string(a.Items[i]), string(b.Items[i]))
		}
	}
	for i := range a.Scores {
		require.Equal(t, a.Scores[i], b.Scores[i])
	}
}

func TestHostileLengthsCostNoMemory(t *testing.T) {
	for _, tt := range []struct {
		name string
		body []byte
	}{
		{"string of 2^63", []byte{0, 0x81, 0x7f, 255, 255, 255, 255, 255, 255, 255}},
		{"set of 2^32 members", []byte{2, 0x80, 255, 255, 255, 255}},
		{"hash of 2^63 fields", []byte{4, 0x81, 0x7f, 255, 255, 255, 255, 255, 255, 255}},
		{"zset of 2^64 members", []byte{5, 0x81, 255, 255, 255, 255, 255, 255, 255, 255}},
		{"list of 2^32 nodes", []byte{18, 0x80, 255, 255, 255, 255}},
		{"unpacks to 2^31", []byte{0, 0xc3, 3, 0x80, 0x7f, 255, 255, 255, 0xff, 255, 0}},
		{"stream of 2^32 nodes", []byte{19, 0x80, 255, 255, 255, 255}},
		{"intset of 2^32 numbers", []byte{11, 8, 2, 0, 0, 0, 255, 255, 255, 255}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			payload := sealed(tt.body...)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := DecodeDump(payload)
			runtime.ReadMemStats(&after)
			require.Error(t, err)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64*len(payload)+1<<20))
		})
	}
}
