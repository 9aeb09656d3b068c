package node_test

import (
	"testing"
	"time"

	"clusterplay/node"
	"clusterplay/node/machine"

	"github.com/stretchr/testify/require"
)

// thoughtful is a fake that waits for somebody until it is interrupted.
type thoughtful struct {
	*fake
	interrupted chan struct{}
}

func (m thoughtful) Interrupt(time.Time) { close(m.interrupted) }

func TestStopHasAMachineWaitForNobody(t *testing.T) {
	interrupted := make(chan struct{})
	h := launch(t, func(c *node.Config) {
		c.New = func(b node.Birth) (machine.Machine, error) { return thoughtful{newFake(b), interrupted}, nil }
	})
	_ = h.Stop(false) // the fake knows no SHUTDOWN
	select {
	case <-interrupted:
	default:
		require.Fail(t, "it was not told")
	}
}
