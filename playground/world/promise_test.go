package world

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/bus"
	"clusterplay/node/cluster"
	"clusterplay/node/event"
	"clusterplay/node/slot"
)

// counter counts events by name; it may watch many worlds at once.
type counter struct {
	Nothing
	mu    sync.Mutex
	names map[string]int
}

// Event counts one.
func (c *counter) Event(_ *World, _ int, e event.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.names == nil {
		c.names = map[string]int{}
	}
	name := e.Name()
	if p, ok := e.(event.Promoted); ok {
		name += " " + string(p.Reason)
	}
	c.names[name]++
}

// only is a plan with one kind of fault, often.
func only(kind FaultKind) Plan {
	return Plan{
		Kinds: []FaultKind{kind}, Mean: 2 * time.Second, Longest: time.Second, Duration: 40 * time.Second,
		OpsPerSec: 100, Clients: 8, Keys: 64,
	}
}

// judgeOnly runs seeds with one kind of fault and adds up what became of the writes.
func judgeOnly(t *testing.T, kind FaultKind, seeds uint64) (Ledger, *counter) {
	t.Helper()
	var mu sync.Mutex
	var sum Ledger
	var seen counter
	eachSeed(1, seeds, func(seed uint64) {
		v, err := JudgePlan(Config{Seed: seed, NodeTimeout: testTimeout}, only(kind), &seen)
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
		sum.Add(v.Ledger)
	})
	return sum, &seen
}

// Promise 18.
func TestManualFailoverAloneLosesNothing(t *testing.T) {
	sum, seen := judgeOnly(t, ManualFailover, worlds(8))
	require.Greater(t, seen.names["+promoted manual"], 3*int(worlds(8)))
	require.Zero(t, seen.names["+promoted elected"])
	require.Greater(t, sum.Acked, int(worlds(8))*3000)
	require.Zero(t, sum.Lost+sum.Duplicated+sum.Phantom, sum)
}

// Promise 21.
func TestReshardAloneLosesAndDuplicatesNothing(t *testing.T) {
	sum, seen := judgeOnly(t, Reshard, worlds(8))
	require.Greater(t, seen.names["+open-slot"], 12*int(worlds(8)))
	require.Zero(t, seen.names["+promoted elected"])
	require.Greater(t, sum.Acked, int(worlds(8))*3000)
	require.Zero(t, sum.Lost+sum.Duplicated+sum.Phantom, sum)
}

// Promise 10: what a third master claims changes nothing at the one who imports.
func TestTwoOperatorsOfOneSlotLoseNothing(t *testing.T) {
	sum, seen := judgeOnly(t, RivalReshard, worlds(8))
	require.Greater(t, seen.names["+open-slot"], 12*int(worlds(8)))
	require.Greater(t, seen.names["+slot-owner"], 4*int(worlds(8)))
	require.Greater(t, sum.Acked, int(worlds(8))*3000)
	require.Zero(t, sum.Lost+sum.Duplicated+sum.Phantom, sum)
}

// What an operator loses by haste is lost alike on a master and its replicas, and counted as that.
func TestSlotsGivenAwayInHasteLoseTheirKeysEverywhere(t *testing.T) {
	sum, seen := judgeOnly(t, HastyReshard, worlds(8))
	require.Greater(t, seen.names["+slots-dropped"], 4*int(worlds(8)))
	require.NotZero(t, sum.Lost)
	require.Equal(t, sum.Lost, sum.Through[Dropped])
}

// Promise 38 for the quietest storm: connections that break lose no acknowledged write.
func TestBrokenConnectionsAloneLoseNothing(t *testing.T) {
	sum, _ := judgeOnly(t, LinkReset, worlds(4))
	require.Zero(t, sum.Lost+sum.Duplicated+sum.Phantom, sum)
}

// forge makes a packet of a type from nobody known, with every field as tempting as can be.
func forge(t bus.Type, about bus.ID) []byte {
	var all slot.Set
	all.AddRange(slot.Range{First: 0, Last: slot.Count - 1})
	m := bus.Message{
		Header: bus.Header{
			Type: t, Port: 7999, BusPort: 17999, CurrentEpoch: 99, ConfigEpoch: 99, Offset: 1 << 40,
			Slots: (*bus.Slots)(&all), Flags: bus.Master, Marks: bus.ForceAck | bus.Paused,
		},
		Gossip:  []bus.Entry{{ID: about, IP: bus.MakeIP("127.0.0.1"), Port: 7998, BusPort: 17998, Flags: bus.Master | bus.Failed}},
		Subject: about, SubjectEpoch: 99, SubjectSlots: (*bus.Slots)(&all),
		Channel: []byte("c"), Payload: []byte("p"),
	}
	copy(m.Sender[:], "0123456789012345678901234567890123456789")
	return m.Append(nil)
}

// Promise 24.
func TestForgedPacketsOfStrangersChangeNothing(t *testing.T) {
	w, err := New(Config{Seed: 1})
	require.NoError(t, err)
	require.NoError(t, w.Form())
	h := w.hosts[0]
	other, _ := bus.ParseID(w.ID(1))
	for kind := range bus.TypeCount {
		t.Run(kind.String(), func(t *testing.T) {
			before, disk := h.server.Cluster().View(), string(h.disk.files[configFile])
			h.accepted += 2
			w.door(h, "accepted", nil, func() { h.machine.Accepted(h.clock(), h.accepted, h.bus, h.addr) })
			packet := forge(kind, other)
			w.door(h, "receive", packet, func() { h.machine.Receive(h.clock(), h.accepted, packet) })
			after := h.server.Cluster().View()
			if kind == bus.Meet {
				met := slices.IndexFunc(after.Nodes, func(n cluster.NodeView) bool { return n.Flags.Has(bus.Handshake) })
				require.GreaterOrEqual(t, met, 0)
				require.Equal(t, bus.Handshake, after.Nodes[met].Flags)
				after.Nodes = slices.Delete(after.Nodes, met, met+1)
			}
			require.Equal(t, before, after)
			require.Equal(t, disk, string(h.disk.files[configFile]))
		})
	}
}

// Promise 27.
func TestAReplicaReplacesItsCrashedMasterInTime(t *testing.T) {
	const rank = 0
	n := int(worlds(100))
	limit := 2*testTimeout + 2*time.Second + rank*time.Second
	var mu sync.Mutex
	var took []time.Duration
	eachSeed(1, uint64(n), func(seed uint64) {
		d := timeToPromotion(t, seed)
		mu.Lock()
		defer mu.Unlock()
		took = append(took, d)
	})
	slices.Sort(took)
	late := 0
	for _, d := range took {
		if d > limit {
			late++
		}
	}
	t.Logf("median %v, 95 %% %v, worst %v", took[n/2], took[n*95/100], took[n-1])
	require.LessOrEqual(t, late, n*5/100)
	require.LessOrEqual(t, took[n-1], limit+max(4*testTimeout, 4*time.Second))
}

// timeToPromotion crashes one master of a calm cluster and waits for its replica to take its place.
func timeToPromotion(t *testing.T, seed uint64) time.Duration {
	w, err := New(Config{Seed: seed, NodeTimeout: testTimeout})
	if err == nil {
		err = w.Form()
	}
	if err != nil {
		t.Errorf("seed %d: %v", seed, err)
		return 0
	}
	w.Run(10*time.Second + time.Duration(seed)*37*time.Millisecond)
	victim := int(seed % 3)
	began := w.Age()
	w.Kill(victim, KeepDisk)
	w.RunUntil(time.Minute, w.Server(victim+3).OwnsAnySlot)
	return w.Age() - began
}
