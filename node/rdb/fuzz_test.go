package rdb

import (
	"fmt"
	"testing"

	"clusterplay/node/hostile"

	"github.com/stretchr/testify/require"
)

// layouts are values as every version of Redis wrote them, behind their type byte: those of dumps, and
// what only releases before 7.0 wrote.
func layouts(t testing.TB) (bodies [][]byte) {
	for _, d := range append(dumpBytes(t), unhex(t, streamDump)) {
		bodies = append(bodies, d[:len(d)-dumpTail])
	}
	for _, old := range oldLayouts {
		bodies = append(bodies, old.body)
	}
	return bodies
}

func dumpBytes(t testing.TB) (all [][]byte) {
	for _, d := range dumps {
		all = append(all, unhex(t, d.hex))
	}
	return all
}

// hostileFiles are files of all versions with every layout, whole ones with all kinds of values and
// metadata, and spoilt ones of both.
func hostileFiles(t testing.TB) (files [][]byte) {
	for _, body := range layouts(t) {
		for version := 2; version <= Version+1; version++ {
			files = append(files, fileAround(version, body))
		}
	}
	rich := encodeFile(sample()[:9], Meta{RedisVersion: "7.0.15", ReplID: noise40, ReplOffset: 5})
	files = append(files, rich, []byte("REDIS0010\xfc\x01\x00\x00\x00\x00\x00\x00\x00\xf8\x05\xf9\x07\x00\x01k\x01v\xf5\x03lib\xff"))
	return append(files, hostile.Variants(rich, 100)...)
}

const noise40 = "8f3a0c5d1e7b92640f1d8c3b7a5e69240d1f8e3c"

// fileAround makes a file of a version whose only entry has the given type byte and value, with the
// key "k". A checksum of zero is one that was not computed.
func fileAround(version int, value []byte) []byte {
	file := append(fmt.Appendf(nil, "REDIS%04d\xfe\x00", version), value[0], 1, 'k')
	file = append(append(file, value[1:]...), opEnd)
	return append(file, 0, 0, 0, 0, 0, 0, 0, 0)
}

func TestThereAreManyHostileFiles(t *testing.T) {
	require.GreaterOrEqual(t, len(hostileFiles(t)), 300)
	require.GreaterOrEqual(t, len(hostileDumps(t)), 120)
}

// FuzzFile requires of every input a clean answer within the promised memory, and of every file
// that is understood that writing and reading it again gives the same.
func FuzzFile(f *testing.F) {
	for _, file := range hostileFiles(f) {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var entries []Entry
		var meta Meta
		var err error
		hostile.Bound(t, len(data), func() { entries, meta, err = decodeFile(data) })
		requireSameInHalves(t, data, entries)
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

// hostileDumps are bodies of payloads: what stands before version and checksum.
func hostileDumps(t testing.TB) (bodies [][]byte) {
	for _, body := range layouts(t) {
		bodies = append(append(bodies, body), hostile.Variants(body, 6)...)
	}
	return bodies
}

// FuzzDump mends the checksum, so that the value behind it is reached.
func FuzzDump(f *testing.F) {
	for _, body := range hostileDumps(f) {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		payload := sealed(body...)
		var v Value
		var err error
		hostile.Bound(t, len(payload), func() { v, err = DecodeDump(payload) })
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
		if size < 0 || size > 1<<20 || !fits(in, size) {
			return
		}
		if out, ok := decompress(make([]byte, 0, size), in, size); ok {
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
			hostile.Bound(t, len(payload), func() {
				_, err := DecodeDump(payload)
				require.Error(t, err)
			})
		})
	}
}

// requireSameInHalves reads a file that arrives in two pieces, cut in its middle.
func requireSameInHalves(t *testing.T, data []byte, want []Entry) {
	t.Helper()
	d := NewStream()
	var got []Entry
	read := func() {
		for d.Next() {
			got = append(got, *d.Entry())
		}
	}
	for _, half := range [][]byte{data[:len(data)/2], data[len(data)/2:]} {
		d.Feed(half)
		read()
	}
	d.Finish()
	read()
	require.GreaterOrEqual(t, len(got), len(want))
	for i := range want {
		require.Equal(t, want[i].Key, got[i].Key)
		require.Equal(t, want[i].Expire, got[i].Expire)
		requireSame(t, &want[i].Value, &got[i].Value)
	}
}
