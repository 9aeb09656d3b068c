package server

import (
	"strconv"
	"testing"
)

// longStream is a driver with a stream of so many entries, and a group that has read none.
func longStream(b *testing.B, entries int) *driver {
	d := newDriver(b)
	for i := range entries {
		d.call("a", "XADD", "s", strconv.Itoa(i+1)+"-1", "sensor", "1234", "temperature", "19.8")
	}
	d.do("a", "XGROUP CREATE s g 0")
	return d
}

func BenchmarkXAdd(b *testing.B) {
	benchCall(b, newDriver(b), "XADD", "s", "MAXLEN", "~", "10000", "*", "sensor", "1234", "temperature", "19.8")
}

func BenchmarkXRange10(b *testing.B) {
	benchCall(b, longStream(b, 5000), "XRANGE", "s", "2500", "+", "COUNT", "10")
}

func BenchmarkXRange1000(b *testing.B) {
	benchCall(b, longStream(b, 5000), "XRANGE", "s", "2500", "+", "COUNT", "1000")
}

func BenchmarkXReadLast(b *testing.B) {
	benchCall(b, longStream(b, 5000), "XREAD", "COUNT", "10", "STREAMS", "s", "4990-1")
}

// BenchmarkXReadGroup delivers and acknowledges the same entries over and over.
func BenchmarkXReadGroup(b *testing.B) {
	d := longStream(b, 1000)
	c := d.client("bench")
	read := asBytes([]string{"XREADGROUP", "GROUP", "g", "c", "COUNT", "1", "STREAMS", "s", ">"})
	again := asBytes([]string{"XGROUP", "SETID", "s", "g", "0"})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if i%1000 == 999 {
			d.s.Call(d.now, c, again)
		}
		d.s.Call(d.now, c, read)
		if i%16 == 15 {
			d.s.BeforeSleep(d.now)
			c.Out = c.Out[:0]
		}
	}
}
