package resp

import (
	"bytes"
	"strconv"
)

// fastDigits is how many bytes of a header the quick path reads; no sane length has more.
const fastDigits = 10

// headerLine reads the number in a header line; b begins with the line's type byte. used is the
// length of the line, 0 when it is not complete, negative when it cannot be a header because it
// is longer than limit. ok is false when it is no number. Redis looks for the CR only and takes
// the byte after it unseen, so the line is complete with that byte.
func headerLine(b []byte, limit int) (n int64, used int, ok bool) {
	if len(b) > 0 && b[0] == 0 {
		return slowHeaderLine(b, limit)
	}
	for i := 1; i < len(b) && i <= fastDigits; i++ {
		c := b[i]
		if c-'0' > 9 {
			if c != '\r' || i == 1 || b[1] == '0' && i > 2 || i+1 >= len(b) {
				break
			}
			return n, i + 2, true
		}
		n = n*10 + int64(c-'0')
	}
	return slowHeaderLine(b, limit)
}

func slowHeaderLine(b []byte, limit int) (n int64, used int, ok bool) {
	end := endOfLine(b[:min(len(b), limit+1)], '\r')
	switch {
	case end < 0 && len(b) > limit:
		return 0, -1, false
	case end < 0 || end+1 >= len(b):
		return 0, 0, false
	case end == 0:
		return 0, 2, false
	}
	n, ok = ParseInt(b[1:end])
	return n, end + 2, ok
}

// endOfLine is where the line ends, negative when it does not yet. A line with a NUL never does: Redis
// looks for its end as in a string of C.
func endOfLine(b []byte, last byte) int {
	end := bytes.IndexByte(b, last)
	if end > 0 && bytes.IndexByte(b[:end], 0) >= 0 {
		return -1
	}
	return end
}

// ParseInt reads a decimal number as strictly as Redis (string2ll): no spaces, no plus sign, no
// leading zero, no minus zero, within 64 bits.
func ParseInt(b []byte) (n int64, ok bool) {
	digits := b
	if len(digits) > 1 && digits[0] == '-' {
		digits = digits[1:]
	}
	switch {
	case len(b) == 0 || len(b) > maxIntLen:
		return 0, false
	case len(b) == 1 && b[0] == '0':
		return 0, true
	case digits[0] < '1' || digits[0] > '9':
		return 0, false
	}
	n, err := strconv.ParseInt(string(b), 10, 64)
	return n, err == nil
}

// maxIntLen is the length of the smallest 64-bit number, -9223372036854775808.
const maxIntLen = 20
