package sentinel

import (
	"fmt"
	"net/netip"
	"strings"
)

// fakeNode is a server that follows a script.
type fakeNode struct {
	town     *town
	addr     netip.AddrPort
	runID    string
	down     bool
	locked   bool // it wants a password that nobody gives
	mute     bool // it takes everything and says nothing
	of       int  // the port of its master, 0 for none
	linkUp   bool
	linkLost int // seconds since it lost its master
	priority int
	offset   int64
	hidden   bool
	ping     string // what it says to PING instead of PONG
	stubborn bool   // it ignores SLAVEOF
	slow     bool   // it says that the link to its new master is down
	claims   string // the role it reports instead of its own
	subs     []*wire
	wires    []*wire
	kills    int // SCRIPT KILLs
	hellos   []string
}

// node adds one; of is its master's port, 0 for a master.
func (w *town) node(port, of int) *fakeNode {
	n := &fakeNode{
		town: w, addr: local(port), of: of, linkUp: true, priority: 100, offset: 1000,
		runID: fmt.Sprintf("%040x", port),
	}
	w.nodes = append(w.nodes, n)
	return n
}

func (n *fakeNode) up() bool  { return !n.down }
func (n *fakeNode) port() int { return int(n.addr.Port()) }

// die ends the process.
func (n *fakeNode) die() {
	n.down = true
	for _, wr := range n.wires {
		wr.hangup()
	}
	n.wires, n.subs = nil, nil
}

// serve answers as a Redis server does.
func (n *fakeNode) serve(wr *wire, args []string) string {
	n.know(wr)
	if n.mute {
		return ""
	}
	if n.locked {
		return "-NOAUTH Authentication required.\r\n"
	}
	switch strings.ToUpper(args[0]) {
	case "PING":
		if n.ping != "" {
			return n.ping
		}
		return "+PONG\r\n"
	case "INFO":
		return bulk(n.info())
	case "PUBLISH":
		return n.publish(args[1], args[2])
	case "SUBSCRIBE":
		wr.sub = true
		n.subs = append(n.subs, wr)
		return "*3\r\n" + bulk("subscribe") + bulk(args[1]) + ":1\r\n"
	case "SLAVEOF":
		n.obey(args[1], args[2])
		return "+QUEUED\r\n"
	case "CLIENT":
		if strings.EqualFold(args[1], "KILL") {
			n.kill(wr, args[3] == "pubsub")
			return "+QUEUED\r\n"
		}
	case "SCRIPT":
		n.kills++
		n.ping = ""
	}
	return "+OK\r\n"
}

func (n *fakeNode) know(wr *wire) {
	for _, known := range n.wires {
		if known == wr {
			return
		}
	}
	n.wires = append(n.wires, wr)
}

func (n *fakeNode) publish(channel, payload string) string {
	n.hellos = append(n.hellos, payload)
	for _, sub := range n.subs {
		sub.toMachine("*3\r\n" + bulk("message") + bulk(channel) + bulk(payload))
	}
	return fmt.Sprintf(":%d\r\n", len(n.subs))
}

// obey takes a place in the group.
func (n *fakeNode) obey(host, port string) {
	if n.stubborn {
		return
	}
	n.of, n.linkUp, n.linkLost = 0, !n.slow, 0
	if host != "NO" {
		n.of = int(number(port))
	}
}

// kill hangs up on everybody of a type but the one who asks.
func (n *fakeNode) kill(by *wire, pubsub bool) {
	for _, wr := range n.wires {
		if wr != by && wr.sub == pubsub {
			wr.hangup()
		}
	}
}

// info is what Sentinels read.
func (n *fakeNode) info() string {
	var b strings.Builder
	line := func(format string, a ...any) { fmt.Fprintf(&b, format+"\r\n", a...) }
	line("# Server")
	line("run_id:%s", n.runID)
	line("# Replication")
	role := "master"
	if n.of != 0 {
		role = "slave"
	}
	if n.claims != "" {
		role = n.claims
	}
	line("role:%s", role)
	if n.of != 0 {
		line("master_host:127.0.0.1")
		line("master_port:%d", n.of)
		line("master_link_status:%s", map[bool]string{true: "up", false: "down"}[n.linkUp])
		line("slave_repl_offset:%d", n.offset)
		if n.linkLost != 0 {
			line("master_link_down_since_seconds:%d", n.linkLost)
		}
		line("slave_priority:%d", n.priority)
		line("replica_announced:%d", map[bool]int{true: 0, false: 1}[n.hidden])
	}
	i := 0
	for _, r := range n.town.nodes {
		if r.of == int(n.addr.Port()) && !r.down {
			line("slave%d:ip=127.0.0.1,port=%d,state=online,offset=%d,lag=0", i, r.addr.Port(), r.offset)
			i++
		}
	}
	return b.String()
}

// fakePeer is another Sentinel that follows a script.
type fakePeer struct {
	town   *town
	addr   netip.AddrPort
	id     string
	dead   bool
	votes  func(args []string) string // the reply to IS-MASTER-DOWN-BY-ADDR
	asked  [][]string
	hellos []string
}

func (w *town) peer(port int) *fakePeer {
	p := &fakePeer{town: w, addr: local(port), id: fmt.Sprintf("%040x", 0xbeef0000+port)}
	p.votes = func([]string) string { return answer(false, "*", 0) }
	w.peers = append(w.peers, p)
	return p
}

// answer is a reply to IS-MASTER-DOWN-BY-ADDR.
func answer(down bool, leader string, epoch uint64) string {
	n := map[bool]int{true: 1, false: 0}[down]
	return fmt.Sprintf("*3\r\n:%d\r\n%s:%d\r\n", n, bulk(leader), epoch)
}

// grants says that the master is down and, asked for a vote, gives it.
func grants(args []string) string {
	if args[5] == "*" {
		return answer(true, "*", 0)
	}
	return answer(true, args[5], uint64(number(args[4])))
}

func (p *fakePeer) up() bool  { return !p.dead }
func (p *fakePeer) port() int { return int(p.addr.Port()) }

func (p *fakePeer) serve(_ *wire, args []string) string {
	switch strings.ToUpper(args[0]) {
	case "PING":
		return "+PONG\r\n"
	case "PUBLISH":
		p.hellos = append(p.hellos, args[2])
		return ":1\r\n"
	case "SENTINEL":
		p.asked = append(p.asked, args)
		return p.votes(args)
	}
	return "+OK\r\n"
}

// says lets a peer say hello to a house: epoch and config epoch, and where it thinks the master is.
func (p *fakePeer) says(h *house, epoch, config uint64, masterPort int) {
	payload := fmt.Sprintf("127.0.0.1,%d,%s,%d,mymaster,127.0.0.1,%d,%d", p.addr.Port(), p.id, epoch, masterPort, config)
	h.hello(payload)
}

// hello hands a house a payload as another Sentinel's PUBLISH would.
func (h *house) hello(payload string) {
	if h.password != "" {
		h.serve(nil, []string{"AUTH", h.password})
	}
	h.serve(nil, []string{"PUBLISH", helloChannel, payload})
}
