package node_test

import (
	"io/fs"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"clusterplay/node"
	"clusterplay/node/machine"

	"github.com/stretchr/testify/require"
)

// runner is a machine with a command, LONG, that takes breaths until it is told to stop.
type runner struct {
	*fake
	breath  func(open bool) (time.Time, bool)
	open    atomic.Bool // the breaths let everybody in
	stop    atomic.Bool
	breaths atomic.Int64
	killed  atomic.Bool // the last breath said that the life was over
}

func (r *runner) SetBreath(breath func(open bool) (time.Time, bool)) { r.breath = breath }

func (r *runner) Call(now time.Time, c *machine.Client, args [][]byte) {
	if len(args) != 1 || string(args[0]) != "LONG" {
		r.fake.Call(now, c, args)
		return
	}
	for !r.stop.Load() {
		_, alive := r.breath(r.open.Load())
		r.breaths.Add(1)
		if !alive {
			r.killed.Store(true)
			return
		}
	}
	c.Out = append(c.Out, "+DONE\r\n"...)
}

// launchRunner starts a node whose LONG is under way.
func launchRunner(t *testing.T) (*home, *runner, *peer) {
	t.Helper()
	return launchRunnerOn(t, nil)
}

// launchRunnerOn is launchRunner with a disk.
func launchRunnerOn(t *testing.T, disk node.Disk) (*home, *runner, *peer) {
	t.Helper()
	r := &runner{}
	h := launch(t, func(cfg *node.Config) {
		cfg.Disk = disk
		cfg.New = func(b node.Birth) (machine.Machine, error) {
			r.fake = newFake(b)
			return r, nil
		}
	})
	p := dial(t, h.Addr())
	p.send("*1\r\n$4\r\nLONG\r\n")
	eventually(t, func() bool { return r.breaths.Load() > 10 }, "the command has begun")
	return h, r, p
}

func TestOneMayLookAtANodeInTheMiddleOfADoor(t *testing.T) {
	h, r, p := launchRunner(t)
	require.NoError(t, h.Look(func(machine.Machine) {}))
	require.Equal(t, 1, h.clientCount())
	other := dial(t, h.Addr())
	other.send(ping)
	before := r.calls.Load()
	eventually(t, func() bool { return r.breaths.Load() > 100 }, "it goes on")
	require.Equal(t, before, r.calls.Load(), "nobody else is served")
	r.stop.Store(true)
	p.want("+DONE\r\n")
	other.want(pong)
}

func TestAnOpenBreathServesEverybody(t *testing.T) {
	h, r, p := launchRunner(t)
	r.open.Store(true)
	other := dial(t, h.Addr())
	other.send(ping + ping)
	other.want(pong + pong)
	require.False(t, r.stop.Load())
	r.stop.Store(true)
	p.want("+DONE\r\n")
}

func TestTimersOfALongDoorAreMadeUpFor(t *testing.T) {
	h, r, p := launchRunner(t)
	crons := func() (n int) {
		require.NoError(t, h.Look(func(machine.Machine) { n = r.crons }))
		return n
	}
	before := crons()
	r.stop.Store(true)
	p.want("+DONE\r\n")
	eventually(t, func() bool { return crons() > before+1 }, "the timer rings again")
}

func TestKillEndsALongDoor(t *testing.T) {
	for _, open := range []bool{false, true} {
		h, r, p := launchRunner(t)
		r.open.Store(open)
		h.Kill()
		p.wantEnd("")
		require.True(t, r.killed.Load())
		require.Equal(t, node.Killed, h.Status().State)
	}
}

func TestALongDoorStandsStillInAFrozenNode(t *testing.T) {
	h, r, p := launchRunner(t)
	require.NoError(t, h.Freeze())
	n := r.breaths.Load()
	require.NoError(t, h.Look(func(machine.Machine) {}))
	require.LessOrEqual(t, r.breaths.Load(), n+1)
	require.NoError(t, h.Thaw())
	eventually(t, func() bool { return r.breaths.Load() > n+10 }, "it goes on")
	r.stop.Store(true)
	p.want("+DONE\r\n")
}

// slowDisk is a disk whose work beside begins when it may. There is nothing on it.
type slowDisk struct{ may chan struct{} }

func (*slowDisk) Read(string) ([]byte, error) { return nil, fs.ErrNotExist }
func (*slowDisk) Apply(machine.Save) error    { return nil }
func (*slowDisk) Rest()                       {}

func (d *slowDisk) Later(machine.Save) func() error {
	return func() error {
		<-d.may
		return nil
	}
}

func TestWorkBesideThatEndsInTheMiddleOfADoorIsReportedAfterIt(t *testing.T) {
	const works = 10000 // that end: one of them would find the moment in which a door is left open
	disk := &slowDisk{may: make(chan struct{})}
	h, r, p := launchRunnerOn(t, disk)
	h.hook("SYNC", func(f *fake, _ time.Time, _ *machine.Client, _ []string) {
		op := machine.Save{Op: machine.Sync, Name: "1.aof", Token: 1}
		f.todo.Save = append(f.todo.Save, slices.Repeat([]machine.Save{op}, works+1)...)
	})
	r.open.Store(true)
	_, err := h.Call(t.Context(), "SYNC")
	require.NoError(t, err)
	r.open.Store(false)
	closed := r.breaths.Load() + 2
	eventually(t, func() bool { return r.breaths.Load() > closed }, "nobody is let in any more")

	for range works {
		disk.may <- struct{}{}
	}
	require.NotContains(t, h.seen(), "saved")
	close(disk.may)
	r.stop.Store(true)
	p.want("+DONE\r\n")
	eventually(t, func() bool {
		return works+1 == len(slices.DeleteFunc(h.seen(), func(door string) bool { return door != "saved" }))
	}, "all are reported")
}
