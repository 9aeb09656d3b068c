package playground

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// refused carries out an action that must be refused with a sentence for the operator.
func refused(t *testing.T, l *Lab, a Action) *Error {
	t.Helper()
	_, err := l.Do(t.Context(), a)
	var e *Error
	require.ErrorAs(t, err, &e)
	return e
}

func TestRestartOnATakenPortIsRefusedWithTheReason(t *testing.T) {
	l := launch(t, Topology{Masters: 1, NodeTimeout: 1000})
	name := l.Nodes()[0].Name
	act(t, l, "kill", name)
	ln, err := net.Listen("tcp", "127.0.0.1:"+name)
	require.NoError(t, err)
	require.Contains(t, refused(t, l, Restart{Node: name}).Message, "address already in use")
	require.NoError(t, ln.Close())
	act(t, l, "restart", name)
}

func TestCommandForADeadNodeIsRefusedWithAHint(t *testing.T) {
	l := launch(t, Topology{Masters: 1, NodeTimeout: 1000})
	name := l.Nodes()[0].Name
	act(t, l, "kill", name)
	e := refused(t, l, ConfigSet{Node: name, Name: "maxmemory", Value: "0"})
	require.Equal(t, &Error{Field: "name", Message: name + " is not running", Hint: "restart " + name + " starts it again"}, e)
}

func TestNodeThatCannotJoinIsTakenAway(t *testing.T) {
	l := launch(t, six())
	before := len(l.Nodes())
	first := l.Nodes()[0].Name
	act(t, l, "partition", first, "/", "rest")
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	_, err := l.Do(ctx, AddReplica{Of: first})
	require.Error(t, err)
	require.Len(t, l.Nodes(), before)
}

func TestResetEndsAnActionThatWaits(t *testing.T) {
	l := launch(t, six())
	act(t, l, "hold", "*", "*", "--count", "1000")
	added := make(chan error, 1)
	events := l.Subscribe(1000)
	defer events.Close()
	go func() {
		_, err := l.Do(context.Background(), AddMaster{})
		added <- err
	}()
	for e := range events.C {
		if in, ok := e.Event.(NodeState); ok && in.State == "up" {
			break
		}
	}
	act(t, l, "reset")
	require.ErrorContains(t, <-added, "the lab was reset or closed meanwhile")
	require.Len(t, l.Nodes(), 6)
}
