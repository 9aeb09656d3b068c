package network

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"
)

// The binary form of frames in flight, which the page reads as it comes: a header, then records of a fixed size, little-endian.
//
//	header  u8 version=1 | u8 type=1 | u16 records | u32 frames before sampling | f64 t0, virtual ms
//	record  u32 sent, µs after t0 | u32 arrived, µs after t0 (all ones: on its way or dropped) |
//	        u8 kind | u8 flags | u16 from port | u16 to port | u16 0 | u32 bytes | u32 frame id
const (
	frameVersion = 1
	frameGossip  = 1
	frameHeader  = 16
	frameRecord  = 24
	inFlight     = math.MaxUint32

	flagDropped = 1
	flagHeld    = 2
)

// EncodeFrames writes frames as one binary message. total says how many there were before some
// were left out. It returns nil when there is nothing to tell.
func EncodeFrames(frames []Frame, total int) []byte {
	if len(frames) == 0 {
		return nil
	}
	t0 := frames[0].Sent
	for _, f := range frames {
		if f.Sent.Before(t0) {
			t0 = f.Sent
		}
	}
	out := make([]byte, frameHeader, frameHeader+len(frames)*frameRecord)
	out[0], out[1] = frameVersion, frameGossip
	binary.LittleEndian.PutUint16(out[2:], uint16(len(frames)))
	binary.LittleEndian.PutUint32(out[4:], uint32(total))
	binary.LittleEndian.PutUint64(out[8:], math.Float64bits(float64(t0.UnixMicro())/1000))
	for i := range frames {
		out = appendFrame(out, &frames[i], t0)
	}
	return out
}

func appendFrame(out []byte, f *Frame, t0 time.Time) []byte {
	arrived := uint32(inFlight)
	if !f.Arrived.IsZero() && !f.Dropped {
		arrived = micros(f.Arrived.Sub(t0))
	}
	var flags byte
	if f.Dropped {
		flags |= flagDropped
	}
	if f.Held {
		flags |= flagHeld
	}
	out = binary.LittleEndian.AppendUint32(out, micros(f.Sent.Sub(t0)))
	out = binary.LittleEndian.AppendUint32(out, arrived)
	out = append(out, f.Type, flags)
	out = binary.LittleEndian.AppendUint16(out, port(f.From))
	out = binary.LittleEndian.AppendUint16(out, port(f.To))
	out = binary.LittleEndian.AppendUint16(out, 0)
	out = binary.LittleEndian.AppendUint32(out, uint32(f.Bytes))
	return binary.LittleEndian.AppendUint32(out, uint32(f.ID))
}

// Recorded is a frame as it is read back: its nodes are ports, for that is how it was written.
type Recorded struct {
	ID            uint32
	Type          uint8
	From, To      uint16
	Bytes         uint32
	Sent, Arrived time.Time // Arrived is zero for one that did not arrive
	Dropped, Held bool
}

// DecodeFrames reads what EncodeFrames wrote, and how many frames there were before sampling.
func DecodeFrames(data []byte) (frames []Recorded, total int, err error) {
	if len(data) < frameHeader || data[0] != frameVersion || data[1] != frameGossip {
		return nil, 0, errors.New("frames: the header is not known")
	}
	n := int(binary.LittleEndian.Uint16(data[2:]))
	if len(data) != frameHeader+n*frameRecord {
		return nil, 0, fmt.Errorf("frames: %d bytes do not hold %d records", len(data), n)
	}
	t0 := time.UnixMicro(int64(math.Round(math.Float64frombits(binary.LittleEndian.Uint64(data[8:])) * 1000)))
	frames = make([]Recorded, n)
	for i := range frames {
		frames[i] = decodeFrame(data[frameHeader+i*frameRecord:], t0)
	}
	return frames, int(binary.LittleEndian.Uint32(data[4:])), nil
}

func decodeFrame(record []byte, t0 time.Time) Recorded {
	at := func(micros uint32) time.Time { return t0.Add(time.Duration(micros) * time.Microsecond) }
	f := Recorded{
		Sent: at(binary.LittleEndian.Uint32(record)), Type: record[8],
		Dropped: record[9]&flagDropped != 0, Held: record[9]&flagHeld != 0,
		From: binary.LittleEndian.Uint16(record[10:]), To: binary.LittleEndian.Uint16(record[12:]),
		Bytes: binary.LittleEndian.Uint32(record[16:]), ID: binary.LittleEndian.Uint32(record[20:]),
	}
	if arrived := binary.LittleEndian.Uint32(record[4:]); arrived != inFlight {
		f.Arrived = at(arrived)
	}
	return f
}

// micros keeps a time within what a record can say: 71 minutes.
func micros(d time.Duration) uint32 {
	return uint32(min(max(d.Microseconds(), 0), inFlight-1))
}

// port is the client port by which a node is named; a foreign process is 0.
func port(name string) uint16 {
	n, err := strconv.ParseUint(name, 10, 16)
	if err != nil {
		return 0
	}
	return uint16(n)
}

// Sample keeps at most most frames, spread evenly; rare kinds (anything but PING, PONG and
// streams) are always kept, because they are what people look for.
func Sample(frames []Frame, most int) []Frame {
	if len(frames) <= most {
		return frames
	}
	stride := (len(frames) + most - 1) / most
	kept := frames[:0]
	for i, f := range frames {
		if i%stride == 0 || rare(f.Type) && len(kept) < math.MaxUint16 {
			kept = append(kept, f)
		}
	}
	return kept
}

func rare(kind uint8) bool {
	return kind >= 2 && kind <= 10 || kind >= TypeAskDown && kind <= TypeReplicaOf
}
