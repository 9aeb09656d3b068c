package sentinel

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// town is a little world in virtual time: Sentinels, and nodes and Sentinels that follow a script.
type town struct {
	t         *testing.T
	now       time.Time
	sentinels []*house
	nodes     []*fakeNode
	peers     []*fakePeer
	agenda    []errand
	errands   int
	story     *strings.Builder // what happened, once somebody wants to know
	began     time.Time        // the story
	cuts      map[[2]int]bool  // pairs of ports between which nothing passes, both ways
}

// errand is something that happens later; those of one moment happen in the order they were planned.
type errand struct {
	at time.Time
	n  int
	do func()
}

// hop is how long anything takes from one process to another.
const hop = time.Millisecond

func newTown(t *testing.T) *town {
	return &town{t: t, now: time.Unix(1_800_000_000, 0), cuts: map[[2]int]bool{}}
}

// later plans do.
func (w *town) later(d time.Duration, do func()) {
	w.errands++
	w.agenda = append(w.agenda, errand{w.now.Add(d), w.errands, do})
}

// run lets time pass.
func (w *town) run(d time.Duration) {
	w.until(d, func() bool { return false })
}

// until lets time pass until done, or for d at most; it reports whether done came.
func (w *town) until(d time.Duration, done func() bool) bool {
	end := w.now.Add(d)
	for !done() {
		at, do := w.next()
		if do == nil || at.After(end) {
			w.now = end
			return done()
		}
		if at.After(w.now) {
			w.now = at
		}
		do()
	}
	return true
}

// next is what happens next.
func (w *town) next() (at time.Time, do func()) {
	best := -1
	for i, e := range w.agenda {
		if best < 0 || e.at.Before(w.agenda[best].at) || e.at.Equal(w.agenda[best].at) && e.n < w.agenda[best].n {
			best = i
		}
	}
	if best >= 0 {
		e := w.agenda[best]
		at, do = e.at, func() { w.agenda = slices.Delete(w.agenda, best, best+1); e.do() }
	}
	for _, h := range w.sentinels {
		if !h.frozen && !h.dead && (do == nil || h.wake.Before(at)) {
			at, do = h.wake, func() { h.perform() }
		}
	}
	return at, do
}

// resident is a process that answers at a port.
type resident interface {
	up() bool
	port() int
	// serve answers a command that arrived on a wire; "" is no answer.
	serve(wr *wire, args []string) string
}

// at finds who answers at an address.
func (w *town) at(to netip.AddrPort) resident {
	for _, n := range w.nodes {
		if n.addr == to {
			return n
		}
	}
	for _, p := range w.peers {
		if p.addr == to {
			return p
		}
	}
	for _, h := range w.sentinels {
		if h.addr == to {
			return h
		}
	}
	return nil
}

// wire is a connection of a Sentinel to a resident.
type wire struct {
	from   *house
	life   int
	link   machine.LinkID
	to     resident
	parser resp.Parser
	open   bool
	sub    bool     // it listens
	cut    bool     // nothing arrives any more in either direction, and nobody is told
	said   []byte   // everything the Sentinel sent
	stuck  []func() // what waits for the network to heal
}

// pass does what crosses the network, at once or when it has healed.
func (wr *wire) pass(do func()) {
	if len(wr.stuck) > 0 || wr.from.town.cuts[[2]int{wr.from.port(), wr.to.port()}] {
		wr.stuck = append(wr.stuck, do)
		return
	}
	do()
}

// cut separates two processes.
func (w *town) cut(a, b int) { w.cuts[[2]int{a, b}], w.cuts[[2]int{b, a}] = true, true }

// heal mends the network; what waited goes on.
func (w *town) heal() {
	clear(w.cuts)
	for _, h := range w.sentinels {
		for _, wr := range h.wires {
			stuck := wr.stuck
			wr.stuck = nil
			for _, do := range stuck {
				do()
			}
		}
	}
}

// toMachine gives bytes to the Sentinel.
func (wr *wire) toMachine(data string) {
	wr.from.town.later(hop, func() {
		wr.pass(func() {
			if wr.alive() && !wr.cut {
				wr.from.door(func(s *Sentinel, now time.Time) { s.Receive(now, wr.link, []byte(data)) })
			}
		})
	})
}

func (wr *wire) alive() bool { return wr.open && wr.from.life == wr.life && !wr.from.dead }

// hangup ends the wire from the far end.
func (wr *wire) hangup() {
	wr.from.town.later(hop, func() {
		wr.pass(func() {
			if wr.alive() {
				wr.open = false
				wr.from.door(func(s *Sentinel, now time.Time) { s.Hangup(now, wr.link, fmt.Errorf("reset")) })
			}
		})
	})
}

// hangupNow tells the Sentinel that a wire could not be laid.
func (wr *wire) hangupNow() {
	if wr.alive() {
		wr.open = false
		wr.from.door(func(s *Sentinel, now time.Time) { s.Hangup(now, wr.link, fmt.Errorf("refused")) })
	}
}

// arrived gives the resident what has become a whole command.
func (wr *wire) arrived(data []byte) {
	wr.parser.Feed(data)
	for {
		args, raw, err := wr.parser.Next()
		if err != nil || len(raw) == 0 || !wr.open {
			return
		}
		words := make([]string, len(args))
		for i := range args {
			words[i] = string(args[i])
		}
		wr.from.town.overheard(wr, words)
		if answer := wr.to.serve(wr, words); answer != "" {
			wr.toMachine(answer)
		}
	}
}

// house is where a Sentinel lives.
type house struct {
	*Sentinel
	town   *town
	addr   netip.AddrPort
	cfg    Config
	seed   uint64
	wake   time.Time
	wires  []*wire
	events []event.Event
	file   []byte
	saves  int

	fullDisk error // what every attempt to write the file ends with

	life   int
	tune   func(*Sentinel) // at every birth
	frozen bool
	dead   bool
	inbox  []func()
	exit   *machine.Exit

	clients map[*wire]*machine.Client // of this life
}

func local(port int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), uint16(port))
}

// sentinel lets one live at a port that watches mymaster at port 7000. set may change it before its birth.
func (w *town) sentinel(port, quorum int, set ...func(*Sentinel)) *house {
	h := &house{town: w, addr: local(port), cfg: Config{Port: port}, seed: uint64(port)}
	w.sentinels = append(w.sentinels, h)
	h.start(func(s *Sentinel) {
		m := s.newMaster("mymaster", s.addressOf("127.0.0.1", 7000), quorum)
		m.downAfter, m.failoverTimeout = 2*time.Second, 10*time.Second
		s.masters = append(s.masters, m)
		for _, f := range set {
			f(s)
		}
	})
	return h
}

func (h *house) start(set func(*Sentinel)) {
	h.cfg.Conf = h.file
	s, err := New(h.cfg, rand.New(rand.NewPCG(h.seed, uint64(h.life))))
	require.NoError(h.town.t, err)
	h.Sentinel, h.dead, h.frozen, h.clients = s, false, false, map[*wire]*machine.Client{}
	h.life++
	if set != nil {
		set(s)
	}
	if h.tune != nil {
		h.tune(s)
	}
	h.door(func(s *Sentinel, now time.Time) { s.Cron(now) })
}

// kill ends the process; its file stays.
func (h *house) kill() {
	h.dead = true
	for _, x := range h.town.sentinels {
		for _, wr := range x.wires {
			if wr.to == resident(h) {
				wr.hangup()
			}
		}
	}
}

// door calls the Sentinel, at once or after the thaw.
func (h *house) door(call func(s *Sentinel, now time.Time)) {
	if h.frozen {
		h.inbox = append(h.inbox, func() { h.door(call) })
		return
	}
	if !h.dead {
		call(h.Sentinel, h.town.now)
		h.perform()
	}
}

func (h *house) thaw() {
	h.frozen = false
	inbox := h.inbox
	h.inbox = nil
	for _, do := range inbox {
		do()
	}
}

// perform does what the Sentinel asks for.
func (h *house) perform() {
	todo := h.BeforeSleep(h.town.now)
	for _, s := range todo.Save {
		if h.fullDisk == nil {
			h.file = s.Data
			h.saves++
		}
		token, err, life := s.Token, h.fullDisk, h.life
		h.town.later(0, func() {
			if h.life == life {
				h.door(func(s *Sentinel, now time.Time) { s.Saved(now, token, err) })
			}
		})
	}
	for _, d := range todo.Dial {
		h.dial(d)
	}
	for _, s := range todo.Send {
		h.send(s)
	}
	for _, id := range todo.Close {
		if wr := h.wire(id); wr != nil {
			wr.open = false
		}
	}
	h.events = append(h.events, todo.Emit...)
	for _, e := range todo.Emit {
		h.town.note("%d  %s", h.port(), e.Describe())
	}
	h.wake = todo.Wake
	if todo.Exit != nil {
		h.exit = todo.Exit
		h.kill()
	}
}

func (h *house) wire(id machine.LinkID) *wire {
	for _, wr := range h.wires {
		if wr.link == id && wr.life == h.life {
			return wr
		}
	}
	return nil
}

func (h *house) dial(d machine.Dial) {
	require.Equal(h.town.t, machine.Sentinel, d.Kind)
	wr := &wire{from: h, life: h.life, link: d.Link, to: h.town.at(d.Addr), open: true}
	h.wires = append(h.wires, wr)
	if wr.to != nil && h.town.cuts[[2]int{h.port(), wr.to.port()}] {
		h.town.later(2*time.Second, wr.hangupNow)
		return
	}
	h.town.later(hop, func() {
		switch {
		case !wr.alive():
		case wr.to == nil || !wr.to.up():
			wr.hangupNow()
		default:
			h.door(func(s *Sentinel, now time.Time) { s.Connected(now, d.Link, local(40000), d.Addr) })
		}
	})
}

func (h *house) send(s machine.Send) {
	wr := h.wire(s.Link)
	require.NotNil(h.town.t, wr)
	wr.said = append(wr.said, s.Data...)
	data := slices.Clone(s.Data)
	h.town.later(hop, func() {
		wr.pass(func() {
			if wr.open && !wr.cut && wr.to.up() {
				wr.arrived(data)
			}
		})
	})
}

func (h *house) up() bool  { return !h.dead }
func (h *house) port() int { return int(h.addr.Port()) }

// serve executes a command of another Sentinel.
func (h *house) serve(wr *wire, args []string) string {
	if h.frozen {
		h.inbox = append(h.inbox, func() { wr.toMachine(h.serve(wr, args)) })
		return ""
	}
	c := h.client(wr)
	words := make([][]byte, len(args))
	for i := range args {
		words[i] = []byte(args[i])
	}
	h.door(func(s *Sentinel, now time.Time) { s.Call(now, c, words) })
	answer := string(c.Out)
	c.Out = c.Out[:0]
	return answer
}

// client is the connection that a wire is for the one who answers it.
func (h *house) client(wr *wire) *machine.Client {
	c := h.clients[wr]
	if c == nil {
		c = &machine.Client{ID: uint64(len(h.clients) + 1), Addr: "127.0.0.1:40000", LocalAddr: h.addr.String()}
		h.clients[wr] = c
		h.door(func(s *Sentinel, now time.Time) { s.Open(now, c) })
	}
	return c
}

func bulk(text string) string { return fmt.Sprintf("$%d\r\n%s\r\n", len(text), text) }

// heard is the lines of the events with the given names, or of all.
func (h *house) heard(names ...string) []string {
	var lines []string
	for _, e := range h.events {
		if len(names) == 0 || slices.Contains(names, e.Name()) {
			lines = append(lines, e.Describe())
		}
	}
	return lines
}

// names is the names of all events.
func (h *house) names() []string {
	var names []string
	for _, e := range h.events {
		names = append(names, e.Name())
	}
	return names
}

// without leaves out the lines that begin so.
func without(lines []string, beginnings ...string) []string {
	return slices.DeleteFunc(lines, func(line string) bool {
		return slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(line, b) })
	})
}

// only keeps some names.
func only(names []string, wanted ...string) []string {
	return slices.DeleteFunc(names, func(name string) bool { return !slices.Contains(wanted, name) })
}

func (h *house) has(name string) bool { return slices.Contains(h.names(), name) }

// mymaster is what it thinks of the master.
func (h *house) mymaster() *master { return h.find("mymaster") }

// replica is what it thinks of the node at a port.
func (h *house) replica(port int) *instance {
	return h.mymaster().replicaAt(h.addressOf("127.0.0.1", port))
}

// told is every command it sent to a resident, without PING, INFO and PUBLISH.
func (h *house) told(to resident) []string {
	var lines []string
	for _, wr := range h.wires {
		if wr.to != to {
			continue
		}
		var p resp.Parser
		p.Feed(wr.said)
		for args, raw, err := p.Next(); err == nil && len(raw) > 0; args, raw, err = p.Next() {
			words := make([]string, len(args))
			for i := range args {
				words[i] = string(args[i])
			}
			if w := words[0]; w != "PING" && w != "INFO" && w != "PUBLISH" {
				lines = append(lines, strings.Join(words, " "))
			}
		}
	}
	return lines
}
