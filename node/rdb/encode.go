package rdb

import (
	"encoding/binary"
	"math"
	"strconv"

	"clusterplay/node/listpack"
)

// compressFrom is the shortest string worth trying to compress, and compressGain what must be won
// (rdbSaveRawString).
const (
	compressFrom = 21
	compressGain = 4
)

// PlainFrom is the shortest string that an Encoder which is Brisk leaves as it is: a megabyte takes a few milliseconds.
const PlainFrom = 1 << 20

// Encoder writes a file into Buf piece by piece: Header, then for each database Select, Resize
// and its entries, then End. The caller may take finished bytes away with Take at any time. The
// zero Encoder is ready; one may be used again after End and Take.
type Encoder struct {
	Buf   []byte
	Plain bool // do not compress (rdbcompression no)
	NoSum bool // write a checksum of 0, "unchecked" (rdbchecksum no)
	Brisk bool // do not compress what takes long to: strings of PlainFrom bytes and more

	crc    uint64
	summed int // how much of Buf crc covers
	lzf    compressor

	scratch []byte  // of a listpack that is being made
	numbers []int64 // of a set that is being written
}

// Header writes the magic and what m says.
func (e *Encoder) Header(m Meta) {
	e.crc, e.summed = 0, len(e.Buf)
	e.Buf = append(e.Buf, magic...)
	e.Buf = append(e.Buf, "0010"...)
	if m.RedisVersion != "" {
		e.Aux("redis-ver", m.RedisVersion)
	}
	e.Aux("redis-bits", "64")
	e.Aux("ctime", strconv.FormatInt(m.Created, 10))
	e.Aux("used-mem", strconv.FormatInt(m.UsedMemory, 10))
	if m.ReplID != "" {
		e.Aux("repl-stream-db", strconv.Itoa(m.ReplDB))
		e.Aux("repl-id", m.ReplID)
		e.Aux("repl-offset", strconv.FormatInt(m.ReplOffset, 10))
	}
	base := "0"
	if m.AOFBase {
		base = "1"
	}
	e.Aux("aof-base", base)
}

// Aux writes one line of the head.
func (e *Encoder) Aux(name, value string) {
	e.Buf = append(e.Buf, opAux)
	e.String([]byte(name))
	e.String([]byte(value))
}

// Select begins a database.
func (e *Encoder) Select(db int) {
	e.Buf = append(e.Buf, opSelect)
	e.Len(uint64(db))
}

// Resize tells the reader how many keys to expect, and how many of them expire.
func (e *Encoder) Resize(keys, expires int) {
	e.Buf = append(e.Buf, opResize)
	e.Len(uint64(keys))
	e.Len(uint64(expires))
}

// Function writes the source of one function library.
func (e *Encoder) Function(source []byte) {
	e.Buf = append(e.Buf, opFunction)
	e.String(source)
}

// Entry writes a key with its value. expire is in milliseconds since 1970, 0 for none. The value
// must not be empty, nor hold the same member or field twice.
func (e *Encoder) Entry(key []byte, v *Value, expire int64) {
	e.expire(expire)
	at := len(e.Buf)
	e.Buf = append(e.Buf, 0)
	e.String(key)
	e.Buf[at] = byte(e.value(v))
}

// Key begins an entry whose value the caller writes itself with Len, String and Score, in the
// layout of t. It spares large values the detour through a Value.
func (e *Encoder) Key(key []byte, t Type, expire int64) {
	e.expire(expire)
	e.Buf = append(e.Buf, byte(t))
	e.String(key)
}

// End writes the end of the file and its checksum.
func (e *Encoder) End() {
	e.Buf = append(e.Buf, opEnd)
	e.sum()
	crc := e.crc
	if e.NoSum {
		crc = 0
	}
	e.Buf = binary.LittleEndian.AppendUint64(e.Buf, crc)
	e.summed = len(e.Buf)
}

// Take hands the bytes written since the last Take to the caller, who owns them. The next ones
// go to a new buffer.
func (e *Encoder) Take() []byte {
	e.sum()
	out := e.Buf
	e.Buf, e.summed = nil, 0
	return out
}

// Len writes a length.
func (e *Encoder) Len(n uint64) { e.Buf = appendLen(e.Buf, n) }

// Score writes a sorted set's score.
func (e *Encoder) Score(f float64) {
	e.Buf = binary.LittleEndian.AppendUint64(e.Buf, math.Float64bits(f))
}

// String writes a string in the shortest of its forms: a small integer, compressed, or as it is.
func (e *Encoder) String(s []byte) {
	if n, ok := smallInt(s); ok {
		e.Buf = appendInt(e.Buf, n)
		return
	}
	if len(s) >= compressFrom && !e.Plain && !(e.Brisk && len(s) >= PlainFrom) {
		if packed := e.lzf.compress(s, len(s)-compressGain); packed != nil {
			e.Buf = append(e.Buf, lenSpecial|encLZF)
			e.Len(uint64(len(packed)))
			e.Len(uint64(len(s)))
			e.Buf = append(e.Buf, packed...)
			return
		}
	}
	e.Len(uint64(len(s)))
	e.Buf = append(e.Buf, s...)
}

func (e *Encoder) expire(at int64) {
	if at == 0 {
		return
	}
	e.Buf = append(e.Buf, opExpireMs)
	e.Buf = binary.LittleEndian.AppendUint64(e.Buf, uint64(at))
}

// sum folds what was written since the last sum into the checksum.
func (e *Encoder) sum() {
	e.crc = Checksum(e.crc, e.Buf[e.summed:])
	e.summed = len(e.Buf)
}

// value writes the body of v and returns the type byte that belongs in front of its key.
func (e *Encoder) value(v *Value) Type {
	switch v.Kind {
	case String:
		e.String(v.Str)
		return TypeString
	case List:
		return e.list(v.Items)
	case Set:
		return e.set(v)
	case ZSet:
		return e.zset(v)
	case Hash:
		return e.hash(v)
	case Stream:
		return e.log(v.Log)
	}
	panic("rdb: value without a kind")
}

func (e *Encoder) list(items [][]byte) Type {
	e.quicklist(items)
	return TypeQuicklist2
}

func (e *Encoder) set(v *Value) Type {
	if v.Packed && e.intset(v.Items) {
		return TypeIntset
	}
	e.Len(uint64(len(v.Items)))
	for _, item := range v.Items {
		e.String(item)
	}
	return TypeSet
}

func (e *Encoder) zset(v *Value) Type {
	if v.Packed {
		e.packZSet(v.Items, v.Scores)
		return TypeZSetPack
	}
	e.Len(uint64(len(v.Items)))
	for i, item := range v.Items {
		e.String(item)
		e.Score(v.Scores[i])
	}
	return TypeZSet
}

func (e *Encoder) hash(v *Value) Type {
	if v.Packed {
		e.packItems(v.Items)
		return TypeHashPack
	}
	e.Len(uint64(len(v.Items) / 2))
	for _, item := range v.Items {
		e.String(item)
	}
	return TypeHash
}

func appendLen(b []byte, n uint64) []byte {
	switch {
	case n < 1<<6:
		return append(b, byte(n))
	case n < 1<<14:
		return append(b, len14|byte(n>>8), byte(n))
	case n <= math.MaxUint32:
		return binary.BigEndian.AppendUint32(append(b, len32), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(b, len64), n)
}

func appendInt(b []byte, n int64) []byte {
	switch {
	case n == int64(int8(n)):
		return append(b, lenSpecial|encInt8, byte(n))
	case n == int64(int16(n)):
		return binary.LittleEndian.AppendUint16(append(b, lenSpecial|encInt16), uint16(n))
	}
	return binary.LittleEndian.AppendUint32(append(b, lenSpecial|encInt32), uint32(n))
}

// smallInt reports whether s is the canonical decimal form of a number of 32 bits.
func smallInt(s []byte) (int64, bool) {
	if len(s) > 11 {
		return 0, false
	}
	n, ok := listpack.ParseInt(s)
	return n, ok && n == int64(int32(n))
}
