package rdb

import (
	"fmt"
	"testing"
)

// BenchmarkEncode and BenchmarkDecode measure 100,000 keys of 100 bytes.
func BenchmarkEncode(b *testing.B) {
	values, keys := benchValues()
	var e Encoder
	b.ReportAllocs()
	for b.Loop() {
		e.Header(Meta{})
		for i := range values {
			e.Entry(keys[i], &values[i], 0)
		}
		e.End()
		b.SetBytes(int64(len(e.Buf)))
		e.Buf = e.Buf[:0]
	}
}

func BenchmarkDecode(b *testing.B) {
	values, keys := benchValues()
	var e Encoder
	e.Header(Meta{})
	for i := range values {
		e.Entry(keys[i], &values[i], 0)
	}
	e.End()
	file := e.Take()
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		d := NewDecoder(file)
		for d.Next() {
			n++
		}
		if n != len(values) || d.Err() != nil {
			b.Fatal(n, d.Err())
		}
	}
}

func benchValues() (values []Value, keys [][]byte) {
	for i := range 100_000 {
		text := fmt.Sprintf("%0100d", i*7919)
		if i%2 == 0 {
			text = fmt.Sprintf("%x%x%x%x", i*2654435761, i*40503, i*7919, i*104729)
		}
		values = append(values, str(text))
		keys = append(keys, fmt.Appendf(nil, "key:%d", i))
	}
	return values, keys
}
