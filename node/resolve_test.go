package node_test

import (
	"context"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"clusterplay/node"
	"clusterplay/node/machine"

	"github.com/stretchr/testify/require"
)

// Resolved lets a parent ask for names too.
func (p parent) Resolved(_ time.Time, host string, ip netip.Addr, err error) {
	p.seen = append(p.seen, fmt.Sprint("resolved ", host, " ", ip, " ", err))
}

// launchAsker starts a node whose RESOLVE asks for a name.
func launchAsker(t *testing.T, resolve func(context.Context, string) (netip.Addr, error)) *home {
	h := launch(t, func(c *node.Config) {
		c.Resolve = resolve
		c.New = func(b node.Birth) (machine.Machine, error) { return parent{newFake(b)}, nil }
	})
	h.hook("RESOLVE", func(f *fake, _ time.Time, _ *machine.Client, words []string) {
		f.todo.Resolve = append(f.todo.Resolve, words[1])
	})
	return h
}

func TestAMachineHearsWhatANameMeans(t *testing.T) {
	h := launchAsker(t, nil)
	h.do("RESOLVE", "one.example")
	eventually(t, func() bool { return len(h.seen()) == 2 }, "the refusal") // and the end of the caller's connection
	require.Contains(t, h.seen(), "resolved one.example invalid IP this node looks up no names")

	h = launchAsker(t, func(context.Context, string) (netip.Addr, error) { return netip.MustParseAddr("10.0.0.1"), nil })
	h.do("RESOLVE", "one.example")
	eventually(t, func() bool { return len(h.seen()) == 2 }, "the answer")
	require.Contains(t, h.seen(), "resolved one.example 10.0.0.1 <nil>")
}

// TestTheEndOfALifeEndsItsQuestions leaves nobody waiting for a name server: goleak looks.
func TestTheEndOfALifeEndsItsQuestions(t *testing.T) {
	ended := make(chan struct{})
	h := launchAsker(t, func(ctx context.Context, _ string) (netip.Addr, error) {
		<-ctx.Done()
		close(ended)
		return netip.Addr{}, ctx.Err()
	})
	h.do("RESOLVE", "one.example")
	h.Kill()
	<-ended
}
