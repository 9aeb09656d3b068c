package lua

import (
	"math"
	"strconv"
	"strings"
)

func negativeZero(n float64) bool { return n == 0 && math.Signbit(n) }

// formatG is C's %.<precision>g.
func formatG(n float64, precision int) string {
	if special, ok := formatSpecial(n); ok {
		return special
	}
	return strconv.FormatFloat(n, 'g', precision, 64)
}

// formatSpecial writes what is not finite as glibc does.
func formatSpecial(n float64) (text string, ok bool) {
	switch {
	case math.IsInf(n, 1):
		return "inf", true
	case math.IsInf(n, -1):
		return "-inf", true
	case math.IsNaN(n) && math.Signbit(n):
		return "-nan", true
	case math.IsNaN(n):
		return "nan", true
	}
	return "", false
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isAlpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isHex(c byte) bool   { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

// ParseNumber reads a number as luaO_str2d does with glibc's strtod: white space around it, decimal or
// hexadecimal, infinities and NaN by name. A NUL byte ends the text.
func ParseNumber(text string) (n float64, ok bool) {
	if end := strings.IndexByte(text, 0); end >= 0 {
		text = text[:end]
	}
	text = strings.TrimFunc(text, func(r rune) bool { return r < 0x80 && isSpace(byte(r)) })
	if text == "" {
		return 0, false
	}
	body, sign := text, 1.0
	switch text[0] {
	case '-':
		body, sign = text[1:], -1
	case '+':
		body = text[1:]
	}
	if len(body) > 1 && body[0] == '0' && body[1]|0x20 == 'x' {
		n, ok = parseHex(body[2:])
		return sign * n, ok
	}
	switch {
	case strings.EqualFold(body, "inf"), strings.EqualFold(body, "infinity"):
		return math.Inf(int(sign)), true
	case strings.EqualFold(body, "nan"):
		return math.Copysign(math.NaN(), sign), true
	}
	if body == "" || decimalLength(body) != len(body) {
		return 0, false
	}
	n, _ = strconv.ParseFloat(body, 64) // out of range is an infinity, as in C
	return sign * n, true
}

// parseHex reads what follows 0x, a fraction and a binary exponent included.
func parseHex(text string) (n float64, ok bool) {
	mantissa, exponent, found := strings.Cut(strings.ToLower(text), "p")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if whole+fraction == "" || strings.Trim(whole+fraction, "0123456789abcdef") != "" {
		return 0, false
	}
	if !found {
		exponent = "0"
	}
	if digits := strings.TrimLeft(exponent, "+-"); len(exponent)-len(digits) > 1 || strings.Trim(digits, "0123456789") != "" || digits == "" {
		return 0, false
	}
	n, err := strconv.ParseFloat("0x"+whole+"."+fraction+"p"+exponent, 64)
	return n, err == nil || math.IsInf(n, 0)
}

// integer converts as C's (int)n does where it matters to us: out of range is the smallest int.
func integer(n float64) int {
	if n != n || n >= math.MaxInt64 || n <= math.MinInt64 {
		return math.MinInt64
	}
	return int(n)
}

// parseInBase is tonumber(text, base) (strtoul).
func parseInBase(text string, base int) (n float64, ok bool) {
	if end := strings.IndexByte(text, 0); end >= 0 {
		text = text[:end]
	}
	text = strings.TrimFunc(text, func(r rune) bool { return r < 0x80 && isSpace(byte(r)) })
	negative := strings.HasPrefix(text, "-")
	text = strings.TrimPrefix(strings.TrimPrefix(text, "-"), "+")
	if base == 16 && len(text) > 2 && text[0] == '0' && text[1]|0x20 == 'x' {
		text = text[2:]
	}
	if text == "" || strings.ContainsAny(text, "_+-") {
		return 0, false
	}
	u, err := strconv.ParseUint(text, base, 64)
	if err != nil && u != math.MaxUint64 {
		return 0, false
	}
	if negative && err == nil {
		u = -u
	}
	return float64(u), true
}

// FormatPrecise is a number with all its digits: C's %.17g.
func FormatPrecise(n float64) string { return formatG(n, 17) }

// FormatShort is a number as a debugger shows it: C's %g.
func FormatShort(n float64) string { return formatG(n, 6) }

// NumberPrefix reads the number that a text begins with, as strtod does; length is 0 when it begins
// with none.
func NumberPrefix(text string) (n float64, length int) {
	i := 0
	if i < len(text) && (text[i] == '-' || text[i] == '+') {
		i++
	}
	for _, word := range [...]string{"infinity", "inf", "nan"} {
		if len(text)-i >= len(word) && strings.EqualFold(text[i:i+len(word)], word) {
			n, _ = ParseNumber(text[:i+len(word)])
			return n, i + len(word)
		}
	}
	end := i + decimalLength(text[i:])
	if n := hexLength(text[i:]); n > 0 {
		end = i + n
	}
	if end == i {
		return 0, 0
	}
	n, _ = ParseNumber(text[:end])
	return n, end
}

// decimalLength is how much of a text is a decimal number without a sign.
func decimalLength(text string) int { return numberLength(text, isDigit, 'e') }

// hexLength is how much of it is a number in hexadecimal digits, 0x included.
func hexLength(text string) int {
	if len(text) < 2 || text[0] != '0' || text[1]|0x20 != 'x' {
		return 0
	}
	if n := numberLength(text[2:], isHex, 'p'); n > 0 {
		return 2 + n
	}
	return 0
}

// numberLength is how much of a text is digits, a point and an exponent in their places.
func numberLength(text string, is func(byte) bool, exponent byte) int {
	i := digitsLength(text, is)
	digits := i
	if i < len(text) && text[i] == '.' {
		more := digitsLength(text[i+1:], is)
		digits += more
		i += 1 + more
	}
	if digits == 0 {
		return 0
	}
	return i + exponentLength(text[i:], exponent)
}

// exponentLength is how much of a text is an exponent that begins with that letter.
func exponentLength(text string, letter byte) int {
	if len(text) == 0 || text[0]|0x20 != letter {
		return 0
	}
	i := 1
	if i < len(text) && (text[i] == '-' || text[i] == '+') {
		i++
	}
	if n := digitsLength(text[i:], isDigit); n > 0 {
		return i + n
	}
	return 0
}

func digitsLength(text string, is func(byte) bool) (n int) {
	for n < len(text) && is(text[n]) {
		n++
	}
	return n
}

// FormatDigits is a number with that many significant digits: C's %.<digits>g.
func FormatDigits(n float64, digits int) string { return formatG(n, digits) }
