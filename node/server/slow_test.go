package server

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// slowest returns the words of the newest entry of the slow log.
func slowest(d *driver) []string { return d.s.slow.entries[len(d.s.slow.entries)-1].args }

func TestSlowlogTellsOfABlockedCommandWhenItIsServed(t *testing.T) {
	d := newDriver(t, "slowlog-log-slower-than", "0")
	d.ask("b", "BLPOP", "l", "0")
	for _, entry := range d.s.slow.entries {
		require.NotEqual(t, "BLPOP", entry.args[0])
	}
	d.do("a", "LPUSH l x")
	require.Equal(t, []string{"BLPOP", "l", "0"}, slowest(d))
}

func TestSleepInATransactionIsSlowAndItsExecIsNot(t *testing.T) {
	d := newDriver(t)
	d.do("a", "MULTI")
	d.do("a", "DEBUG SLEEP 0.2")
	d.ask("a", "EXEC")
	d.ask("b", "SLOWLOG", "LEN")
	require.Empty(t, d.heard("a")+d.heard("b"), "nobody is answered while the node sleeps")
	d.pass(time.Second)
	require.Equal(t, "*1|+OK|", d.heard("a"))
	require.Equal(t, ":1|", d.heard("b"))
	require.Equal(t, "+PONG|", d.do("a", "PING"))
	require.Equal(t, []string{"DEBUG", "SLEEP", "0.2"}, slowest(d))
}

func TestOneExpiredKeyInThePlaceOfNoneOrOfAnotherIsNoChange(t *testing.T) {
	for _, test := range []struct{ name, there, want string }{
		{"of none", "", "*1|+PONG|"},
		{"of another that has expired", "SET x other PX 1", "*1|+PONG|"},
		{"of one that lives", "SET x other", "*-1|"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDriver(t)
			d.do("a", "DEBUG SET-ACTIVE-EXPIRE 0")
			d.do("a", "SET x foo PX 1")
			d.do("a", "SELECT 1")
			if test.there != "" {
				d.do("a", test.there)
			}
			d.pass(20 * time.Millisecond)
			d.do("a", "WATCH x")
			d.do("a", "SWAPDB 0 1")
			d.do("a", "MULTI")
			d.do("a", "PING")
			require.Equal(t, test.want, d.do("a", "EXEC"))
		})
	}
}

func TestWhatTakesLongByTheStopwatchIsSlow(t *testing.T) {
	d := newDriver(t, "slowlog-log-slower-than", "1000", "latency-monitor-threshold", "2")
	shows := time.Duration(0)
	d.s.SetStopwatch(func() time.Duration {
		shows += 3 * time.Millisecond
		return shows
	})
	d.do("a", "KEYS *")
	require.Equal(t, []string{"KEYS", "*"}, slowest(d))
	require.EqualValues(t, 3000, d.s.slow.entries[0].micros)
	require.Contains(t, d.do("a", "INFO commandstats"), "cmdstat_keys:calls=1,usec=3000,usec_per_call=3000.00,")
	require.Contains(t, d.do("a", "LATENCY LATEST"), "$7|command|:1700000000|:3|:3|")
	for range sampled {
		d.do("a", "GET k")
	}
	require.Contains(t, d.do("a", "INFO commandstats"), "cmdstat_get:calls=16,usec=48000,", "one look stands for all of them")
	require.Contains(t, d.do("a", "LATENCY LATEST"), "$12|fast-command|")
}
