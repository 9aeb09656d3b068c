package sentinel

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// another opens one more connection to the same Sentinel.
func (o *askedOurs) another(id uint64) *askedOurs {
	b := &askedOurs{t: o.t, s: o.s, now: o.now, conn: &machine.Client{ID: id, Addr: "127.0.0.1:50001", LocalAddr: o.conn.LocalAddr}}
	o.s.Open(o.now, b.conn)
	return b
}

func TestAListenerHearsAnEventAndTheDriverIsTold(t *testing.T) {
	o := askOurs(t, sameConf)
	two, three := o.another(2), o.another(3)
	two.do("SUBSCRIBE", "+sdown", "+switch-master")
	two.next()
	require.True(t, two.conn.Listening)
	three.do("HELLO", "3")
	three.do("PSUBSCRIBE", "+s*")
	o.s.emit(event.SDown{Monitored: o.s.monitored(&o.s.masters[0].instance)})
	todo := o.s.BeforeSleep(o.now)
	require.Equal(t, []*machine.Client{two.conn, three.conn}, todo.Flush)
	require.Equal(t, []resp.Value{{Kind: resp.KindBulk, Text: "message"}, {Kind: resp.KindBulk, Text: "+sdown"},
		{Kind: resp.KindBulk, Text: "master one 127.0.0.1 1"}}, two.next().List)
	message := three.next()
	require.Equal(t, resp.KindPush, message.Kind)
	require.Equal(t, "pmessage", message.List[0].Text)
	require.Empty(t, o.s.BeforeSleep(o.now).Flush, "it is told once")
}

func TestAClientThatIsGoneIsNotFlushed(t *testing.T) {
	o := askOurs(t, sameConf)
	two := o.another(2)
	two.do("SUBSCRIBE", "+sdown")
	o.s.Call(o.now, o.conn, [][]byte{[]byte("CLIENT"), []byte("KILL"), []byte("TYPE"), []byte("pubsub")})
	require.True(t, two.conn.Closing)
	o.s.Shut(o.now, two.conn)
	o.s.emit(event.SDown{Monitored: o.s.monitored(&o.s.masters[0].instance)})
	require.NotContains(t, o.s.BeforeSleep(o.now).Flush, two.conn)
	require.Len(t, o.s.clients.All, 1)
}

func TestAClientThatLeavesWithAnEventOnItsLipsIsNotFlushedEither(t *testing.T) {
	o := askOurs(t, sameConf)
	two := o.another(2)
	two.do("SUBSCRIBE", "+tilt")
	o.now = o.now.Add(10 * time.Second)
	o.s.Shut(o.now, two.conn) // the first to hear that the clock jumped
	todo := o.s.BeforeSleep(o.now)
	require.Contains(t, todo.Emit, event.Event(event.Tilt{}))
	require.NotContains(t, todo.Flush, two.conn)
}

func TestAVoteIsInTheFileBeforeTheAnswerLeaves(t *testing.T) {
	o := askOurs(t, sameConf)
	args := [][]byte{[]byte("SENTINEL"), []byte("IS-MASTER-DOWN-BY-ADDR"), []byte("127.0.0.1"), []byte("1"), []byte("6"), []byte(strings.Repeat("b", 40))}
	o.s.Call(o.now, o.conn, args)
	todo := o.s.BeforeSleep(o.now)
	require.Len(t, todo.Save, 1)
	require.True(t, todo.Save[0].Sync)
	require.Contains(t, string(todo.Save[0].Data), "sentinel leader-epoch one 6\n")
	require.Equal(t, `*["0" "`+strings.Repeat("b", 40)+`" "6"]`, flat(o.next()))
}

// flat writes a reply of numbers and texts.
func flat(v resp.Value) string {
	var parts []string
	for _, e := range v.List {
		parts = append(parts, `"`+e.String()+`"`)
	}
	return string(v.Kind) + "[" + strings.Join(parts, " ") + "]"
}

func TestAVoteIsGivenToASentinelOnly(t *testing.T) {
	o := askOurs(t, sameConf)
	require.Equal(t, `*["0" "*" "0"]`, flat(o.do("SENTINEL", "IS-MASTER-DOWN-BY-ADDR", "127.0.0.1", "1", "6", "nobody")))
	require.Equal(t, `*["0" "*" "0"]`, flat(o.do("SENTINEL", "IS-MASTER-DOWN-BY-ADDR", "127.0.0.1", "1", "-6", strings.Repeat("b", 40))))
	require.EqualValues(t, 5, o.s.currentEpoch, "no epoch was raised")
}

func TestAPausedCommandIsAnsweredWhenThePauseEnds(t *testing.T) {
	o := askOurs(t, sameConf)
	require.Equal(t, "OK", o.do("CLIENT", "PAUSE", "500").String())
	o.s.Call(o.now, o.conn, [][]byte{[]byte("PING")})
	require.True(t, o.conn.Blocked)
	require.Empty(t, o.conn.Out)
	o.now = o.now.Add(400 * time.Millisecond)
	o.s.BeforeSleep(o.now)
	require.Empty(t, o.conn.Out)
	o.now = o.now.Add(101 * time.Millisecond)
	todo := o.s.BeforeSleep(o.now)
	require.False(t, o.conn.Blocked)
	require.Equal(t, []*machine.Client{o.conn}, todo.Flush)
	require.Equal(t, "PONG", o.next().String())
}

func TestWhoPausesAndHangsUpLeavesNothingBehind(t *testing.T) {
	o := askOurs(t, sameConf)
	two := o.another(2)
	two.do("CLIENT", "PAUSE", "500", "WRITE")
	require.Equal(t, "PONG", o.do("PING").String(), "only what replicas would see waits")
	o.s.Call(o.now, two.conn, [][]byte{[]byte("PUBLISH"), []byte("c"), []byte("m")})
	require.True(t, two.conn.Blocked)
	o.s.Shut(o.now, two.conn)
	o.now = o.now.Add(time.Second)
	o.s.BeforeSleep(o.now)
	require.Empty(t, two.conn.Out)
}

func TestChangesAreEventsAndGoToTheFile(t *testing.T) {
	o := askOurs(t, sameConf)
	o.s.Call(o.now, o.conn, [][]byte{[]byte("SENTINEL"), []byte("SET"), []byte("one"), []byte("auth-pass"), []byte("secret"), []byte("Quorum"), []byte("1"), []byte("x"), []byte("y")})
	todo := o.s.BeforeSleep(o.now)
	require.Contains(t, o.next().Text, "Unknown option")
	m := o.s.monitored(&o.s.masters[0].instance)
	require.Equal(t, []event.Event{
		event.MonitorSet{Monitored: m, Option: "auth-pass", Values: []string{"******"}},
		event.MonitorSet{Monitored: m, Option: "Quorum", Values: []string{"1"}},
	}, todo.Emit)
	file := string(todo.Save[0].Data)
	require.Contains(t, file, "sentinel auth-pass one secret\n")
	require.Contains(t, file, "sentinel monitor one 127.0.0.1 1 1\n")
}

func TestShutdownEndsWithZeroAndSavesNothing(t *testing.T) {
	o := askOurs(t, sameConf)
	o.s.Call(o.now, o.conn, [][]byte{[]byte("SHUTDOWN")})
	todo := o.s.BeforeSleep(o.now)
	require.Equal(t, &machine.Exit{Code: 0, Reason: "SHUTDOWN"}, todo.Exit)
	require.Empty(t, todo.Save)
}

func TestScriptsMayBeNamedWhereTheFileAllowsIt(t *testing.T) {
	o := askOurs(t, sameConf+"sentinel deny-scripts-reconfig no\n")
	require.Equal(t, "OK", o.do("SENTINEL", "SET", "one", "notification-script", "/bin/true").String())
	master := o.do("SENTINEL", "MASTER", "one")
	path, ok := master.Get("notification-script")
	require.True(t, ok)
	require.Equal(t, "/bin/true", path.Text)
	for option, what := range map[string]string{"notification-script": "Notification", "client-reconfig-script": "Client reconfiguration"} {
		require.Equal(t, "ERR "+what+" script seems non existing or non executable",
			o.do("SENTINEL", "SET", "one", option, "/nowhere").String())
	}
}

// FuzzCall throws any words at a Sentinel.
func FuzzCall(f *testing.F) {
	for _, line := range conversation {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		words, ok := resp.SplitLine(nil, []byte(line))
		if !ok || len(words) == 0 {
			return
		}
		o := askOurs(t, sameConf)
		o.s.Call(o.now, o.conn, words)
		o.s.BeforeSleep(o.now)
		o.replies.Feed(o.conn.Out)
		for {
			_, n, err := o.replies.Next()
			require.NoError(t, err)
			if n == 0 {
				break
			}
		}
		require.Zero(t, o.replies.Buffered())
		again, err := ParseConf(o.s.file())
		require.NoError(t, err)
		now := o.s.conf()
		require.Equal(t, string(now.Rewrite(nil)), string(again.Rewrite(nil)))
	})
}
