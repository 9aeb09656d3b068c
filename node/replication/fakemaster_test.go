package replication

import (
	"time"

	"clusterplay/node/machine"
)

// fakeMaster is the test playing master, byte for byte, to one real replica.
type fakeMaster struct {
	t    tester
	lab  *lab
	node *peerNode
	link machine.LinkID
	out  []byte
}

// newFakeMaster returns a replica whose connection to us has just opened; set adjusts its settings.
func newFakeMaster(t tester, set func(*Config)) *fakeMaster {
	l := newLab(t, 2)
	n := l.nodes[1]
	cfg := n.Config()
	set(&cfg)
	n.Configure(cfg)
	f := &fakeMaster{t: t, lab: l, node: n}
	n.SetMaster(l.now, "127.0.0.1", 6000)
	f.step()
	return f
}

// step performs what the replica wants.
func (f *fakeMaster) step() {
	for {
		todo := *f.node.BeforeSleep(f.lab.now)
		f.node.events = append(f.node.events, todo.Emit...)
		for _, s := range todo.Send {
			if s.Link == f.link {
				f.out = append(f.out, s.Data...)
			}
		}
		for _, link := range todo.Close {
			if link == f.link {
				f.link = 0
			}
		}
		if len(todo.Dial) == 0 {
			return
		}
		f.link = todo.Dial[0].Link
		f.out = nil
		f.node.Connected(f.lab.now, f.link)
	}
}

// say sends bytes to the replica.
func (f *fakeMaster) say(text string) {
	f.node.Receive(f.lab.now, f.link, []byte(text))
	f.step()
}

// heard returns what the replica sent since.
func (f *fakeMaster) heard() string {
	out := string(f.out)
	f.out = nil
	return out
}

// greet answers the handshake up to PSYNC.
func (f *fakeMaster) greet() {
	f.say("+PONG\r\n")
	f.say("+OK\r\n")
	f.say("+OK\r\n")
}

// run lets time pass.
func (f *fakeMaster) run(d time.Duration) {
	for end := f.lab.now.Add(d); f.lab.now.Before(end); {
		f.lab.now = f.lab.now.Add(100 * time.Millisecond)
		f.node.Cron(f.lab.now)
		f.step()
	}
}
