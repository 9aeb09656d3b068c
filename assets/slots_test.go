package assets_test

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/slot"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// hashed is a key and the slot in which a node keeps it.
type hashed struct {
	Key  string `json:"key"`
	Slot int    `json:"slot"`
}

// TestTheGoldenSlotsAreThoseOfTheNodes keeps the file against which the page's own hashing is tested.
func TestTheGoldenSlotsAreThoseOfTheNodes(t *testing.T) {
	var want []hashed
	for _, key := range []string{
		"", "a", "b", "foo", "user:1", "123456789", "{user:1}.name", "{user:1}.mail", "user:{1", "user:}1{", "{}a", "a{}b", "{}{a}",
		"a{b}{c}", "{{a}}", "a{{b}c}", "城市", "{城市}:1", "é", "🙂", " ", "a\nb", "a\x00b", strings.Repeat("x", 1000), "load:0", "load:1023",
	} {
		want = append(want, hashed{key, int(slot.OfString(key))})
	}
	const path = "src/slots/keys.golden.json"
	if *update {
		data, err := json.MarshalIndent(want, "", " ")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, append(data, '\n'), 0o644))
	}
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	var got []hashed
	require.NoError(t, json.Unmarshal(data, &got))
	require.Equal(t, want, got)
}
