package rdb

import (
	"encoding/binary"
	"errors"
)

// dumpTail is the version and the checksum behind a value.
const dumpTail = 10

// ErrDump means that a payload is too short, of a newer version, or that its checksum is wrong.
// RESTORE answers "ERR DUMP payload version or checksum are wrong"; for every other error of
// DecodeDump it answers "ERR Bad data format".
var ErrDump = errors.New("rdb: payload version or checksum are wrong")

// AppendDump appends what DUMP answers for v. Callers with many values keep an Encoder and use
// its Dump.
func AppendDump(dst []byte, v *Value) []byte {
	e := Encoder{Buf: dst}
	e.Dump(v)
	return e.Buf
}

// Dump appends what DUMP answers for v to Buf.
func (e *Encoder) Dump(v *Value) {
	start := len(e.Buf)
	e.Buf = append(e.Buf, 0)
	e.Buf[start] = byte(e.value(v))
	e.Buf = binary.LittleEndian.AppendUint16(e.Buf, Version)
	e.Buf = binary.LittleEndian.AppendUint64(e.Buf, Checksum(0, e.Buf[start:]))
	e.summed = len(e.Buf)
}

// DecodeDump reads what DUMP answered. The value may share memory with payload.
func DecodeDump(payload []byte) (Value, error) { return decodeDump(payload, true) }

// DecodeUnsealed is DecodeDump that does not look at the checksum.
func DecodeUnsealed(payload []byte) (Value, error) { return decodeDump(payload, false) }

func decodeDump(payload []byte, sealed bool) (Value, error) {
	body, err := dumpBody(payload, sealed)
	if err != nil || len(body) == 0 {
		return Value{}, ErrDump
	}
	r := reader{data: body[1:]}
	v := r.value(Type(payload[0]))
	if r.err == nil && r.pos != len(r.data) {
		r.fail("bytes behind the value")
	}
	if v.empty() {
		r.fail("value without elements")
	}
	if r.err != nil {
		return Value{}, r.err
	}
	return v, nil
}

// DumpEnd appends the version and the checksum that end a payload of DUMP or FUNCTION DUMP to Buf.
func (e *Encoder) DumpEnd() {
	e.Buf = binary.LittleEndian.AppendUint16(e.Buf, Version)
	e.Buf = binary.LittleEndian.AppendUint64(e.Buf, Checksum(0, e.Buf))
	e.summed = len(e.Buf)
}

// ErrNoFunction means that a payload of FUNCTION RESTORE holds something else than libraries.
var ErrNoFunction = errors.New("rdb: given type is not a function")

// DecodeFunctions reads what FUNCTION DUMP answered: the sources of libraries. With an error it returns
// those that stand before it.
func DecodeFunctions(payload []byte) (sources [][]byte, err error) {
	body, err := dumpBody(payload, true)
	if err != nil {
		return nil, err
	}
	r := reader{data: body}
	for r.pos < len(r.data) {
		if op := r.byte(); op != opFunction {
			return sources, ErrNoFunction
		}
		source := r.string()
		if r.err != nil {
			return sources, r.err
		}
		sources = append(sources, source)
	}
	return sources, nil
}

// dumpBody checks the end of a payload and returns what stands before it.
func dumpBody(payload []byte, sealed bool) ([]byte, error) {
	if len(payload) < dumpTail {
		return nil, ErrDump
	}
	sum := len(payload) - 8
	body := sum - 2
	if binary.LittleEndian.Uint16(payload[body:]) > Version ||
		sealed && Checksum(0, payload[:sum]) != binary.LittleEndian.Uint64(payload[sum:]) {
		return nil, ErrDump
	}
	return payload[:body], nil
}
