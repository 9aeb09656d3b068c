package server

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fellow is another client of a server on which somebody debugs.
type fellow interface{ call(words ...string) string }

type ourFellow struct{ d *driver }

func (o ourFellow) call(words ...string) string { return o.d.call("fellow", words...) }

// says has a side send a command that has a reply, and returns it.
func says(side debugger, words ...string) string {
	side.send(spoken(words...))
	text, _ := side.reply()
	return strings.ReplaceAll(text, "\r\n", "|")
}

// ofClients are the lines of INFO that count clients.
var ofClients = regexp.MustCompile(`(connected_clients|tracking_clients|pubsub_channels|total_forks):\d+`)

// seenByOthers is what others are told of a client that debugs on a copy.
func seenByOthers(side debugger, other fellow) (heard []string) {
	number := regexp.MustCompile(`\d+`)
	says(side, "HELLO", "3")
	says(side, "CLIENT", "TRACKING", "ON", "BCAST")
	says(side, "SUBSCRIBE", "ch")
	says(side, "WATCH", "k")
	id := number.FindString(says(side, "CLIENT", "ID"))
	says(side, "SCRIPT", "DEBUG", "YES")
	look := func() {
		heard = append(heard, other.call("CLIENT", "LIST", "ID", id), other.call("PUBSUB", "NUMSUB", "ch"), other.call("CLIENT", "UNBLOCK", id),
			fmt.Sprint(strings.Count(other.call("CLIENT", "LIST"), "id=")))
		heard = append(heard, ofClients.FindAllString(other.call("INFO", "everything"), -1)...)
	}
	says(side, "EVAL", "local a = 1\nreturn a", "0")
	look()
	heard = append(heard, other.call("CLIENT", "KILL", "ID", id), other.call("SCRIPT", "KILL"), other.call("PUBLISH", "ch", "x"), other.call("SET", "k", "1"))
	heard = append(heard, says(side, "p"), says(side, "s"), says(side, "s"))
	rest, _ := side.reply()
	heard = append(heard, rest)
	look()
	return heard
}

func TestWhoDebugsOnACopyIsGoneForTheOthers(t *testing.T) {
	redis, ours := startReal(t), newDriver(t)
	ours.client("fellow")
	want := seenByOthers(realDebugger{redis.again()}, redis)
	require.Equal(t, want, seenByOthers(ourDebugger{ours, "debugger"}, ourFellow{ours}))
	require.Equal(t, "$0||", want[0], "CLIENT LIST does not show it")
	require.Equal(t, "connected_clients:1", want[4])
}

// inRESP3 are scripts whose replies differ between the protocols.
var inRESP3 = []string{
	"redis.setresp(3)\nredis.call('hset',KEYS[1],'f','1')\nlocal h = redis.call('hgetall',KEYS[1])\nlocal n = redis.call('get','none')\nreturn h",
	"redis.call('zadd',KEYS[1],'1.5','m')\nlocal z = redis.call('zscore',KEYS[1],'m')\nredis.setresp(3)\nz = redis.call('zscore',KEYS[1],'m')\nreturn {double=1.5}",
	"redis.setresp(3)\nredis.call('sadd',KEYS[1],'a')\nlocal s = redis.call('smembers',KEYS[1])\nredis.setresp(2)\ns = redis.call('smembers',KEYS[1])\nreturn s",
	"return {map={a=true,b=false}}", "return nil", "return false", "return {big_number='12345678901234567890'}",
}

func TestRESP3IsDebuggedAsByRedis(t *testing.T) {
	redis, ours := startReal(t), newDriver(t)
	looking := commandLines("s", "p", "r hgetall k1", "r get nothing", "r sismember k1 a", "r debug protocol true", "e redis.setresp(3)", "r hgetall k1", "p", "s")
	for n, source := range inRESP3 {
		for i, commands := range [][]string{nil, looking} {
			for _, mode := range []string{"yes", "sync"} {
				redis.call("FLUSHALL")
				ours.call("a", "FLUSHALL")
				real, our := realDebugger{redis.again()}, ourDebugger{ours, fmt.Sprint("debugger", n, i, mode)}
				says(real, "HELLO", "3")
				says(our, "HELLO", "3")
				sameTranscript(t, transcript(real, mode, source, commands), transcript(our, mode, source, commands), source)
			}
		}
	}
}

// whatIsNotAnswered is a session of a client that wants no replies.
func whatIsNotAnswered(side debugger) (heard []string) {
	side.send(spoken("CLIENT", "REPLY", "OFF"))
	side.send(spoken("SCRIPT", "DEBUG", "YES"))
	heard = append(heard, says(side, "EVAL", "local a = 1\nreturn a", "0"), says(side, "s"), says(side, "s"))
	rest, _ := side.reply()
	return append(heard, rest)
}

func TestADebuggerSpeaksToWhoWantsNoReplies(t *testing.T) {
	redis, ours := startReal(t), newDriver(t)
	want := whatIsNotAnswered(realDebugger{redis.again()})
	require.Equal(t, want, whatIsNotAnswered(ourDebugger{ours, "debugger"}))
	require.Empty(t, want[len(want)-1])
}

// busyDebugger is an ourDebugger whose script runs for long: time goes by until it has said something.
type busyDebugger struct{ ourDebugger }

func (b busyDebugger) send(bytes []byte) {
	c := b.d.client(b.name)
	if !c.Raw {
		b.ourDebugger.send(bytes)
		return
	}
	b.d.s.Input(b.d.now, c, bytes)
	b.d.turns(func() bool { return len(c.Out) > 0 })
}

// turns lets a script run, a millisecond at a time, until something holds.
func (d *driver) turns(until func() bool) {
	d.t.Helper()
	for range 20_000 {
		if until() {
			d.rest()
			return
		}
		d.now = d.now.Add(time.Millisecond)
		d.perform(d.s.BeforeSleep(d.now))
	}
	d.t.Fatal("a script runs for ever")
}

func TestAScriptThatRunsForLongIsStoppedAsByRedis(t *testing.T) {
	redis, ours := startReal(t, "--busy-reply-threshold", "10"), newDriver(t, "busy-reply-threshold", "10")
	ways := map[string][]string{
		"looking": commandLines("c", "p", "t", "e 1+1", "r get k", "c", "l", "a"),
		"steps":   commandLines("c", "s", "s", "b 2", "c", "b 0", "c", "a"),
	}
	for name, commands := range ways {
		for _, source := range []string{"local n = 1\nwhile true do local x = n end", "local n = 1\nlocal ok = pcall(function() while true do n = n + 1 end end) return ok"} {
			for _, mode := range []string{"yes", "sync"} {
				numbers := regexp.MustCompile(`n = \d+`)
				real, our := realDebugger{redis.again()}, busyDebugger{ourDebugger{ours, name + mode + source}}
				want, got := transcript(real, mode, source, append([]string{string(spoken("s"))}, commands...)), transcript(our, mode, source, append([]string{string(spoken("s"))}, commands...))
				for i := range want {
					want[i] = numbers.ReplaceAllString(want[i], "n = some")
				}
				for i := range got {
					got[i] = numbers.ReplaceAllString(got[i], "n = some")
				}
				require.Contains(t, strings.Join(want, ""), "timeout reached, infinite loop?")
				sameTranscript(t, want, got, name+", "+mode+":\n"+source)
			}
		}
	}
}

func TestALoopWhoseClientLeavesIsEndedByTheTimeLimit(t *testing.T) {
	const source = "redis.call('set',KEYS[1],1)\nwhile true do end"
	redis, ours := startReal(t, "--busy-reply-threshold", "10"), newDriver(t, "busy-reply-threshold", "10")
	gone := redis.again()
	says(realDebugger{gone}, "SCRIPT", "DEBUG", "SYNC")
	says(realDebugger{gone}, "EVAL", source, "1", "k1")
	require.NoError(t, gone.conn.Close())
	want := redis.call("GET", "k1")

	says(ourDebugger{ours, "b"}, "SCRIPT", "DEBUG", "SYNC")
	says(ourDebugger{ours, "b"}, "EVAL", source, "1", "k1")
	ours.s.Shut(ours.now, ours.clients["b"])
	began := ours.now
	ours.turns(func() bool { return ours.s.sleep.debug == nil })
	require.Equal(t, want, ours.call("a", "GET", "k1"), "what was written stays")
	require.InDelta(t, 10, ours.now.Sub(began).Milliseconds(), 5)
	require.Empty(t, ours.s.debugs)
}
