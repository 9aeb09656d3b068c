package script

import (
	"bytes"
	"math"
	"strconv"
)

// maxWords and maxWord bound a command of the debugger.
const (
	maxWords = 1024
	maxWord  = 1024
)

// maxNumber is how much of a number's line is looked at. A longer one is no number that is allowed.
const maxNumber = 64

// parseDebug reads one command of the debugger's protocol, which is RESP as a forgiving reader sees it
// (ldbReplParseCommand): what precedes the first star does not matter, what follows the command is
// dropped by the caller, and a word is never empty. No words and no mistake: more is needed.
func parseDebug(b []byte) (words []string, mistake bool) {
	if len(b) == 0 {
		return nil, false
	}
	star := bytes.IndexByte(b, '*')
	if star < 0 || bytes.IndexByte(b[:star], 0) >= 0 {
		return nil, true
	}
	n, b, more := countLine(b[star:])
	switch {
	case more:
		return nil, false
	case n <= 0 || n > maxWords:
		return nil, true
	}
	found := make([][]byte, 0, 8)
	for len(found) < n {
		var size int
		switch {
		case len(b) == 0 || b[0] == 0:
			return nil, false
		case b[0] != '$':
			return nil, true
		}
		if size, b, more = countLine(b); more {
			return nil, false
		}
		switch {
		case size <= 0 || size > maxWord:
			return nil, true
		case size+2 > len(b):
			return nil, false
		case b[size] != '\r' || b[size+1] != '\n':
			return nil, true
		}
		found = append(found, b[:size])
		b = b[size+2:]
	}
	for _, word := range found {
		words = append(words, string(word))
	}
	return words, false
}

// countLine reads a sign and a number; more says that its line is not whole.
func countLine(b []byte) (n int, rest []byte, more bool) {
	end := bytes.Index(b, []byte("\r\n"))
	if end < 0 || bytes.IndexByte(b[:end], 0) >= 0 { // C's text ends at a NUL
		return 0, b, true
	}
	return atoi(string(b[1:min(end, maxNumber)])), b[end+2:], false
}

// atoi is C's: what a text begins with, as far as it is a number, of 32 bits.
func atoi(text string) int {
	i := 0
	for i < len(text) && (text[i] == ' ' || text[i] >= '\t' && text[i] <= '\r') {
		i++
	}
	end := i
	if end < len(text) && (text[end] == '-' || text[end] == '+') {
		end++
	}
	for end < len(text) && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	n, err := strconv.ParseInt(text[i:end], 10, 64)
	switch {
	case err == nil:
	case n == 0:
		return 0
	case n > 0:
		n = math.MaxInt64
	default:
		n = math.MinInt64
	}
	return int(int32(n))
}
