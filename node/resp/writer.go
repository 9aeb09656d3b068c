package resp

import (
	"math"
	"strconv"
	"strings"
)

// Writer appends replies to Buf in the protocol version of the client, 2 or 3. The zero Writer
// speaks RESP2. RESP3-only types fall back to what Redis 7.0 sends a RESP2 client.
type Writer struct {
	Buf   []byte
	Proto int
}

// Status appends a simple string: +OK.
func (w *Writer) Status(s string) {
	w.Buf = append(w.Buf, '+')
	w.Buf = append(w.Buf, s...)
	w.Buf = append(w.Buf, '\r', '\n')
}

// OK appends +OK.
func (w *Writer) OK() { w.Buf = append(w.Buf, "+OK\r\n"...) }

// Error appends an error. text includes its code ("ERR syntax error"); CR and LF become spaces,
// at the end they are dropped (addReplyErrorFormat).
func (w *Writer) Error(text string) {
	text = strings.TrimRight(text, "\r\n")
	w.Buf = append(w.Buf, '-')
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '\r' || c == '\n' {
			c = ' '
		}
		w.Buf = append(w.Buf, c)
	}
	w.Buf = append(w.Buf, '\r', '\n')
}

// Int appends an integer.
func (w *Writer) Int(n int64) { w.header(':', n) }

// Bulk appends a bulk string.
func (w *Writer) Bulk(b []byte) {
	w.header('$', int64(len(b)))
	w.Buf = append(w.Buf, b...)
	w.Buf = append(w.Buf, '\r', '\n')
}

// BulkString appends a bulk string.
func (w *Writer) BulkString(s string) {
	w.header('$', int64(len(s)))
	w.Buf = append(w.Buf, s...)
	w.Buf = append(w.Buf, '\r', '\n')
}

// BulkInt appends an integer in the form of a bulk string.
func (w *Writer) BulkInt(n int64) {
	var digits [20]byte
	w.Bulk(strconv.AppendInt(digits[:0], n, 10))
}

// Null appends the absent value: $-1 in RESP2, _ in RESP3.
func (w *Writer) Null() {
	if w.Proto == 3 {
		w.Buf = append(w.Buf, "_\r\n"...)
		return
	}
	w.Buf = append(w.Buf, "$-1\r\n"...)
}

// NullArray appends the absent array: *-1 in RESP2, _ in RESP3.
func (w *Writer) NullArray() {
	if w.Proto == 3 {
		w.Buf = append(w.Buf, "_\r\n"...)
		return
	}
	w.Buf = append(w.Buf, "*-1\r\n"...)
}

// Array opens an array of n elements; the elements follow.
func (w *Writer) Array(n int) { w.header('*', int64(n)) }

// Map opens a map of n pairs; in RESP2 an array of 2n elements.
func (w *Writer) Map(n int) {
	if w.Proto == 3 {
		w.header('%', int64(n))
		return
	}
	w.header('*', int64(2*n))
}

// Set opens a set of n elements; in RESP2 an array.
func (w *Writer) Set(n int) {
	if w.Proto == 3 {
		w.header('~', int64(n))
		return
	}
	w.header('*', int64(n))
}

// Push opens an out-of-band message of n elements; in RESP2 an array.
func (w *Writer) Push(n int) {
	if w.Proto == 3 {
		w.header('>', int64(n))
		return
	}
	w.header('*', int64(n))
}

// Attribute opens an attribute of n pairs, which goes before a reply; there is none in RESP2.
func (w *Writer) Attribute(n int) { w.header('|', int64(n)) }

// Double appends a floating point number; in RESP2 a bulk string with 17 significant digits.
func (w *Writer) Double(f float64) {
	text := FormatDouble(f)
	if w.Proto == 3 {
		w.Buf = append(w.Buf, ',')
		w.Buf = append(w.Buf, text...)
		w.Buf = append(w.Buf, '\r', '\n')
		return
	}
	w.BulkString(text)
}

// Bool appends a boolean; in RESP2 the integer 1 or 0.
func (w *Writer) Bool(b bool) {
	switch {
	case w.Proto == 3 && b:
		w.Buf = append(w.Buf, "#t\r\n"...)
	case w.Proto == 3:
		w.Buf = append(w.Buf, "#f\r\n"...)
	case b:
		w.Int(1)
	default:
		w.Int(0)
	}
}

// Verbatim appends text with a three-letter format ("txt"); in RESP2 a bulk string.
func (w *Writer) Verbatim(format, text string) {
	if w.Proto != 3 {
		w.BulkString(text)
		return
	}
	w.header('=', int64(len(text)+4))
	w.Buf = append(w.Buf, format...)
	w.Buf = append(w.Buf, ':')
	w.Buf = append(w.Buf, text...)
	w.Buf = append(w.Buf, '\r', '\n')
}

// BigNumber appends an integer of any size in decimal; in RESP2 a bulk string.
func (w *Writer) BigNumber(digits string) {
	if w.Proto != 3 {
		w.BulkString(digits)
		return
	}
	w.Buf = append(w.Buf, '(')
	w.Buf = append(w.Buf, digits...)
	w.Buf = append(w.Buf, '\r', '\n')
}

// Command appends words as a command: an array of bulk strings.
func (w *Writer) Command(words ...[]byte) { w.Buf = AppendCommand(w.Buf, words...) }

// AppendCommand appends words as a command, the form in which requests and replication streams
// travel.
func AppendCommand(dst []byte, words ...[]byte) []byte {
	w := Writer{Buf: dst}
	w.Array(len(words))
	for _, word := range words {
		w.Bulk(word)
	}
	return w.Buf
}

// AppendWords is AppendCommand for words that are strings.
func AppendWords(dst []byte, words ...string) []byte {
	w := Writer{Buf: dst}
	w.Array(len(words))
	for _, word := range words {
		w.BulkString(word)
	}
	return w.Buf
}

// header appends kind, n and CRLF.
func (w *Writer) header(kind byte, n int64) {
	switch {
	case n >= 0 && n <= 9:
		w.Buf = append(w.Buf, kind, '0'+byte(n), '\r', '\n')
		return
	case n >= 10 && n <= 99:
		w.Buf = append(w.Buf, kind, '0'+byte(n/10), '0'+byte(n%10), '\r', '\n')
		return
	}
	w.Buf = append(w.Buf, kind)
	w.Buf = strconv.AppendInt(w.Buf, n, 10)
	w.Buf = append(w.Buf, '\r', '\n')
}

// FormatDouble writes f as 7.0 replies with it: inf, -inf, nan, else 17 significant digits without
// trailing zeros, C's %.17g (addReplyDouble): 3.3 is 3.2999999999999998.
func FormatDouble(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case math.IsNaN(f):
		return "nan"
	}
	return strconv.FormatFloat(f, 'g', 17, 64)
}
