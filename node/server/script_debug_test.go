package server

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"clusterplay/node/machine"
	"clusterplay/node/resp"

	"github.com/stretchr/testify/require"
)

// debugger is one side of a debugging session: it sends bytes and returns the replies that came of them.
type debugger interface {
	send(b []byte)
	reply() (text string, open bool)
}

// realDebugger debugs on a redis-server.
type realDebugger struct{ *realServer }

func (r realDebugger) send(b []byte) { _, _ = r.conn.Write(b) }

func (r realDebugger) reply() (text string, open bool) {
	require.NoError(r.t, r.conn.SetReadDeadline(time.Now().Add(patience)))
	buf := make([]byte, 64<<10)
	for {
		if _, n, err := resp.ReadReply(r.in); err == nil && n > 0 {
			text, r.in = string(r.in[:n]), r.in[n:]
			return text, true
		}
		got, err := r.conn.Read(buf)
		if err != nil {
			return "", false
		}
		r.in = append(r.in, buf[:got]...)
	}
}

// ourDebugger debugs on a server of ours.
type ourDebugger struct {
	d    *driver
	name string
}

func (o ourDebugger) send(b []byte) {
	c := o.d.client(o.name)
	if c.Closing {
		return
	}
	if c.Raw {
		o.d.s.Input(o.d.now, c, b)
		o.d.rest()
		return
	}
	args := [][]byte{}
	words, _, _ := resp.ReadReply(b)
	for _, w := range words.List {
		args = append(args, []byte(w.Text))
	}
	o.d.s.Call(o.d.now, c, args)
	o.d.rest()
}

func (o ourDebugger) reply() (text string, open bool) {
	c := o.d.client(o.name)
	_, n, err := resp.ReadReply(c.Out)
	require.NoError(o.d.t, err)
	text, c.Out = string(c.Out[:n]), c.Out[n:]
	return text, n > 0
}

// spoken is a command as it is sent.
func spoken(words ...string) []byte { return resp.AppendWords(nil, words...) }

// transcript is what a session says: the script is followed with the commands, and then step by step to its end.
func transcript(side debugger, mode, source string, commands []string) []string {
	side.send(spoken("SCRIPT", "DEBUG", mode))
	said, _ := side.reply()
	heard := []string{said}
	side.send(spoken("EVAL", source, "2", "k1", "k2", "a1", "12"))
	for i := 0; ; i++ {
		said, open := side.reply()
		heard = append(heard, addresses.ReplaceAllString(said, "@somewhere"))
		switch {
		case !open || i > 500:
			return heard
		case strings.Contains(said, "<endsession>"):
			said, _ = side.reply()
			return append(heard, said)
		case i < len(commands):
			side.send([]byte(commands[i]))
		default:
			side.send(spoken("s"))
		}
	}
}

var addresses = regexp.MustCompile(`@0x[0-9a-f]+`)

// commandLines are lines of a person at the debugger, as they are sent.
func commandLines(lines ...string) []string {
	for i, line := range lines {
		lines[i] = string(spoken(split(line)...))
	}
	return lines
}

// debugScripts are ways to go through a script.
var debugScripts = map[string][]string{
	"step by step": nil,
	"looking":      commandLines(strings.Split(strings.Repeat("p|t|s|", 120), "|")...),
	"commands": commandLines("h", "w", "l", "l 3 1", "l 0", "l 99 0", "p", "p KEYS", "p ARGV", "p x", "m", "m 1", "e 'string.rep(1,100)'",
		"m 0", "e 'string.rep(1,300)'", "e 1+", "e 'x = 1'", "e '{1,{2,{3}},n=1/3}'", "r set k1 v", "r get k1", "r lrange k1 0 -1", "r", "foo",
		"b", "b 3 x -4 99 +5 05", "b", "b -3", "b -3", "b 0", "b 4 5", "c", "p", "t", "c", "b 0", "s", "s", "a"),
	"mistake":      {"*1\r\n$0\r\n\r\n"},
	"no star":      {"hello\r\n"},
	"more at once": {"xx*1\r\n$1\r\np\r\n*1\r\n$1\r\na\r\n", "*2\r\n$1\r\np\r\n:1\r\n"},
	"abort":        commandLines("s", "s", "a"),
}

func TestDebuggingSaysWhatRedisSays(t *testing.T) {
	redis, ours := startReal(t), newDriver(t)
	n := 0
	for _, source := range scriptCases(t, "lua_debug.txt") {
		for name, commands := range debugScripts {
			for _, mode := range []string{"yes", "sync"} {
				n++
				redis.call("FLUSHALL")
				ours.call("a", "FLUSHALL")
				want := transcript(realDebugger{redis.again()}, mode, source, commands)
				got := transcript(ourDebugger{ours, fmt.Sprint("debugger", n)}, mode, source, commands)
				require.Equal(t, want, got, "%s, %s:\n%s", name, mode, source)
				require.Equal(t, redis.call("GET", "k1"), ours.call("a", "GET", "k1"), "%s, %s:\n%s", name, mode, source)
			}
		}
	}
}

// debugClient begins to follow a script.
func debugClient(d *driver, name, mode, source string) *machine.Client {
	d.call(name, "SCRIPT", "DEBUG", mode)
	d.ask(name, "EVAL", source, "0")
	return d.client(name)
}

// types has a client send a command of the debugger, and returns what it is told.
func (d *driver) types(name string, words ...string) string {
	d.s.Input(d.now, d.client(name), spoken(words...))
	d.rest()
	return d.heard(name)
}

func TestACopyIsOfTheMomentOfItsEval(t *testing.T) {
	d := newDriver(t)
	d.call("a", "SET", "k", "before")
	debugClient(d, "b", "yes", "redis.call('set','k','debugged')\nreturn redis.call('get','k')")
	d.heard("b")
	require.Equal(t, "+OK|", d.call("a", "SET", "k", "after"), "others are served")
	require.Contains(t, d.types("b", "r", "get", "k"), `<reply> "before"`)
	d.types("b", "s")
	require.Contains(t, d.types("b", "s"), "$8|debugged|")
	require.True(t, d.client("b").Closing)
	require.Equal(t, "$5|after|", d.call("a", "GET", "k"))
}

func TestNobodyIsServedWhileTheRealDataIsDebugged(t *testing.T) {
	d := newDriver(t)
	debugClient(d, "b", "sync", "redis.call('set','k',1)\nredis.call('incr','k')\nreturn 1")
	d.ask("a", "GET", "k")
	require.Empty(t, d.heard("a"))
	require.True(t, d.client("a").Blocked)
	d.types("b", "c")
	require.Equal(t, "$1|2|", d.heard("a"))
	require.False(t, d.client("a").Blocked)
}

func TestAScriptOnTheRealDataRunsToItsEndWithoutItsClient(t *testing.T) {
	d := newDriver(t)
	debugClient(d, "b", "sync", "redis.call('set','k',1)\nredis.call('incr','k')\nreturn 1")
	d.drop("b")
	require.Equal(t, "$1|2|", d.call("a", "GET", "k"))
}

func TestACopyGoesWithItsClient(t *testing.T) {
	d := newDriver(t)
	debugClient(d, "b", "yes", "while true do end")
	require.Len(t, d.s.debugs, 1)
	d.drop("b")
	require.Empty(t, d.s.debugs)
}
