package resp

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatIsQuotedIsReadAgain(t *testing.T) {
	var all []byte
	for c := range 256 {
		all = append(all, byte(c))
	}
	for _, word := range [][]byte{nil, []byte("a b"), []byte(`"'\`), all} {
		quoted := AppendQuoted(nil, word)
		words, ok := SplitLine(nil, quoted)
		require.True(t, ok)
		require.Len(t, words, 1)
		require.Equal(t, string(word), string(words[0]))
	}
	require.Equal(t, `"a\tb\x00\xff\\\""`, string(AppendQuoted(nil, []byte("a\tb\x00\xff\\\""))))
}
