package server

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/event"
)

func TestScriptsReplicateWhatTheyDidAsOneUnit(t *testing.T) {
	for _, row := range []struct {
		name   string
		script string
		want   []string
	}{
		{"nothing", "return redis.call('get', 'k')", nil},
		{"one write", "return redis.call('set', 'k', 1)", []string{"SELECT 0", "set k 1"}},
		{"two writes", "redis.call('set', 'a', 1) return redis.call('incr', 'a')",
			[]string{"SELECT 0", "MULTI", "set a 1", "incr a", "EXEC"}},
		{"a failure in the middle", "redis.call('set', 'a', 1) redis.call('lpush', 'a', 1)", []string{"SELECT 0", "set a 1"}},
		{"an error behind a write", "redis.call('set', 'a', 1) error('x')", []string{"SELECT 0", "set a 1"}},
		{"another database", "redis.call('select', 3) redis.call('set', 'a', 1) redis.call('select', 0) redis.call('set', 'b', 1)",
			[]string{"SELECT 3", "MULTI", "set a 1", "SELECT 0", "set b 1", "EXEC"}},
		{"random", "redis.call('sadd', 's', 'only') return redis.call('spop', 's')",
			[]string{"SELECT 0", "MULTI", "sadd s only", "SREM s only", "EXEC"}},
		{"kept to itself", "redis.set_repl(redis.REPL_NONE) redis.call('set', 'a', 1) redis.set_repl(redis.REPL_ALL) redis.call('set', 'b', 1)",
			[]string{"SELECT 0", "set b 1"}},
		{"for the log only", "redis.set_repl(redis.REPL_AOF) redis.call('set', 'a', 1)", nil},
		{"a message", "return redis.call('publish', 'c', 'm')", []string{"SELECT 0", "publish c m"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := followed(t)
			d.call("a", "EVAL", row.script, "0")
			require.Equal(t, row.want, commands(d.heard("r")))
		})
	}
}

func TestScriptsInATransactionAreOneUnitWithIt(t *testing.T) {
	d := followed(t)
	d.do("a", "MULTI")
	d.do("a", "SET k 1")
	d.call("a", "EVAL", "return redis.call('incr', KEYS[1])", "1", "k")
	require.Equal(t, "*2|+OK|:2|", d.do("a", "EXEC"))
	require.Equal(t, []string{"SELECT 0", "MULTI", "SET k 1", "incr k", "EXEC"}, commands(d.heard("r")))
}

func TestAScriptServesClientsThatWaitAfterItsEnd(t *testing.T) {
	d := followed(t)
	d.do("w", "BLPOP l 0")
	require.Equal(t, ":1|", d.call("a", "EVAL", "redis.call('rpush', 'l', 1, 2) redis.call('lpop', 'l') return redis.call('llen', 'l')", "0"))
	require.Equal(t, "*2|$1|l|$1|2|", d.heard("w"))
	require.Equal(t, []string{"SELECT 0", "MULTI", "rpush l 1 2", "lpop l", "EXEC", "LPOP l"}, commands(d.heard("r")))
}

func TestFunctionsReplicateAndOutliveARestart(t *testing.T) {
	const code = "#!lua name=lib\nredis.register_function('f', function(keys, args) return args[1] end)"
	d := followed(t)
	require.Equal(t, "$3|lib|", d.call("a", "FUNCTION", "LOAD", code))
	require.Equal(t, "+OK|", d.call("a", "FUNCTION", "FLUSH"))
	require.Equal(t, "$3|lib|", d.call("a", "FUNCTION", "LOAD", code))
	require.Equal(t, []string{"SELECT 0", "FUNCTION LOAD " + code, "FUNCTION FLUSH", "FUNCTION LOAD " + code}, commands(d.heard("r")))
	d.do("a", "SAVE")
	d.rest()
	again := bornDriver(t, Config{Port: 7001, Files: d.files})
	require.Equal(t, "$1|x|", again.call("a", "FCALL", "f", "0", "x"))
	require.Equal(t, "+OK|", again.do("a", "DEBUG RELOAD"))
	require.Equal(t, "$1|x|", again.call("a", "FCALL", "F", "0", "x"))
	require.Contains(t, again.do("a", "INFO memory"), "number_of_functions:1|number_of_libraries:1|")
}

// breathing gives a driver's server a breath in which visit is called; step is how long a breath takes.
func breathing(d *driver, step time.Duration, visit func(open bool) (alive bool)) {
	d.s.SetBreath(func(open bool) (time.Time, bool) {
		d.now = d.now.Add(step)
		return d.now, visit(open)
	})
}

func TestALongScriptLetsOthersInToHearThatTheNodeIsBusy(t *testing.T) {
	d := newDriver(t, "busy-reply-threshold", "1000")
	d.client("b")
	visits := 0
	breathing(d, 200*time.Millisecond, func(open bool) bool {
		if !open {
			return true
		}
		switch visits++; visits {
		case 1:
			require.Equal(t, "-BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.|", d.do("b", "PING"))
			require.Equal(t, "-BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.|", d.do("b", "FUNCTION STATS"))
			require.Equal(t, "+OK|", d.do("c", "MULTI"), "a new client is let in, and some commands are")
			d.s.Cron(d.now)
			d.rest()
			require.Equal(t, "SCRIPT KILL", d.s.View(d.now).Busy)
			require.Equal(t, []event.Event{event.ScriptBusy{Script: "694a5fe1ddb97a4c6a1bf299d9537c7d3d0f84e7", Kill: "SCRIPT KILL"}}, d.events)
		case 2:
			require.Equal(t, "+OK|", d.do("b", "SCRIPT KILL"))
		}
		return true
	})
	d.do("a", "SET before 1")
	got := d.call("a", "EVAL", "while true do end", "0")
	require.Contains(t, got, "-ERR Script killed by user with SCRIPT KILL... script: ")
	require.Equal(t, 2, visits)
	require.Equal(t, event.ScriptOver{Killed: true}, d.events[len(d.events)-1])
	require.Empty(t, d.s.View(d.now).Busy)
	require.Equal(t, "+PONG|", d.do("b", "PING"))
	require.Equal(t, "-NOTBUSY No scripts in execution right now.|", d.do("b", "SCRIPT KILL"))
}

func TestACommandOfAScriptCountsAsWhatItLooksAt(t *testing.T) {
	d := newDriver(t)
	d.do("a", "DEBUG POPULATE 20000")
	d.call("a", "EVAL", "for i = 1, 20000 do redis.call('sadd', 's', i) end redis.call('set', 'text', string.rep('x', 100))", "0")
	for command, most := range map[string]int{
		"'get', 'key:1'": 0, "'set', 'key:1', 'x'": 0, "'sadd', 's', 1": 0, "'scard', 's'": 0,
		"'keys', 'nothing'": 30, "'sinter', 's', 'none'": 30, "'sunionstore', 'into', 's'": 60, "'lcs', 'text', 'text', 'LEN'": 15,
	} {
		breaths := 0
		breathing(d, 0, func(bool) bool {
			breaths++
			return true
		})
		require.NotContains(t, d.call("a", "EVAL", "for i = 1, 100 do redis.call("+command+") end", "0"), "-ERR")
		require.LessOrEqual(t, breaths, most+1, command) // the script before has left some steps
		require.GreaterOrEqual(t, breaths, most*2/3, command)
	}
}

func TestManyCheapLooksAtALargeKeyEndNoScript(t *testing.T) {
	d := newDriver(t)
	d.call("a", "EVAL", "for i = 1, 100000 do redis.call('rpush', 'l', i) end", "0")
	breathing(d, 0, func(bool) bool { return true })
	require.Equal(t, ":1|", d.call("a", "EVAL", fmt.Sprintf("for i = 1, %d do redis.call('lindex', 'l', 0) end return 1", maxInterrupts+1), "0"))
}

func TestAScriptThatHasWrittenIsNotKilled(t *testing.T) {
	d := followed(t)
	d.do("a", "CONFIG SET busy-reply-threshold 1")
	d.do("w", "BLPOP l 0")
	visits := 0
	breathing(d, time.Second, func(open bool) bool {
		if open {
			if visits++; visits == 1 {
				require.Contains(t, d.do("b", "SCRIPT KILL"), "-UNKILLABLE Sorry the script already executed write commands")
				require.Empty(t, d.heard("r"), "nothing of a script is seen before its end")
				require.Empty(t, d.heard("w"))
			}
		}
		return true
	})
	require.Equal(t, ":1|", d.call("a", "EVAL", "redis.call('rpush', 'l', 1) for i = 1, 100000 do end return 1", "0"))
	require.Positive(t, visits)
	require.Equal(t, "*2|$1|l|$1|1|", d.heard("w"))
	require.Equal(t, []string{"SELECT 0", "rpush l 1", "LPOP l"}, commands(d.heard("r")))
}

func TestAScriptThatHasComputedForItsLimitIsEnded(t *testing.T) {
	const loop = "redis.call('set', 'k', 'v') while true do end"
	d := bornDriver(t, Config{Port: 7000, ScriptLimit: 30 * time.Second})
	d.follow("r")
	watch, breaths := time.Duration(0), 0
	d.s.SetStopwatch(func() time.Duration {
		watch += time.Second
		return watch
	})
	breathing(d, 0, func(open bool) bool { // the lab stands still: its clock makes no script slow
		require.False(t, open)
		breaths++
		watch += time.Hour // others, and who freezes the node, take their time
		return true
	})
	got := d.call("a", "EVAL", loop, "0")
	require.Contains(t, got, "-ERR The script has computed for 30s, all that it may here (script-limit), and was ended. What it has written stays.")
	require.InDelta(t, 30, breaths, 3, "the command looks at the watch as well")
	require.Equal(t, event.ScriptOver{Killed: true, Limit: 30 * time.Second}, d.events[len(d.events)-1])
	require.Equal(t, []string{"SELECT 0", "set k v"}, commands(d.heard("r")))
	require.Equal(t, "$1|v|", d.do("a", "GET k"))
}

func TestAFunctionIsKilledByItsOwnCommand(t *testing.T) {
	d := newDriver(t, "busy-reply-threshold", "1")
	d.call("a", "FUNCTION", "LOAD", "#!lua name=lib\nredis.register_function('loop', function() while true do end end)")
	visits := 0
	breathing(d, time.Second, func(open bool) bool {
		if open {
			if visits++; visits == 1 {
				require.Equal(t, "-BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.|", d.do("b", "PING"))
				require.Equal(t, "-BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.|", d.do("b", "SCRIPT KILL"))
				require.Contains(t, d.do("b", "FUNCTION STATS"), "$14|running_script|*6|$4|name|$4|loop|$7|command|*3|$5|FCALL|$4|loop|$1|0|$11|duration_ms|:2000|")
				require.Equal(t, "+OK|", d.do("b", "FUNCTION KILL"))
			}
		}
		return true
	})
	require.Contains(t, d.call("a", "FCALL", "loop", "0"), "-ERR Script killed by user with SCRIPT KILL... script: loop, on @user_function:")
	require.Equal(t, 1, visits)
}

func TestShutdownEndsABusyNode(t *testing.T) {
	d := newDriver(t, "busy-reply-threshold", "1")
	breathing(d, time.Second, func(open bool) bool {
		if open {
			require.Contains(t, d.do("b", "SHUTDOWN SAVE"), "-BUSY ")
			d.do("b", "SHUTDOWN NOSAVE")
			require.NotNil(t, d.exit)
			return false
		}
		return true
	})
	d.call("a", "EVAL", "redis.call('set', 'k', 'v') while true do end", "0")
	require.NotNil(t, d.exit)
}

func TestABusyNodeEndsThoughItsFirstLogIsNotWritten(t *testing.T) {
	d := newDriver(t, "busy-reply-threshold", "1", "rdb-key-save-delay", "60000000")
	d.do("a", "MSET a 1 b 2")
	require.Equal(t, "+OK|", d.do("a", "CONFIG SET appendonly yes"))
	breathing(d, time.Second, func(open bool) bool {
		if open {
			d.do("b", "SHUTDOWN NOSAVE")
		}
		return !open
	})
	d.call("a", "EVAL", "redis.call('set', 'k', 'v') while true do end", "0")
	require.NotNil(t, d.exit)
	require.Contains(t, d.log, "Writing initial AOF. Exit anyway.")
}

func TestScriptsOfAReadOnlyReplica(t *testing.T) {
	d := newDriver(t)
	d.do("a", "REPLICAOF 127.0.0.1 1")
	require.Equal(t, "$-1|", d.call("a", "EVAL", "return redis.call('get', 'k')", "0"))
	require.Contains(t, d.call("a", "EVAL", "return redis.call('set', 'k', 'v')", "0"),
		"-READONLY You can't write against a read only replica. script: ")
	require.Equal(t, "-READONLY You can't write against a read only replica.|", d.call("a", "EVAL", "#!lua\nreturn 1", "0"))
	require.Equal(t, ":1|", d.call("a", "EVAL", "#!lua flags=no-writes\nreturn 1", "0"))
	d.do("a", "CONFIG SET replica-serve-stale-data no")
	require.Contains(t, d.call("a", "EVAL", "return 1", "0"), "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data")
	require.Contains(t, d.call("a", "EVAL", "#!lua flags=no-writes\nreturn 1", "0"), "-MASTERDOWN Link with MASTER is down")
	require.Equal(t, ":1|", d.call("a", "EVAL", "#!lua flags=allow-stale,no-writes\nreturn 1", "0"))
	require.Contains(t, d.call("a", "EVAL", "#!lua flags=allow-stale,no-writes\nreturn redis.call('get', 'k')", "0"),
		"-ERR Can not execute the command on a stale replica script: ")
}

func TestScriptsInACluster(t *testing.T) {
	l, nodes := clusterLab(t, 3)
	n := nodes[0] // has b, not a
	ask := func(words ...string) string { return nodes[0].call("s", words...) }
	require.Equal(t, "+OK|", ask("EVAL", "return redis.call('set', KEYS[1], 1)", "1", "b"))
	require.Equal(t, "-MOVED 15495 127.0.0.1:7002|", ask("EVAL", "return 1", "1", "a"))
	require.Equal(t, "-CROSSSLOT Keys in request don't hash to the same slot|", ask("EVAL", "return 1", "2", "b", "a"))
	require.Contains(t, ask("EVAL", "return redis.call('set', 'a', 1)", "1", "b"),
		"-ERR Script attempted to access a non local key in a cluster node script: ")
	other := sameNodeOtherSlot(n)
	require.Equal(t, "+OK|", ask("EVAL", "redis.call('set', KEYS[1], 1) return redis.call('set', '"+other+"', 1)", "1", "b"))
	require.Contains(t, ask("EVAL", "#!lua\nredis.call('set', KEYS[1], 1) return redis.call('set', '"+other+"', 1)", "1", "b"),
		"-ERR Script attempted to access keys that do not hash to the same slot script: ")
	require.Contains(t, ask("EVAL", "#!lua\nredis.call('set', 'b', 1) return redis.call('set', '"+other+"', 1)", "0"),
		"-ERR Script attempted to access keys that do not hash to the same slot script: ")
	require.Equal(t, "+OK|", ask("EVAL", "#!lua flags=allow-cross-slot-keys\nredis.call('set', KEYS[1], 1) return redis.call('set', '"+other+"', 1)", "1", "b"))
	require.Equal(t, "-ERR Can not run script on cluster, 'no-cluster' flag is set.|", ask("EVAL", "#!lua flags=no-cluster\nreturn 1", "0"))
	l.pass(time.Second)
}

// sameNodeOtherSlot is a key of the node's that is not in b's slot.
func sameNodeOtherSlot(d *driver) string {
	for _, key := range strings.Fields("c d e f g h i j k l m n") {
		if !strings.HasPrefix(d.call("probe", "GET", key), "-MOVED") && slotOf([]byte(key)) != slotOf([]byte("b")) {
			return key
		}
	}
	panic("no such key")
}

func TestHugeArgumentsAndRepliesAreRefused(t *testing.T) {
	d := newDriver(t)
	big := strings.Repeat("x", 40<<20)
	require.Equal(t, "-ERR not enough memory|", d.call("a", "EVAL", "return 1", "0", big, big))
	require.Equal(t, ":1|", d.call("a", "EVAL", "return 1", "0"))
	require.Equal(t, "-ERR the reply of the script is larger than 128 MiB|",
		d.call("a", "EVAL", "local t = {string.rep('x', 1000)} for i = 1, 30 do t = {t, t} end return t", "0"))
	require.Equal(t, "$3|lib|", d.call("a", "FUNCTION", "LOAD", "#!lua name=lib\nredis.register_function('f', function(k, a) return #a end)"))
	require.Equal(t, "-ERR not enough memory|", d.call("a", "FCALL", "f", "0", big, big))
	require.Equal(t, ":1|", d.call("a", "FCALL", "f", "0", "x"))
}
