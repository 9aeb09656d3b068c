package node_test

import (
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"clusterplay/node"
	"clusterplay/node/machine"

	"github.com/stretchr/testify/require"
)

// addSave gives the machine SAVE name data.
func (h *home) addSave() {
	h.hook("SAVE", func(f *fake, _ time.Time, _ *machine.Client, args []string) {
		f.todo.Save = append(f.todo.Save, machine.Save{Name: args[1], Data: []byte(args[2]), Sync: true, Token: 1})
	})
}

func TestKilledNodeFindsItsDiskAndPortAgain(t *testing.T) {
	for _, dir := range []string{"", filepath.Join(t.TempDir(), "a")} {
		h := launch(t, func(cfg *node.Config) { cfg.Dir = dir; cfg.BusAddr = loopback })
		h.addSave()
		_, err := h.Call(t.Context(), "SAVE", "nodes.conf", "epoch 7")
		require.NoError(t, err)
		eventually(t, func() bool { return slices.Contains(h.seen(), "saved") }, "the save is reported")
		addr, bus := h.Addr(), h.BusAddr()
		p := dial(t, addr)
		p.send(ping)
		p.want(pong)

		h.Kill()
		require.Equal(t, node.Killed, h.Status().State)
		p.wantEnd("")
		_, err = net.Dial("tcp", addr.String())
		require.Error(t, err, "a killed node's port refuses")
		_, err = h.Call(t.Context(), "PING")
		require.ErrorIs(t, err, node.ErrNotRunning)
		require.ErrorIs(t, h.Look(func(machine.Machine) {}), node.ErrNotRunning)

		require.NoError(t, h.Start())
		require.Equal(t, addr, h.Addr())
		require.Equal(t, bus, h.BusAddr())
		data, err := h.machine.birth.ReadFile("nodes.conf")
		require.NoError(t, err)
		require.Equal(t, "epoch 7", string(data))
		_, err = h.machine.birth.ReadFile("dump.rdb")
		require.ErrorIs(t, err, fs.ErrNotExist)
		data, err = h.ReadFile("nodes.conf")
		require.NoError(t, err)
		require.Equal(t, "epoch 7", string(data))
		h.Kill()
		require.Equal(t, []node.State{node.Starting, node.Up, node.Killed, node.Starting, node.Up, node.Killed}, h.states)
	}
}

func TestLongSaveLetsClientsInBetween(t *testing.T) {
	h := launch(t, nil)
	pieces := 0
	h.hook("BGSAVE", func(f *fake, _ time.Time, _ *machine.Client, _ []string) {
		next := func() {
			pieces++
			f.todo.Save = append(f.todo.Save, machine.Save{Op: machine.Append, Name: "temp.rdb", Data: []byte("x"), Token: 1})
		}
		f.onSaved = func() {
			if len(f.clients) < 2 {
				next()
			}
		}
		next()
	})
	p := dial(t, h.Addr())
	p.send("BGSAVE\r\n")
	p.want("+OK\r\n")
	eventually(t, func() (many bool) {
		require.NoError(t, h.Look(func(machine.Machine) { many = pieces > 2000 }))
		return many
	}, "a file of thousands of pieces is being written")
	q := dial(t, h.Addr())
	q.send(ping)
	q.want(pong)
}

func TestSaveThatFailsIsReportedToWhoWantsToKnow(t *testing.T) {
	h := launch(t, nil)
	h.hook("SAVE", func(f *fake, _ time.Time, _ *machine.Client, _ []string) {
		f.todo.Save = append(f.todo.Save, machine.Save{Op: machine.Rename, Name: "none", To: "dump.rdb", Token: 7})
	})
	_, err := h.Call(t.Context(), "SAVE")
	require.NoError(t, err)
	eventually(t, func() bool { return slices.Contains(h.seen(), "not saved") }, "the failure is reported")
	require.Equal(t, node.Up, h.Status().State)
}

func TestStopAsksTheMachineToShutDown(t *testing.T) {
	h := launch(t, nil)
	require.NoError(t, h.Stop(true))
	require.Equal(t, node.Stopped, h.Status().State)
	require.Equal(t, "SHUTDOWN", h.Status().Why)
	require.NoError(t, h.Stop(true), "a stopped node stays stopped")
}

func TestExitWithACodeIsACrash(t *testing.T) {
	h := launch(t, nil)
	h.hook("SEGFAULT", func(f *fake, _ time.Time, _ *machine.Client, _ []string) {
		f.todo.Exit = &machine.Exit{Code: 139, Reason: "DEBUG SEGFAULT"}
	})
	_, err := h.Call(t.Context(), "SEGFAULT")
	require.ErrorIs(t, err, node.ErrNotRunning)
	require.Equal(t, node.Crashed, h.Status().State)
	require.Equal(t, "exit 139: DEBUG SEGFAULT", h.Status().Why)
	require.Empty(t, h.crashes, "nothing panicked")
}

func TestFrozenNodeAnswersAfterTheThaw(t *testing.T) {
	h := launch(t, nil)
	old := dial(t, h.Addr())
	old.send(ping)
	old.want(pong)
	require.NoError(t, h.Freeze())
	require.NoError(t, h.Freeze())
	require.Equal(t, node.Frozen, h.Status().State)
	calls := h.machine.calls.Load()
	old.send(ping)
	fresh := dial(t, h.Addr())
	fresh.send(ping)
	_, err := h.Call(t.Context(), "PING")
	require.ErrorIs(t, err, node.ErrFrozen)
	require.ErrorIs(t, h.Do(func(time.Time, machine.Machine) {}), node.ErrFrozen)
	require.NoError(t, h.Look(func(machine.Machine) {}))
	require.ErrorIs(t, h.Start(), node.ErrRunning)
	require.Equal(t, calls, h.machine.calls.Load())
	require.NoError(t, h.Thaw())
	old.want(pong)
	fresh.want(pong)
	require.Equal(t, node.Up, h.Status().State)
}

// knocks is a Network that counts the connections that are asked for while the node is frozen.
type knocks struct {
	node.SystemNetwork
	frozen *atomic.Bool
	asked  *atomic.Int32
}

type knockListener struct {
	net.Listener
	knocks
}

func (k knocks) Listen(who string, addr netip.AddrPort) (net.Listener, error) {
	l, err := k.SystemNetwork.Listen(who, addr)
	return knockListener{l, k}, err
}

func (l knockListener) Accept() (net.Conn, error) {
	if l.frozen.Load() {
		l.asked.Add(1)
	}
	return l.Listener.Accept()
}

// TestAFrozenNodeAcceptsNobody: its peers dial it again and again, and each connection would cost a descriptor
// until the thaw.
func TestAFrozenNodeAcceptsNobody(t *testing.T) {
	k := knocks{frozen: new(atomic.Bool), asked: new(atomic.Int32)}
	h := launch(t, func(cfg *node.Config) { cfg.Network = k })
	require.NoError(t, h.Freeze())
	k.frozen.Store(true)
	for range 50 {
		require.NoError(t, dial(t, h.Addr()).Close(), "the computer completes the connect")
	}
	fresh := dial(t, h.Addr())
	fresh.send(ping)
	k.frozen.Store(false)
	require.LessOrEqual(t, int(k.asked.Load()), 2, "at most what each door was about to do")
	require.NoError(t, h.Thaw())
	fresh.want(pong)
}

func TestFrozenNodeCanBeKilled(t *testing.T) {
	h := launch(t, nil)
	p := dial(t, h.Addr())
	require.NoError(t, h.Freeze())
	p.send(ping)
	h.Kill()
	p.wantEnd("")
	require.Equal(t, node.Killed, h.Status().State)
	require.ErrorIs(t, h.Thaw(), node.ErrNotRunning)
	require.NoError(t, h.Start())
	_, err := h.Call(t.Context(), "PING")
	require.NoError(t, err)
}

func TestPanicEndsItsNodeAndNoOther(t *testing.T) {
	broken, other := launch(t, nil), launch(t, nil)
	p, q := dial(t, broken.Addr()), dial(t, other.Addr())
	p.send("PANIC\r\n")
	p.wantEnd("")
	eventually(t, func() bool { return broken.Status().State == node.Crashed }, "the node crashed")
	require.Equal(t, "asked to", broken.Status().Why)
	require.Contains(t, broken.Status().Stack, "machine_test.go")
	eventually(t, func() bool {
		broken.mu.Lock()
		defer broken.mu.Unlock()
		return len(broken.crashes) == 1
	}, "OnPanic is told once")
	require.Equal(t, "a", broken.crashes[0].Node)
	q.send(ping)
	q.want(pong)
	require.NoError(t, broken.Start())
	_, err := broken.Call(t.Context(), "PING")
	require.NoError(t, err)
}

func TestPanicInTheLabsOwnCallIsTheNodes(t *testing.T) {
	h := launch(t, nil)
	_, err := h.Call(t.Context(), "PANIC")
	require.ErrorIs(t, err, node.ErrNotRunning)
	require.Equal(t, node.Crashed, h.Status().State)
}

func TestMachineThatCannotBeMadeLeavesThePortsFree(t *testing.T) {
	h := launch(t, nil)
	addr := h.Addr()
	h.Kill()
	n, err := node.New(node.Config{Name: "b", Addr: addr, New: func(node.Birth) (machine.Machine, error) {
		return nil, errors.New("nodes.conf: line 3 is unreadable")
	}})
	require.NoError(t, err)
	require.ErrorContains(t, n.Start(), "line 3 is unreadable")
	require.Equal(t, node.Stopped, n.Status().State)
	require.NoError(t, h.Start(), "the port is free again")
	require.ErrorContains(t, n.Start(), "open the client port")
}

func TestConfigThatCannotWorkIsRefused(t *testing.T) {
	made := func(b node.Birth) (machine.Machine, error) { return newFake(b), nil }
	tests := []struct {
		name string
		cfg  node.Config
		want string
	}{
		{"no machine", node.Config{Addr: loopback}, "Config.New"},
		{"no address", node.Config{New: made}, "Config.Addr"},
		{"bus without packets", node.Config{New: made, Addr: loopback, BusAddr: loopback}, "Config.BusFrame"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := node.New(tt.cfg)
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestGoTellsWhosePanicItWas(t *testing.T) {
	crashed := make(chan node.Crash, 1)
	node.Go("7001", func(c node.Crash) { crashed <- c }, func() { panic("oh") })
	c := <-crashed
	require.Equal(t, "7001", c.Node)
	require.Equal(t, "oh", c.Value)
	require.True(t, strings.Contains(c.Stack, "node_test.go"))
}

func TestPromiseThatCannotBeSavedIsNotGiven(t *testing.T) {
	h := launch(t, nil)
	p := dial(t, h.Addr())
	h.hook("VOTE", func(f *fake, _ time.Time, _ *machine.Client, _ []string) {
		f.todo.Save = append(f.todo.Save, machine.Save{Name: "../nodes.conf", Sync: true})
	})
	p.call("VOTE")
	p.wantEnd("")
	eventually(t, func() bool { return h.Status().State == node.Crashed }, "the node ended")
	require.Contains(t, h.Status().Why, "not a plain file name")
}

func TestEventsArriveInOrderWithTheirNode(t *testing.T) {
	clock := newHandClock()
	h := launch(t, func(cfg *node.Config) { cfg.Clock = clock })
	h.hook("TELL", func(f *fake, _ time.Time, _ *machine.Client, args []string) {
		for _, a := range args[1:] {
			f.todo.Emit = append(f.todo.Emit, told(a))
		}
	})
	_, err := h.Call(t.Context(), "TELL", "+vote", "+promoted")
	require.NoError(t, err)
	require.Equal(t, []node.Stamped{
		{Node: "a", Now: clock.Now(), Event: told("+vote")},
		{Node: "a", Now: clock.Now(), Event: told("+promoted")},
	}, h.events)
}

// told is an event with nothing but a name.
type told string

func (e told) Name() string     { return string(e) }
func (e told) Describe() string { return string(e) }

func TestStopThawsAFrozenNode(t *testing.T) {
	h := launch(t, nil)
	require.NoError(t, h.Freeze())
	require.NoError(t, h.Stop(false))
	require.Equal(t, node.Stopped, h.Status().State)
}

func TestStartOfARunningNodeIsRefused(t *testing.T) {
	h := launch(t, nil)
	require.ErrorIs(t, h.Start(), node.ErrRunning)
}

func TestStopWaitsForAShutdownThatTakesTime(t *testing.T) {
	clock := newHandClock()
	h := launch(t, func(cfg *node.Config) {
		cfg.Clock = clock
		made := cfg.New
		cfg.New = func(b node.Birth) (machine.Machine, error) {
			m, err := made(b)
			return slowToStop{m.(*fake)}, err
		}
	})
	stopped := make(chan error, 1)
	go func() { stopped <- h.Stop(true) }()
	eventually(t, func() bool { return h.clientCount() == 1 }, "SHUTDOWN is under way")
	clock.advance(node.CronPeriod)
	require.NoError(t, <-stopped)
	require.Equal(t, node.Stopped, h.Status().State)
	require.Equal(t, "saved and gone", h.Status().Why)
}

// slowToStop is a machine that ends at the cron after its SHUTDOWN.
type slowToStop struct{ *fake }

func (s slowToStop) Call(_ time.Time, c *machine.Client, _ [][]byte) { c.Blocked = true }

func (s slowToStop) Cron(time.Time) { s.todo.Exit = &machine.Exit{Reason: "saved and gone"} }
