package cluster

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
	"clusterplay/node/bus"
	"clusterplay/node/machine"
	"clusterplay/node/slot"
)

// socketRim drives one State over real sockets, so that it can live among real servers. It is as
// small as a test allows: one lock, a goroutine for each connection.
type socketRim struct {
	mu       sync.Mutex
	state    *State
	host     *soloHost
	listener net.Listener
	conns    map[machine.LinkID]net.Conn
	next     machine.LinkID
	closed   bool
	events   []string
	done     sync.WaitGroup
}

// soloHost is a server without data and without replication.
type soloHost struct{ fakeHost }

func (h *soloHost) HasHistory() bool                       { return true }
func (h *soloHost) Following() bool                        { return true }
func (h *soloHost) Follow(time.Time, netip.AddrPort)       {}
func (h *soloHost) ReplicationAge(time.Time) time.Duration { return 0 }

func newSocketRim(t *testing.T, timeout time.Duration) *socketRim {
	port := berth.Ports(1)
	r := &socketRim{host: &soloHost{fakeHost{keys: map[slot.Slot]int{}}}, conns: map[machine.LinkID]net.Conn{}}
	var err error
	r.listener, err = net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port+10000))
	require.NoError(t, err)
	cfg := Config{
		NodeTimeout: timeout, AnnounceIP: "127.0.0.1", Port: uint16(port),
		NextLink: func() machine.LinkID { return r.link() | 1 },
	}
	r.state, err = New(cfg, r.host, rand.New(rand.NewPCG(uint64(port), 1)))
	require.NoError(t, err)
	r.done.Add(2)
	go r.accept()
	go r.cron()
	t.Cleanup(r.close)
	return r
}

// link makes an even number that was not used before.
func (r *socketRim) link() machine.LinkID { r.next += 2; return r.next }

// door calls a door under the lock and performs what comes of it.
func (r *socketRim) door(call func(now time.Time)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	now := time.Now().Round(0)
	call(now)
	todo := r.state.BeforeSleep(now)
	for _, d := range todo.Dial {
		r.done.Add(1)
		go r.dial(d)
	}
	for _, s := range todo.Send {
		if c := r.conns[s.Link]; c != nil {
			_, _ = c.Write(s.Data)
		}
	}
	for _, id := range todo.Close {
		if c := r.conns[id]; c != nil {
			_ = c.Close()
			delete(r.conns, id)
		}
	}
	for _, e := range todo.Emit {
		r.events = append(r.events, e.Describe())
	}
}

func (r *socketRim) accept() {
	defer r.done.Done()
	for {
		c, err := r.listener.Accept()
		if err != nil {
			return
		}
		r.door(func(now time.Time) {
			id := r.link()
			r.conns[id] = c
			r.state.Accepted(now, id, addrOf(c.LocalAddr()), addrOf(c.RemoteAddr()))
			r.done.Add(1)
			go r.read(id, c)
		})
	}
}

func (r *socketRim) dial(d machine.Dial) {
	defer r.done.Done()
	c, err := net.DialTimeout("tcp", d.Addr.String(), time.Second)
	r.door(func(now time.Time) {
		if err != nil {
			r.state.Hangup(now, d.Link, err)
			return
		}
		r.conns[d.Link] = c
		r.state.Connected(now, d.Link, addrOf(c.LocalAddr()), addrOf(c.RemoteAddr()))
		r.done.Add(1)
		go r.read(d.Link, c)
	})
}

func (r *socketRim) read(id machine.LinkID, c net.Conn) {
	defer r.done.Done()
	for {
		head := make([]byte, 8)
		_, err := io.ReadFull(c, head)
		n := 0
		if err == nil {
			n, err = bus.Need(head)
		}
		frame := append(head, make([]byte, max(0, n-8))...)
		if err == nil {
			_, err = io.ReadFull(c, frame[8:])
		}
		if err != nil {
			r.door(func(now time.Time) { delete(r.conns, id); r.state.Hangup(now, id, err) })
			_ = c.Close()
			return
		}
		r.door(func(now time.Time) { r.state.Receive(now, id, frame) })
	}
}

func (r *socketRim) cron() {
	defer r.done.Done()
	for {
		time.Sleep(100 * time.Millisecond) // the real server beside it lives in real time
		r.door(r.state.Cron)
		r.mu.Lock()
		closed := r.closed
		r.mu.Unlock()
		if closed {
			return
		}
	}
}

func (r *socketRim) close() {
	r.mu.Lock()
	r.closed = true
	_ = r.listener.Close()
	for _, c := range r.conns {
		_ = c.Close()
	}
	r.mu.Unlock()
	r.done.Wait()
}

func addrOf(a net.Addr) netip.AddrPort { return a.(*net.TCPAddr).AddrPort() }

// realServer is a redis-server in cluster mode.
type realServer struct {
	t    *testing.T
	port int
	cmd  *exec.Cmd
}

func startReal(t *testing.T, timeout time.Duration) *realServer {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("redis-server is not installed")
	}
	r := &realServer{t: t, port: berth.Ports(1)}
	r.cmd = exec.Command(path, "--port", strconv.Itoa(r.port), "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir(),
		"--cluster-enabled", "yes", "--cluster-node-timeout", strconv.Itoa(int(timeout.Milliseconds())), "--daemonize", "no")
	require.NoError(t, r.cmd.Start())
	t.Cleanup(func() { _ = r.cmd.Process.Kill(); _ = r.cmd.Wait() })
	within(t, "redis-server answers", func() bool { return strings.Contains(r.try("PING"), "PONG") })
	return r
}

func (r *realServer) try(args ...string) string {
	out, _ := exec.Command("redis-cli", append([]string{"-p", strconv.Itoa(r.port)}, args...)...).CombinedOutput()
	return strings.TrimSpace(string(out))
}

func (r *realServer) ok(args ...string) {
	r.t.Helper()
	require.Equal(r.t, "OK", r.try(args...))
}

// patience bounds every wait for a real process. It is no goal.
const patience = time.Minute

// within waits until something of a real process is done.
func within(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !done(); time.Sleep(50 * time.Millisecond) { // polls a foreign process
		require.True(t, time.Now().Before(end), "after %v still not: %s", patience, what)
	}
}

// names returns what stands before each colon, without the counters that are shown only when they
// are not zero.
func names(info string) (list []string) {
	for line := range strings.Lines(info) {
		if name, _, _ := strings.Cut(line, ":"); !strings.HasPrefix(name, "cluster_stats_messages_") || strings.Count(name, "_") == 3 {
			list = append(list, strings.TrimSpace(name))
		}
	}
	return list
}

func TestInfoAndNodesOfANewNodeReadAsARealServers(t *testing.T) {
	real := startReal(t, time.Second)
	s, err := loaded("")
	require.NoError(t, err)
	require.Equal(t, names(real.try("CLUSTER", "INFO")), names(strings.TrimSpace(string(s.InfoText()))))
	id := real.try("CLUSTER", "MYID")
	want := strings.NewReplacer(id, s.Myself().String(), fmt.Sprintf(":%d@%d", real.port, real.port+10000), "127.0.0.1:7000@17000").
		Replace(real.try("CLUSTER", "NODES"))
	require.Equal(t, want, strings.TrimSpace(string(s.NodesText())))
}

// TestOurVoteElectsARealReplica puts us, as one master of three, among real servers. When a real
// master dies, neither its FAIL nor the election of its replica can come about without us.
func TestOurVoteElectsARealReplica(t *testing.T) {
	if testing.Short() {
		t.Skip("takes about ten seconds of real time")
	}
	const timeout = 1500 * time.Millisecond
	a, b, d := startReal(t, timeout), startReal(t, timeout), startReal(t, timeout)
	us := newSocketRim(t, timeout)
	a.ok("CLUSTER", "ADDSLOTSRANGE", "0", "5460")
	b.ok("CLUSTER", "ADDSLOTSRANGE", "5461", "10922")
	us.door(func(now time.Time) {
		require.NoError(t, us.state.AddSlots(now, []slot.Range{{First: 10923, Last: 16383}}))
		require.NoError(t, us.state.Meet(now, "127.0.0.1", a.port, a.port+10000))
	})
	for _, other := range []*realServer{b, d} {
		a.ok("CLUSTER", "MEET", "127.0.0.1", strconv.Itoa(other.port))
	}
	ids := [3]string{a.try("CLUSTER", "MYID"), b.try("CLUSTER", "MYID"), d.try("CLUSTER", "MYID")}
	view := func() (v View) { us.door(func(time.Time) { v = us.state.View() }); return v }
	within(t, "all know all", func() bool {
		for _, r := range []*realServer{a, b, d} {
			nodes := r.try("CLUSTER", "NODES")
			if strings.Count(nodes, " connected") != 4 || strings.Contains(nodes, "handshake") {
				return false
			}
		}
		return len(view().Nodes) == 4
	})
	d.ok("CLUSTER", "REPLICATE", ids[0])
	within(t, "both sides are up and agree", func() bool {
		v := view()
		return v.OK && v.Size == 3 && strings.Contains(a.try("CLUSTER", "INFO"), "cluster_state:ok") &&
			strings.Contains(b.try("CLUSTER", "NODES"), v.ID+" 127.0.0.1:") &&
			strings.Contains(b.try("CLUSTER", "NODES"), "connected 10923-16383") &&
			strings.Contains(d.try("INFO", "replication"), "master_link_status:up")
	})
	_ = a.cmd.Process.Kill()
	within(t, "the replica was elected", func() bool {
		return strings.Contains(d.try("CLUSTER", "NODES"), "myself,master")
	})
	within(t, "we believe it", func() bool {
		v := view()
		for _, n := range v.Nodes {
			if n.ID == ids[2] {
				return n.NumSlots == 5461 && v.OK
			}
		}
		return false
	})
	us.mu.Lock()
	story := strings.Join(us.events, "\n")
	us.mu.Unlock()
	require.Contains(t, story, "+vote for 127.0.0.1:"+strconv.Itoa(d.port))
	require.Contains(t, story, "+fail 127.0.0.1:"+strconv.Itoa(a.port))
	require.NotContains(t, story, "-packet")
	require.Contains(t, d.try("CLUSTER", "INFO"), "cluster_stats_messages_auth-ack_received:2")
}

// TestRealMastersElectUsInAManualFailover makes us a replica of a real master and swaps roles: it
// stops its writes for us, tells us its offset, votes for us with the others, and follows us.
func TestRealMastersElectUsInAManualFailover(t *testing.T) {
	if testing.Short() {
		t.Skip("takes about ten seconds of real time")
	}
	const timeout = 1500 * time.Millisecond
	real := []*realServer{startReal(t, timeout), startReal(t, timeout), startReal(t, timeout)}
	us := newSocketRim(t, timeout)
	for i, bounds := range [][2]string{{"0", "5460"}, {"5461", "10922"}, {"10923", "16383"}} {
		real[i].ok("CLUSTER", "ADDSLOTSRANGE", bounds[0], bounds[1])
		if i > 0 {
			real[0].ok("CLUSTER", "MEET", "127.0.0.1", strconv.Itoa(real[i].port))
		}
	}
	us.door(func(now time.Time) {
		require.NoError(t, us.state.Meet(now, "127.0.0.1", real[0].port, real[0].port+10000))
	})
	master := real[0].try("CLUSTER", "MYID")
	view := func() (v View) { us.door(func(time.Time) { v = us.state.View() }); return v }
	within(t, "we see a whole cluster, and it sees us", func() bool {
		v := view()
		return v.OK && v.Size == 3 && len(v.Nodes) == 4 && strings.Count(real[2].try("CLUSTER", "NODES"), " connected") == 4
	})
	us.door(func(now time.Time) { require.NoError(t, us.state.Replicate(now, master)) })
	within(t, "all know us as a replica", func() bool {
		for _, r := range real {
			if !strings.Contains(r.try("CLUSTER", "NODES"), "slave "+master) {
				return false
			}
		}
		return true
	})
	us.door(func(now time.Time) { require.NoError(t, us.state.Failover(now, FailoverDefault)) })
	within(t, "we are master", func() bool { return view().Role == "master" })
	within(t, "all real servers believe it", func() bool {
		for _, r := range real {
			nodes := r.try("CLUSTER", "NODES")
			if strings.Contains(nodes, "fail") || !strings.Contains(nodes, "slave "+view().ID) || !strings.Contains(nodes, " 0-5460") {
				return false
			}
		}
		return true
	})
	require.Contains(t, real[0].try("CLUSTER", "NODES"), "myself,slave "+view().ID)
}
