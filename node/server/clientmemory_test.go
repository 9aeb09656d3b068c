package server

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/machine"
)

// holds has a client's driver say what it holds for it.
func (d *driver) holds(name string, parsed, unread, unwritten int) {
	d.client(name).Gauge = func() machine.Held { return machine.Held{Parsed: parsed, Unread: unread, Unwritten: unwritten} }
}

func TestTheHeaviestClientsGoWhenClientsAreTooHeavy(t *testing.T) {
	d := newDriver(t)
	for _, name := range []string{"small", "large", "spared"} {
		d.do(name, "CLIENT SETNAME "+name)
	}
	d.do("spared", "CLIENT NO-EVICT ON")
	d.holds("small", 0, 100_000, 0)
	d.holds("large", 10, 600_000, 200_000)
	d.holds("spared", 0, 0, 900_000)
	require.Equal(t, "+OK|", d.do("admin", "CONFIG SET maxmemory-clients 1100000"))
	list := d.do("admin", "CLIENT LIST")
	require.NotContains(t, list, "name=large")
	require.Contains(t, list, "name=small")
	require.Contains(t, list, "name=spared")
	require.True(t, d.client("large").Cut)
	require.Contains(t, d.do("admin", "INFO stats"), "evicted_clients:1")
}

func TestAWordWeighsFromItsAnnouncementOn(t *testing.T) {
	d := newDriver(t, "maxmemory-clients", "500000")
	d.do("a", "CLIENT SETNAME a")
	d.client("a").Gauge = func() machine.Held { return machine.Held{Unread: 1000, Announced: 300_000} }
	require.Regexp(t, `name=a .* qbuf=1000 qbuf-free=300000 .* tot-mem=302024 `, d.do("b", "CLIENT LIST"))
	d.client("a").Gauge = func() machine.Held { return machine.Held{Unread: 1000, Announced: 600_000} }
	require.NotContains(t, d.do("b", "CLIENT LIST"), "name=a")
}

func TestRoomThatIsKeptForRepliesIsShownWithinRedisBounds(t *testing.T) {
	d := newDriver(t)
	d.do("a", "CLIENT SETNAME a")
	for kept, want := range map[int]string{0: "rbs=1024 ", 5000: "rbs=5000 ", 256 << 10: "rbs=16384 "} {
		d.client("a").Gauge = func() machine.Held { return machine.Held{Kept: kept} }
		require.Regexp(t, "name=a .* "+want, d.do("b", "CLIENT LIST"))
	}
}

func TestAClientThatIsTooHeavyItselfHearsNothingMore(t *testing.T) {
	d := newDriver(t, "maxmemory-clients", "200000")
	d.holds("a", 0, 300_000, 0)
	require.Empty(t, d.do("a", "SET k v"))
	require.True(t, d.client("a").Cut)
	require.Equal(t, "$-1|", d.do("b", "GET k"))
}

func TestATransactionThatNeverEndsIsBoundedWithoutASetting(t *testing.T) {
	bounded := Config{Port: 7000, MostForClients: 4 << 20}
	for name, command := range map[string]string{"large words": "SET k " + strings.Repeat("v", 1<<20), "many commands": "PING"} {
		t.Run(name, func(t *testing.T) {
			d := bornDriver(t, bounded)
			d.do("other", "CLIENT SETNAME other")
			d.do("a", "CLIENT NO-EVICT ON")
			d.do("a", "MULTI")
			queued := 0
			for d.do("a", command) == "+QUEUED|" {
				queued++
				require.Less(t, queued, 100_000)
			}
			require.True(t, d.client("a").Cut)
			require.Contains(t, d.do("other", "INFO stats"), "evicted_clients:1")
		})
	}
}

func TestHalfACommandIsBoundedWithoutASetting(t *testing.T) {
	d := bornDriver(t, Config{Port: 7000, MostForClients: 4 << 20})
	d.holds("a", 0, 5<<20, 0)
	d.holds("b", 0, 1<<20, 0)
	d.do("a", "PING")
	d.do("b", "PING")
	d.pass(200 * time.Millisecond)
	require.True(t, d.client("a").Cut)
	require.False(t, d.client("b").Cut)
	require.Equal(t, "+OK|", d.do("b", "CONFIG SET maxmemory-clients 900000"))
	d.pass(200 * time.Millisecond)
	require.True(t, d.client("b").Cut, "a setting is obeyed instead")
}

func TestWhoeverIsClosedForItsOutputCostsNobodyElseTheConnection(t *testing.T) {
	d := newDriver(t, "maxmemory-clients", "500000", "client-output-buffer-limit", "normal 300000 0 0")
	d.do("heavy", "CLIENT SETNAME heavy")
	d.holds("heavy", 0, 300_000, 0)
	d.do("x", "SETRANGE k 400000 v")
	d.do("reader", "CLIENT SETNAME reader")
	d.ask("reader", "GET", "k")
	list := d.do("x", "CLIENT LIST")
	require.Contains(t, list, "name=heavy")
	require.NotContains(t, list, "name=reader")
}

func TestAReplyThatIsNotMadeClosesWhoMayNotHaveSoMuchWaiting(t *testing.T) {
	for _, command := range []string{"HRANDFIELD h -999999999", "SRANDMEMBER s -999999999", "ZRANDMEMBER z -999999999 WITHSCORES"} {
		d := newDriver(t)
		d.do("a", "HSET h f v")
		d.do("a", "SADD s m")
		d.do("a", "ZADD z 1 m")
		require.Equal(t, "-ERR value is out of range|", d.do("a", command))
		require.False(t, d.client("a").Cut)
		d.do("a", "CONFIG SET client-output-buffer-limit 'normal 1000000 0 0'")
		script := d.call("a", "EVAL", "return redis.call(unpack(ARGV))", "0", strings.Fields(command)[0], strings.Fields(command)[1], "-999999999")
		require.Contains(t, script, "value is out of range", "a script's reply waits for nobody")
		require.False(t, d.client("a").Cut)
		for _, line := range []string{"MULTI", "SET before 1", command, "SET after 1", "EXEC"} {
			d.do("a", line)
		}
		require.True(t, d.client("a").Cut)
		require.Equal(t, ":2|", d.do("b", "EXISTS before after"), "the transaction is executed as a whole")
	}
}

func TestWhatClientsLeaveUnreadCountsAgainstMaxmemory(t *testing.T) {
	d := newDriver(t, "maxmemory", "3mb", "maxmemory-policy", "allkeys-lru")
	d.do("x", "SET k "+strings.Repeat("v", 100_000))
	d.holds("a", 0, 0, 5<<20)
	require.Equal(t, ":1|", d.do("x", "DBSIZE"))
	d.pass(200 * time.Millisecond)
	require.Equal(t, ":0|", d.do("x", "DBSIZE"), "the cron weighs everybody")
}

func TestLimitForClientsMayBeAShareOfMaxmemory(t *testing.T) {
	for _, test := range []struct {
		setting            string
		canonical, refusal string
		maxmemory, limit   int64
	}{
		{"0", "0", "", 1 << 30, 0},
		{"3mb", "3145728", "", 0, 3 << 20},
		{"1", "1", "", 0, leastForClients},
		{"7%", "7%", "", 6 << 20, 6 << 20 * 7 / 100},
		{"7%", "7%", "", 0, 0},
		{"200%", "", "percentage argument must be less or equal to 100", 0, 0},
		{"-1%", "", "argument must be a memory or percent value", 0, 0},
		{"many", "", "argument must be a memory or percent value", 0, 0},
	} {
		t.Run(test.setting, func(t *testing.T) {
			canonical, n, refusal := memoryOrPercent(test.setting)
			require.Equal(t, test.canonical, canonical)
			require.Equal(t, test.refusal, refusal)
			require.Equal(t, test.limit, limitForClients(n, test.maxmemory))
		})
	}
}

func TestScoresForTheKillerOfProcessesHaveBounds(t *testing.T) {
	d := newDriver(t)
	require.Contains(t, d.call("x", "CONFIG", "SET", "oom-score-adj-values", "-2001 0 0"), "must be between -2000 and 2000")
	require.Contains(t, d.call("x", "CONFIG", "SET", "oom-score-adj-values", "1 2"), "wrong number of arguments")
	require.Equal(t, "+OK|", d.call("x", "CONFIG", "SET", "oom-score-adj-values", "0 100 200"))
}
