package rdb

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
)

// Errors a reader ends with; they come wrapped with the place.
var (
	ErrTruncated = errors.New("unexpected end of data")
	ErrCorrupt   = errors.New("corrupt data")
)

// reader takes primitives off a slice. Its first error sticks: from then on everything reads as
// zero, so that a caller may check once, at its end.
type reader struct {
	data     []byte
	pos      int
	err      error
	more     bool   // data may be only the beginning
	arena    []byte // where the digits of integers are written
	unpacked []byte // where short strings are unpacked
}

func (r *reader) left() int { return len(r.data) - r.pos }

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("rdb: byte %d: %w: %s", r.pos, ErrCorrupt, fmt.Sprintf(format, args...))
		r.pos = len(r.data)
	}
}

// take returns the next n bytes, which remain part of the input.
func (r *reader) take(n uint64) []byte {
	if r.err != nil {
		return nil
	}
	if n > uint64(r.left()) {
		r.short(n)
		return nil
	}
	b := r.data[r.pos : r.pos+int(n) : r.pos+int(n)]
	r.pos += int(n)
	return b
}

// short ends the reading where n more bytes, or things, were to come.
func (r *reader) short(n uint64) (none uint64) {
	r.err = fmt.Errorf("rdb: byte %d: %w: %d wanted, %d bytes left", r.pos, ErrTruncated, n, r.left())
	r.pos = len(r.data)
	return 0
}

func (r *reader) byte() byte {
	b := r.take(1)
	if b == nil {
		return 0
	}
	return b[0]
}

func (r *reader) u64() uint64 {
	b := r.take(8)
	if b == nil {
		return 0
	}
	return binary.LittleEndian.Uint64(b)
}

// prefix reads a length, or the number of a special string encoding.
func (r *reader) prefix() (n uint64, special bool) {
	first := r.byte()
	switch first & 0xC0 {
	case len6:
		return uint64(first), false
	case len14:
		return uint64(first&0x3F)<<8 | uint64(r.byte()), false
	case lenSpecial:
		return uint64(first & 0x3F), true
	}
	switch first {
	case len32:
		if b := r.take(4); b != nil {
			return uint64(binary.BigEndian.Uint32(b)), false
		}
	case len64:
		if b := r.take(8); b != nil {
			return binary.BigEndian.Uint64(b), false
		}
	default:
		r.fail("length prefix %#x", first)
	}
	return 0, false
}

// len reads a length.
func (r *reader) len() uint64 {
	n, special := r.prefix()
	if special {
		r.fail("string encoding in the place of a length")
		return 0
	}
	return n
}

// count reads how many things follow, each of at least size bytes.
func (r *reader) count(size int) int {
	n := r.len()
	if n > uint64(r.left()/size) {
		if r.more {
			return int(r.short(n))
		}
		r.fail("%d elements in %d bytes", n, r.left())
		return 0
	}
	return int(n)
}

// number is the length n as a plain int, capped.
func (r *reader) number() int { return int(min(r.len(), math.MaxInt32)) }

// string reads a string in any of its forms.
func (r *reader) string() []byte {
	n, special := r.prefix()
	if !special {
		return r.take(n)
	}
	switch n {
	case encInt8:
		return r.digits(int64(int8(r.byte())))
	case encInt16:
		if b := r.take(2); b != nil {
			return r.digits(int64(int16(binary.LittleEndian.Uint16(b))))
		}
	case encInt32:
		if b := r.take(4); b != nil {
			return r.digits(int64(int32(binary.LittleEndian.Uint32(b))))
		}
	case encLZF:
		return r.lzf()
	default:
		r.fail("string encoding %d", n)
	}
	return nil
}

func (r *reader) lzf() []byte {
	packed, size := r.len(), r.len()
	in := r.take(packed)
	if r.err != nil {
		return nil
	}
	if size == 0 || size > math.MaxInt32 {
		r.fail("string of %d bytes compressed", size)
		return nil
	}
	if fits(in, int(size)) {
		if out, ok := decompress(r.room(int(size)), in, int(size)); ok {
			return out
		}
	}
	r.fail("compressed string does not unpack to %d bytes", size)
	return nil
}

// roomSize is how much is made at a time for short strings that are unpacked.
const roomSize = 8 << 10

// room is a place for size bytes.
func (r *reader) room(size int) []byte {
	if size > roomSize/16 {
		return make([]byte, 0, size)
	}
	if cap(r.unpacked)-len(r.unpacked) < size {
		r.unpacked = make([]byte, 0, max(size, min(roomSize, 4*r.left())))
	}
	at := len(r.unpacked)
	r.unpacked = r.unpacked[:at+size]
	return r.unpacked[at : at : at+size]
}

// arenaSize is how much room for digits is made at a time: some hundred integers.
const arenaSize = 1024

// digits is n in decimal.
func (r *reader) digits(n int64) []byte {
	if r.err != nil {
		return nil
	}
	if cap(r.arena)-len(r.arena) < 20 {
		size := min(arenaSize, 20+8*r.left())
		r.arena = make([]byte, 0, size)
	}
	at := len(r.arena)
	r.arena = strconv.AppendInt(r.arena, n, 10)
	return r.arena[at:len(r.arena):len(r.arena)]
}

// score reads a binary double.
func (r *reader) score() float64 { return r.checkScore(math.Float64frombits(r.u64())) }

// scoreText reads a double of zset version 1: a length and text, or one of three special lengths.
func (r *reader) scoreText() float64 {
	switch n := r.byte(); n {
	case 253:
		return r.checkScore(math.NaN())
	case 254:
		return math.Inf(1)
	case 255:
		return math.Inf(-1)
	default:
		return r.parseScore(r.take(uint64(n)))
	}
}

func (r *reader) parseScore(text []byte) float64 {
	if r.err != nil {
		return 0
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		r.fail("score %q", text)
	}
	return r.checkScore(f)
}

func (r *reader) checkScore(f float64) float64 {
	if math.IsNaN(f) {
		r.fail("score that is not a number")
		return 0
	}
	return f
}
