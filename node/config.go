package node

import (
	"context"
	"errors"
	"io/fs"
	"net/netip"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// Config says what a node is and where it lives. Zero fields take the default in their comment.
type Config struct {
	// Name is what the lab calls the node; timers, frames and events carry it.
	Name string
	// New makes the machine. It is called at every start, with the disk as the last life left it.
	New func(Birth) (machine.Machine, error)
	// Addr is the client port; with port 0 the computer chooses one and the node keeps it.
	Addr netip.AddrPort
	// BusAddr is the bus port. The zero AddrPort opens none.
	BusAddr netip.AddrPort
	// Dir holds the node's files. With "" they are kept in memory for as long as the Node exists.
	Dir string
	// Disk, if it is there, is where the files are instead.
	Disk Disk

	// Run starts a program for the machine, with the lock held. Without it there are none: a lab, whose ports
	// are open to a page, must not start programs.
	Run func(argv []string) (Program, error)

	// Resolve looks up the address of a host name for the machine, on a goroutine of its own, until ctx ends. Without it none is
	// known: what a page may ask of a lab must not reach a name server.
	Resolve func(ctx context.Context, host string) (netip.Addr, error)

	Clock   Clock   // default SystemClock
	Network Network // default SystemNetwork
	// BusFrame returns the length of the bus packet buf begins with, 0 when buf does not show it
	// yet or does not hold all of it, an error when the link must be closed.
	BusFrame func(buf []byte) (n int, err error)

	// OnEvent is told of every event in order, under the node's lock: it must neither block nor
	// call the node.
	OnEvent func(Stamped)
	// OnPanic is told when a panic ended the node, without its lock.
	OnPanic func(Crash)
	// OnState is told of every change of state, without the node's lock.
	OnState func(Status)

	Crowd       *Crowd        // bounds the clients of all nodes that share it
	MaxClients  int           // default 10,000, as maxclients
	Limits      resp.Limits   // what a client may make us hold before its command runs
	Output      Output        // what we hold for clients that do not read
	HalfCommand time.Duration // how long an unfinished command may take; default 60 s
	WriteWait   time.Duration // how long an ordinary client may not read; default 10 s
	StopReading int           // how much may wait for a client before its next commands do as well; default 1 MiB
}

// Birth is what a machine is made from.
type Birth struct {
	Now     time.Time
	Addr    netip.AddrPort // where clients reach it
	BusAddr netip.AddrPort // where other nodes reach it; zero without a bus
	// ReadFile returns a file of the node's directory, or an error that is fs.ErrNotExist.
	ReadFile func(name string) ([]byte, error)
}

// Find returns a file of the node's directory and whether it is there.
func (b Birth) Find(name string) (data []byte, there bool, err error) {
	data, err = b.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// Stamped is an event with its node and the lab's time.
type Stamped struct {
	Node  string
	Now   time.Time
	Event event.Event
}

// OutputLimit bounds the replies waiting for one client (client-output-buffer-limit): above Hard
// it is closed at once, above Soft after SoftFor. Zero is no limit.
type OutputLimit struct {
	Hard, Soft int
	SoftFor    time.Duration
}

// Output is an OutputLimit for each class of client.
type Output struct {
	Normal  OutputLimit // default 32 MiB hard; Redis itself has none
	PubSub  OutputLimit // default 32 MiB, 8 MiB for 60 s
	Replica OutputLimit // default 256 MiB, 64 MiB for 60 s
	Link    OutputLimit // what waits on a link between nodes; default 64 MiB hard
}

const (
	mib = 1 << 20
	// defaultMaxClients is maxclients' default.
	defaultMaxClients = 10000
	// defaultHalfCommand is long for a person at telnet and short for a slow attacker.
	defaultHalfCommand = 60 * time.Second
	// defaultWriteWait bounds how long a client that stopped reading keeps its goroutine.
	defaultWriteWait = 10 * time.Second
	// defaultStopReading bounds what a pipeline of large replies costs.
	defaultStopReading = mib
)

func defaultOutput() Output {
	return Output{
		Normal:  OutputLimit{Hard: 32 * mib},
		PubSub:  OutputLimit{Hard: 32 * mib, Soft: 8 * mib, SoftFor: time.Minute},
		Replica: OutputLimit{Hard: 256 * mib, Soft: 64 * mib, SoftFor: time.Minute},
		Link:    OutputLimit{Hard: 64 * mib},
	}
}

// check refuses a Config that cannot work.
func (c *Config) check() error {
	switch {
	case c.New == nil:
		return errors.New("node: Config.New is missing: it makes the machine")
	case !c.Addr.IsValid():
		return errors.New("node: Config.Addr is missing: give 127.0.0.1:0 for any port")
	case c.BusAddr.IsValid() && c.BusFrame == nil:
		return errors.New("node: Config.BusFrame is missing: a bus port needs it to find its packets")
	}
	return nil
}

// withDefaults fills the zero fields.
func (c Config) withDefaults() Config {
	if c.Clock == nil {
		c.Clock = SystemClock{}
	}
	if c.Network == nil {
		c.Network = SystemNetwork{}
	}
	if c.OnEvent == nil {
		c.OnEvent = func(Stamped) {}
	}
	if c.OnPanic == nil {
		c.OnPanic = func(Crash) {}
	}
	if c.OnState == nil {
		c.OnState = func(Status) {}
	}
	orDefault(&c.MaxClients, defaultMaxClients)
	orDefault(&c.HalfCommand, defaultHalfCommand)
	orDefault(&c.WriteWait, defaultWriteWait)
	orDefault(&c.StopReading, defaultStopReading)
	c.Limits = c.Limits.WithDefaults()
	output := defaultOutput()
	orDefault(&c.Output.Normal, output.Normal)
	orDefault(&c.Output.PubSub, output.PubSub)
	orDefault(&c.Output.Replica, output.Replica)
	orDefault(&c.Output.Link, output.Link)
	return c
}

func orDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
