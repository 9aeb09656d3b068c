package sentinel

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// called is a Sentinel that may use names, and whose driver looks them up.
func called(t *testing.T, conf string) *askedOurs {
	return askOurs(t, "sentinel resolve-hostnames yes\nsentinel announce-hostnames yes\n"+conf, func(c *Config) { c.Resolves = true })
}

// asks has a client send a command that has no answer yet, and returns the names to look up.
func (o *askedOurs) asks(words ...string) []string {
	args := make([][]byte, len(words))
	for i, w := range words {
		args[i] = []byte(w)
	}
	o.s.Call(o.now, o.conn, args)
	asked := slices.Clone(o.s.BeforeSleep(o.now).Resolve)
	require.Empty(o.t, o.conn.Out)
	return asked
}

func (o *askedOurs) resolved(host, ip string) {
	if ip == "" {
		o.s.Resolved(o.now, host, netip.Addr{}, errors.New("no such host"))
	} else {
		o.s.Resolved(o.now, host, netip.MustParseAddr(ip), nil)
	}
	o.sleep(nil)
}

func TestMonitorWaitsForANameServer(t *testing.T) {
	o := called(t, "")
	require.Equal(t, []string{"one.example"}, o.asks("SENTINEL", "MONITOR", "m", "One.Example", "7000", "1"))
	require.True(t, o.conn.Blocked)
	o.resolved("other.example", "10.0.0.9")
	require.True(t, o.conn.Blocked, "nobody asked for that")
	o.resolved("one.example", "10.0.0.1")
	require.Equal(t, "OK", o.next().Text)
	require.False(t, o.conn.Blocked)
	require.Equal(t, "One.Example", o.do("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "m").List[0].Text)
	require.Equal(t, "OK", o.do("SENTINEL", "CONFIG", "SET", "announce-hostnames", "no").Text)
	require.Equal(t, "10.0.0.1", o.do("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "m").List[0].Text)

	require.Equal(t, []string{"nowhere.example"}, o.asks("SENTINEL", "MONITOR", "n", "nowhere.example", "7000", "1"))
	o.resolved("nowhere.example", "")
	require.Equal(t, "ERR Invalid IP address or hostname specified", o.next().Text)
}

func TestWhoLeavesWaitsForNoName(t *testing.T) {
	o := called(t, "")
	o.asks("SENTINEL", "MONITOR", "m", "one.example", "7000", "1")
	o.s.Shut(o.now, o.conn)
	o.resolved("one.example", "10.0.0.1")
	require.Empty(t, o.s.masters)
}

func TestANameIsLookedUpWheneverItsInstanceIsDialled(t *testing.T) {
	o := called(t, "sentinel monitor m one.example 7000 1\n")
	dialled := func() (to []string, asked []string) {
		o.now = o.now.Add(time.Second)
		todo := o.s.BeforeSleep(o.now)
		asked = slices.Clone(todo.Resolve)
		for _, d := range slices.Clone(todo.Dial) {
			to = append(to, d.Addr.String())
			o.s.Hangup(o.now, d.Link, errors.New("refused"))
		}
		return to, asked
	}
	to, _ := dialled()
	require.Empty(t, to, "nobody knows where")
	o.s.Resolved(o.now, "one.example", netip.MustParseAddr("10.0.0.1"), nil)
	to, asked := dialled()
	require.Equal(t, []string{"10.0.0.1:7000", "10.0.0.1:7000"}, to)
	require.Equal(t, []string{"one.example"}, asked)
	to, asked = dialled()
	require.Equal(t, []string{"10.0.0.1:7000", "10.0.0.1:7000"}, to, "until another is known")
	require.Empty(t, asked, "once")
	o.s.Resolved(o.now, "one.example", netip.MustParseAddr("10.0.0.2"), nil)
	to, _ = dialled()
	require.Equal(t, []string{"10.0.0.2:7000", "10.0.0.2:7000"}, to)
	o.s.Resolved(o.now, "one.example", netip.Addr{}, errors.New("no such host"))
	to, _ = dialled()
	require.Equal(t, []string{"10.0.0.2:7000", "10.0.0.2:7000"}, to, "a name server that is gone changes nothing")
}

func TestNamesThatPeopleInventAreBounded(t *testing.T) {
	o := called(t, "")
	asked := 0
	for i := range 3 * maxNames {
		host := fmt.Sprintf("h%d.example", i)
		o.s.enter(o.now)
		if ip, settled := o.s.resolve(host); settled {
			require.False(t, ip.IsValid())
		}
		for _, host := range o.s.BeforeSleep(o.now).Resolve {
			asked++
			if i%2 == 0 {
				o.s.Resolved(o.now, host, netip.MustParseAddr("10.0.0.1"), nil)
			}
		}
		require.LessOrEqual(t, o.s.names.asked, maxAsked)
	}
	require.LessOrEqual(t, len(o.s.names.met), maxNames)
	require.Greater(t, asked, maxAsked)
}

func TestANameThatNobodyUsesMakesRoom(t *testing.T) {
	o := called(t, "")
	for i := range maxNames + 1 {
		o.now = o.now.Add(time.Millisecond)
		host := fmt.Sprintf("h%d.example", i)
		o.s.enter(o.now)
		_, settled := o.s.resolve(host)
		require.False(t, settled, "it is looked up")
		o.s.Resolved(o.now, host, netip.MustParseAddr("10.0.0.1"), nil)
		o.sleep(nil)
	}
	require.Len(t, o.s.names.met, maxNames)
	require.NotContains(t, o.s.names.met, "h0.example")
}

func TestWithoutANameServerOnlyThisComputerHasAName(t *testing.T) {
	o := askOurs(t, "sentinel resolve-hostnames yes\n")
	require.Equal(t, "OK", o.do("SENTINEL", "MONITOR", "m", "LocalHost", "7000", "1").Text)
	require.Equal(t, "ERR Invalid IP address or hostname specified", o.do("SENTINEL", "MONITOR", "n", "one.example", "7000", "1").Text)
	require.Empty(t, o.s.BeforeSleep(o.now).Resolve)
}
