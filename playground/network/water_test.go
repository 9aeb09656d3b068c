package network

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/machine"
)

func TestTheMemoryOfAPacketIsLentAgainOnceItHasBeenRead(t *testing.T) {
	n := &Network{}
	link := n.pair(machine.Bus, "a", &listener{who: "b", addr: loopback})
	from, to := (*memConn)(&link.conns[0]), (*memConn)(&link.conns[1])
	b := make([]byte, 16384)
	for _, size := range []int{100, 2688, 2689, 4864, 8193, 16384, 16385} {
		packet := append(n.Packet(size), b[:min(size, len(b))]...)
		require.GreaterOrEqual(t, cap(packet), size)
		given, err := from.tryGive(packet)
		require.NoError(t, err)
		require.Equal(t, len(packet), given)
		require.Equal(t, given, n.Afloat())
		require.Equal(t, given, to.readNow(b))
		require.Zero(t, n.Afloat())
	}
}

func TestAHeartbeatFitsWhatIsLentForIt(t *testing.T) {
	n := &Network{}
	for _, nodes := range []int{6, 50, 90, 200, 500, 1000} {
		heartbeat := 2256 + 104*max(3, nodes/10)
		packet := n.Packet(heartbeat)
		require.Less(t, cap(packet), heartbeat*5/4, "with %d nodes", nodes)
		n.packets.back(append(packet, 1))
		require.Empty(t, n.Packet(heartbeat))
	}
}

func TestMemoryThatIsStillUsedIsNotLent(t *testing.T) {
	full := &pipe{}
	_, _, err := full.tryWrite(make([]byte, memBuffer-10), false)
	require.NoError(t, err)
	n, kept, err := full.tryWrite(make([]byte, 100), true)
	require.NoError(t, err)
	require.Equal(t, 10, n, "its writer still needs the rest")
	require.False(t, kept)

	p := &pipe{}
	packet := make([]byte, 6, lentSizes[0])
	_, kept, err = p.tryWrite(packet, true)
	require.NoError(t, err)
	require.True(t, kept)
	_, spent := p.readNow(make([]byte, 4))
	require.Nil(t, spent, "two bytes have not been read")
	_, spent = p.readNow(make([]byte, 4))
	require.Equal(t, lentSizes[0], cap(spent))

	_, kept, err = p.tryWrite(make([]byte, memBuffer+1), true)
	require.NoError(t, err)
	require.True(t, kept)
	_, spent = p.readNow(make([]byte, memBuffer))
	require.Nil(t, spent, "its writer still reads the last byte")
}

func TestWhatIsNeverReadIsNotAfloatForEver(t *testing.T) {
	n := &Network{}
	link := n.pair(machine.Bus, "a", &listener{who: "b", addr: loopback})
	from, to := (*memConn)(&link.conns[0]), (*memConn)(&link.conns[1])
	_, err := from.Write(make([]byte, 50))
	require.NoError(t, err)
	require.Equal(t, 50, n.Afloat())
	require.NoError(t, to.Close())
	require.NoError(t, to.Close())
	require.Zero(t, n.Afloat())
	_, err = from.Write(make([]byte, 50))
	require.Error(t, err)
	require.Zero(t, n.Afloat())
}

func TestWhoOpensALinkWaitsForLowWater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w water
		began := time.Now()
		w.rise(highWater)
		w.wait(nil)
		require.Zero(t, time.Since(began), "it is not above the mark")

		w.rise(2)
		w.wait(nil)
		require.Equal(t, mostPatience, time.Since(began), "nobody reads")

		low := make(chan struct{})
		go func() {
			w.wait(nil)
			close(low)
		}()
		synctest.Wait()
		w.fall(1)
		synctest.Wait()
		select {
		case <-low:
			t.Fatal("the water is high")
		default:
		}
		w.fall(1)
		<-low
		require.Equal(t, mostPatience, time.Since(began))
	})
}
