package sentinel

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestHelloGoesToEverybodyEveryTwoSeconds(t *testing.T) {
	w, h, peers := voters(t, 2, never)
	want := fmt.Sprintf("127.0.0.1,26000,%s,0,mymaster,127.0.0.1,7000,0", h.id)
	for _, n := range w.nodes {
		n.hellos = nil
	}
	peers[0].hellos = nil
	w.run(20 * time.Second)
	for _, hellos := range [][]string{w.nodes[0].hellos, w.nodes[1].hellos, w.nodes[2].hellos, peers[0].hellos} {
		require.InDelta(t, 10, len(hellos), 1)
		for _, hello := range hellos {
			require.Equal(t, want, hello)
		}
	}
}

func TestTheAnnouncedAddressIsInTheHello(t *testing.T) {
	w, h := alone(t, func(s *Sentinel) { s.announceIP, s.announcePort = "10.0.0.9", 1234 })
	require.NotEmpty(t, w.nodes[0].hellos)
	require.Equal(t, fmt.Sprintf("10.0.0.9,1234,%s,0,mymaster,127.0.0.1,7000,0", h.id), w.nodes[0].hellos[0])
}

func TestANewSentinelIsMadeAcquaintanceOf(t *testing.T) {
	w, h := alone(t)
	p := w.peer(26001)
	h.events = nil
	p.says(h, 0, 0, 7000)
	p.says(h, 0, 0, 7000)
	require.Equal(t, []string{"+sentinel sentinel " + p.id + " 127.0.0.1 26001 @ mymaster 127.0.0.1 7000"}, h.heard())
}

func TestOurOwnHelloIsNobodys(t *testing.T) {
	w, h := alone(t)
	w.run(10 * time.Second)
	require.Empty(t, h.mymaster().sentinels)
	h.hello(fmt.Sprintf("127.0.0.1,26999,%s,0,mymaster,127.0.0.1,7000,0", h.id))
	require.Empty(t, h.mymaster().sentinels)
}

func TestANewerConfigurationIsTakenOver(t *testing.T) {
	_, h := alone(t)
	p := h.town.peer(26001)
	p.says(h, 0, 0, 7000)
	h.events = nil
	p.says(h, 4, 3, 7001)
	inst := "sentinel " + p.id + " 127.0.0.1 26001 @ mymaster 127.0.0.1 7000"
	require.Equal(t, []string{
		"+new-epoch 4",
		"+config-update-from " + inst,
		"+switch-master mymaster 127.0.0.1 7000 127.0.0.1 7001",
		"+slave slave 127.0.0.1:7002 127.0.0.1 7002 @ mymaster 127.0.0.1 7001",
		"+slave slave 127.0.0.1:7000 127.0.0.1 7000 @ mymaster 127.0.0.1 7001",
	}, h.heard())
	require.EqualValues(t, 3, h.mymaster().configEpoch)
	require.Len(t, h.mymaster().sentinels, 1, "the Sentinels stay")
}

func TestWhatAHelloMayNotChange(t *testing.T) {
	id := strings.Repeat("c", 40)
	for _, row := range []struct {
		name    string
		payload string
		events  []string
	}{
		{"an equal epoch", "127.0.0.1,26001,P,5,mymaster,127.0.0.1,7001,5", nil},
		{"a lower epoch", "127.0.0.1,26001,P,3,mymaster,127.0.0.1,7001,3", nil},
		{"a larger epoch, the same address", "127.0.0.1,26001,P,9,mymaster,127.0.0.1,7000,8", []string{"+new-epoch 9"}},
		{"an unknown master", "127.0.0.1,26001,P,9,yourmaster,127.0.0.1,7001,9", nil},
		{"seven fields", "127.0.0.1,26001,P,9,mymaster,127.0.0.1,7001", nil},
		{"nine fields", "127.0.0.1,26001,P,9,mymaster,127.0.0.1,7001,9,9", nil},
		{"a run id that is none", "127.0.0.1,26001,xyz,9,mymaster,127.0.0.1,7001,9", nil},
		{"a port that is none", "127.0.0.1,70000,P,9,mymaster,127.0.0.1,7001,9", nil},
		{"an epoch that is none", "127.0.0.1,26001,P,-1,mymaster,127.0.0.1,7001,9", nil},
		{"a master that is nowhere", "127.0.0.1,26001,P,5,mymaster,nowhere.example,7001,9", nil},
		{"nothing", "", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, h := alone(t)
			p := h.town.peer(26001)
			p.says(h, 5, 5, 7000)
			h.events = nil
			h.hello(strings.Replace(row.payload, "P", p.id, 1))
			h.hello(strings.Replace(row.payload, "P", id, 1))
			require.ElementsMatch(t, row.events, without(h.heard(), "+sentinel ", "+sentinel-invalid-addr "))
			require.Equal(t, 7000, h.mymaster().addr.port)
		})
	}
}

func TestANewerConfigurationEndsAFailoverOfOurOwn(t *testing.T) {
	w, h := alone(t)
	p := w.peer(26001)
	p.says(h, 0, 0, 7000)
	w.nodes[1].stubborn = true
	h.mymaster().quorum = 1
	p.votes = grants
	w.nodes[0].die()
	h.wait("+failover-state-wait-promotion")
	p.says(h, 9, 9, 7002)
	require.Equal(t, stateNone, h.mymaster().failover.state)
	require.Equal(t, 7002, h.mymaster().addr.port)
	w.run(time.Second)
	require.False(t, h.mymaster().flags.is(flagFailover))
}

func TestASentinelThatMovedKeepsItsName(t *testing.T) {
	w, h := alone(t)
	p := w.peer(26001)
	p.says(h, 0, 0, 7000)
	h.events = nil
	p.addr = local(26005)
	p.says(h, 0, 0, 7000)
	require.Equal(t, []string{"+sentinel-address-switch master mymaster 127.0.0.1 7000 ip 127.0.0.1 port 26005 for " + p.id}, h.heard())
	require.Len(t, h.mymaster().sentinels, 1)
	require.Equal(t, 26005, h.mymaster().sentinels[0].addr.port)
}

func TestAnAddressWithAnotherNameIsAnotherSentinel(t *testing.T) {
	w, h := alone(t)
	p := w.peer(26001)
	p.says(h, 0, 0, 7000)
	h.events = nil
	old := p.id
	p.id = strings.Repeat("e", 40)
	p.says(h, 0, 0, 7000)
	require.Equal(t, []string{
		"+sentinel-invalid-addr sentinel " + old + " 127.0.0.1 26001 @ mymaster 127.0.0.1 7000",
		"+sentinel sentinel " + p.id + " 127.0.0.1 26001 @ mymaster 127.0.0.1 7000",
	}, h.heard())
	require.Len(t, h.mymaster().sentinels, 1)
}

// second watches another master at port 7100 too.
func second(s *Sentinel) {
	m := s.newMaster("other", s.addressOf("127.0.0.1", 7100), 1)
	m.downAfter, m.failoverTimeout = 2*time.Second, 10*time.Second
	s.masters = append(s.masters, m)
}

func TestSentinelsOfTwoMastersShareOneLink(t *testing.T) {
	w := newTown(t)
	w.node(7000, 0)
	w.node(7100, 0)
	p := w.peer(26001)
	h := w.sentinel(26000, 1, second)
	w.run(time.Second)
	p.says(h, 0, 0, 7000)
	h.hello(fmt.Sprintf("127.0.0.1,26001,%s,0,other,127.0.0.1,7100,0", p.id))
	w.run(3 * time.Second)
	one, two := h.find("mymaster").sentinels[0], h.find("other").sentinels[0]
	require.Same(t, one.link, two.link)
	require.Equal(t, 2, one.link.users)
	dialled := 0
	for _, wr := range h.wires {
		if wr.to == resident(p) && wr.open {
			dialled++
		}
	}
	require.Equal(t, 1, dialled)

	p.addr = local(26005)
	h.events = nil
	p.says(h, 0, 0, 7000)
	require.Contains(t, h.heard(), "+sentinel-address-update sentinel "+p.id+" 127.0.0.1 26005 @ mymaster 127.0.0.1 7000 1 additional matching instances")
	w.run(2 * time.Second)
	require.Equal(t, 26005, h.find("other").sentinels[0].addr.port)
	require.True(t, h.find("other").sentinels[0].link.whole())
	h.door(func(s *Sentinel, now time.Time) { s.enter(now); s.remove(s.find("mymaster")) })
	w.run(time.Second)
	require.True(t, h.find("other").sentinels[0].link.whole(), "the other master still needs the link")
}

func TestTwoMastersDoNotInterfere(t *testing.T) {
	w := newTown(t)
	w.node(7000, 0)
	w.node(7001, 7000)
	w.node(7100, 0)
	w.node(7101, 7100)
	h := w.sentinel(26000, 1, second)
	w.run(3 * time.Second)
	h.ask(7000, 5, idA)
	require.Equal(t, answer(false, idB, 5), h.ask(7100, 5, idB), "a vote per master")
	w.nodes[2].die()
	h.find("other").failover.started = time.Time{}
	h.wait("+switch-master")
	require.Equal(t, []string{"+switch-master other 127.0.0.1 7100 127.0.0.1 7101"}, h.heard("+switch-master"))
	require.EqualValues(t, 6, h.find("other").configEpoch, "epochs are shared")
	require.Zero(t, h.find("mymaster").configEpoch)
}

func TestAStrangeNodeCannotFillOurMemory(t *testing.T) {
	_, h := alone(t)
	m := h.mymaster()
	h.enter(h.town.now)
	for i := range 3 * maxReplicas {
		h.receiveInfo(&m.instance, fmt.Sprintf("slave0:ip=10.0.%d.%d,port=1,state=online\r\n", i/256, i%256))
		h.receiveHello(fmt.Sprintf("10.0.%d.%d,1,%040x,0,mymaster,127.0.0.1,7000,0", i/256, i%256, i+1))
	}
	require.Len(t, m.replicas, maxReplicas)
	require.Len(t, m.sentinels, maxSentinels)
}

func TestAnIsolatedSentinelCatchesUpWhenTheNetworkHeals(t *testing.T) {
	w := group(t)
	alone, others := w.sentinels[0], w.sentinels[1:]
	for _, port := range []int{7000, 7001, 7002, 26001, 26002} {
		w.cut(26000, port)
	}
	w.nodes[0].die()
	others[0].wait("+switch-master")
	others[1].wait("+switch-master")
	w.run(10 * time.Second)
	require.Equal(t, 7000, alone.mymaster().current().port)
	require.NotContains(t, alone.names(), "+odown", "it is one of two that the quorum needs")
	w.heal()
	healed := w.now
	alone.wait("+switch-master")
	require.Less(t, w.now.Sub(healed), 2*2*time.Second+time.Second, "two hello periods and a new connection")
	require.Contains(t, strings.Join(alone.heard("+config-update-from"), ""), "@ mymaster 127.0.0.1 7000")
	require.Equal(t, others[0].mymaster().configEpoch, alone.mymaster().configEpoch)
	w.run(30 * time.Second)
	require.NoError(t, w.agreed())
}

func TestNamesAreSaidWhereTheyAreAnnounced(t *testing.T) {
	w := newTown(t)
	w.node(7000, 0)
	w.node(7001, 7000)
	h := w.sentinel(26000, 1, func(s *Sentinel) {
		s.resolveHostnames, s.announceHostnames = true, true
		s.masters[0].addr = s.addressOf("localhost", 7000)
	})
	w.run(3 * time.Second)
	require.Equal(t, fmt.Sprintf("127.0.0.1,26000,%s,0,mymaster,localhost,7000,0", h.id), w.nodes[0].hellos[0])
	require.Contains(t, string(h.file), "sentinel monitor mymaster localhost 7000 1")
	require.False(t, h.replica(7001).info.masterHost == "" || !h.follows(h.replica(7001), h.mymaster().addr), "a name and its address are one place")
	w.nodes[0].die()
	h.wait("+switch-master")
	require.Equal(t, []string{"+switch-master mymaster localhost 7000 127.0.0.1 7001"}, h.heard("+switch-master"))
	w.nodes[0].down = false
	h.wait("+convert-to-slave")
	require.Equal(t, []string{"+convert-to-slave slave localhost:7000 localhost 7000 @ mymaster 127.0.0.1 7001"}, h.heard("+convert-to-slave"))
}

func TestAHundredMastersShareTheLinksToTheirSentinels(t *testing.T) {
	const masters = 100
	w := newTown(t)
	many := func(s *Sentinel) {
		s.masters = nil
		for i := range masters {
			s.masters = append(s.masters, s.newMaster(fmt.Sprintf("m%d", i), s.addressOf("127.0.0.1", 10000+i), 2))
		}
	}
	for i := range masters {
		w.node(10000+i, 0)
	}
	for port := 26000; port < 26003; port++ {
		w.sentinel(port, 2, many)
	}
	w.run(5 * time.Second)
	for _, h := range w.sentinels {
		links := map[*link]bool{}
		for _, m := range h.masters {
			require.Len(t, m.sentinels, 2)
			for _, o := range m.sentinels {
				links[o.link] = true
				require.Equal(t, masters, o.link.users)
				require.True(t, o.link.whole())
			}
		}
		require.Len(t, links, 2)
	}
}
