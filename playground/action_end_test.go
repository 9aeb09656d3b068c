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

func TestMarkStaysOneLine(t *testing.T) {
	l := launch(t, Topology{Masters: 1, NodeTimeout: 1000})
	r, err := l.Do(t.Context(), SetMark{Text: "a\x1b[31m\r\nb\u202ec"})
	require.NoError(t, err)
	require.Equal(t, "Marked: a [31m  b c", r.Text)
	require.Equal(t, "text", refused(t, l, SetMark{Text: " \n"}).Field)
}

func TestDataDirectoryIsForOneLab(t *testing.T) {
	dir := t.TempDir() + "/lab"
	one := Topology{Masters: 1, NodeTimeout: 2000, DataDir: dir, Port: freePort()}
	l, err := Launch(t.Context(), one)
	require.NoError(t, err)
	other := one
	other.Port = freePort()
	_, err = Launch(t.Context(), other)
	require.EqualError(t, err, "another playground is using "+dir+" (end that one, or choose another directory)")
	l.Close()
	l, err = Launch(t.Context(), one)
	require.NoError(t, err)
	l.Close()
}

func TestTopologyIsReadFromAnythingButNotForEver(t *testing.T) {
	_, err := LoadTopology("/dev/zero")
	require.ErrorContains(t, err, "/dev/zero is too long")
}

func TestResetForgetsMoves(t *testing.T) {
	l := launch(t, Topology{Masters: 2, NodeTimeout: 1000})
	names := nodeNames(l)
	act(t, l, "move-slots", names[0], names[1], "5", "step")
	require.Len(t, l.Snapshot().Moves, 1)
	act(t, l, "reset")
	require.Empty(t, l.Snapshot().Moves)
}

func TestDeadOwnerOfSlotsIsNotRemoved(t *testing.T) {
	l := launch(t, Topology{Masters: 3, NodeTimeout: 1000})
	name := nodeNames(l)[2]
	act(t, l, "kill", name)
	e := refused(t, l, Remove{Node: name})
	require.Equal(t, name+" owns slots that nobody else has", e.Message)
	require.Len(t, l.Nodes(), 3)
}
