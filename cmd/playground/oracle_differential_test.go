package main_test

import (
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/resp"
	"clusterplay/playground/wire"
)

var (
	oracleSeed     = flag.Uint64("oracle.seed", 7, "seed of the generated commands")
	oracleCommands = flag.Int("oracle.commands", 1500, "generated commands per kind of server and protocol")
)

func TestGeneratedCommandsGetTheRepliesOfRedis(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name      string
		clustered bool
		proto     string
	}{
		{"standalone in RESP2", false, "2"},
		{"standalone in RESP3", false, "3"},
		{"cluster in RESP2", true, "2"},
		{"cluster in RESP3", true, "3"},
	} {
		t.Run(row.name, func(t *testing.T) { newDuel(t, row.clustered, row.proto).fight(*oracleCommands) })
	}
}

// duel gives two servers the same commands over a connection each.
type duel struct {
	t          *testing.T
	real, ours port
	a, b       *wire.Conn
	speaker    *speaker
	log        []string // the last commands
	given      int      // commands
	refused    int      // of them, those that got an error
	queued     []string // the names of the commands in MULTI; nil outside
}

const (
	// logged is how many commands a failure shows.
	logged = 25
	// digestEvery is after how many commands the data are compared: all of them are in the log.
	digestEvery = 20
)

func newDuel(t *testing.T, clustered bool, proto string) *duel {
	t.Helper()
	settings := map[string]string{"enable-debug-command": "local"}
	var options []string
	if clustered { // a node that has been without a majority waits for a node timeout
		settings["cluster-enabled"], settings["cluster-node-timeout"] = "yes", "500"
		options = []string{"--cluster-enabled", "yes", "--cluster-node-timeout", "500"}
	}
	d := &duel{t: t, real: startForeign(t, options...).port, ours: startOwn(t, 0, settings)}
	for _, p := range []port{d.real, d.ours} {
		if clustered {
			p.do(t, "CLUSTER", "ADDSLOTSRANGE", "0", "16383")
			eventually(t, "one node is a cluster", func() bool { return p.field("cluster_state", "CLUSTER", "INFO") == "ok" })
		}
	}
	d.a, d.b = d.dial(d.real, proto), d.dial(d.ours, proto)
	d.speaker = &speaker{Rand: rand.New(rand.NewPCG(*oracleSeed, uint64(len(options))*10+uint64(proto[0]))), now: time.Now()}
	d.speaker.grammar = grammar(t, d.real, d.ours)
	t.Logf("%d commands", len(d.speaker.grammar))
	return d
}

func (d *duel) dial(p port, proto string) *wire.Conn {
	conn, err := wire.Dial(d.t.Context(), p.addr())
	require.NoError(d.t, err)
	d.t.Cleanup(func() { _ = conn.Close() })
	d.ask(conn, "HELLO", proto)
	return conn
}

func (d *duel) ask(conn *wire.Conn, words ...string) resp.Value {
	ctx, cancel := context.WithTimeout(d.t.Context(), commandLimit)
	defer cancel()
	v, err := conn.Do(ctx, words...)
	require.NoError(d.t, err, "%s at %s\n%s", shown(words), conn.Addr, strings.Join(d.log, "\n"))
	return v
}

func (d *duel) fight(rounds int) {
	for i := range rounds {
		if i%digestEvery == 0 && d.queued == nil {
			d.sameData()
		}
		switch {
		case d.queued == nil && d.speaker.IntN(40) == 0:
			d.strike("MULTI")
			d.queued = []string{}
		case d.queued != nil && d.speaker.IntN(6) == 0:
			d.strike(d.speaker.pick("EXEC", "EXEC", "EXEC", "DISCARD"))
			d.queued = nil
		default:
			d.strike(d.speaker.command()...)
		}
	}
	if d.queued != nil {
		d.strike("DISCARD")
		d.queued = nil
	}
	d.sameData()
	d.t.Logf("%d commands, %d of them refused", d.given, d.refused)
	require.Less(d.t, d.refused, d.given*2/3, "commands that are mostly refused compare little")
}

// sameData compares the data of all databases. A key that SET stored with a moment in the past
// counts until somebody looks for it: when the digests differ, everything is looked for once.
func (d *duel) sameData() {
	d.t.Helper()
	if d.sameDigest() {
		return
	}
	for db := range 16 { // in cluster mode all but the first are refused
		for _, conn := range []*wire.Conn{d.a, d.b} {
			d.ask(conn, "SELECT", strconv.Itoa(db))
			d.ask(conn, "SCAN", "0", "COUNT", "1000") // deletes what has expired
		}
		d.sameKeys()
	}
	if d.t.Failed() || !d.sameDigest() {
		d.t.Fatalf("seed %d: the data differ after\n%s", *oracleSeed, strings.Join(d.log, "\n"))
	}
}

func (d *duel) sameDigest() bool {
	return d.ask(d.a, "DEBUG", "DIGEST").Text == d.ask(d.b, "DEBUG", "DIGEST").Text
}

// sameKeys tells which keys of a database differ.
func (d *duel) sameKeys() {
	d.t.Helper()
	keys := append(d.ask(d.a, "KEYS", "*").List, d.ask(d.b, "KEYS", "*").List...)
	for _, key := range keys {
		look := []string{"DEBUG", "DIGEST-VALUE", key.Text}
		if w, g := normal(d.ask(d.a, look...), false, "debug"), normal(d.ask(d.b, look...), false, "debug"); w != g {
			d.t.Errorf("%q\nredis %s\nours  %s", key.Text, w, g)
		}
	}
}

// orderly tells whether the reply to a command does not depend on the order in a hash table: SORT
// leaves elements as they are when BY has no star, and does not order texts of equal weight.
func orderly(words []string) bool {
	by, alpha := "", false
	for i, word := range words[:len(words)-1] {
		if strings.EqualFold(word, "by") {
			by = words[i+1]
		}
		alpha = alpha || strings.EqualFold(words[i+1], "alpha")
	}
	return !strings.HasPrefix(strings.ToLower(words[0]), "sort") || by == "" || strings.Contains(by, "*") && !alpha
}

// strike gives a command to both and compares what they answer.
func (d *duel) strike(words ...string) {
	name := strings.ToLower(words[0])
	if name == "spop" && d.queued != nil || !orderly(words) {
		return // who knows what SPOP left for the commands after it
	}
	d.log = append(d.log, shown(words))
	if len(d.log) > logged {
		d.log = d.log[1:]
	}
	want, got := d.ask(d.a, words...), d.ask(d.b, words...)
	d.given++
	if want.IsError() {
		d.refused++
	}
	names := []string{name}
	if name == "exec" {
		names = d.queued
	}
	if w, g := normal(want, name == "exec", names...), normal(got, name == "exec", names...); w != g {
		d.t.Fatalf("seed %d: %s\nredis %s\nours  %s\nafter\n%s", *oracleSeed, shown(words), w, g, strings.Join(d.log, "\n"))
	}
	if d.queued != nil && got.Text == "QUEUED" {
		d.queued = append(d.queued, name)
	}
	if name == "spop" && len(words) > 1 {
		d.strike("DEL", words[1]) // by chance they have kept different members
	}
}

var (
	anyOrder = []string{"smembers", "sinter", "sunion", "sdiff", "hkeys", "hvals", "keys"}
	anyPairs = []string{"hgetall"}
	byChance = []string{"randomkey", "srandmember", "spop", "hrandfield", "zrandmember"}
	byClock  = []string{"ttl", "pttl", "expiretime", "pexpiretime"}
)

// normal is a reply as text, in which two right replies to the same command are equal. That of an
// EXEC holds the replies to the commands that are named.
func normal(v resp.Value, exec bool, names ...string) string {
	if exec {
		parts := make([]string, len(v.List))
		for i, part := range v.List {
			parts[i] = normal(part, false, names[i])
		}
		return kindOf(v) + strings.Join(parts, " ")
	}
	switch name := names[0]; {
	case slices.Contains(anyOrder, name):
		return kindOf(v) + strings.Join(slices.Sorted(slices.Values(textsOf(v, 1))), " ")
	case slices.Contains(anyPairs, name):
		return kindOf(v) + strings.Join(slices.Sorted(slices.Values(textsOf(v, 2))), " ")
	case slices.Contains(byChance, name):
		return shapeOf(v)
	case slices.Contains(byClock, name) && v.Kind == resp.KindInt && v.Int > 0:
		return "soon or late: " + strconv.Itoa(int(math.Log2(float64(v.Int))*10)) // within some percent
	}
	return kindOf(v) + strings.Join(textsOf(v, 1), " ")
}

func kindOf(v resp.Value) string { return fmt.Sprintf("%c%q ", v.Kind, v.String()) }

// textsOf is the elements of a reply as texts, some together.
func textsOf(v resp.Value, together int) []string {
	var texts []string
	for part := range slices.Chunk(v.List, together) {
		text := ""
		for _, one := range part {
			text += kindOf(one) + "[" + strings.Join(textsOf(one, 1), " ") + "]"
		}
		texts = append(texts, text)
	}
	return texts
}

// shapeOf is what chance does not change: kinds and lengths.
func shapeOf(v resp.Value) string {
	text := string(rune(v.Kind))
	if v.IsError() {
		text += v.Text
	}
	for _, part := range v.List {
		text += "[" + shapeOf(part) + "]"
	}
	return text
}
