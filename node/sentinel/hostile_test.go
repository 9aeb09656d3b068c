package sentinel

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// again starts a Sentinel anew from the file it left.
func (h *house) again() {
	h.kill()
	h.town.run(time.Second)
	h.start(nil)
}

func TestASentinelThatNobodyCouldReachIsNotKept(t *testing.T) {
	_, h := alone(t)
	for _, at := range []string{"x,26001", ",26001", "127.0.0.1,0", "localhost,26001", "256.1.1.1,1"} {
		h.hello(at + "," + idA + ",1,mymaster,127.0.0.1,7000,0")
		require.Empty(t, h.mymaster().sentinels, at)
	}
	h.hello("127.0.0.1,26001," + idA + ",1,mymaster,127.0.0.1,7000,0")
	h.hello("x,26001," + idA + ",1,mymaster,127.0.0.1,7000,0")
	require.Equal(t, "127.0.0.1", h.mymaster().sentinels[0].addr.host, "and does not move there")
	h.again()
	require.Len(t, h.mymaster().sentinels, 1)
}

func TestAnEpochBeyondBeliefIsNotTakenOver(t *testing.T) {
	_, h := alone(t)
	last := utoa(math.MaxInt64)
	h.hello("127.0.0.1,26001," + idA + "," + last + ",mymaster,127.0.0.1,7000,0")
	h.hello("127.0.0.1,26001," + idA + ",1,mymaster,127.0.0.1,7001," + last)
	require.Equal(t, answer(false, "*", 0), h.ask(7000, math.MaxInt64, idA))
	require.Zero(t, h.currentEpoch)
	require.Equal(t, 7000, h.mymaster().current().port)
	require.Equal(t, answer(false, idA, maxEpochJump), h.ask(7000, maxEpochJump, idA), "as far as that it may go")
}

func TestAnEpochInTheFileLeavesRoomToCount(t *testing.T) {
	c, err := ParseConf([]byte("sentinel current-epoch 18446744073709551615\n"))
	require.NoError(t, err)
	next := hello{IP: "127.0.0.1", Port: 1, RunID: idA, Epoch: c.CurrentEpoch + 1, Master: "m", MasterIP: "127.0.0.1", MasterPort: 1}
	_, ok := parseHello(next.String())
	require.True(t, ok, "the others can read the next one")
}

func TestAMasterIsNotAReplicaOfItself(t *testing.T) {
	_, h := alone(t)
	h.enter(h.town.now)
	h.receiveInfo(&h.mymaster().instance, "slave0:ip=127.0.0.1,port=7000,state=online\r\nslave1:ip=127.0.0.1,port=7009,state=online\r\n")
	require.Nil(t, h.replica(7000))
	require.NotNil(t, h.replica(7009))
}

func TestNamesInTheFileAreThoseTheNextStartTakes(t *testing.T) {
	_, h := alone(t)
	h.serve(nil, []string{"SENTINEL", "CONFIG", "SET", "resolve-hostnames", "yes"})
	h.serve(nil, []string{"SENTINEL", "CONFIG", "SET", "announce-hostnames", "yes"})
	h.serve(nil, []string{"SENTINEL", "MONITOR", "named", "localhost", "7000", "1"})
	require.Contains(t, string(h.file), "monitor named localhost 7000")
	h.serve(nil, []string{"SENTINEL", "CONFIG", "SET", "resolve-hostnames", "no"})
	h.again()
	require.Equal(t, "127.0.0.1", h.find("named").addr.host)
}
