package playground

import (
	"fmt"
	"math"
	"net"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
)

// pair is a topology of a lab that is one of several.
func pair(port int) Topology {
	return Topology{Masters: 2, NodeTimeout: 2000, Port: port, Links: MemoryLinks}
}

// open opens a lab among others and lets it form.
func open(t *testing.T, ls *Labs, id string, topology Topology) *Lab {
	t.Helper()
	l, err := ls.Open(id, topology)
	require.NoError(t, err)
	require.NoError(t, l.Form(t.Context()))
	return l
}

// several makes labs that end with the test.
func several(t *testing.T) *Labs {
	t.Helper()
	ls := NewLabs()
	t.Cleanup(ls.CloseAll)
	return ls
}

// sidePort is a first port for labs side by side: each of them claims a hundred.
func sidePort() int { return berth.Piers(8) }

func TestLabsHaveNamesPortsAndClocksOfTheirOwn(t *testing.T) {
	ls, port := several(t), sidePort()
	main := open(t, ls, "ignored", pair(port))
	second := open(t, ls, "b", pair(port))
	third := open(t, ls, "", pair(port))
	require.Equal(t, []string{MainLab, "b", "lab-3"}, []string{main.ID(), second.ID(), third.ID()})
	require.Equal(t, "b", second.Snapshot().Lab)
	for _, l := range []*Lab{main, second, third} {
		require.Equal(t, "ok", l.Standing().State)
		for _, other := range ls.others(l) {
			require.False(t, l.claim().meets(other.claim()))
		}
		low, _ := ephemeral()
		require.Less(t, l.Nodes()[1].Bus, low)
	}
	act(t, second, "pause")
	act(t, second, "speed", "0.5")
	require.False(t, main.Snapshot().Clock.Paused)
	require.EqualValues(t, 1, third.Snapshot().Clock.Speed)
	act(t, third, "kill", third.Nodes()[0].Name)
	require.Equal(t, "up", main.Nodes()[0].State)
	for _, line := range main.Snapshot().Story {
		require.NotEqual(t, "input", line.Name, "what is done to one lab is told of that one")
	}
}

func TestALabsPortsAreItsOwnWhetherItsNodesRunOrNot(t *testing.T) {
	ls, port := several(t), sidePort()
	main := open(t, ls, "", pair(port))
	for _, n := range main.Nodes() {
		act(t, main, "kill", n.Name)
	}
	second := open(t, ls, "b", pair(port))
	require.NotEqual(t, main.BasePort(), second.BasePort())
	for _, n := range main.Nodes() {
		act(t, main, "restart", n.Name)
	}
	require.False(t, ls.free(second, main.BasePort()+claimStep-1, 1), "it may grow")
	require.True(t, ls.free(main, main.BasePort()+claimStep-1, 1))
}

func TestPortsThatMeetAreThoseOfClientsAndBuses(t *testing.T) {
	tests := []struct {
		name string
		a, b claim
		want bool
	}{
		{"side by side", claimOf(7000, 6), claimOf(7100, 6), false},
		{"the same", claimOf(7000, 6), claimOf(7050, 6), true},
		{"one's buses are the other's clients", claimOf(7000, 6), claimOf(17000, 6), true},
		{"and the other way round", claimOf(17000, 6), claimOf(7000, 6), true},
		{"a large one takes more", claimOf(7000, 150), claimOf(7100, 6), true},
		{"a full hundred leaves room to grow", claimOf(7000, 100), claimOf(7100, 6), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.want, tt.a.meets(tt.b)) })
	}
}

func TestClosingALabLeavesTheOthersAlone(t *testing.T) {
	ls, port := several(t), sidePort()
	main := open(t, ls, "", pair(port))
	second := open(t, ls, "b", pair(port))
	addr, err := second.Addr(second.Nodes()[0].Name)
	require.NoError(t, err)
	seq := main.Snapshot().Seq
	require.NoError(t, ls.Close("b"))
	_, err = net.DialTimeout("tcp", addr, time.Second)
	require.Error(t, err)
	require.Nil(t, ls.Get("b"))
	require.Equal(t, "ok", main.Standing().State)
	require.Equal(t, seq, main.Snapshot().Seq, "nothing has happened there")
	again := open(t, ls, "b", pair(port))
	require.Equal(t, second.BasePort(), again.BasePort(), "its ports are free again")
	require.ErrorContains(t, ls.Close(MainLab), "ends with the playground")
	require.ErrorContains(t, ls.Close("c"), "no lab")
}

func TestALabThatIsClosedFirstDoesNotForm(t *testing.T) {
	ls, port := several(t), sidePort()
	open(t, ls, "", pair(port))
	for _, mode := range Kinds() {
		early, err := ls.Open("early", Topology{Mode: mode, Port: port, Links: MemoryLinks})
		require.NoError(t, err)
		require.NoError(t, ls.Close("early"))
		require.ErrorContains(t, early.Form(t.Context()), "the lab is closed", mode)
		_, err = Reset{}.Do(t.Context(), early) // as one that waited for the stage while the lab was closed
		require.ErrorContains(t, err, "the lab is closed", mode)
		require.Empty(t, early.all(), "no node starts that nobody would end")
	}
}

func TestAPanicInOneLabLeavesTheOthersAlone(t *testing.T) {
	ls, port := several(t), sidePort()
	main := open(t, ls, "", pair(port))
	second := open(t, ls, "b", pair(port))
	crash(t, second.all()[0])
	eventually(t, second, "the crash to show", func(s Snapshot) bool { return s.Nodes[0].State == "crashed" })
	second.spawn(func() { panic("in a task") })
	eventually(t, second, "the panic to be told", func(s Snapshot) bool {
		return slices.ContainsFunc(s.Story, func(l Line) bool { return strings.Contains(l.Line, "in a task") })
	})
	require.Equal(t, "ok", main.Standing().State)
	require.Equal(t, 2, main.Standing().Up)
	act(t, main, "mark", "still here")
}

func TestWhatALabMayBeCalled(t *testing.T) {
	ls, port := several(t), sidePort()
	open(t, ls, "", pair(port))
	for _, id := range []string{"B", "a b", "../x", "-x", "x/y", "é", "main", string(make([]byte, 40))} {
		_, err := ls.Open(id, pair(port))
		require.Error(t, err, "%q", id)
		require.Equal(t, "id", AsError(err).Field)
	}
}

// room is a computer with little of everything.
func room(nodes int, files uint64, memory int64) func() limits {
	return func() limits { return limits{nodes: nodes, files: files, memory: memory} }
}

func TestAFullComputerRefusesALabAndSaysWhy(t *testing.T) {
	ls, port := several(t), sidePort()
	main := open(t, ls, "", pair(port))
	files := uint64(main.Files())
	tests := []struct {
		name   string
		limits func() limits
		full   string
		room   int
		says   string
	}{
		{"nodes", room(5, 1000, math.MaxInt64), "nodes", 3,
			"4 nodes are too many: the other labs have 2 of the 5 that there can be (close a lab, or ask for 3 nodes at most)"},
		{"files", room(1000, files+30, math.MaxInt64), "files", 3,
			fmt.Sprintf("4 nodes need at least 32 open files: %d of the %d that the system allows are claimed (ulimit -n 1024, close a lab, or ask for 3 nodes at most)", files, files+30)},
		{"memory", room(1000, 1000, main.Memory()+memoryOf(2)), "memory", 2, "of memory"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ls.limits = tt.limits
			four := pair(port)
			four.Masters = 4
			_, err := ls.Open("b", four)
			require.ErrorContains(t, err, tt.says)
			require.Equal(t, Error{Field: "masters", Full: tt.full, Room: tt.room, Message: AsError(err).Message, Hint: AsError(err).Hint}, *AsError(err))
			require.Len(t, ls.All(), 1)
			require.Equal(t, "ok", main.Standing().State, "nothing is disturbed")
			_, err = main.Do(t.Context(), Setup{Masters: 20})
			require.Equal(t, tt.full, AsError(err).Full, "a lab that grows asks the same")
			require.Equal(t, 2, main.Standing().Up)
		})
	}
	ls.limits = room(2, 1000, math.MaxInt64)
	_, err := main.Do(t.Context(), AddMaster{})
	require.Equal(t, "nodes", AsError(err).Full)
	ls.limits = room(1, 1, 1)
	_, err = main.Do(t.Context(), Reset{})
	require.NoError(t, err, "a lab that does not grow needs no more room")
}

func TestThereAreNoMoreLabsThanThereCanBe(t *testing.T) {
	ls := &Labs{limits: theComputer}
	for range MaxLabs {
		ls.list = append(ls.list, &Lab{})
	}
	_, err := ls.Open("one-more", Topology{})
	require.Equal(t, "labs", AsError(err).Full)
	require.Equal(t, fmt.Sprintf("there are %d labs, and there can be no more (close one first)", MaxLabs), err.Error())
	require.Empty(t, AsError(err).Field, "it is no matter of masters")
}

func TestALabBesideOneThatKeepsItsFilesKeepsItsOwn(t *testing.T) {
	ls, port := several(t), sidePort()
	main, dir := pair(port), filepath.Join(t.TempDir(), "lab")
	main.DataDir = dir
	open(t, ls, "", main)
	second := open(t, ls, "b", pair(port))
	act(t, second, "mark", "here")
	require.FileExists(t, filepath.Join(dir, "labs", "b", historyFile))
	require.NoError(t, ls.Close("b"))
	require.FileExists(t, filepath.Join(dir, "labs", "b", historyFile), "a file is nobody's to delete")
}

func TestClientsOfAllLabsLeaveDescriptorsToTheRest(t *testing.T) {
	ls, port := several(t), sidePort()
	main := open(t, ls, "", pair(port))
	ls.limits = func() limits { l := theComputer(); l.files = 200; return l }
	second := open(t, ls, "b", pair(port)) // its nodes reach each other all the same
	most := 200 / fewestClients
	connect := func(l *Lab) string {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", l.Nodes()[0].Port))
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		_, err = conn.Write([]byte("PING\r\n"))
		require.NoError(t, err)
		answer := make([]byte, 100)
		n, err := conn.Read(answer)
		require.NoError(t, err)
		return string(answer[:n])
	}
	for i := range most {
		require.Equal(t, "+PONG\r\n", connect([]*Lab{main, second}[i%2]))
	}
	require.Equal(t, "-ERR max number of clients reached\r\n", connect(main))
	require.Equal(t, "-ERR max number of clients reached\r\n", connect(second))
	require.Equal(t, "ok", second.Standing().State)
}

func TestWhatClientsMayHoldFitsTheComputer(t *testing.T) {
	require.EqualValues(t, 1<<30, mostForClients(64<<30, 6))
	require.EqualValues(t, 256<<20, mostForClients(4<<30, 8))
	require.EqualValues(t, 64<<20, mostForClients(4<<30, 300))
	require.EqualValues(t, 1<<30, mostForClients(math.MaxInt64, 0), "where nobody knows")
}

func TestAllLabsEnd(t *testing.T) {
	ls, port := several(t), sidePort()
	for range 4 {
		l := open(t, ls, "", pair(port))
		act(t, l, "load", "50")
	}
	_, err := ls.Open("forming", pair(port))
	require.NoError(t, err)
	ls.CloseAll()
	_, err = ls.Open("late", pair(port))
	require.ErrorContains(t, err, "closing")
}

func TestLabsOpenedAtTheSameTimeTakeDifferentPorts(t *testing.T) {
	ls, port := several(t), sidePort()
	open(t, ls, "", pair(port))
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			l, err := ls.Open(fmt.Sprintf("at-once-%d", i), pair(port))
			require.NoError(t, err)
			require.NoError(t, l.Form(t.Context()))
		})
	}
	group.Wait()
	seen := map[int]bool{}
	for _, l := range ls.All() {
		require.False(t, seen[l.BasePort()])
		seen[l.BasePort()] = true
		require.Equal(t, "ok", l.Standing().State)
	}
	require.Len(t, seen, 5)
}

// takenNow is the memory in use when nothing is garbage.
func takenNow() int64 {
	runtime.GC()
	debug.FreeOSMemory()
	return takenMemory()
}

// liveNow is what is alive on the heap, and how many goroutines there are.
func liveNow() (heap uint64, goroutines int) {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc, runtime.NumGoroutine()
}

func TestANodeTakesLittleMemoryAndHasFewGoroutines(t *testing.T) {
	for _, links := range []string{TCPLinks, MemoryLinks} {
		t.Run(links, func(t *testing.T) {
			heap, goroutines := liveNow()
			launch(t, Topology{Masters: 10, Replicas: 2, NodeTimeout: 5000, Links: links})
			require.Eventually(t, func() bool {
				now, running := liveNow()
				t.Logf("30 nodes: %d KB of the heap each, %d goroutines", (int64(now)-int64(heap))/30>>10, running-goroutines)
				return int64(now)-int64(heap) < 30*450<<10 && running-goroutines < 30*15 // each has 58 ends of links
			}, patience, 100*time.Millisecond)
		})
	}
}

func TestALabTakesNoMoreMemoryThanItIsSaidTo(t *testing.T) {
	before := takenNow()
	l := launch(t, Topology{Masters: 10, Replicas: 2, NodeTimeout: 5000})
	act(t, l, "pause") // what is on its way, or still to be recorded, comes to an end
	var took int64
	require.Eventually(t, func() bool {
		took = takenNow() - before
		return took <= l.Memory()
	}, patience, 100*time.Millisecond, "%d bytes are said to be taken", l.Memory())
	t.Logf("30 nodes take %d KB each, and are said to take %d", took/30>>10, l.Memory()/30>>10)
}
