package command

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// containerTemplates are the commands that generated sessions are made of. A word with bars is
// one of several, words in brackets may be missing, and a word that begins with $ is made up.
var containerTemplates = map[string][]string{
	"lists": {
		"lpush $L $e", "lpush $L $e $e $e", "rpush $L $e $e", "rpush $L $e", "lpushx|rpushx $L $e $e",
		"lpop|rpop $L [$i]", "llen $L", "lrange $L $i $i", "lindex $L $i", "lset $L $i $e",
		"linsert $L before|after|BEFORE|x $e $e", "lrem $L $i $e", "ltrim $L $i $i",
		"lpos $L $e [rank $i] [count $i] [maxlen $i]", "lmove $L $L left|right left|RIGHT|up",
		"rpoplpush $L $L", "lmpop $n $L $L left|right [count $i]", "lmpop 1 $L left|right [count $i] [x]",
		"blpop|brpop $L $L $t", "blmove $L $L left|right left|right $t", "brpoplpush $L $L $t",
		"blmpop $t 2 $L $L left|right [count $i]",
	},
	"sets": {
		"sadd $S $e $e", "sadd $S $j $j $j", "sadd $S $j", "srem $S $e $e", "srem $S $j", "smembers $S",
		"sismember $S $e", "smismember $S $e $j", "scard $S", "smove $S $S $j", "smove $S $S $e",
		"sinter|sunion|sdiff $S $S", "sinter|sunion|sdiff $S $S $S", "sinterstore|sunionstore|sdiffstore $S $S $S",
		"sinterstore|sunionstore|sdiffstore $A $S", "sintercard $n $S $S [limit $i]", "sintercard 2 $S $S [limit $i]",
		"sscan $S $c [match *1*|*|a?] count 1000|9223372036854775807", "sscan $S 0 count 0|-1|x", "srandmember $S 0|1000|x", "spop $S [$i]",
	},
	"hashes": {
		"hset $H $e $e", "hset $H $e $e $e $j", "hset $H $j $j", "hmset $H $e $e", "hsetnx $H $e $e", "hget $H $e",
		"hmget $H $e $e", "hgetall $H", "hkeys $H", "hvals $H", "hlen $H", "hexists $H $e", "hdel $H $e $e",
		"hincrby $H $e $i", "hincrby $H $j $j", "hincrbyfloat $H $e $f", "hincrbyfloat $H $j $f", "hstrlen $H $e",
		"hrandfield $H 0|1000|-0|x", "hrandfield $H 1000 [withvalues|withscores]", "hscan $H $c [match *1*|b*] count 1000",
		"hset $H $e $e $e",
	},
	"zsets": {
		"zadd $Z $f $e", "zadd $Z $f $e $f $j", "zadd $Z 1 $e 1 $j 1 $e", "zadd $Z [nx|xx] [gt|lt] [ch] [incr] $f $e",
		"zincrby $Z $f $e", "zincrby $Z $f $j", "zrem $Z $e $j", "zcard $Z", "zcount $Z $b $b", "zlexcount $X $x $x", "zadd $X 0 $e 0 $e 0 $e", "zadd $X 0 $j",
		"zscore $Z $e", "zmscore $Z $e $j", "zrank|zrevrank $Z $e",
		"zrange $Z $i $i [rev] [withscores]", "zrange $Z $b $b byscore [rev] [limit $i $i] [withscores]",
		"zrange $X $x $x bylex [rev] [limit $i $i]", "zrange $Z $i $i [limit 0 $i] [byscore] [withscores]", "zrange $X $x $x [limit 0 $i] [bylex] [withscores]",
		"zrangestore $Z $Z $i $i [rev]", "zrangestore $A $Z $b $b byscore [limit $i $i]",
		"zrevrange $Z $i $i [withscores]", "zrangebyscore|zrevrangebyscore $Z $b $b [withscores] [limit $i $i]",
		"zrangebylex|zrevrangebylex $X $x $x [limit $i $i] [withscores]",
		"zremrangebyrank $Z $i $i", "zremrangebyscore $Z $b $b", "zremrangebylex $X $x $x",
		"zpopmin|zpopmax $Z [$i]", "bzpopmin|bzpopmax $Z $Z $t", "zmpop $n $Z min|max|x [count $i]",
		"bzmpop $t 2 $Z $Z min|max [count $i]",
		"zunion|zinter $n $Z $Z [weights $f $f] [aggregate sum|min|max|x] [withscores]", "zdiff 2 $Z $Z [withscores]",
		"zunion|zinter 3 $Z $Z $S [aggregate min|max] [withscores]",
		"zunionstore|zinterstore $Z 2 $Z $Z [weights $f $f] [aggregate sum|min|max]", "zdiffstore $A 2 $Z $Z",
		"zintercard 2 $Z $Z [limit $i]", "zrandmember $Z 0|1000|x [withscores]", "zscan $Z $c [match *1*] count 1000",
	},
}

// always are commands of every session.
var always = []string{"type $A", "object encoding $A", "del $A", "set str text", "exists $A $A"}

// command fills in a template.
func (g *gen) command(template string) []string { return g.fill(template, g.word) }

// fill is command for words that word makes up.
func (g *gen) fill(template string, word func(string) string) []string {
	var out []string
	skip := false
	for _, part := range strings.Fields(template) {
		if strings.HasPrefix(part, "[") {
			skip = g.IntN(3) > 0
		}
		bare := strings.Trim(part, "[]")
		if !skip {
			out = append(out, word(g.pick(strings.Split(bare, "|")...)))
		}
		if strings.HasSuffix(part, "]") {
			skip = false
		}
	}
	return out
}

// word makes up what stands for a word with a dollar.
func (g *gen) word(word string) string {
	if !strings.HasPrefix(word, "$") {
		return word
	}
	switch kind := word[1]; kind {
	case 'L', 'S', 'H', 'Z':
		if g.IntN(15) == 0 {
			return g.word("$A")
		}
		return strings.ToLower(string(kind)) + g.pick("1", "2", "3")
	case 'X': // sorted sets whose scores are all equal
		return g.pick("x1", "x1", "x2", "x3")
	case 'A':
		return g.pick("l1", "s1", "s2", "h1", "z1", "z2", "str", "none", "s3")
	case 'e':
		return g.pick("", "a", "b", "c", "aa", "12", "-0", "007", "1.5", "3", "x\r\ny", strings.Repeat("long", 20))
	case 'j':
		return strconv.Itoa(g.IntN(40) - 20)
	case 'i':
		return g.pick("0", "1", "-1", "2", "3", "-2", "-100", "100", "5", "1", "0", "-1", "2",
			"9223372036854775807", "-9223372036854775807", "x", "1.0", "")
	case 'n':
		return g.pick("1", "2", "2", "2", "0", "-1", "3", "9223372036854775807", "x")
	case 'f':
		return g.pick("0", "1", "-1", "2", "1.5", "0.1", "-2.75", "3", "1e3", "1e-7", "inf", "-inf", "+3", "1e17",
			"123456789.123456789", "nan", "x", "", " 1", "0x10", "1e400", "-0")
	case 'b':
		return g.pick("0", "1", "-1", "2", "(1", "(2", "-inf", "+inf", "(-inf", "inf", "1.5", "100", "", "(", "x", " 1", "1 ",
			"nan", "1e400", "((1", "0x1p1")
	case 'x':
		return g.pick("-", "+", "[a", "(a", "[b", "(b", "[", "(", "[1", "(aa", "[zz", "a", "", "-x")
	case 't':
		return g.pick("0", "0.1", "1", "-1", "x", "1e400", "inf", "nan", "")
	case 'c':
		return g.pick("0", "0", "0", "0", "x", "-", " 0", "18446744073709551616")
	}
	panic("no such word: " + word)
}

// containerKeys are the keys that templates use.
var containerKeys = []string{
	"l1", "l2", "l3", "s1", "s2", "s3", "h1", "h2", "h3", "z1", "z2", "z3", "x1", "x2", "str", "none",
}

// containerLimits make encodings change within a short session.
var containerLimits = map[string]string{
	"set-max-intset-entries": "8", "hash-max-listpack-entries": "6", "hash-max-listpack-value": "20",
	"zset-max-listpack-entries": "6", "zset-max-listpack-value": "20",
}

func TestContainersAnswerAsRedisDoes(t *testing.T) {
	for _, family := range []string{"lists", "sets", "hashes", "zsets"} {
		for seed := range *differentialSeeds {
			t.Run(fmt.Sprint(family, " seed ", seed), func(t *testing.T) {
				templates := append(slices.Clone(always), containerTemplates[family]...)
				compareContainers(t, templates, uint64(seed), 2+seed%2)
			})
		}
	}
}

// compareContainers runs one session on a real server and on ours.
func compareContainers(t *testing.T, templates []string, seed uint64, proto int) {
	var options []string
	ours := newTestHost()
	for _, name := range slices.Sorted(maps.Keys(containerLimits)) {
		options = append(options, "--"+name, containerLimits[name])
		ours.settings[name] = containerLimits[name]
	}
	redis := startRedis(t, proto, options...)
	redis.follow()
	witness := watchEvents(redis)
	ours.context.Proto, ours.context.NoBlock = proto, true
	g := &gen{rand.New(rand.NewPCG(seed, 0))}
	var log, events []string
	step := func(args []string) {
		log = append(log, fmt.Sprintf("%q", args))
		compareContainer(t, redis, ours, args, log)
		if args[0] != "spop" {
			events = append(events, ours.events...)
		}
	}
	for range *differentialSteps {
		step(g.command(g.pick(templates...)))
	}
	for _, args := range inspect(containerKeys...) {
		step(args)
	}
	want, got := withoutUnits(redis.stream()), withoutUnits(ours.stream)
	require.Equal(t, want, got, "propagated after\n%s", strings.Join(log, "\n"))
	require.Equal(t, witness(), events, "events after\n%s", strings.Join(log, "\n"))
}

// watchEvents subscribes to the keyspace events of redis; the function it returns tells those that
// came, "set k", in order.
func watchEvents(redis *realRedis) func() []string {
	redis.do("CONFIG", "SET", "notify-keyspace-events", "EA")
	const prefix = "__keyevent@0__:"
	conn, in := redis.dial()
	send(redis.t, conn, "PSUBSCRIBE", prefix+"*")
	readReply(redis.t, in)
	return func() (events []string) {
		redis.do("PUBLISH", prefix+"end", "")
		for {
			message := readReply(redis.t, in).list
			event := strings.TrimPrefix(message[2].text, prefix)
			if event == "end" {
				return events
			}
			events = append(events, event+" "+message[3].text)
		}
	}
}

// compareContainer is compare for commands that may block, which on the real server run in a
// transaction, and for commands whose outcome is chance, which there run as what ours propagates.
func compareContainer(t *testing.T, redis *realRedis, ours *testHost, args, log []string) {
	before := len(ours.stream)
	got := parseReply(t, ours.do(args...))
	want := got
	switch {
	case args[0] == "spop" && len(ours.stream) > before:
		redis.do("CONFIG", "SET", "notify-keyspace-events", "")
		for _, words := range ours.stream[before:] {
			redis.do(words...)
		}
		redis.do("CONFIG", "SET", "notify-keyspace-events", "EA")
	case args[0][0] == 'b':
		redis.do("MULTI")
		redis.do(args...)
		want = redis.do("EXEC").list[0]
	default:
		want = redis.do(args...)
	}
	want, got = sortedScan(args, want), sortedScan(args, got)
	if want.String() != got.String() {
		t.Fatalf("%q\n got %v\nwant %v\nafter\n%s", args, got, want, strings.Join(log, "\n"))
	}
}

// sortedScan makes right replies equal: those of scans, and of random draws of everything.
func sortedScan(args []string, r reply) reply {
	paired := len(args) > 3 && r.kind == '*' && len(r.list) > 0 && r.list[0].list == nil
	switch command := args[0]; {
	case r.kind == '-' || r.list == nil:
		return r
	case command == "sscan":
		r.list = slices.Clone(r.list)
		r.list[1] = normalise("smembers", r.list[1])
	case command == "hscan" || command == "zscan":
		r.list = slices.Clone(r.list)
		r.list[1] = normalise("hgetall", r.list[1])
	case command == "hrandfield" && paired:
		r = normalise("hgetall", r)
	case command == "zrandmember":
		return r
	case command == "hrandfield" || command == "srandmember":
		r = normalise("smembers", r)
	default:
		r = normalise(command, r)
	}
	return r
}

// withoutUnits leaves out what holds the commands of one unit together.
func withoutUnits(stream [][]string) (lines []string) {
	for _, words := range stream {
		if words[0] != "MULTI" && words[0] != "EXEC" {
			lines = append(lines, fmt.Sprintf("%q", words))
		}
	}
	return lines
}
