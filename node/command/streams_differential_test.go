package command

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// streamTemplates are the commands that sessions about streams are made of, in the manner of
// containerTemplates.
var streamTemplates = []string{
	"xadd $T $a $f $v", "xadd $T $a $f $v $f $v", "xadd $T $a $f $v $f", "xadd $T $a k 1", "xadd $T $a k $v j $v",
	"xadd $T $a k 1", "xadd $T $a k $v", "xadd $T $a k $v", "xadd $T $a k $v j $v",
	"xadd $T [nomkstream] [maxlen|minid] [=|~] $l [limit $i] [nomkstream] $a k $v",
	"xadd fut * k $v", "xadd fut 99999999999999-* k $v", "xadd $T $a", "xadd $T",
	"xlen $T", "xdel $T $d $d", "xdel $T $d", "xtrim $T maxlen|minid|x [=|~] $l [limit $i]",
	"xtrim $T maxlen|minid [=|~] $l", "xtrim $T maxlen ~ $i [limit 0]",
	"xrange $T $r $r [count $i]", "xrevrange $T $r $r [count $i]", "xrange $T - +", "xrevrange $T + -", "xrange $T - + count $i x",
	"xread [count $i] [block $w] streams $T $d", "xread streams $T $T $d $d|$|>", "xread count 2 streams $T fut $T 0 $ $d",
	"xread streams $T", "xread noack streams $T 0", "xread group g c streams $T 0", "xread count 1 block 1",
	"xgroup create $T $g $d|$ [mkstream] [entriesread $i]", "xgroup create $T $g 0", "xgroup create $T $g $",
	"xgroup setid $T $g $d|$|-|+ [entriesread $i] [x]", "xgroup destroy $T $g", "xgroup createconsumer $T $g $m",
	"xgroup delconsumer $T $g $m", "xgroup create $T $g 0 x", "xgroup x $T", "xgroup create $T $g 0 mkstream mkstream mkstream mkstream",
	"xreadgroup group $g $m [count $i] [block $w] [noack] streams $T >", "xreadgroup group $g $m streams $T >",
	"xreadgroup group $g $m count 2 streams $T >", "xreadgroup group $g $m [count $i] streams $T $d",
	"xreadgroup group $g $m noack streams $T $T > >|$|0", "xreadgroup count 1 block 1 streams $T $T > >", "xreadgroup group $g $m count 2 streams $T 0",
	"xack $T $g $d $d", "xack $T $g $d", "xpending $T $g", "xpending $T $g [idle $i] $r $r $i [$m]", "xpending $T $g - + 10",
	"xclaim $T $g $m $k $d $d [idle $i] [time $i] [retrycount $i] [force] [justid] [lastid $d] [x]",
	"xclaim $T $g $m 0 $d $d force", "xclaim $T $g $m 0 $d justid", "xclaim $T $g $m 0 $d lastid $d",
	"xautoclaim $T $g $m $k $r [count $i] [justid]", "xautoclaim $T $g $m 0 0", "xautoclaim $T $g $m 0 $d count 2",
	"xinfo stream $T", "xinfo stream $T full [count $i]", "xinfo stream $T full|x count|x $i [x]", "xinfo groups $T", "xinfo consumers $T $g",
	"xsetid $K $d [entriesadded $i] [maxdeletedid $d] [x]", "object encoding $T", "type $T", "copy $T $K [replace]", "rename $K $K",
	"del $K", "debug digest-value $T", "xlen str", "xadd str 1 a b", "xread streams str 0", "xgroup create str g 0",
}

// streamWord makes up what stands in the templates.
func (g *gen) streamWord(word string) string {
	if len(word) < 2 || word[0] != '$' {
		return word
	}
	switch word[1] {
	case 'T':
		return g.pick("t1", "t1", "t1", "t1", "t2", "t2", "fut", "none", "str")
	case 'K': // fut stays: its last ID is far in the future, so that * is no question of time
		return g.pick("t1", "t1", "t2", "none")
	case 'a': // not *, which gives whatever millisecond it is
		if id := g.id(); id != "*" && g.IntN(6) == 0 {
			return id
		}
		return g.pick(strconv.Itoa(1+g.IntN(30))+"-"+strconv.Itoa(g.IntN(4)), strconv.Itoa(g.IntN(40)), strconv.Itoa(g.IntN(40))+"-*", g.late(), g.late(), g.late())
	case 'd':
		return g.id()
	case 'r':
		return g.pick("-", "+", "(", "(-", "(0", "("+g.id(), g.id(), g.id(), "(18446744073709551615-18446744073709551615", "5-*")
	case 'f':
		return g.pick("k", "k", "j", "field", "", "12", "-7", "007")
	case 'v':
		return g.pick("", "a", "1", "200", "-300", "70000", "-9000000", "2147483648", "9223372036854775807", "9223372036854775808", "-0", "x\r\ny",
			strings.Repeat("v", 63), strings.Repeat("w", 64), strings.Repeat("long", 30))
	case 'l':
		return g.pick("0", "1", "3", "5", "12", "-1", g.id(), "x")
	case 'i':
		return g.pick("0", "1", "2", "3", "5", "10", "-1", "100", "x", "9223372036854775807")
	case 'k':
		return g.pick("0", "0", "0", "-5", "3600000", "x")
	case 'g':
		return g.pick("g", "g", "g", "h", "")
	case 'm':
		return g.pick("alice", "bob", "bob", "carol")
	case 'w':
		return g.pick("0", "1", "1000", "-1", "x", "9223372036854775807")
	}
	return word
}

// id makes an ID that may have been added.
func (g *gen) id() string {
	if g.IntN(12) == 0 {
		return g.pick("-", "+", "*", "x", "", "0-0", "5-", "-5", " 3", "+4-1", "007-1", "5--1", "18446744073709551615-18446744073709551615",
			"18446744073709551616", "1-18446744073709551615", "99999999999999-3", "1-*", "1-2-3", strings.Repeat("0", 130))
	}
	return g.pick(strconv.Itoa(g.IntN(60)), strconv.Itoa(g.IntN(60))+"-"+strconv.Itoa(g.IntN(5)), strconv.Itoa(g.IntN(60))+"-1")
}

var lateIDs int

// late makes an ID that is behind all before it.
func (g *gen) late() string {
	lateIDs++
	return strconv.Itoa(lateIDs/3) + "-" + strconv.Itoa(1+lateIDs%3)
}

// nodeLimits make nodes fill up within a session.
var nodeLimits = []map[string]string{
	{"stream-node-max-entries": "5", "stream-node-max-bytes": "4096"},
	{"stream-node-max-entries": "100", "stream-node-max-bytes": "150"},
	{"stream-node-max-entries": "0", "stream-node-max-bytes": "0"},
	{"stream-node-max-entries": "3", "stream-node-max-bytes": "400"},
}

func TestStreamsAnswerAsRedisDoes(t *testing.T) {
	for seed := range *differentialSeeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { compareStreamSession(t, uint64(seed), 2+seed%2) })
	}
}

func compareStreamSession(t *testing.T, seed uint64, proto int) {
	var options []string
	ours := newTestHost()
	limits := nodeLimits[seed%uint64(len(nodeLimits))]
	for _, name := range slices.Sorted(maps.Keys(limits)) {
		options = append(options, "--"+name, limits[name])
		ours.settings[name] = limits[name]
	}
	redis := startRedis(t, proto, options...)
	redis.follow()
	witness := watchEvents(redis)
	ours.context.Proto, ours.context.NoBlock = proto, true
	lateIDs = 0
	g := &gen{rand.New(rand.NewPCG(seed, 9))}
	s := streamSession{t: t, redis: redis, ours: ours}
	s.step("set", "str", "text")
	s.step("xadd", "fut", "99999999999999-1", "k", "v")
	for range *differentialSteps {
		args := g.fill(g.pick(streamTemplates...), g.streamWord)
		if len(args) > 1 {
			s.step(args...)
		}
	}
	s.finish()
	require.Equal(t, normalStream(append(s.stream, redis.stream()...)), normalStream(ours.stream))
	require.Equal(t, witness(), s.events, "events after\n%s", strings.Join(s.log, "\n"))
}

// streamSession is a conversation that is led with both servers.
type streamSession struct {
	t      *testing.T
	redis  *realRedis
	ours   *testHost
	log    []string
	events []string
	stream [][]string // what the real server has propagated
}

// step runs one command on both and compares the replies.
func (s *streamSession) step(args ...string) {
	s.t.Helper()
	s.log = append(s.log, fmt.Sprintf("%q", args))
	s.ours.context.Now = time.Now().UnixMilli()
	want := s.real(args)
	if args[0] == "debug" {
		return
	}
	got := parseReply(s.t, s.ours.do(args...))
	s.events = append(s.events, s.ours.events...)
	want, got = untimed(args, want), untimed(args, got)
	if want.String() != got.String() {
		s.t.Fatalf("%q\n got %v\nwant %v\nafter\n%s", args, got, want, strings.Join(s.log[max(0, len(s.log)-40):], "\n"))
	}
}

// real runs a command on the real server, one that may block in a transaction.
func (s *streamSession) real(args []string) reply {
	if !slices.Contains(args, "block") {
		return s.redis.do(args...)
	}
	s.redis.do("MULTI")
	queued := s.redis.do(args...)
	done := s.redis.do("EXEC")
	if queued.kind == '-' {
		return queued
	}
	return done.list[0]
}

// finish compares what the streams are now: entry by entry, and, without groups, whose times differ,
// byte by byte.
func (s *streamSession) finish() {
	for _, key := range []string{"t1", "t2", "fut"} {
		s.step("xinfo", "stream", key, "full", "count", "0")
		s.exchange(key)
		s.step("xgroup", "destroy", key, "g")
		s.step("xgroup", "destroy", key, "h")
		s.step("xgroup", "destroy", key, "")
		s.step("xinfo", "stream", key)
		s.step("dump", key)
		s.step("xrange", key, "-", "+")
		s.step("xrevrange", key, "+", "-")
	}
}

// exchange gives the real server our stream and takes it back, and the other way round.
func (s *streamSession) exchange(key string) {
	mine := parseReply(s.t, s.ours.do("dump", key))
	if mine.kind == '_' {
		return
	}
	redis, copied := s.redis, key+" copied"
	s.stream = append(s.stream, redis.stream()...)
	redis.do("CONFIG", "SET", "notify-keyspace-events", "")
	require.Equal(s.t, "OK", redis.do("restore", copied, "0", mine.text).text)
	require.Equal(s.t, mine, redis.do("dump", copied), "ours, kept by theirs")
	theirs := redis.do("dump", key)
	other := newTestHost()
	require.Equal(s.t, "+OK\r\n", other.do("restore", key, "0", theirs.text))
	require.Equal(s.t, theirs, parseReply(s.t, other.do("dump", key)), "theirs, kept by ours")
	redis.do("del", copied)
	redis.stream()
	redis.do("CONFIG", "SET", "notify-keyspace-events", "EA")
}

// untimed takes out of a reply what depends on when the command ran.
func untimed(args []string, r reply) reply {
	if r.kind == ':' {
		if n, err := strconv.ParseInt(r.text, 10, 64); err == nil && n > 1_600_000_000_000 && n < 1e17 {
			r.text = "now"
		}
		return r
	}
	r.list = slices.Clone(r.list)
	for i, part := range r.list {
		r.list[i] = untimed(args, part)
	}
	switch {
	case args[0] == "xpending" && len(args) > 3 && len(r.list) == 4 && r.list[2].kind == ':':
		r.list[2] = coarse(r.list[2])
	case args[0] == "xinfo" && args[1] == "consumers" && len(r.list) == 6:
		r.list[5] = coarse(r.list[5])
	}
	return r
}

// coarse forgets up to a minute.
func coarse(r reply) reply {
	n, _ := strconv.ParseInt(r.text, 10, 64)
	if r.text != "now" {
		r.text = strconv.FormatInt((n+5000)/60000, 10)
	}
	return r
}
