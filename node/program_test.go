package node_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"clusterplay/node"
	"clusterplay/node/machine"

	"github.com/stretchr/testify/require"
)

// parent is a fake that asks for programs and remembers what became of them.
type parent struct{ *fake }

func (p parent) Started(_ time.Time, job uint64, pid int, err error) {
	p.seen = append(p.seen, fmt.Sprint("started ", job, " ", pid, " ", err))
}

func (p parent) Ended(_ time.Time, job uint64, how machine.Ending) {
	p.seen = append(p.seen, fmt.Sprint("ended ", job, " ", how))
}

// launchParent starts a node whose RUN and KILL ask for programs.
func launchParent(t *testing.T, run func(argv []string) (node.Program, error)) *home {
	h := launch(t, func(c *node.Config) {
		c.Run = run
		c.New = func(b node.Birth) (machine.Machine, error) { return parent{newFake(b)}, nil }
	})
	h.hook("RUN", func(f *fake, _ time.Time, _ *machine.Client, words []string) {
		f.todo.Run = append(f.todo.Run, machine.Run{Job: 7, Argv: words[1:]})
	})
	h.hook("KILL", func(f *fake, _ time.Time, _ *machine.Client, _ []string) { f.todo.Kill = append(f.todo.Kill, 7) })
	return h
}

func (h *home) do(words ...string) {
	h.t.Helper()
	_, err := h.Call(h.t.Context(), words...)
	require.NoError(h.t, err)
}

func TestANodeWithoutProgramsRefusesToRunOne(t *testing.T) {
	h := launchParent(t, nil)
	h.do("RUN", "/bin/true")
	eventually(t, func() bool { return len(h.seen()) == 2 }, "the refusal") // and the end of the caller's connection
	require.Contains(t, h.seen(), "started 7 0 this node runs no programs")
}

func TestAMachineHearsOfItsProgramsBeginningAndEnd(t *testing.T) {
	killed := make(chan struct{})
	var argv []string
	h := launchParent(t, func(words []string) (node.Program, error) {
		argv = words
		return node.Program{PID: 42, Kill: func() { close(killed) }, Wait: func() machine.Ending {
			<-killed
			return machine.Ending{Signal: 9}
		}}, nil
	})
	h.do("RUN", "/bin/x", "a b")
	eventually(t, func() bool { return len(h.seen()) == 2 }, "the beginning")
	require.Contains(t, h.seen(), "started 7 42 <nil>")
	require.Equal(t, []string{"/bin/x", "a b"}, argv)
	h.do("KILL")
	eventually(t, func() bool { return len(h.seen()) == 4 }, "the end")
	require.Contains(t, h.seen(), "ended 7 {0 9}")
	h.do("KILL") // which it does not hear: it has ended
}

func TestAProgramThatCannotStartIsToldOnce(t *testing.T) {
	h := launchParent(t, func([]string) (node.Program, error) { return node.Program{}, errors.New("no process") })
	h.do("RUN", "/bin/x")
	eventually(t, func() bool { return len(h.seen()) == 2 }, "the refusal")
	require.Contains(t, h.seen(), "started 7 0 no process")
}
