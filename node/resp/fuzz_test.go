package resp_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"clusterplay/node/hostile"
	"clusterplay/node/resp"

	"github.com/stretchr/testify/require"
)

// hostileRequests are the rows of requests, those of them that are good and long spoilt, and what a
// client may not send at all: replies.
func hostileRequests() (all [][]byte) {
	for _, tt := range requests {
		if len(tt.input) < 1000 {
			all = append(all, []byte(tt.input), append([]byte(ping), tt.input...), append([]byte(tt.input), ping...))
		}
	}
	for _, reply := range replies {
		all = append(all, []byte(reply.wire))
	}
	good := append(resp.AppendWords(nil, "SET", "key", "a value\r\nof two lines"), "echo \"a\\x41\" 'b'\r\n"...)
	return append(all, hostile.Variants(append(good, ping...), 120)...)
}

func TestThereAreManyHostileRequests(t *testing.T) {
	require.GreaterOrEqual(t, len(hostileRequests()), 250)
}

// FuzzRequest requires of every input that it is read the same in whatever pieces it arrives, that
// nothing is made up, and that memory follows what was sent.
func FuzzRequest(f *testing.F) {
	for _, input := range hostileRequests() {
		f.Add(input, uint64(3), false)
	}
	for _, tt := range requests {
		if tt.stranger {
			f.Add([]byte(tt.input), uint64(1), true)
		}
	}
	f.Fuzz(func(t *testing.T, input []byte, seed uint64, stranger bool) {
		var whole [][]string
		var wholeErr error
		hostile.Bound(t, len(input), func() {
			whole, wholeErr = feed(&resp.Guard{Stranger: stranger}, input, len(input)+1)
		})
		check := func(cut func(left int) int) {
			parts, partsErr := feedPieces(&resp.Guard{Stranger: stranger}, input, cut)
			require.Equal(t, whole, parts)
			require.Equal(t, wholeErr, partsErr)
		}
		if len(input) <= 32 { // every place there is to cut it once
			for first := 1; first < len(input); first++ {
				check(func(left int) int {
					if left == len(input) {
						return first
					}
					return left
				})
			}
		}
		if len(input) <= 512 {
			check(func(int) int { return 1 })
		}
		rng := rand.New(rand.NewPCG(seed, 0))
		check(func(left int) int { return 1 + rng.IntN(min(left, 40)) })
		requireNothingMadeUp(t, input, whole)
	})
}

// feedPieces feeds input in pieces whose sizes cut chooses from what is left.
func feedPieces(g *resp.Guard, input []byte, cut func(left int) int) (commands [][]string, err error) {
	for len(input) > 0 && err == nil {
		n := cut(len(input))
		var some [][]string
		some, err = feed(g, input[:n], n)
		commands = append(commands, some...)
		input = input[n:]
	}
	return commands, err
}

// requireNothingMadeUp says that words are never more than what was sent, and that those of a request
// in the protocol are in it as they are.
func requireNothingMadeUp(t *testing.T, input []byte, commands [][]string) {
	t.Helper()
	total := 0
	for _, words := range commands {
		for _, w := range words {
			total += len(w)
			if !bytes.ContainsAny(input, "\"'") {
				require.True(t, bytes.Contains(input, []byte(w)), "%q was not sent", w)
			}
		}
	}
	require.LessOrEqual(t, total, len(input))
}
