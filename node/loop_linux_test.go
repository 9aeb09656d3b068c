package node_test

import (
	"fmt"
	"math/rand/v2"
	"net"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"clusterplay/node/machine"

	"github.com/stretchr/testify/require"
)

// TestCommandsRunInTheOrderInWhichTheyArrived lets the commands of many connections arrive one after the other while
// the node is frozen: after the thaw the machine must be called for them in that order.
func TestCommandsRunInTheOrderInWhichTheyArrived(t *testing.T) {
	const conns, rounds = 40, 3
	h := launch(t, nil)
	var ran []string
	h.hook("NOTE", func(_ *fake, _ time.Time, _ *machine.Client, args []string) { ran = append(ran, args[1]) })
	peers := make([]*peer, conns)
	for i := range peers {
		peers[i] = dial(t, h.Addr())
	}
	eventually(t, func() bool { return h.clientCount() == conns }, "all are clients")
	for range rounds {
		require.NoError(t, h.Freeze())
		var want []string
		for _, i := range rand.Perm(conns) {
			want = append(want, fmt.Sprint(i))
			peers[i].call("NOTE", fmt.Sprint(i))
			peers[i].arrived()
		}
		require.NoError(t, h.Thaw())
		for _, p := range peers {
			p.want("+OK\r\n")
		}
		require.NoError(t, h.Look(func(machine.Machine) {
			require.Equal(t, want, ran)
			ran = nil
		}))
	}
}

// TestTheLoopTellsWhatBecameOfSaves: whoever else did would make the next piece of a file before the loop is awake,
// again and again.
func TestTheLoopTellsWhatBecameOfSaves(t *testing.T) {
	const pieces = 50
	h := launch(t, nil)
	p := dial(t, h.Addr())
	told, byLoop := 0, 0
	h.hook("SYNC", func(f *fake, _ time.Time, _ *machine.Client, _ []string) {
		next := func() { f.todo.Save = append(f.todo.Save, machine.Save{Op: machine.Sync, Name: "1.aof", Token: 1}) }
		f.onSaved = func() {
			told++
			if strings.Contains(string(debug.Stack()), "(*loop).turn") {
				byLoop++
			}
			if told < pieces {
				next()
			}
		}
		next()
	})
	p.call("SYNC")
	p.want("+OK\r\n")
	eventually(t, func() (all bool) {
		require.NoError(t, h.Look(func(machine.Machine) { all = told == pieces }))
		return all
	}, "all are told")
	require.NoError(t, h.Look(func(machine.Machine) { require.Equal(t, pieces, byLoop) }))
}

// arrived waits until the other end's kernel has everything that was sent.
func (p *peer) arrived() {
	p.t.Helper()
	raw, err := p.Conn.(*net.TCPConn).SyscallConn()
	require.NoError(p.t, err)
	eventually(p.t, func() bool {
		var left int32
		var errno syscall.Errno
		require.NoError(p.t, raw.Control(func(fd uintptr) {
			_, _, errno = syscall.Syscall(syscall.SYS_IOCTL, fd, syscall.TIOCOUTQ, uintptr(unsafe.Pointer(&left)))
		}))
		require.Zero(p.t, errno)
		return left == 0
	}, "the bytes arrive")
}
