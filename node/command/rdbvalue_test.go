package command

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/keyspace"
	"clusterplay/node/rdb"
	"clusterplay/node/stream"
)

// samples are commands that make one value of each encoding under the key k.
var samples = []struct {
	name  string
	lines []string
	same  bool // DUMP has the very bytes of Redis'
}{
	{"int", []string{"set k 12345"}, true},
	{"embstr", []string{"set k hello"}, true},
	{"raw", []string{"set k " + strings.Repeat("abc", 50)}, true},
	{"list", []string{"rpush k a 1 300 -5 " + strings.Repeat("z", 100)}, true},
	{"list of several nodes", manyTimes("rpush k element-%d-"+strings.Repeat("z", 50), 400), false},
	{"intset", []string{"sadd k 1 2 -3 70000 10000000000"}, true},
	{"set", []string{"sadd k a b 1 2"}, false},
	{"listpack hash", []string{"hset k f v n 10 long " + strings.Repeat("y", 60)}, true},
	{"hashtable hash", []string{"hset k f v n 10 long " + strings.Repeat("y", 65)}, false},
	{"listpack zset", []string{"zadd k 1 a 2.5 b -inf c 1e17 d 0.1 e -0 f"}, true},
	{"skiplist", manyTimes("zadd k %[1]d.5 m%[1]d", 200), true},
}

func manyTimes(format string, n int) (lines []string) {
	for i := range n {
		lines = append(lines, fmt.Sprintf(format, i))
	}
	return lines
}

func TestValuesComeBackFromTheirFormInAFile(t *testing.T) {
	for _, tt := range samples {
		t.Run(tt.name, func(t *testing.T) {
			h := newTestHost()
			for _, line := range tt.lines {
				h.do(strings.Fields(line)...)
			}
			value := h.context.DB.Peek(h.context.Now, []byte("k")).Value
			lim := LimitsOf(h, h.context.Space)
			out := ToRDB(value)
			back, err := FromRDB(&out, &lim)
			require.NoError(t, err)
			require.Equal(t, value.Encoding(), back.Encoding())
			require.Equal(t, value.Len(), back.Len())
			require.Equal(t, value.Copy().Kind(), back.Kind())
			require.ElementsMatch(t, out.Items, ToRDB(back).Items)
			require.Equal(t, out.Scores, ToRDB(back).Scores)
		})
	}
}

func TestValuesThatCannotBeAreRefused(t *testing.T) {
	lim := keyspace.DefaultLimits()
	twice := [][]byte{[]byte("a"), []byte("b"), []byte("a"), []byte("b")}
	for _, tt := range []struct {
		name  string
		value rdb.Value
		want  error
	}{
		{"set with a member twice", rdb.Value{Kind: rdb.Set, Items: twice}, ErrRepeatedMember},
		{"zset with a member twice", rdb.Value{Kind: rdb.ZSet, Items: twice, Scores: make([]float64, 4)}, ErrRepeatedMember},
		{"hash with a field twice", rdb.Value{Kind: rdb.Hash, Items: twice}, ErrRepeatedMember},
		{"hash with half a pair", rdb.Value{Kind: rdb.Hash, Items: twice[:3]}, ErrOddHash},
		{"nothing", rdb.Value{}, ErrNoValue},
		{"stream that miscounts", rdb.Value{Kind: rdb.Stream, Log: &rdb.Log{Length: 1}}, stream.ErrCorrupt},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := FromRDB(&tt.value, &lim)
			require.ErrorIs(t, err, tt.want)
		})
	}
}

func TestDumpsTravelBetweenRedisAndUs(t *testing.T) {
	redis := startRedis(t, 2)
	for _, tt := range samples {
		t.Run(tt.name, func(t *testing.T) {
			redis.t = t
			redis.do("DEL", "k", "copy")
			ours := newTestHost()
			for _, line := range tt.lines {
				redis.do(strings.Fields(line)...)
				ours.do(strings.Fields(line)...)
			}
			theirs, dump := redis.do("DUMP", "k").text, parseReply(t, ours.do("dump", "k")).text
			if tt.same {
				require.Equal(t, fmt.Sprintf("%x", theirs), fmt.Sprintf("%x", dump))
			}
			require.Equal(t, "OK", redis.do("RESTORE", "copy", "0", dump).text)
			require.Equal(t, "+OK\r\n", ours.do("restore", "copy", "0", theirs))
			for _, args := range inspect("copy")[2:] {
				want := normalise(args[0], redis.do(args...))
				require.Equal(t, want, normalise(args[0], parseReply(t, ours.do(args...))), "%q", args)
			}
		})
	}
}
