package rdb

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func text(words ...string) [][]byte {
	items := make([][]byte, len(words))
	for i, w := range words {
		items[i] = []byte(w)
	}
	return items
}

func str(s string) Value { return Value{Kind: String, Str: []byte(s)} }

// dumps are payloads a redis-server 7.0.15 made. same says that we write the same bytes.
var dumps = []struct {
	name  string
	hex   string
	value Value
	same  bool
}{
	{"small integer", "00c0010a002678e7b6d10111fc", str("1"), true},
	{"integer of 16 bits", "00c12c010a00954261f265825c10", str("300"), true},
	{"integer of 32 bits", "00c2a08601000a00f12403506f2fa674", str("100000"), true},
	{"longer integer is text", "000b31303030303030303030300a0095c10e7b88a056c0", str("10000000000"), true},
	{"text", "000568656c6c6f0a006372df766534200a", str("hello"), true},
	{"repetition is compressed", "00c30928016161e01b000161610a00cf092faaae25831d", str(strings.Repeat("a", 40)), true},
	{"packed list", "120102121200000004008161020101c12c02dffb02ff0a00fc8621e76d5e1fba",
		Value{Kind: List, Items: text("a", "1", "300", "-5")}, true},
	{"list with a plain node", "1203020a0a0000000100816102ff01147878787878787878787878787878787878787878020a0a0000000100816202ff0a002b714cb3e9cff9b9",
		Value{Kind: List, Items: text("a", strings.Repeat("x", 20), "b")}, false},
	{"intset", "0b0e0200000003000000fdff010002000a00d1b78ed9bc07c27f",
		Value{Kind: Set, Items: text("-3", "1", "2"), Packed: true}, true},
	{"wide intset", "0b180800000002000000010000000000000000e40b54020000000a00d9ebbecf4de6277b",
		Value{Kind: Set, Items: text("1", "10000000000"), Packed: true}, true},
	{"set", "0202016101620a00fe642125eb033d0d", Value{Kind: Set, Items: text("a", "b")}, true},
	{"packed zset", "1114140000000400816102010181620283322e3504ff0a00d44c6ea4f644d9d7",
		Value{Kind: ZSet, Items: text("a", "b"), Scores: []float64{1, 2.5}, Packed: true}, true},
	{"zset", "05030163000000000000f07f016200000000000004400161000000000000f03f0a00d05d23af3e180fa6",
		Value{Kind: ZSet, Items: text("c", "b", "a"), Scores: []float64{math.Inf(1), 2.5, 1}}, true},
	{"packed hash", "10121200000004008166028176028167020a01ff0a009addefcacede9bc0",
		Value{Kind: Hash, Items: text("f", "v", "g", "10"), Packed: true}, true},
	{"hash", "0401016601760a00adf24356b1860efc", Value{Kind: Hash, Items: text("f", "v")}, true},
}

const streamDump = "130110000000000000000100000000000000013939000000160002010101010181660200010201000100018176020401030100010101817702040100010401dfff0201018167028178020601ff0205000101010203010167010181ffffffffffffffff01000000000000000100000000000000011d6b95f9a1010000010101631d6b95f9a101000001000000000000000100000000000000010a00d7f3e01058305938"

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	return b
}

func TestPayloadsOfRedisAreUnderstood(t *testing.T) {
	for _, tt := range dumps {
		t.Run(tt.name, func(t *testing.T) {
			v, err := DecodeDump(unhex(t, tt.hex))
			require.NoError(t, err)
			require.Equal(t, tt.value, v)
		})
	}
}

func TestPayloadsHaveTheBytesRedisWrites(t *testing.T) {
	for _, tt := range dumps {
		if !tt.same {
			continue
		}
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.hex, hex.EncodeToString(AppendDump(nil, &tt.value)))
		})
	}
}

func TestStreamComesBackWithTheSameBytes(t *testing.T) {
	v, err := DecodeDump(unhex(t, streamDump))
	require.NoError(t, err)
	require.Equal(t, Stream, v.Kind)
	require.Equal(t, uint64(2), v.Log.Length)
	require.Len(t, v.Log.Groups[0].Consumers, 1)
	require.Equal(t, streamDump, hex.EncodeToString(AppendDump(nil, &v)))
}

func TestDamagedPayloadIsRefused(t *testing.T) {
	good := unhex(t, dumps[6].hex)
	newer := bytes.Clone(good)
	newer[len(newer)-10] = 11
	binary.LittleEndian.PutUint64(newer[len(newer)-8:], Checksum(0, newer[:len(newer)-8]))
	unchecked := append(bytes.Clone(good[:len(good)-8]), make([]byte, 8)...)
	for _, tt := range []struct {
		name    string
		payload []byte
		want    error
	}{
		{"nothing", nil, ErrDump},
		{"only a tail", good[len(good)-10:], ErrDump},
		{"cut short", good[:len(good)-1], ErrDump},
		{"newer version", newer, ErrDump},
		{"checksum of zero is no excuse here", unchecked, ErrDump},
		{"list without nodes", sealed(18, 0), ErrCorrupt},
		{"set without members", sealed(2, 0), ErrCorrupt},
		{"layout of 7.2", sealed(20, 1, 0x61), ErrCorrupt},
		{"module", sealed(7, 0), ErrCorrupt},
		{"bytes behind the value", sealed(0, 1, 'a', 'b'), ErrCorrupt},
		{"string longer than the payload", sealed(0, 0x81, 0x7f, 255, 255, 255, 255, 255, 255, 255), ErrTruncated},
		{"more members than bytes", sealed(2, 0x80, 0x7f, 255, 255, 255), ErrCorrupt},
		{"compressed bomb", sealed(0, 0xc3, 3, 0x80, 0x7f, 255, 255, 255, 0, 'a', 0), ErrCorrupt},
		{"reference before the beginning", sealed(0, 0xc3, 3, 4, 0x40, 9, 0), ErrCorrupt},
		{"odd hash", sealed(16, 9, 9, 0, 0, 0, 1, 0, 1, 1, 255), ErrCorrupt},
		{"listpack that lies about its size", sealed(16, 9, 8, 0, 0, 0, 1, 0, 1, 1, 255), ErrCorrupt},
		{"listpack that lies about its count", sealed(18, 1, 2, 9, 9, 0, 0, 0, 2, 0, 1, 1, 255), ErrCorrupt},
		{"score that is no number", sealed(5, 1, 1, 'a', 1, 0, 0, 0, 0, 0, 0xf8, 0x7f), ErrCorrupt},
		{"intset out of order", sealed(11, 12, 2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 1, 0), ErrCorrupt},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := DecodeDump(tt.payload)
			require.ErrorIs(t, err, tt.want)
		})
	}
}

// sealed makes a payload of version 10 with the right checksum around body.
func sealed(body ...byte) []byte {
	b := append(bytes.Clone(body), Version, 0)
	return binary.LittleEndian.AppendUint64(b, Checksum(0, b))
}

// zipped is a ziplist of count elements, the last at a place of its own.
func zipped(last, count byte, body ...byte) []byte {
	size := byte(11 + len(body))
	return append(append([]byte{size, size, 0, 0, 0, last, 0, 0, 0, count, 0}, body...), 255)
}

// oldLayouts are values as releases before 7.0 wrote them; one without a value is not to be taken.
var oldLayouts = []struct {
	name string
	body []byte
	want Value
}{
	{"list of strings", []byte{1, 2, 1, 'a', 0xc0, 7}, Value{Kind: List, Items: text("a", "7")}},
	{"ziplist list", append([]byte{10}, zipped(18, 4, 0, 1, 'a', 3, 0xf1, 2, 0xfe, 0x80, 3, 0xf0, 0, 0, 0x80)...),
		Value{Kind: List, Items: text("a", "0", "-128", "-8388608")}},
	{"quicklist of ziplists", append([]byte{14, 1}, zipped(14, 2, 0, 0xc0, 0x2c, 1, 4, 0xd0, 0xff, 0xff, 0xff, 0xff)...),
		Value{Kind: List, Items: text("300", "-1")}},
	{"ziplist hash", append([]byte{13}, zipped(13, 2, 0, 1, 'f', 3, 1, 'v')...), Value{Kind: Hash, Items: text("f", "v"), Packed: true}},
	{"quicklist with an empty node", []byte{18, 1, 1, 0}, Value{}},
	{"ziplist whose last element is elsewhere", append([]byte{13}, zipped(10, 2, 0, 1, 'f', 3, 1, 'v')...), Value{}},
	{"ziplist with an element of another length", append([]byte{13}, zipped(13, 2, 0, 1, 'f', 2, 1, 'v')...), Value{}},
	{"ziplist zset", append([]byte{12}, zipped(13, 2, 0, 1, 'm', 3, 3, '1', '.', '5')...),
		Value{Kind: ZSet, Items: text("m"), Scores: []float64{1.5}, Packed: true}},
	{"zipmap with room behind a value", []byte{9, 12, 2, 1, 'a', 1, 2, 'x', 0, 0, 1, 'b', 0, 0}, Value{}},
	{"zset with scores as text", []byte{3, 3, 1, 'a', 3, '2', '.', '5', 1, 'b', 254, 1, 'c', 255},
		Value{Kind: ZSet, Items: text("a", "b", "c"), Scores: []float64{2.5, math.Inf(1), math.Inf(-1)}}},
}

func TestOldLayoutsAreUnderstood(t *testing.T) {
	for _, tt := range oldLayouts {
		t.Run(tt.name, func(t *testing.T) {
			v, err := DecodeDump(sealed(tt.body...))
			if tt.want.Kind == None {
				require.ErrorIs(t, err, ErrCorrupt)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tt.want, v)
		})
	}
	v, err := DecodeDump(sealed(9, 13, 2, 1, 'a', 1, 2, 'x', 0, 0, 1, 'b', 0, 0, 255))
	require.NoError(t, err)
	require.Equal(t, Value{Kind: Hash, Items: text("a", "x", "b", ""), Packed: true}, v)
}

func TestChecksumIsJones(t *testing.T) {
	require.Equal(t, uint64(0xe9c6d914c4b8d9ca), Checksum(0, []byte("123456789")))
	require.Equal(t, uint64(0xe9c6d914c4b8d9ca), Checksum(Checksum(0, []byte("1234")), []byte("56789")))
}
