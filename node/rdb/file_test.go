package rdb

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// sample is a data set with every kind of value, layout and form of string.
func sample() []Entry {
	long := strings.Repeat("0123456789 the quick brown fox ", 40)
	noise := make([]byte, 20_000)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	var many, pairs, members [][]byte
	var scores []float64
	for i := range 3000 {
		many = append(many, fmt.Appendf(nil, "element-%d", i))
		pairs = append(pairs, fmt.Appendf(nil, "f%d", i), fmt.Appendf(nil, "%d", i*i*i))
		members = append(members, fmt.Appendf(nil, "m%d", i))
		scores = append(scores, float64(i)*1.25-7)
	}
	entry := func(db int, key string, expire int64, v Value) Entry {
		return Entry{DB: db, Key: []byte(key), Value: v, Expire: expire, Idle: -1, Freq: -1}
	}
	return []Entry{
		entry(0, "s", 0, str("hello")),
		entry(0, "empty", 0, str("")),
		entry(0, "123", 0, str("-129")),
		entry(0, "int8", 0, str("-128")),
		entry(0, "int32", 0, str("-2147483648")),
		entry(0, "int33", 0, str("2147483648")),
		entry(0, "notint", 0, str("007")),
		entry(0, "expiring", 4102444800123, str("later")),
		entry(0, long, 0, str(long)),
		entry(0, "noise", 0, Value{Kind: String, Str: noise}),
		entry(0, "list", 0, Value{Kind: List, Items: many}),
		entry(0, "list-ints", 0, Value{Kind: List, Items: text("0", "127", "128", "-1", "4095", "-4096", "4096", "32767", "-32769", "8388607", "8388608", "-2147483648", "2147483648", "-9223372036854775808", "9223372036854775807", "9223372036854775808", "", strings.Repeat("x", 63), strings.Repeat("y", 64), strings.Repeat("z", 5000))}),
		entry(0, "set", 0, Value{Kind: Set, Items: many}),
		entry(0, "intset", 0, Value{Kind: Set, Items: text("-70000", "1", "70000"), Packed: true}),
		entry(0, "hash", 0, Value{Kind: Hash, Items: pairs}),
		entry(0, "hash-packed", 0, Value{Kind: Hash, Items: pairs[:20], Packed: true}),
		entry(3, "zset", 0, Value{Kind: ZSet, Items: members, Scores: scores}),
		entry(3, "zset-packed", 0, Value{Kind: ZSet, Items: text("a", "b", "c", "d"), Scores: []float64{math.Inf(-1), -1.5, 1e20, math.Inf(1)}, Packed: true}),
	}
}

func encodeFile(entries []Entry, m Meta) []byte {
	var e Encoder
	var file []byte
	e.Header(m)
	db := -1
	for i := range entries {
		if entries[i].DB != db {
			db = entries[i].DB
			e.Select(db)
			e.Resize(len(entries), 1)
		}
		e.Entry(entries[i].Key, &entries[i].Value, entries[i].Expire)
		if i%3 == 0 {
			file = append(file, e.Take()...)
		}
	}
	e.End()
	return append(file, e.Take()...)
}

func decodeFile(data []byte) (entries []Entry, m Meta, err error) {
	d := NewDecoder(data)
	for d.Next() {
		entries = append(entries, *d.Entry())
	}
	return entries, d.Meta(), d.Err()
}

func TestFileRoundTrip(t *testing.T) {
	m := Meta{RedisVersion: "7.0.15", Created: 1700000000, UsedMemory: 1 << 20, ReplDB: 3, ReplID: strings.Repeat("a", 40), ReplOffset: 1 << 40}
	want := sample()
	got, meta, err := decodeFile(encodeFile(want, m))
	require.NoError(t, err)
	require.Equal(t, m, meta)
	require.Equal(t, want, got)
}

func TestFileHasTheBytesRedisWrites(t *testing.T) {
	var e Encoder
	e.Header(Meta{RedisVersion: "7.0.15", Created: 1, UsedMemory: 2})
	e.Select(0)
	e.Resize(1, 0)
	v := str("v")
	e.Entry([]byte("k"), &v, 0)
	e.End()
	const want = "5245444953303031 30" +
		"fa0972656469732d766572 06372e302e3135" +
		"fa0a72656469732d62697473 c040" +
		"fa056374696d65 c001" + "fa08757365642d6d656d c002" + "fa08616f662d62617365 c000" +
		"fe00 fb0100 00 016b 0176 ff"
	got := e.Take()
	require.Equal(t, strings.ReplaceAll(want, " ", ""), hex.EncodeToString(got[:len(got)-8]))
	require.Equal(t, Checksum(0, got[:len(got)-8]), leU64(got[len(got)-8:]))
}

func leU64(b []byte) (n uint64) {
	for i := range 8 {
		n |= uint64(b[i]) << (8 * i)
	}
	return n
}

func TestEveryTruncationAndEveryFlippedBitIsNoticed(t *testing.T) {
	entries := sample()[:8]
	file := encodeFile(entries, Meta{RedisVersion: "7.0.15"})
	for n := range len(file) {
		_, _, err := decodeFile(file[:n])
		require.Error(t, err, "the first %d bytes", n)
	}
	for i := range file {
		for bit := range 8 {
			broken := bytes.Clone(file)
			broken[i] ^= 1 << bit
			_, _, err := decodeFile(broken)
			require.Error(t, err, "byte %d bit %d", i, bit)
		}
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	for _, tt := range []struct {
		name string
		file string
		want error
	}{
		{"empty", "", ErrTruncated},
		{"something else", "PK\x03\x04 zip file", ErrMagic},
		{"letters for a version", "REDISabcd\xff", ErrMagic},
		{"version 0", "REDIS0000\xff", ErrMagic},
		{"version 11", "REDIS0011\xff12345678", ErrVersion},
		{"wrong checksum", "REDIS0010\xff12345678", ErrChecksum},
		{"no end", "REDIS0010\xfe\x00", ErrTruncated},
		{"data of a module", "REDIS0010\xf7\x01", ErrCorrupt},
		{"value of a module", "REDIS0010\x07\x01k\x00", ErrCorrupt},
		{"function of a release candidate", "REDIS0010\xf6\x01k", ErrCorrupt},
		{"unknown layout", "REDIS0010\x08\x01k", ErrCorrupt},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := decodeFile([]byte(tt.file))
			require.ErrorIs(t, err, tt.want)
		})
	}
}

func TestOddButLegalFilesAreRead(t *testing.T) {
	for _, tt := range []struct {
		name string
		file string
		want []Entry
	}{
		{"checksum of zero is unchecked", "REDIS0010\x00\x01k\x01v\xff\x00\x00\x00\x00\x00\x00\x00\x00",
			[]Entry{{Key: []byte("k"), Value: str("v"), Idle: -1, Freq: -1}}},
		{"version 4 has no checksum", "REDIS0004\x00\x01k\x01v\xff", []Entry{{Key: []byte("k"), Value: str("v"), Idle: -1, Freq: -1}}},
		{"seconds, idle time and frequency", "REDIS0004\xfd\x10\x00\x00\x00\xf8\x05\xf9\x07\x00\x01k\x01v\x00\x01l\x01v\xff",
			[]Entry{{Key: []byte("k"), Value: str("v"), Expire: 16000, Idle: 5, Freq: 7}, {Key: []byte("l"), Value: str("v"), Idle: -1, Freq: -1}}},
		{"expiry in the distant past", "REDIS0004\xfc\x00\x00\x00\x00\x00\x00\x00\x80\x00\x01k\x01v\xff",
			[]Entry{{Key: []byte("k"), Value: str("v"), Expire: 1, Idle: -1, Freq: -1}}},
		{"empty collections are skipped with their expiry", "REDIS0004\xfd\x10\x00\x00\x00\x02\x01k\x00\x00\x01l\x01v\xff",
			[]Entry{{Key: []byte("l"), Value: str("v"), Idle: -1, Freq: -1}}},
		{"unknown head line and a function", "REDIS0004\xfa\x01x\x01y\xf5\x03lib\x00\x01k\x01v\xff",
			[]Entry{{Key: []byte("k"), Value: str("v"), Idle: -1, Freq: -1}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := decodeFile([]byte(tt.file))
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}
	d := NewDecoder([]byte("REDIS0004\xf5\x03lib\xffMORE"))
	require.False(t, d.Next())
	require.NoError(t, d.Err())
	require.Equal(t, [][]byte{[]byte("lib")}, d.Functions())
	require.Equal(t, len("REDIS0004\xf5\x03lib\xff"), d.Offset())
}

func TestCompressionIsUndone(t *testing.T) {
	var c compressor
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.SliceOfN(rapid.ByteRange('a', 'd'), 1, 300)
		var in []byte
		for range rapid.IntRange(1, 40).Draw(t, "pieces") {
			p := piece.Draw(t, "piece")
			in = append(in, p...)
			in = append(in, in[:rapid.IntRange(0, len(in)).Draw(t, "again")]...)
			if len(in) > 1<<20 {
				break
			}
		}
		packed := c.compress(in, len(in)-compressGain)
		if packed == nil {
			return
		}
		require.LessOrEqual(t, len(packed), len(in)-compressGain)
		out, ok := decompress(make([]byte, 0, len(in)), packed, len(in))
		require.True(t, ok)
		require.True(t, bytes.Equal(in, out))
	})
}

func TestChecksumAndEncoderAreReusable(t *testing.T) {
	var e Encoder
	file := func() []byte {
		e.Header(Meta{})
		v := str(strings.Repeat("ab", 50))
		e.Entry([]byte("k"), &v, 0)
		e.End()
		return e.Take()
	}
	first := file()
	for range 3 {
		require.Equal(t, first, file(), "what was compressed before leaves no trace")
	}
	e = Encoder{NoSum: true, Plain: true}
	plain := file()
	require.Equal(t, uint64(0), leU64(plain[len(plain)-8:]))
	require.Contains(t, string(plain), strings.Repeat("ab", 50))
}
