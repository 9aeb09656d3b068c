package sentinel

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWhatCountsAsDown(t *testing.T) {
	for _, row := range []struct {
		name string
		set  func(n *fakeNode)
		down bool
	}{
		{"a closed port", func(n *fakeNode) { n.die() }, true},
		{"silence", func(n *fakeNode) { n.mute = true }, true},
		{"errors", func(n *fakeNode) { n.ping = "-ERR unknown command\r\n" }, true},
		{"no permission", func(n *fakeNode) { n.ping = "-NOAUTH Authentication required.\r\n" }, true},
		{"another word", func(n *fakeNode) { n.ping = "+PANG\r\n" }, true},
		{"loading", func(n *fakeNode) { n.ping = "-LOADING Redis is loading the dataset in memory\r\n" }, false},
		{"without its master", func(n *fakeNode) { n.ping = "-MASTERDOWN Link with MASTER is down\r\n" }, false},
		{"health", func(*fakeNode) {}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			w, h := alone(t, func(s *Sentinel) { s.masters[0].quorum = 2 })
			row.set(w.nodes[0])
			began := w.now
			if !row.down {
				w.run(10 * time.Second)
				require.NotContains(t, h.names(), "+sdown")
				return
			}
			h.wait("+sdown")
			require.InDelta(t, 2.6, w.now.Sub(began).Seconds(), 0.6)
			require.Equal(t, []string{"+sdown master mymaster 127.0.0.1 7000"}, h.heard("+sdown"))
			require.NotContains(t, h.names(), "+odown")
		})
	}
}

func TestAnInstanceThatAnswersAgainIsUp(t *testing.T) {
	w, h := alone(t)
	w.nodes[1].mute = true
	h.wait("+sdown")
	w.nodes[1].mute = false
	h.wait("-sdown")
	require.Equal(t, []string{"-sdown slave 127.0.0.1:7001 127.0.0.1 7001 @ mymaster 127.0.0.1 7000"}, h.heard("-sdown"))
}

func TestABusyScriptIsKilledOncePerAbsence(t *testing.T) {
	w, h := alone(t, func(s *Sentinel) { s.masters[0].quorum = 2 })
	for range 2 {
		h.events, w.nodes[0].kills = nil, 0
		w.nodes[0].ping = "-BUSY Redis is busy running a script.\r\n"
		h.wait("-sdown")
		require.Equal(t, 1, w.nodes[0].kills)
	}
}

func TestAMasterThatCallsItselfAReplicaIsDownInTheEnd(t *testing.T) {
	w, h := alone(t)
	w.nodes[0].claims = "slave"
	h.wait("-role-change")
	began := w.now
	h.wait("+sdown")
	require.InDelta(t, 22, w.now.Sub(began).Seconds(), 0.2)
	h.wait("+switch-master")
}

func TestARestartIsAReasonForAFailoverOnlyWhenAsked(t *testing.T) {
	for _, after := range []time.Duration{0, 3 * time.Second} {
		w, h := alone(t, func(s *Sentinel) { s.masters[0].rebootDownAfter = after })
		w.nodes[0].runID = strings.Repeat("d", 40)
		w.nodes[0].ping = "-LOADING Redis is loading the dataset in memory\r\n"
		h.wait("+reboot")
		began := w.now
		if after == 0 {
			w.run(30 * time.Second)
			require.NotContains(t, h.names(), "+sdown")
			continue
		}
		h.wait("+sdown")
		require.InDelta(t, 3, w.now.Sub(began).Seconds(), 0.2)
	}
}

func TestARestartedMasterThatAnswersIsWell(t *testing.T) {
	w, h := alone(t, func(s *Sentinel) { s.masters[0].rebootDownAfter = 3 * time.Second })
	w.nodes[0].runID = strings.Repeat("d", 40)
	h.wait("+reboot")
	w.run(10 * time.Second)
	require.NotContains(t, h.names(), "+sdown")
}

func TestALinkThatOnlyLooksAliveIsMadeAnew(t *testing.T) {
	w, h := alone(t, func(s *Sentinel) { s.masters[0].quorum = 2 })
	w.run(15 * time.Second)
	before := h.mymaster().link.cmd
	for _, wr := range h.wires {
		wr.cut = wr.to == resident(w.nodes[0])
	}
	w.run(time.Second)
	require.Same(t, before, h.mymaster().link.cmd)
	w.run(3 * time.Second)
	require.True(t, h.mymaster().link.cmd != nil && h.mymaster().link.cmd != before)
	w.run(3 * time.Second)
	require.False(t, h.mymaster().flags.is(flagSDown), "the new link works")
}

func TestAListenerThatHearsNothingIsMadeAnew(t *testing.T) {
	w, h := alone(t)
	w.run(15 * time.Second)
	before := h.mymaster().link.sub
	for _, wr := range h.wires {
		wr.cut = wr.to == resident(w.nodes[0]) && wr.sub
	}
	w.run(3500 * time.Millisecond)
	require.Same(t, before, h.mymaster().link.sub)
	w.run(6 * time.Second)
	require.True(t, h.mymaster().link.sub != nil && h.mymaster().link.sub != before)
	require.NotContains(t, h.names(), "+sdown")
}

func TestASentinelThatSleptJudgesNobody(t *testing.T) {
	w, h := alone(t)
	h.frozen = true
	w.run(time.Second)
	w.nodes[0].die()
	w.run(2 * time.Second)
	h.events = nil
	h.thaw()
	require.Equal(t, []string{"+tilt #tilt mode entered"}, h.heard())
	began := w.now
	w.run(time.Second)
	require.Equal(t, answer(false, idA, 5), h.ask(7000, 5, idA), "it votes, and says that the master is well")
	w.run(28 * time.Second)
	require.Subset(t, []string{"+tilt", "+new-epoch", "+vote-for-leader"}, h.names(), "nothing else happens")
	h.wait("+sdown")
	require.InDelta(t, 30, w.now.Sub(began).Seconds(), 0.2)
	require.Contains(t, h.heard(), "-tilt #tilt mode exited")
}

func TestNoFailoverBeginsInTiltAndItSaysSo(t *testing.T) {
	w, h := alone(t)
	w.nodes[1].priority, w.nodes[2].priority = 0, 0
	w.nodes[0].die()
	h.wait("-failover-abort-no-good-slave")
	h.frozen = true
	w.run(25 * time.Second)
	h.events = nil
	h.thaw()
	w.run(25 * time.Second)
	require.Equal(t, []string{"-try-failover master mymaster 127.0.0.1 7000 (tilt): not for 30000 ms"}, h.heard("-try-failover", "+try-failover"))
	h.wait("+try-failover")
}

func TestTiltBeginsAnewWithEachAnomaly(t *testing.T) {
	w, h := alone(t)
	nap := func() {
		h.frozen = true
		w.run(3 * time.Second)
		h.thaw()
	}
	nap()
	w.run(20 * time.Second)
	nap()
	w.run(29 * time.Second)
	require.Equal(t, []string{"+tilt", "+tilt"}, only(h.names(), "+tilt", "-tilt"))
	w.run(2 * time.Second)
	require.Equal(t, []string{"+tilt", "+tilt", "-tilt"}, only(h.names(), "+tilt", "-tilt"))
}

func TestAClockThatGoesBackIsTilt(t *testing.T) {
	w, h := alone(t)
	w.now = w.now.Add(-time.Hour)
	h.door(func(s *Sentinel, now time.Time) { s.Cron(now) })
	require.Contains(t, h.names(), "+tilt")
	require.False(t, h.wake.After(w.now.Add(time.Second)), "it goes on at the new time")
}

func TestALateWorldIsNoTiltWhereThatIsKnown(t *testing.T) {
	for late, want := range map[time.Duration]bool{21 * time.Second: false, 23 * time.Second: true} {
		w, h := alone(t, func(s *Sentinel) { s.cfg.Slack = func() time.Duration { return 20 * time.Second } })
		h.frozen = true
		w.run(late)
		h.thaw()
		w.run(hop)
		require.Equal(t, want, h.has("+tilt"), late)
	}
}

func TestAShortSleepIsNoTilt(t *testing.T) {
	w, h := alone(t)
	h.frozen = true
	w.run(1900 * time.Millisecond)
	h.thaw()
	w.run(3 * time.Second)
	require.NotContains(t, h.names(), "+tilt")
	require.False(t, h.mymaster().flags.is(flagSDown))
}

func TestAnInstanceDoesNotFlapWhileItIsGone(t *testing.T) {
	w, h := alone(t, func(s *Sentinel) { s.masters[0].quorum, s.masters[0].downAfter = 2, 300*time.Millisecond })
	w.nodes[0].die()
	w.run(10 * time.Second)
	require.Equal(t, []string{"+sdown"}, only(h.names(), "+sdown", "-sdown"))
}

func TestANewMasterIsDialledAtOnce(t *testing.T) {
	w, h := alone(t, func(s *Sentinel) { s.masters[0].downAfter = 300 * time.Millisecond })
	w.nodes[0].die()
	h.wait("+switch-master")
	h.events = nil
	w.run(10 * time.Second)
	require.Equal(t, []string{"+sdown slave 127.0.0.1:7000 127.0.0.1 7000 @ mymaster 127.0.0.1 7001"}, h.heard("+sdown", "-sdown"))
}
