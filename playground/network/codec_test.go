package network

import (
	"encoding/hex"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// goldenFrames is the message that assets/src/core/frames.test.ts decodes: an AUTH_REQ that has
// arrived and a held PING on its way, sampled from forty.
const goldenFrames = "01010200" + "28000000" + "00000000c01cc840" +
	"dc050000" + "d6060000" + "0500" + "5c1b" + "581b" + "0000" + "d0080000" + "2a000000" +
	"e8030000" + "ffffffff" + "0002" + "581b" + "591b" + "0000" + "00090000" + "2b000000"

// after is a moment so many microseconds after the golden message's first.
func after(us int64) time.Time { return time.UnixMicro(12345500 + us) }

func TestFramesAreEncodedAsThePageReadsThem(t *testing.T) {
	frames := []Frame{
		{ID: 42, Type: 5, From: "7004", To: "7000", Bytes: 2256, Sent: after(1500), Arrived: after(1750)},
		{ID: 43, Type: 0, From: "7000", To: "7001", Bytes: 2304, Sent: after(1000), Held: true},
		{ID: 44, Type: 1, From: "", To: "7001", Bytes: 1, Sent: after(0), Arrived: after(9), Dropped: true},
	}
	got := EncodeFrames(frames, 40)
	require.Len(t, got, frameHeader+3*frameRecord)
	golden, err := hex.DecodeString(goldenFrames)
	require.NoError(t, err)
	require.EqualValues(t, 3, got[2])
	require.Equal(t, golden[4:], got[4:frameHeader+2*frameRecord], hex.EncodeToString(got))
	last := got[frameHeader+2*frameRecord:]
	require.Equal(t, "00000000ffffffff0101"+"0000"+"591b"+"0000"+"01000000"+"2c000000", hex.EncodeToString(last))
}

func TestNothingToTellIsNoMessage(t *testing.T) {
	require.Nil(t, EncodeFrames(nil, 7))
}

func TestTimesOutsideARecordAreKeptWithinIt(t *testing.T) {
	require.EqualValues(t, 0, micros(-time.Second))
	require.EqualValues(t, inFlight-1, micros(100*time.Hour))
}

func TestSamplingKeepsWhatPeopleLookFor(t *testing.T) {
	frames := make([]Frame, 1000)
	for i := range frames {
		frames[i] = Frame{ID: uint64(i), Type: uint8(i % 2)}
	}
	frames[777].Type = 5
	kept := Sample(frames, 100)
	require.LessOrEqual(t, len(kept), 101)
	require.GreaterOrEqual(t, len(kept), 90)
	rareOnes := 0
	for _, f := range kept {
		if f.Type == 5 {
			rareOnes++
		}
	}
	require.Equal(t, 1, rareOnes)
}
