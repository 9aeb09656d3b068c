package rdb

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

// Errors of a whole file.
var (
	ErrMagic    = errors.New("the data does not begin like an RDB file")
	ErrVersion  = errors.New("the format version is newer than 10")
	ErrChecksum = errors.New("the checksum is wrong")
)

// headerSize is the magic and four digits.
const headerSize = len(magic) + 4

// Decoder reads a file entry by entry, so that a caller can load it in slices of its own length:
//
//	for d.Next() {
//		e := d.Entry()
//		…
//	}
//	if err := d.Err(); err != nil {…}
//
// The checksum is compared at the end; until Err has returned nil behind the last Next the data
// may be corrupt. Keys, members and fields are not checked for duplicates: the keyspace notices
// them for nothing.
type Decoder struct {
	r         reader
	version   int
	crc       uint64
	summed    int
	db        int
	done      bool
	entry     Entry
	at        Place
	inValue   bool // at is being read
	meta      Meta
	functions [][]byte
	hint      Hint
	feed      *feed // nil when all data were there from the start
	passed    int   // bytes read that are no longer in hand
	skipped   int   // keys without anything in them
	empty     []string
}

// Hint is how many keys the file says its current database holds. Nothing proves it.
type Hint struct{ Keys, Expires uint64 }

// NewDecoder starts reading data, which must not change from now on.
func NewDecoder(data []byte) *Decoder {
	d := &Decoder{r: reader{data: data}, meta: Meta{ReplDB: -1}}
	d.header()
	return d
}

// header reads the magic and the version.
func (d *Decoder) header() {
	head := d.r.take(uint64(headerSize))
	if d.r.err != nil {
		return
	}
	version, err := strconv.Atoi(string(head[len(magic):]))
	switch {
	case string(head[:len(magic)]) != magic || err != nil || version < 1:
		d.stop(ErrMagic)
	case version > Version:
		d.stop(fmt.Errorf("%w: it is %d", ErrVersion, version))
	}
	d.version = version
}

// Next reads up to and including the next key and its value. It reports false at the end of the
// file and at an error.
func (d *Decoder) Next() bool {
	if d.done || d.feed != nil && !d.refill() || d.r.err != nil {
		return false
	}
	if d.feed == nil || !d.feed.midway {
		d.begin()
	}
	found := false
	for !found && !d.done && d.r.err == nil {
		start, functions := d.r.pos, len(d.functions)
		found = d.step(d.r.byte())
		if d.cut(start, functions) {
			return false
		}
	}
	if d.feed != nil {
		d.feed.midway, d.feed.need = false, 1
	}
	d.sum(d.r.pos)
	return found && d.r.err == nil
}

// Entry returns what Next found; it is valid until the next Next, what it points to for longer.
func (d *Decoder) Entry() *Entry { return &d.entry }

// Err returns what ended the reading, nil for the proper end of the file.
func (d *Decoder) Err() error { return d.r.err }

// Place is a value in a file: how it is stored, and where it begins.
type Place struct {
	Type   Type
	Offset int
}

// Failed returns the value, and its key, that was being read when the reading ended with Err.
func (d *Decoder) Failed() (key []byte, at Place, inValue bool) { return d.entry.Key, d.at, d.inValue }

// Meta returns what the head of the file says; it is complete once Next was called.
func (d *Decoder) Meta() Meta { return d.meta }

// Hint returns the size of the current database according to the file.
func (d *Decoder) Hint() Hint { return d.hint }

// Functions returns the sources of the function libraries read so far.
func (d *Decoder) Functions() [][]byte { return d.functions }

// Offset returns how many bytes have been read; behind the end of the file, its length.
func (d *Decoder) Offset() int { return d.passed + d.r.pos }

// step handles one opcode, or reads the entry that begins with a type byte.
func (d *Decoder) step(op byte) (found bool) {
	if d.r.err != nil {
		return false
	}
	switch op {
	case opEnd:
		d.end()
	case opSelect:
		d.db = d.r.number()
		d.entry.DB, d.hint = d.db, Hint{}
	case opResize:
		d.hint = Hint{Keys: d.r.len(), Expires: d.r.len()}
	case opAux:
		d.aux(d.r.string(), d.r.string())
	case opExpire:
		d.expire(d.r.signed(4) * 1000)
	case opExpireMs:
		d.expire(int64(d.r.u64()))
	case opIdle:
		d.entry.Idle = int64(min(d.r.len(), math.MaxInt64))
	case opFreq:
		d.entry.Freq = int(d.r.byte())
	case opFunction:
		d.functions = append(d.functions, d.r.string())
	case opFunctionOld:
		d.r.fail("a function in the form of a release candidate of 7.0")
	case opModuleAux:
		d.r.fail("data of a module, which this release cannot hold")
	default:
		d.entry.Key = d.r.string()
		d.at, d.inValue = Place{Type: Type(op), Offset: d.Offset()}, true
		d.entry.Value = d.r.value(d.at.Type)
		d.inValue = d.r.err != nil
		if !d.entry.Value.empty() {
			return true
		}
		if d.r.err == nil { // else it may only be cut, and what precedes it counts when the rest has come
			d.skip()
			d.begin()
		}
	}
	return false
}

// namedEmpty is how many empty keys are remembered by name.
const namedEmpty = 10

// skip notes a key whose value has no elements: no Redis has such keys.
func (d *Decoder) skip() {
	if d.skipped++; d.skipped <= namedEmpty {
		d.empty = append(d.empty, string(d.entry.Key))
	}
}

// Skipped is how many keys were passed over because their values had no elements, and the names of the first.
func (d *Decoder) Skipped() (n int, names []string) { return d.skipped, d.empty }

// begin forgets the entry read so far.
func (d *Decoder) begin() { d.entry = Entry{DB: d.db, Idle: -1, Freq: -1} }

func (d *Decoder) expire(at int64) { d.entry.Expire = max(at, 1) }

func (d *Decoder) end() {
	if d.version < 5 {
		d.done = true
		return
	}
	if d.open() && d.r.left() < 8 {
		d.r.take(8)
		return
	}
	d.done = true
	d.sum(d.r.pos)
	d.summed += 8
	if want := d.r.u64(); d.r.err == nil && want != 0 && want != d.crc {
		d.stop(ErrChecksum)
	}
}

// sum continues the checksum up to position to.
func (d *Decoder) sum(to int) {
	if d.r.err == nil && to > d.summed {
		d.crc = Checksum(d.crc, d.r.data[d.summed:to])
		d.summed = to
	}
}

func (d *Decoder) stop(err error) {
	if d.r.err == nil {
		d.r.err = fmt.Errorf("rdb: byte %d: %w", d.Offset(), err)
	}
}

// aux notes one line of the head; unknown ones are skipped, as are numbers that are none.
func (d *Decoder) aux(name, value []byte) {
	text := string(value)
	number, _ := strconv.ParseInt(text, 10, 64)
	switch string(name) {
	case "redis-ver":
		d.meta.RedisVersion = text
	case "ctime":
		d.meta.Created = number
	case "used-mem":
		d.meta.UsedMemory = number
	case "repl-stream-db":
		d.meta.ReplDB = int(number)
	case "repl-id":
		d.meta.ReplID = text
	case "repl-offset":
		d.meta.ReplOffset = number
	case "aof-base":
		d.meta.AOFBase = number != 0
	}
}
