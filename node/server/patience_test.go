package server

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestANodeIsPatientWhileNothingIsUnderWay(t *testing.T) {
	l, nodes := clusterLab(t, 3)
	l.pass(5 * time.Second)
	patient := func(want bool, why string) {
		t.Helper()
		for _, d := range l.order {
			require.Equal(t, want, d.s.Patience() > 0, "%d: %s", d.s.config.Port, why)
		}
	}
	patient(true, "all is well")
	require.Equal(t, 20*time.Millisecond, nodes[0].s.Patience(), "a hundredth of the node timeout")
	for range 50 {
		l.do(nodes[1], "PING")
	}
	l.pass(100 * time.Millisecond)
	require.Zero(t, nodes[1].s.Patience(), "it serves somebody")
	l.pass(2 * time.Second)
	patient(true, "nobody asks any more")
	require.Empty(t, nodes[0].call("waits", "BLPOP", "b", "1"))
	require.Zero(t, nodes[0].s.Patience(), "a wait ends in time")
	l.pass(2 * time.Second)
	patient(true, "nobody waits any more")
	l.do(nodes[0], "SET b 1 PX 1000")
	require.Zero(t, nodes[0].s.Patience(), "a key is going to expire")
	l.pass(4 * time.Second)
	patient(true, "it has expired")
	l.kill(nodes[0])
	l.pass(4 * time.Second)
	patient(false, "somebody failed")
}

func TestANodeOutsideAClusterIsNotPatient(t *testing.T) {
	d := bornDriver(t, Config{Port: 7000})
	require.Zero(t, d.s.Patience())
}
