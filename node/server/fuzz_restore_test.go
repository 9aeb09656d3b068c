package server

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"clusterplay/node/command"
	"clusterplay/node/hostile"
	"clusterplay/node/rdb"
	"clusterplay/node/resp"

	"github.com/stretchr/testify/require"
)

// valuesToDump make, key by key, a value of every kind in every form it is kept in.
var valuesToDump = []string{
	"SET k text", "SET k 12345", "SETBIT k 4000 1", "PFADD k a b c", "RPUSH k a b 1 -7000 99999999999",
	"RPUSH k " + strings.Repeat("element ", 200), "SADD k 1 2 3", "SADD k 1 70000 99999999999", "SADD k x y z",
	"HSET k f v g 12", "HSET k f " + strings.Repeat("v", 100), "ZADD k 1 one 2.5 two -inf three", "ZADD k 1 " + strings.Repeat("m", 100),
	"GEOADD k 13.3 38.1 Palermo 15 37.5 Catania", "XADD k 1-1 f v g w",
}

// valueOnly is how many bytes of a payload follow the value: version and checksum.
const valueOnly = 10

// hostileValues are bodies of payloads, good and spoilt.
func hostileValues(t testing.TB) (bodies [][]byte) {
	d := newDriver(t)
	add := func() {
		v, _, err := resp.ReadReply([]byte(strings.ReplaceAll(d.call("a", "DUMP", "k"), "|", "\r\n")))
		if err != nil || v.IsNull() || len(v.Text) < valueOnly {
			return // a | of its own: CR LF is printed as one
		}
		body := []byte(v.Text[:len(v.Text)-valueOnly])
		bodies = append(append(bodies, body), hostile.Variants(body, 7)...)
	}
	for _, line := range valuesToDump {
		d.do("a", "FLUSHALL")
		d.do("a", line)
		add()
	}
	for _, line := range []string{"XADD k 2-1 f v", "XGROUP CREATE k g 0", "XREADGROUP GROUP g c COUNT 1 STREAMS k >", "XDEL k 1-1"} {
		d.do("a", line)
		add()
	}
	return bodies
}

func TestThereAreManyHostileValues(t *testing.T) {
	require.GreaterOrEqual(t, len(hostileValues(t)), 120)
}

// FuzzRestore gives RESTORE any body with the right version and checksum, as an attacker would. What
// is taken stays within its bound, can be dumped and restored, and survives fifty commands of any kind.
func FuzzRestore(f *testing.F) {
	for i, body := range hostileValues(f) {
		f.Add(body, uint64(i))
	}
	f.Fuzz(func(t *testing.T, body []byte, seed uint64) {
		d := newDriver(t)
		d.client("a")
		payload := append(append([]byte(nil), body...), rdb.Version, 0)
		payload = binary.LittleEndian.AppendUint64(payload, rdb.Checksum(0, payload))
		var reply string
		hostile.Bound(t, len(payload), func() { reply = d.call("a", "RESTORE", "k", "0", string(payload)) })
		if reply != "+OK|" || d.call("a", "EXISTS", "k") == ":0|" {
			return
		}
		requireCopies(t, d, "k")
		rng := rand.New(rand.NewPCG(seed, 50))
		for range 50 {
			disturb(d, rng)
		}
		require.Equal(t, "+PONG|", d.do("fresh", "PING"))
		if d.call("fresh", "EXISTS", "k") == ":1|" {
			requireCopies(t, d, "k")
		}
	})
}

// requireCopies has the value of a key saved and loaded, and wants the same afterwards.
func requireCopies(t *testing.T, d *driver, key string) {
	t.Helper()
	before := d.call("judge", "DEBUG", "DIGEST-VALUE", key)
	kind := d.call("judge", "TYPE", key)
	require.Equal(t, "+OK|", d.call("judge", "DEBUG", "RELOAD"))
	require.Equal(t, before, d.call("judge", "DEBUG", "DIGEST-VALUE", key))
	require.Equal(t, kind, d.call("judge", "TYPE", key))
	require.NotContains(t, d.call("judge", "MEMORY", "USAGE", key), "-")
}

// disturb sends one command that may be about k; the words behind it are what commands of every kind
// take.
func disturb(d *driver, rng *rand.Rand) {
	words := []string{"k", "k", "0", "-1", "1", "2", "a", "f", "m", "+", "-", "(1", "[a", "COUNT", "WITHSCORES", "LEFT", "STREAMS", "g", "c", ">", "GET", "u8", "inf"}
	if c := d.clients["b"]; c != nil && (c.Blocked || c.Closing) {
		d.drop("b")
	}
	cmd := ofKeys[rng.IntN(len(ofKeys))]
	row := d.s.table.Lookup([]byte(cmd))
	least := max(row.Arity, -row.Arity)
	line := []string{cmd, "k"}
	for len(line) < least || rng.IntN(2) == 0 {
		line = append(line, words[rng.IntN(len(words))])
	}
	d.call("b", line...)
	if rng.IntN(10) == 0 {
		d.pass(100 * time.Millisecond)
	}
}

// ofKeys are the commands whose first argument is a key.
var ofKeys = func() (names []string) {
	for _, cmd := range command.NewTable().Commands() {
		if cmd.Parent == nil && len(cmd.Subcommands) == 0 && len(cmd.Keys) > 0 {
			names = append(names, cmd.Name)
		}
	}
	slices.Sort(names)
	return names
}()
