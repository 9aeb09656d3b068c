package resp_test

import (
	"bytes"
	"testing"

	"clusterplay/node/resp"

	"github.com/tidwall/redcon"
)

// BenchmarkRedconAlone is what redcon's parser takes for the input of BenchmarkGuard: the cost
// that a second pass over every command would add.
func BenchmarkRedconAlone(b *testing.B) {
	input := bytes.Repeat(resp.AppendWords(nil, "SET", "key:000000123456", "xxxxxxxxxxxxxxxx"), 64)
	var words [][]byte
	b.SetBytes(int64(len(input)))
	b.ReportAllocs()
	for b.Loop() {
		for rest := input; len(rest) > 0; {
			_, words, _, rest, _ = redcon.ReadNextCommand(rest, words[:0])
		}
	}
}
