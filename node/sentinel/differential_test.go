package sentinel

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// askedOurs is a Sentinel of ours that is asked as a real one is.
type askedOurs struct {
	t       testing.TB
	s       *Sentinel
	now     time.Time
	conn    *machine.Client
	replies resp.Replies
}

func askOurs(t testing.TB, conf string, set ...func(*Config)) *askedOurs {
	conf = strings.NewReplacer("PORT", "26379", "DIR", "/tmp").Replace(conf)
	cfg := Config{Port: 26379, Conf: []byte(conf), Runnable: func(path string) bool { return path == "/bin/true" }}
	for _, f := range set {
		f(&cfg)
	}
	s, err := New(cfg, rand.New(rand.NewPCG(1, 1)))
	require.NoError(t, err)
	o := &askedOurs{t: t, s: s, now: time.Unix(1_700_000_000, 0)}
	o.conn = &machine.Client{ID: 1, Addr: "127.0.0.1:50000", LocalAddr: "127.0.0.1:26379"}
	s.Open(o.now, o.conn)
	s.BeforeSleep(o.now)
	return o
}

func (o *askedOurs) do(words ...string) resp.Value {
	args := make([][]byte, len(words))
	for i, w := range words {
		args[i] = []byte(w)
	}
	o.now = o.now.Add(time.Millisecond)
	o.s.Call(o.now, o.conn, args)
	o.sleep(nil)
	return o.next()
}

// sleep does what is to be done; every Save ends with err.
func (o *askedOurs) sleep(err error) (told []event.Event) {
	for {
		todo := o.s.BeforeSleep(o.now)
		told = append(told, todo.Emit...)
		if len(todo.Save) == 0 {
			return told
		}
		for _, save := range slices.Clone(todo.Save) {
			o.s.Saved(o.now, save.Token, err)
		}
	}
}

func (o *askedOurs) next() resp.Value {
	o.replies.Feed(o.conn.Out)
	o.conn.Out = nil
	v, n, err := o.replies.Next()
	require.NoError(o.t, err)
	require.NotZero(o.t, n, "no reply")
	return v
}

// asked is either of the two.
type asked interface {
	do(words ...string) resp.Value
	next() resp.Value
}

// sameConf is what both start with.
const sameConf = `port PORT
dir "DIR"
sentinel myid 0123456789abcdef0123456789abcdef01234567
sentinel monitor one 127.0.0.1 1 2
sentinel down-after-milliseconds one 600000
sentinel known-replica one 127.0.0.1 2
sentinel known-sentinel one 127.0.0.1 3 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
sentinel current-epoch 5
`

// volatile are the fields of an instance that tell of time and links.
var volatile = []string{"last-ping-sent", "last-ok-ping-reply", "last-ping-reply", "role-reported-time", "info-refresh",
	"last-hello-message", "link-pending-commands", "id", "s-down-time"}

var (
	clientLine = regexp.MustCompile(`(id|addr|laddr|fd|age|idle|qbuf|qbuf-free|argv-mem|rbs|rbp|tot-mem|events)=\S*`)
	masterLine = regexp.MustCompile(`(?m)^master\d+:`)
	infoValue  = regexp.MustCompile(`(?m)^((?:redis_build_id|os|monotonic_clock|multiplexing_api|atomicvar_api|gcc_version|process_id|run_id|hz|client_recent_max_\w+|reply_buffer_\w+|tcp_port|server_time_usec|uptime_in_\w+|lru_clock|executable|config_file|total_\w+|used_cpu_\w+|instantaneous_\w+|connected_clients)):.*$`)
)

// normal writes a reply on one line, without what two processes cannot have in common. Arrays of maps
// are sorted: Redis keeps them in the order of a table with a random seed.
func normal(v resp.Value) string {
	switch {
	case v.IsNull():
		return "nil"
	case v.IsError():
		return "-" + v.Text
	case len(v.List) == 0 && v.Kind != resp.KindArray && v.Kind != resp.KindMap && v.Kind != resp.KindSet:
		text := clientLine.ReplaceAllString(v.String(), "$1=*")
		lines := strings.Split(infoValue.ReplaceAllString(strings.ReplaceAll(text, "\r", ""), "$1:*"), "\n")
		for i := range lines {
			lines[i] = masterLine.ReplaceAllString(lines[i], "master:")
		}
		slices.Sort(lines)
		return fmt.Sprintf("%c%q", v.Kind, strings.Join(lines, "\n"))
	}
	var parts []string
	for i, e := range v.List {
		if i > 0 && slices.Contains(volatile, v.List[i-1].Text) && v.List[i-1].Kind == resp.KindBulk {
			parts = append(parts, "*")
			continue
		}
		parts = append(parts, normal(e))
	}
	if len(v.List) > 1 && (v.List[0].Kind == resp.KindArray || v.List[0].Kind == resp.KindMap || v.Kind == resp.KindSet || v.List[0].Text == "one" || v.List[0].Text == "two") {
		slices.Sort(parts)
	}
	return fmt.Sprintf("%c[%s]", v.Kind, strings.Join(parts, " "))
}

// TestRedisAnswersTheSame asks both the same questions, one after the other, in both protocols.
func TestRedisAnswersTheSame(t *testing.T) {
	for _, proto := range []string{"2", "3"} {
		t.Run("RESP"+proto, func(t *testing.T) {
			theirs, ours := startReal(t, sameConf), askOurs(t, sameConf)
			for _, line := range append([]string{"HELLO " + proto}, conversation...) {
				words := split(t, line)
				want, got := normal(theirs.do(words...)), normal(ours.do(words...))
				if want != got {
					t.Errorf("%s\n  want %s\n  got  %s", line, want, got)
				}
			}
			require.Greater(t, len(conversation), 200)
		})
	}
}

func split(t testing.TB, line string) []string {
	list, ok := resp.SplitLine(nil, []byte(line))
	require.True(t, ok, line)
	var words []string
	for _, w := range list {
		words = append(words, string(w))
	}
	return words
}

// TestRedisWantsThePasswordAtTheSamePlaces does so for a Sentinel with a password.
func TestRedisWantsThePasswordAtTheSamePlaces(t *testing.T) {
	conf := sameConf + "requirepass secret\n"
	both := []asked{startReal(t, conf), askOurs(t, conf)}
	for _, line := range []string{
		"PING", "WHAT", "GET k", "SENTINEL MASTERS", "SENTINEL", "HELLO 3", "HELLO 3 AUTH default no", "AUTH no", "AUTH default no", "AUTH bob secret",
		"AUTH", "AUTH a b c", "SUBSCRIBE c", "ACL WHOAMI", "HELLO 2 AUTH default secret SETNAME me", "PING", "CLIENT GETNAME", "AUTH secret", "ACL WHOAMI",
		"AUTH default secret", "AUTH no", "PING", "ACL LIST",
	} {
		want, got := normal(both[0].do(split(t, line)...)), normal(both[1].do(split(t, line)...))
		require.Equal(t, want, got, line)
	}
}
