package lua

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheNumberThatATextBeginsWith has what glibc's strtod takes of each text.
func TestTheNumberThatATextBeginsWith(t *testing.T) {
	for text, want := range map[string]struct {
		n      float64
		length int
	}{
		"1": {1, 1}, "12]": {12, 2}, "-1.5,": {-1.5, 4}, "1.": {1, 2}, ".5": {.5, 2}, "1.e2": {100, 4}, "1e": {1, 1}, "1e+": {1, 1},
		"1e+2x": {100, 4}, "1E-2": {.01, 4}, "1.2.3": {1.2, 3}, "1e2e3": {100, 3}, "+7": {7, 2}, "0x1F": {31, 4}, "0x1p3": {8, 5},
		"0x.8": {.5, 4}, "0x1pz": {1, 3}, "0x": {0, 1}, "0xg": {0, 1}, "-0x1F,": {-31, 5}, "12ab": {12, 2},
		"x": {0, 0}, "": {0, 0}, "-": {0, 0}, ".": {0, 0}, "e5": {0, 0}, "--1": {0, 0},
	} {
		n, length := NumberPrefix(text)
		require.Equal(t, want.n, n, text)
		require.Equal(t, want.length, length, text)
	}
	for text, want := range map[string]int{"inf": 3, "infinity": 8, "-Infinit": 4, "NaN,": 3, "+nan": 4} {
		_, length := NumberPrefix(text)
		require.Equal(t, want, length, text)
	}
	for _, text := range []string{"", "-", "+", ".", "-.", "1.2.3", "1e", "e1", "0x", "1x", "--1", "1 2"} {
		_, ok := ParseNumber(text)
		require.False(t, ok, text)
	}
	_, length := NumberPrefix("1" + strings.Repeat("e", 1<<20)) // in one look, not in one for each character
	require.Equal(t, 1, length)
}
