package hll

import (
	"encoding/binary"
	"fmt"
	"math"
)

// How much SelfTest tries: a tenth of what Redis does. That takes a tenth of a second; the process
// has other nodes, which are not to wait for longer.
const (
	testRounds   = 100
	testElements = 1_000_000
)

// SelfTest checks the dense registers and the estimates, as PFSELFTEST does, and returns what is
// wrong in its words, or nothing. random returns a number from 0 to n-1.
func SelfTest(random func(n int) int, limit int) string {
	dense, _, _ := Dense(New())
	if wrong := testRegisters(dense[headerSize:], random); wrong != "" {
		return wrong
	}
	clear(dense[headerSize:])
	return testEstimates(dense, uint64(random(math.MaxInt32)), limit)
}

// testRegisters fills all registers with random values and reads them back.
func testRegisters(body []byte, random func(n int) int) string {
	var want [registers]byte
	for range testRounds {
		for i := range want {
			want[i] = byte(random(registerMax + 1))
			putDense(body, i, want[i])
		}
		for i := range want {
			if got := denseAt(body, i); got != want[i] {
				return fmt.Sprintf("Register %d should be %d but is %d", i, want[i], got)
			}
		}
	}
	return ""
}

// testEstimates adds elements to a dense and a sparse sketch and compares them with each other and
// with the truth at each power of ten.
func testEstimates(dense []byte, start uint64, limit int) string {
	sparse, checkpoint := New(), 1
	var element [8]byte
	for i := 1; i <= testElements; i++ {
		binary.LittleEndian.PutUint64(element[:], uint64(i)^start)
		dense, _, _ = Add(dense, element[:], limit)
		sparse, _, _ = Add(sparse, element[:], limit)
		if i != checkpoint {
			continue
		}
		if wrong := compareSketches(dense, sparse, i, limit); wrong != "" {
			return wrong
		}
		checkpoint *= 10
	}
	return ""
}

func compareSketches(dense, sparse []byte, added, limit int) string {
	a, _ := Count(dense)
	b, _ := Count(sparse)
	tolerated := math.Ceil(1.04 / math.Sqrt(registers) * 6 * float64(added))
	if added == 10 {
		tolerated = 1
	}
	off := math.Abs(float64(added) - float64(a))
	switch {
	case added < limit/2 && !Sparse(sparse):
		return "sparse encoding not used"
	case a != b:
		return "dense/sparse disagree"
	case off > tolerated:
		return fmt.Sprintf("Too big error. card:%d abserr:%.0f", added, off)
	}
	return ""
}
