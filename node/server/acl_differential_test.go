package server

import (
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"clusterplay/node/resp"

	"github.com/stretchr/testify/require"
)

// aclKeys and its kin are what the rules and the commands of generated conversations are made of.
var (
	aclPatterns = []string{"*", "a*", "k?", "k1", "[ab]*", "x:*", "", "k 1", "a\tb"}
	aclKeys     = []string{"a", "k1", "k2", "x:1", "b", "zz"}
	aclChannels = []string{"news", "n*", "k1", "*", "chat"}
	aclWords    = []string{
		"on", "off", "nopass", "resetpass", "reset", "allkeys", "resetkeys", "allchannels", "resetchannels", "allcommands",
		"nocommands", "clearselectors", "sanitize-payload", "skip-sanitize-payload", ">pw", ">other", "<pw", "<none", "#bad",
		"!bad", "#" + sha("hash"), "!" + sha("hash"), "", "NOPASS", "On", "nope", "(", ")", "()", "+", "-", "~", "&", "%", "%R", "%RW",
		"%RRx", "%RW~", "(+get", "+@nope", "-@nope", "+nope", "-nope", "+config|nope", "+config|get|x", "+get|a|b", "+get|",
		"+select|0", "+select|1", "-select|0", "+config|get", "-config|get", "-config|set", "+CONFIG|Rewrite", "on\x00off", "+get\x00|",
	}
)

func sha(digit string) string { return strings.Repeat(fmt.Sprintf("%x", digit), 8) }

// aclPlay draws rules and commands.
type aclPlay struct {
	rng      *rand.Rand
	commands []string // those that both servers know
}

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }

// rule is one rule of ACL SETUSER; some make no sense.
func (p *aclPlay) rule(nested bool) string {
	switch p.rng.IntN(12) {
	case 0, 1:
		return pick(p.rng, []string{"+", "-"}) + pick(p.rng, p.commands)
	case 2, 3:
		return pick(p.rng, []string{"+@", "-@"}) + pick(p.rng, []string{
			"all", "read", "write", "string", "list", "hash", "set", "sortedset", "pubsub", "fast", "slow", "keyspace",
			"dangerous", "admin", "connection", "transaction", "blocking", "Read",
		})
	case 4, 5, 6:
		return pick(p.rng, []string{"~", "~", "%R~", "%W~", "%RW~", "%w~", "%WR~"}) + pick(p.rng, aclPatterns)
	case 7:
		return "&" + pick(p.rng, aclChannels)
	case 8:
		if nested {
			return "+get"
		}
		var inner []string
		for range p.rng.IntN(4) {
			inner = append(inner, p.rule(true))
		}
		return "(" + strings.Join(inner, " ") + ")"
	}
	return pick(p.rng, aclWords)
}

func (p *aclPlay) rules() (rules []string) {
	for range 1 + p.rng.IntN(5) {
		rules = append(rules, p.rule(false))
	}
	return rules
}

// calls are commands with keys and channels of every kind.
var calls = []string{
	"GET K", "SET K v", "SET K v GET", "DEL K K", "MSET K 1 K 2", "MGET K K", "INCR K", "EXISTS K", "TYPE K", "RENAME K K", "COPY K K",
	"LPUSH K v", "LRANGE K 0 -1", "LMOVE K K LEFT RIGHT", "RPOPLPUSH K K", "SADD K m", "SINTERSTORE K K K", "ZADD K 1 m",
	"ZUNIONSTORE K 2 K K", "ZRANGESTORE K K 0 -1", "HSET K f v", "HGET K f", "SORT K", "SORT K STORE K", "SORT K BY w* GET g*",
	"SORT_RO K GET #", "PUBLISH C m", "SPUBLISH C m", "PING", "ECHO x", "SELECT 0", "SELECT 1", "CONFIG GET port",
	"CONFIG SET maxmemory 0", "CLIENT ID", "CLIENT LIST ID 0", "OBJECT ENCODING K", "DUMP K", "EXPIRE K 100", "TTL K", "APPEND K x",
	"GETDEL K", "GETEX K", "GETSET K v", "SETEX K 10 v", "STRLEN K", "LCS K K", "WATCH K", "UNWATCH", "MULTI", "DISCARD", "DBSIZE",
	"KEYS k*", "SCAN 0", "LMPOP 1 K LEFT", "SMOVE K K m", "ZDIFFSTORE K 1 K", "TOUCH K", "UNLINK K", "PERSIST K", "ACL WHOAMI",
	"ACL GETUSER x", "AUTH x y z", "HELLO 9", "GET", "NOPE K", "CONFIG NOPE", "RESTORE K 0 x", "PUBSUB CHANNELS",
}

func (p *aclPlay) call() []string {
	words := strings.Fields(pick(p.rng, calls))
	for i, w := range words {
		switch w {
		case "K":
			words[i] = pick(p.rng, aclKeys)
		case "C":
			words[i] = pick(p.rng, aclChannels)
		}
	}
	return words
}

// shared lists the commands that both servers know, subcommands included, and tells whether that is all
// of Redis' commands.
func shared(t *testing.T, redis *realServer, ours *driver) (names []string, complete bool) {
	t.Helper()
	for id := range ours.s.table.Size() {
		name := ours.s.table.ByID(id).Full
		if reply := redis.raw("COMMAND", "INFO", name); strings.Contains(reply, name) {
			names = append(names, name)
		}
	}
	return names, redis.call("COMMAND", "COUNT") == ours.call("a", "COMMAND", "COUNT")
}

// raw is driver.call with the bytes of the reply.
func (d *driver) raw(name string, words ...string) string {
	d.t.Helper()
	d.ask(name, words...)
	text := string(d.clients[name].Out)
	d.clients[name].Out = nil
	return text
}

// settled is a reply with everything in order that has none: Redis lists commands as its hash table has
// them. Without known commands what they are is left out.
func settled(t *testing.T, reply string, commands bool) resp.Value {
	t.Helper()
	v, n, err := resp.ReadReply([]byte(reply))
	require.NoError(t, err, "%q", reply)
	require.Equal(t, len(reply), n)
	settle(&v, commands)
	return v
}

func settle(v *resp.Value, commands bool) {
	if strings.Contains(v.Text, "@all") {
		parts := strings.Split(v.Text, " (") // a selector each
		for i, part := range parts {
			parts[i] = settleRules(strings.TrimSuffix(part, ")"), commands)
		}
		v.Text = strings.Join(parts, " (")
	}
	for i := range v.List {
		settle(&v.List[i], commands)
	}
}

// settleRules sorts the rules about commands, which stand last, or drops them.
func settleRules(text string, commands bool) string {
	words := strings.Fields(text)
	at := max(0, slices.IndexFunc(words, func(w string) bool { return strings.ContainsAny(w[:1], "+-") }))
	slices.Sort(words[at:])
	if !commands {
		words = words[:at]
	}
	return strings.Join(words, " ")
}

// TestUsersAreWhatRedisMakesOfTheSameRules plays generated rules and commands to both.
func TestUsersAreWhatRedisMakesOfTheSameRules(t *testing.T) {
	for _, proto := range []string{"2", "3"} {
		for seed := range uint64(3) {
			t.Run(fmt.Sprintf("RESP%s/%d", proto, seed), func(t *testing.T) { playRules(t, proto, seed) })
		}
	}
}

func playRules(t *testing.T, proto string, seed uint64) {
	redis, ours := startReal(t), newDriver(t)
	both := func(words ...string) (want, got string) { return redis.raw(words...), ours.raw("a", words...) }
	same := func(words ...string) {
		t.Helper()
		want, got := both(words...)
		require.Equal(t, want, got, "%q", words)
	}
	p := &aclPlay{rng: rand.New(rand.NewPCG(seed, 7))}
	var complete bool
	p.commands, complete = shared(t, redis, ours)
	redis.call("HELLO", proto)
	ours.call("a", "HELLO", proto)
	for range 150 {
		rules := p.rules()
		same(append([]string{"ACL", "SETUSER", "x"}, rules...)...)
		want, got := both("ACL", "GETUSER", "x")
		require.Equal(t, settled(t, want, complete), settled(t, got, complete), "%q", rules)
		want, got = both("ACL", "LIST")
		require.Equal(t, settled(t, want, complete), settled(t, got, complete), "%q", rules)
		for range 12 {
			same(append([]string{"ACL", "DRYRUN", "x"}, p.call()...)...)
		}
		if p.rng.IntN(20) == 0 {
			same("ACL", "DELUSER", "x", "y")
		}
	}
}

// TestActingForAUserIsAnsweredAsRedisDoes plays fixed conversations to both.
func TestActingForAUserIsAnsweredAsRedisDoes(t *testing.T) {
	for _, proto := range []string{"2", "3"} {
		t.Run("RESP"+proto, func(t *testing.T) {
			redis, ours := startReal(t), newDriver(t)
			redis.call("HELLO", proto)
			ours.call("a", "HELLO", proto)
			sameReplies(t, redis, ours, strings.ReplaceAll(userTalk, "PROTO", proto))
		})
	}
}

const userTalk = `
ACL
ACL NOPE
ACL WHOAMI
ACL WHOAMI x
ACL CAT x y
ACL cat nope
ACL CAT
ACL GENPASS 0
ACL GENPASS 4097
ACL GENPASS x
ACL GENPASS 1 2
ACL LOG x
ACL LOG 1 2
ACL LOG -1
ACL LOG RESET
ACL SETUSER
ACL SETUSER 'a b'
ACL DELUSER default
ACL DELUSER nobody default
ACL GETUSER nobody
ACL DRYRUN nobody GET k
ACL DRYRUN default NOPE
ACL DRYRUN default GET
ACL DRYRUN default GET k
ACL LOAD
ACL SAVE
CONFIG GET acllog-max-len
CONFIG SET acllog-max-len -1
CONFIG SET acl-pubsub-default x
CONFIG SET aclfile x
AUTH x
AUTH a b
AUTH a b c
HELLO PROTO AUTH a b
ACL SETUSER alice on >pw +@all -@dangerous +acl|whoami ~a:* %R~r:* resetchannels &news
ACL SETUSER alice off
AUTH alice pw
ACL SETUSER alice on
AUTH alice wrong
AUTH alice pw
ACL WHOAMI
GET a:1
GET b:1
SET r:1 x
SET a:1 x
MGET a:1 r:1 b:1
KEYS *
CONFIG GET port
PUBLISH news x
PUBLISH other x
SUBSCRIBE other
PSUBSCRIBE n*
SORT a:1 BY w_*
SORT a:2 BY w_*
SORT a:2 GET # BY nosort
SORT a:2 GET x
MULTI
SET b:1 x
EXEC
MULTI
SET a:1 x
EXEC
MULTI
EXEC x
EXEC
RESET
ACL WHOAMI
ACL LOG 0
SET a:1 1
ACL SETUSER default nopass
AUTH default whatever
CONFIG SET requirepass secret
ACL LIST
RESET
PING
HELLO
HELLO PROTO AUTH default nope
HELLO 9
ACL SETUSER x
AUTH default secret
ACL SETUSER default off
ACL WHOAMI
AUTH default secret
ACL SETUSER default on
CONFIG GET requirepass
CONFIG SET requirepass ''
AUTH x
ACL LIST
CLIENT KILL USER nobody
CLIENT KILL USER alice
CLIENT KILL USER default SKIPME yes
ACL SETUSER default -get
GET k
ACL SETUSER default -acl
ACL WHOAMI
`

// TestWhatWasQueuedIsJudgedAgainAndTheLogTellsIt has a user lose a right between MULTI and EXEC.
func TestWhatWasQueuedIsJudgedAgainAndTheLogTellsIt(t *testing.T) {
	redis, ours := startReal(t), newDriver(t)
	admin := redis.again()
	talk := func(line string) {
		t.Helper()
		words := split(line)
		require.Equal(t, redis.raw(words...), ours.raw("a", words...), line)
	}
	rule := func(line string) {
		t.Helper()
		words := split(line)
		require.Equal(t, admin.raw(words...), ours.raw("b", words...), line)
	}
	rule("ACL SETUSER alice on nopass +@all ~* &*")
	talk("AUTH alice x")
	talk("MULTI")
	talk("SET k v")
	talk("PUBLISH c m")
	talk("INCR n")
	rule("ACL SETUSER alice resetkeys ~n resetchannels -incr")
	talk("EXEC")
	talk("GET k")
	talk("GET k")
	talk("INCR n")
	talk("MULTI")
	talk("INCR n")
	talk("PUBLISH d m")
	talk("EXEC")
	talk("AUTH alice2 x")
	talk("HELLO 3 AUTH alice3 x")
	rule("ACL SETUSER alice -exec")
	talk("MULTI")
	talk("EXEC")
	told := regexp.MustCompile(`(id|addr|laddr|fd|age|idle|qbuf|qbuf-free|argv-mem|multi-mem|rbs|rbp|obl|tot-mem)=\S*`)
	without := func(reply string) any {
		v, _, err := resp.ReadReply([]byte(reply))
		require.NoError(t, err)
		for i := range v.List {
			entry := v.List[i].List
			entry[11].Text, entry[13].Text = "", told.ReplaceAllString(entry[13].Text, "")
		}
		return v
	}
	require.Equal(t, fmt.Sprint(without(admin.raw("ACL", "LOG", "20"))), fmt.Sprint(without(ours.raw("b", "ACL", "LOG", "20"))))
	rule("ACL DELUSER alice")
	require.True(t, ours.clients["a"].Closing)
	_, err := redis.conn.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.EOF, "so does Redis")
}
