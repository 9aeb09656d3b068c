package command

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A differential test gives the same generated commands to a real redis-server and to ours and
// compares each reply, the data at the end, and what both propagate to replicas. A family of
// commands joins by adding a generator to the list of TestCommandsAnswerAsRedisDoes.

var (
	differentialSeeds = flag.Int("differential.seeds", 4, "number of seeds per family of commands")
	differentialSteps = flag.Int("differential.steps", 400, "number of commands per seed")
)

// generator makes one command; it draws everything from g.
type generator func(g *gen) []string

// gen draws words from small pools, so that commands meet each other's keys.
type gen struct{ *rand.Rand }

func (g *gen) pick(words ...string) string { return words[g.IntN(len(words))] }

// key returns one of a few keys.
func (g *gen) key() string { return g.pick("a", "b", "c", "d", "e", "{tag}f", "") }

// value returns a text that some commands will like and others not.
func (g *gen) value() string {
	return g.pick("", "1", "-5", "10", "9223372036854775807", "-9223372036854775808", "3.25", "007",
		"hello", "hello world", strings.Repeat("x", 44), strings.Repeat("y", 45), "a\x00b\r\n", "inf", "nan")
}

// number returns an integer, seldom an unusual one or none at all.
func (g *gen) number() string {
	if g.IntN(8) == 0 {
		return g.pick("9223372036854775807", "-9223372036854775808", "9223372036854775808", "abc", "", "1.5", " 1", "+1", "01")
	}
	return strconv.Itoa(g.IntN(21) - 10)
}

// some returns one to most words made by make.
func (g *gen) some(most int, make func() string) (out []string) {
	for range 1 + g.IntN(most) {
		out = append(out, make())
	}
	return out
}

// maybe returns words in one of two cases.
func (g *gen) maybe(words ...string) []string {
	if g.IntN(2) == 0 {
		return nil
	}
	return words
}

// cmd joins words and lists of words to one command.
func cmd(parts ...any) (out []string) {
	for _, part := range parts {
		switch part := part.(type) {
		case string:
			out = append(out, part)
		case []string:
			out = append(out, part...)
		default:
			panic(fmt.Sprintf("neither a word nor words: %v", part))
		}
	}
	return out
}

// oneOf makes a generator out of several.
func oneOf(list ...generator) generator {
	return func(g *gen) []string { return list[g.IntN(len(list))](g) }
}

// looseness says how a reply may differ from Redis' although it is right.
type looseness int

const (
	exact     looseness = iota
	unordered           // an array in any order
	pairs               // an array of pairs in any order
	random              // only the shape: kind and length
	timed               // a number that may be off by the time between the two calls
	rounded             // numbers to 12 digits
	free                // not compared
)

// loose lists the commands whose replies are not exact.
var loose = map[string]looseness{
	"keys": unordered, "smembers": unordered, "sinter": unordered, "sunion": unordered,
	"sdiff": unordered, "hkeys": unordered, "hvals": unordered, "hgetall": pairs,
	"randomkey": random, "srandmember": random, "spop": random, "hrandfield": random,
	"zrandmember": random, "ttl": timed, "pttl": timed, "expiretime": timed, "pexpiretime": timed,
	"zrevrange":       rounded, // of stored distances
	"object idletime": free,    // the real server shows the age of a number that keys share
	"memory":          free, "scan": free, "sscan": free, "hscan": free, "zscan": free,
}

// normalise makes two right replies to the same command equal.
func normalise(command string, r reply) reply {
	switch loose[strings.ToLower(command)] {
	case unordered:
		r.list = slices.Clone(r.list)
		slices.SortFunc(r.list, func(a, b reply) int { return strings.Compare(a.String(), b.String()) })
	case pairs:
		r.list = sortedPairs(r.list)
	case random:
		r = shape(r)
	case timed:
		if n, err := strconv.ParseInt(r.text, 10, 64); err == nil && n > 0 {
			r.text = "some time"
		}
	case rounded:
		r = roundNumbers(r)
	case free:
		return reply{kind: '+', text: "anything"}
	}
	return r
}

// commandOf returns the name under which loose knows a call.
func commandOf(args []string) string {
	if len(args) > 1 && strings.EqualFold(args[0], "object") {
		return args[0] + " " + args[1]
	}
	return args[0]
}

func sortedPairs(list []reply) (out []reply) {
	var joined [][]reply
	for pair := range slices.Chunk(list, 2) {
		joined = append(joined, pair)
	}
	slices.SortFunc(joined, func(a, b []reply) int { return strings.Compare(a[0].String(), b[0].String()) })
	return slices.Concat(joined...)
}

// roundNumbers leaves 12 digits of the numbers in r.
func roundNumbers(r reply) reply {
	if f, err := strconv.ParseFloat(r.text, 64); err == nil {
		r.text = strconv.FormatFloat(f, 'g', 12, 64)
	}
	list := r.list
	r.list = nil
	for _, part := range list {
		r.list = append(r.list, roundNumbers(part))
	}
	return r
}

func shape(r reply) reply {
	if r.list == nil && r.kind == '$' {
		return reply{kind: r.kind, text: "some text"}
	}
	list := r.list
	r.list = nil
	for _, part := range list {
		r.list = append(r.list, shape(part))
	}
	return r
}

// differential runs one seed of one family.
func differential(t *testing.T, next generator, seed uint64, proto int) {
	differentialWith(t, startRedis(t, proto), newTestHost(), next, seed, proto)
}

// differentialWith is differential with servers that have settings of their own.
func differentialWith(t *testing.T, redis *realRedis, ours *testHost, next generator, seed uint64, proto int) {
	redis.do("DEBUG", "SET-ACTIVE-EXPIRE", "0") // its deletions come at any time
	redis.follow()
	ours.context.Proto = proto
	g := &gen{rand.New(rand.NewPCG(seed, 0))}
	var log []string
	for range *differentialSteps {
		args := next(g)
		log = append(log, fmt.Sprintf("%q", args))
		compare(t, redis, ours, args, log)
	}
	compareLookups(t, redis, ours)
	for _, args := range inspection {
		compare(t, redis, ours, args, log)
	}
	compareStreams(t, normalStream(redis.stream()), normalStream(ours.stream))
}

// compareLookups compares how many reads found their key and how many did not.
func compareLookups(t *testing.T, redis *realRedis, ours *testHost) {
	want, stats := redis.do("INFO", "stats").text, ours.context.Space.Stats
	got := fmt.Sprintf("keyspace_hits:%d\r\nkeyspace_misses:%d\r\n", stats.Hits, stats.Misses)
	if !strings.Contains(want, got) {
		t.Fatalf("lookups\n got %q\nwant %s", got, want[strings.Index(want, "keyspace_hits"):])
	}
}

// compareStreams shows the first commands that were propagated differently.
func compareStreams(t *testing.T, want, got []string) {
	for i := range max(len(want), len(got)) {
		if i == len(want) || i == len(got) || want[i] != got[i] {
			from := max(0, i-2)
			t.Fatalf("propagated command %d\n got %v\nwant %v", i, got[from:min(i+3, len(got))], want[from:min(i+3, len(want))])
		}
	}
}

// recent is how many commands a failure shows.
const recent = 12

func compare(t *testing.T, redis *realRedis, ours *testHost, args, log []string) {
	ours.context.Now = time.Now().UnixMilli()
	want := normalise(commandOf(args), redis.do(args...))
	got := normalise(commandOf(args), parseReply(t, ours.do(args...)))
	if want.String() != got.String() {
		log = log[max(0, len(log)-recent):]
		t.Fatalf("%q\n got %v\nwant %v\nafter\n%s", args, got, want, strings.Join(log, "\n"))
	}
}

// inspection reads everything there is.
var inspection = inspect("a", "b", "c", "d", "e", "{tag}f", "")

func inspect(keys ...string) (out [][]string) {
	out = append(out, []string{"DBSIZE"}, []string{"KEYS", "*"})
	for _, key := range keys {
		out = append(out, []string{"TYPE", key}, []string{"OBJECT", "ENCODING", key}, []string{"TTL", key},
			[]string{"GET", key}, []string{"LRANGE", key, "0", "-1"}, []string{"SMEMBERS", key},
			[]string{"ZRANGE", key, "0", "-1", "WITHSCORES"}, []string{"HGETALL", key}, []string{"STRLEN", key})
	}
	return out
}

// normalStream replaces points in time, which differ by the time between the two calls, and
// leaves out MULTI and EXEC: how units are wrapped is not decided by commands.
func normalStream(stream [][]string) (out []string) {
	for _, words := range stream {
		line := []string{strings.ToLower(words[0])}
		if line[0] == "multi" || line[0] == "exec" {
			continue
		}
		for _, word := range words[1:] {
			if n, err := strconv.ParseInt(word, 10, 64); err == nil && n > 1_600_000_000_000 && n < 1e17 {
				word = "TIME"
			}
			line = append(line, word)
		}
		out = append(out, fmt.Sprintf("%q", line))
	}
	return out
}

func TestCommandsAnswerAsRedisDoes(t *testing.T) {
	for _, family := range []struct {
		name string
		next generator
	}{
		{"strings", stringGenerator},
		{"keys", keyGenerator},
		{"expiry", expiryGenerator},
		{"bitmaps", bitmapGenerator},
	} {
		for seed := range *differentialSeeds {
			t.Run(fmt.Sprint(family.name, " seed ", seed), func(t *testing.T) {
				differential(t, family.next, uint64(seed), 2+seed%2)
			})
		}
	}
}
