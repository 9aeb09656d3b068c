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
func DecodeDump(payload []byte) (Value, error) {
	if len(payload) < dumpTail+1 {
		return Value{}, ErrDump
	}
	sum := len(payload) - 8
	body := sum - 2
	if binary.LittleEndian.Uint16(payload[body:]) > Version ||
		Checksum(0, payload[:sum]) != binary.LittleEndian.Uint64(payload[sum:]) {
		return Value{}, ErrDump
	}
	r := reader{data: payload[1:body]}
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
