package cluster

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/bus"
	"clusterplay/node/slot"
)

func TestManualFailoverSwapsRolesQuicklyAndLosesNothing(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3, 0, 1, 2)
	a, d := w.members[0], w.members[3]
	a.host.offset = 500
	w.run(time.Second)
	d.do(func() { require.NoError(t, d.state.Failover(w.now, FailoverDefault)) })
	took := w.until(5*time.Second, "roles are swapped", func() bool {
		return d.state.IsPrimary() && !a.state.IsPrimary()
	})
	require.Less(t, took, 50*time.Millisecond)
	w.until(nt, "all agree", w.agreed)
	require.Equal(t, int64(500), d.host.offset)
	require.Contains(t, a.host.calls, "pause 10s")
	require.Contains(t, a.host.calls, "resume")
	require.Len(t, w.happened(d, "+got-vote"), 2, "enough of three; the old master votes too")
	require.Zero(t, w.count("+fail")+w.count("+pfail"))
}

func TestManualFailoverWaitsForTheMastersOffset(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3, 0)
	a, d := w.members[0], w.members[3]
	d.host.lagging = true
	a.host.offset = 900
	d.do(func() { require.NoError(t, d.state.Failover(w.now, FailoverDefault)) })
	w.run(2 * time.Second)
	require.False(t, d.state.IsPrimary())
	require.True(t, a.host.paused)
	d.host.lagging = false
	w.until(time.Second, "D is master", func() bool { return d.state.IsPrimary() && w.agreed() })
	require.False(t, a.host.paused)
}

func TestManualFailoverTimesOutAndWritesResume(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3, 0)
	a, d := w.members[0], w.members[3]
	d.host.lagging = true
	a.host.offset = 900
	d.do(func() { require.NoError(t, d.state.Failover(w.now, FailoverDefault)) })
	w.run(5200 * time.Millisecond)
	require.False(t, a.host.paused)
	require.Len(t, w.happened(a, "-manual-failover"), 1)
	require.Len(t, w.happened(d, "-manual-failover"), 1)
	require.True(t, a.state.IsPrimary())
}

func TestBackToBackManualFailoversSucceedOrFailCleanly(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3, 0)
	a, d := w.members[0], w.members[3]
	for i := range 4 {
		replica := []*member{d, a}[i%2]
		master := []*member{a, d}[i%2]
		if replica.state.IsPrimary() {
			replica, master = master, replica
		}
		replica.do(func() { require.NoError(t, replica.state.Failover(w.now, FailoverDefault)) })
		w.run(300 * time.Millisecond)
		require.NotEqual(t, replica.state.IsPrimary(), master.state.IsPrimary(), "round %d", i)
		w.run(6 * time.Second)
		w.until(time.Second, "all agree", w.agreed)
		require.False(t, master.host.paused || replica.host.paused)
	}
}

func TestForcedFailoverNeedsNoMaster(t *testing.T) {
	w := newWorld(t)
	w.form(Config{NodeTimeout: 15 * time.Second}, 3, 0)
	a, d := w.members[0], w.members[3]
	a.kill()
	w.run(100 * time.Millisecond)
	d.do(func() { require.ErrorIs(t, d.state.Failover(w.now, FailoverDefault), ErrMasterDown) })
	d.do(func() { require.NoError(t, d.state.Failover(w.now, FailoverForce)) })
	took := w.until(5*time.Second, "D is master", func() bool { return d.state.IsPrimary() })
	require.Less(t, took, 100*time.Millisecond)
}

func TestTakeoverAsksNobodyAndSpreadsOnHeal(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3, 0)
	a, b, c, d := w.members[0], w.members[1], w.members[2], w.members[3]
	for _, m := range []*member{a, b, c} {
		m.frozen = true
	}
	highest := d.state.maxEpoch()
	d.do(func() { require.NoError(t, d.state.Failover(w.now, FailoverTakeover)) })
	require.True(t, d.state.IsPrimary())
	require.Equal(t, highest+1, d.state.myself.configEpoch)
	for _, m := range []*member{a, b, c} {
		m.thaw()
	}
	w.until(20*time.Second, "all adopt it", func() bool { return !a.state.IsPrimary() && w.agreed() })
}

func TestFailoverIsRefusedWhereItMakesNoSense(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3, 0)
	require.ErrorIs(t, w.members[0].state.Failover(w.now, FailoverDefault), ErrFailoverOnMaster)
	d := w.members[3]
	d.state.removeReplica(d.state.myself.primary, d.state.myself)
	d.state.myself.primary = nil
	require.ErrorIs(t, d.state.Failover(w.now, FailoverForce), ErrMasterUnknown)
}

func TestMFStartFromAStrangersReplicaIsIgnored(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3, 0)
	b, d := w.members[1], w.members[3]
	b.state.receiveManualStart(w.now, &inbox{sender: b.sees(d)})
	require.False(t, b.host.paused)
	require.False(t, b.state.manual.active())
}

func TestPausedMasterSaysSoInEveryPacket(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3, 0)
	a, d := w.members[0], w.members[3]
	d.host.lagging = true
	a.host.offset = 7
	marked, plain := 0, 0
	w.watch = func(from, _ *member, p *bus.Packet) {
		switch {
		case from == a && p.Marks&bus.Paused != 0:
			marked++
		case from == a && a.host.paused:
			plain++
		}
	}
	d.do(func() { require.NoError(t, d.state.Failover(w.now, FailoverDefault)) })
	w.run(4 * time.Second)
	require.Greater(t, marked, 30, "a PING to the replica every cron")
	require.Zero(t, plain)
}

func TestReplicaMigratesToAnOrphanedMaster(t *testing.T) {
	for _, tt := range []struct {
		name string
		cfg  Config
		want bool
	}{
		{"by default", Config{}, true},
		{"barrier too high", Config{MigrationBarrier: 2}, false},
		{"not allowed", Config{NoReplicaMigration: true}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.form(tt.cfg, 3, 0, 1, 2, 2)
			d, a := w.members[3], w.members[0]
			spare := []*member{w.members[5], w.members[6]}
			smaller := spare[0]
			if compareIDs(&spare[1].state.myself.id, &spare[0].state.myself.id) < 0 {
				smaller = spare[1]
			}
			d.kill()
			w.run(12 * time.Second)
			for _, r := range spare {
				moved := r.state.myself.primary == r.sees(a)
				require.Equal(t, tt.want && r == smaller, moved, r.name)
			}
			require.Equal(t, fmt.Sprint(tt.want), fmt.Sprint(w.count("+replica-migration") == 1))
		})
	}
}

func TestLastSlotGoneMakesAMasterAReplica(t *testing.T) {
	w := newWorld(t)
	w.form(Config{NodeTimeout: 15 * time.Second}, 3, 0)
	a, b, d := w.members[0], w.members[1], w.members[3]
	first := a.state.myself.slots.Set()
	for sl := range first.All() {
		b.do(func() { require.NoError(t, b.state.SetSlotImporting(w.now, sl, a.id())) })
		a.do(func() { require.NoError(t, a.state.SetSlotMigrating(w.now, sl, b.id())) })
		b.do(func() { require.NoError(t, b.state.SetSlotNode(w.now, sl, b.id())) })
		if a.state.IsPrimary() {
			a.do(func() { require.NoError(t, a.state.SetSlotNode(w.now, sl, b.id())) })
		}
		if sl == 20 {
			break
		}
	}
	require.EqualValues(t, 5461-21, a.state.myself.numSlots)
	rest := a.state.myself.slots.Set()
	for sl := range rest.All() { // the rest moves in A's own table at once
		a.state.rebind(w.now, a.state.nodes.lookup(b.state.myself.id), sl)
		b.state.rebind(w.now, b.state.myself, sl)
	}
	last := slot.Slot(5460)
	a.state.rebind(w.now, a.state.myself, last)
	a.do(func() { require.NoError(t, a.state.SetSlotNode(w.now, last, b.id())) })
	require.False(t, a.state.IsPrimary())
	w.until(10*time.Second, "all agree, D follows B too", func() bool {
		return d.state.myself.primary == d.sees(b) && w.agreed()
	})
}
