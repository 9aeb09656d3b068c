package node_test

import (
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"clusterplay/node"
	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// fake is a small machine: it answers a few commands, remembers which doors were called, and does
// whatever else a test wants it to through commands.
type fake struct {
	birth   node.Birth
	todo    machine.Todo
	clients map[uint64]*machine.Client
	parked  []*machine.Client
	subs    []*machine.Client
	seen    []string // doors of links, in order
	crons   int
	calls   *atomic.Int64
	most    int // the longest Out that BIG has found
	hook    map[string]func(f *fake, now time.Time, c *machine.Client, args []string)
	sleep   func(now time.Time) // called by BeforeSleep
	onSaved func()
	onLink  func(f *fake, link machine.LinkID, frame []byte)
}

func newFake(b node.Birth) *fake {
	return &fake{birth: b, clients: map[uint64]*machine.Client{}, calls: new(atomic.Int64)}
}

// self finds the fake inside a machine that embeds it.
func (f *fake) self() *fake { return f }

func inside(m machine.Machine) *fake { return m.(interface{ self() *fake }).self() }

func (f *fake) Open(_ time.Time, c *machine.Client) { f.clients[c.ID] = c }

func (f *fake) Shut(_ time.Time, c *machine.Client) {
	delete(f.clients, c.ID)
	f.seen = append(f.seen, "shut")
}

func (f *fake) Call(now time.Time, c *machine.Client, args [][]byte) {
	f.calls.Add(1)
	if len(args) == 0 {
		return
	}
	w := resp.Writer{Buf: c.Out}
	defer func() { c.Out = w.Buf }()
	switch name := strings.ToUpper(string(args[0])); name {
	case "PING":
		w.Status("PONG")
	case "ECHO":
		w.Bulk(args[1])
	case "BIG":
		size, _ := strconv.Atoi(string(args[1]))
		f.most = max(f.most, len(c.Out))
		w.Bulk(make([]byte, size))
	case "QUIT":
		w.OK()
		c.Closing = true
	case "BLOCK":
		c.Blocked = true
		f.parked = append(f.parked, c)
	case "WAKE":
		f.wake()
		w.OK()
	case "SUBSCRIBE":
		c.Listening = true
		f.subs = append(f.subs, c)
		w.OK()
	case "PUBLISH":
		f.publish(args[1])
		w.OK()
	case "SHUTDOWN":
		f.todo.Exit = &machine.Exit{Reason: "SHUTDOWN"}
	case "PANIC":
		panic("asked to")
	default:
		if hook := f.hook[name]; hook != nil {
			words := make([]string, len(args))
			for i, a := range args {
				words[i] = string(a)
			}
			hook(f, now, c, words)
			w.OK()
			return
		}
		w.Error(resp.UnknownCommand(args))
	}
}

func (f *fake) wake() {
	for _, c := range f.parked {
		c.Blocked = false
		c.Out = append(c.Out, "+AWAKE\r\n"...)
		f.todo.Flush = append(f.todo.Flush, c)
	}
	f.parked = nil
}

func (f *fake) publish(text []byte) {
	for _, c := range f.subs {
		c.Out = append(c.Out, text...)
		f.todo.Flush = append(f.todo.Flush, c)
	}
}

func (f *fake) Accepted(time.Time, machine.LinkID, netip.AddrPort, netip.AddrPort) {
	f.seen = append(f.seen, "accepted")
}

func (f *fake) Connected(time.Time, machine.LinkID, netip.AddrPort, netip.AddrPort) {
	f.seen = append(f.seen, "connected")
}

func (f *fake) Receive(_ time.Time, link machine.LinkID, frame []byte) {
	f.seen = append(f.seen, "frame "+string(frame))
	if f.onLink != nil {
		f.onLink(f, link, frame)
	}
}

func (f *fake) Hangup(time.Time, machine.LinkID, error) { f.seen = append(f.seen, "hangup") }

func (f *fake) Saved(_ time.Time, _ uint64, err error) {
	if err != nil {
		f.seen = append(f.seen, "not saved")
		return
	}
	f.seen = append(f.seen, "saved")
	if f.onSaved != nil {
		f.onSaved()
	}
}

func (f *fake) Cron(time.Time) { f.crons++ }

func (f *fake) BeforeSleep(now time.Time) *machine.Todo {
	if f.sleep != nil {
		f.sleep(now)
	}
	todo := f.todo
	f.todo = machine.Todo{}
	return &todo
}
