package command

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// longestFloat is the longest text that is read as a floating point number
// (MAX_LONG_DOUBLE_CHARS).
const longestFloat = 5 * 1024

// Integer reads a 64-bit integer; when text is none it writes the error and ok is false.
func (c *Context) Integer(text []byte) (n int64, ok bool) { return c.intOr(text, resp.ErrNotInteger) }

func (c *Context) intOr(text []byte, failure string) (n int64, ok bool) {
	if n, ok = keyspace.ParseInt(text); !ok {
		c.Error(failure)
	}
	return n, ok
}

// IntegerIn is Integer for a number from low to high; any other writes failure.
func (c *Context) IntegerIn(text []byte, low, high int64, failure string) (n int64, ok bool) {
	if n, ok = c.Integer(text); ok && (n < low || n > high) {
		c.Error(failure)
		return 0, false
	}
	return n, ok
}

// ParseFloat reads a floating point number as C's strtod does: also inf, infinity and
// hexadecimal, but no NaN, nothing out of range and no blanks around it (string2d).
func ParseFloat(text []byte) (f float64, ok bool) {
	if plainDecimal(text) {
		f, err := strconv.ParseFloat(string(text), 64)
		return f, err == nil
	}
	s, ok := floatText(text)
	if !ok {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || f == 0 && hasDigit(s) {
		return 0, false
	}
	return f, true
}

// longestPlain is as long as a text may be that reads as a number without taking memory.
const longestPlain = 24

// plainDecimal tells a number that is nothing but digits, with a point and a minus at most. Every one
// of them is in range, and C reads it as Go does.
func plainDecimal(text []byte) bool {
	if len(text) == 0 || len(text) > longestPlain {
		return false
	}
	for _, c := range text {
		if (c < '0' || c > '9') && c != '.' && c != '-' {
			return false
		}
	}
	return true
}

// floatText checks text for what Go reads and C does not, and gives hexadecimal numbers the
// exponent that only Go insists on.
func floatText(text []byte) (s string, ok bool) {
	if len(text) == 0 || len(text) >= longestFloat {
		return "", false
	}
	s = string(text)
	if strings.ContainsRune(s, '_') {
		return "", false
	}
	digits := strings.ToLower(strings.TrimLeft(s, "+-"))
	if strings.HasPrefix(digits, "0x") && !strings.Contains(digits, "p") {
		s += "p0"
	}
	return s, true
}

// hasDigit tells whether the mantissa of a number has a digit other than 0: such a number that
// reads as zero is out of range.
func hasDigit(s string) bool {
	s = strings.ToLower(s)
	end, digits := "e", "123456789"
	if strings.Contains(s, "0x") {
		end, digits = "p", "123456789abcdef"
	}
	mantissa, _, _ := strings.Cut(s, end)
	return strings.ContainsAny(mantissa, digits)
}

// A long double has 64 bits of mantissa and exponents up to 16384. INCRBYFLOAT calculates with
// it, and its results show in the seventeenth digit.
const (
	longDoubleBits   = 64
	longDoubleMaxExp = 16384
	longDoubleMinExp = -16445
)

// ParseLongDouble reads a floating point number as C's strtold does; ok is false for NaN and
// whatever does not fit (string2ld).
func ParseLongDouble(text []byte) (f *big.Float, ok bool) {
	s, ok := floatText(text)
	if !ok {
		return nil, false
	}
	if word := strings.ToLower(strings.TrimLeft(s, "+-")); word == "infinity" {
		s = strings.TrimSuffix(s[:len(s)-len(word)]+"inf", "p0")
	}
	f, _, err := big.ParseFloat(s, 0, longDoubleBits, big.ToNearestEven)
	if err != nil || hasBasePrefix(s) {
		return nil, false
	}
	if !f.IsInf() && f.MantExp(nil) > longDoubleMaxExp || f.MantExp(nil) < longDoubleMinExp || f.Sign() == 0 && hasDigit(s) {
		return nil, false
	}
	return f, true
}

// hasBasePrefix tells whether a number is binary or octal in Go's way, which C does not know.
func hasBasePrefix(s string) bool {
	s = strings.ToLower(strings.TrimLeft(s, "+-"))
	return strings.HasPrefix(s, "0b") || strings.HasPrefix(s, "0o")
}

// AddLongDouble returns a+b; ok is false when that is not a finite number.
func AddLongDouble(a, b *big.Float) (sum *big.Float, ok bool) {
	if a.IsInf() || b.IsInf() {
		return nil, false
	}
	sum = new(big.Float).SetPrec(longDoubleBits).Add(a, b)
	return sum, sum.MantExp(nil) <= longDoubleMaxExp
}

// FormatLongDouble writes f with up to 17 decimals and without trailing zeros (ld2string,
// LD_STR_HUMAN).
func FormatLongDouble(f *big.Float) string {
	s := f.Text('f', 17)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" || s == "" {
		return "0"
	}
	return s
}
