package playground

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"clusterplay/node"
	"clusterplay/node/bus"
	"clusterplay/node/machine"
	"clusterplay/node/resp"
	"clusterplay/node/server"
)

// member is one node of the lab: the node itself and what the lab knows about it.
type member struct {
	*node.Node
	port  int
	born  bool // part of the topology; reset removes the others
	of    int  // the port of the master its redis.conf names; 0 for none
	guard bool // a Sentinel
	shard atomic.Value
	id    atomic.Value  // its cluster id once it is known
	lives atomic.Uint64 // how often it was started: every life has its own chance
	eye   eye           // under the node's lock
}

// callLimit bounds one command of the lab to one of its nodes, in the computer's time: such a
// command never waits, except in a paused lab for a frame, which a person may step to.
const callLimit = 10 * time.Second

// newMember makes a node of the lab that does not run yet: what m says it is.
func (l *Lab) newMember(m *member) (*member, error) {
	port := m.port
	name := strconv.Itoa(port)
	cfg := node.Config{
		Name: name, Addr: netip.AddrPortFrom(loopback, uint16(port)),
		New: func(b node.Birth) (machine.Machine, error) {
			if m.guard {
				return l.birthSentinel(m, b)
			}
			return l.birth(m, b)
		},
		Clock: l.clock, Network: l.net, Crowd: l.among.crowd(),
		OnEvent: l.told,
		OnState: func(s node.Status) { l.stateChanged(m, s) },
	}
	if l.Topology().clustered() {
		cfg.BusAddr = netip.AddrPortFrom(loopback, uint16(port+busOffset))
		cfg.BusFrame = bus.Need
	}
	if l.Topology().DataDir != "" {
		cfg.Dir = filepath.Join(l.Topology().DataDir, name)
	}
	made, err := node.New(cfg)
	if err != nil {
		return nil, err
	}
	m.Node = made
	m.shard.Store("")
	m.id.Store("")
	return m, nil
}

// loopback is where everything of a lab listens.
var loopback = netip.MustParseAddr("127.0.0.1")

// birth makes the machine for one life of a node.
func (l *Lab) birth(m *member, b node.Birth) (machine.Machine, error) {
	cfg := server.Config{
		Port: m.port, ProcessID: os.Getpid(), AnnounceIP: loopback.String(), Settings: settingsOf(l.Topology()),
		ClusterEnabled: l.Topology().clustered(), ReadFile: b.Find, MostForClients: mostForClients(theComputer().memory, l.nodeCount()),
		ScriptLimit: l.Topology().scriptLimit(),
	}
	if cfg.ClusterEnabled {
		cfg.BusPort, cfg.Packet = m.port+busOffset, l.net.Packet
	} else if err := m.configure(&cfg, b); err != nil {
		return nil, err
	}
	if l.Topology().Faithful {
		cfg.BeFaithful()
	}
	chance := rand.New(rand.NewPCG(l.Topology().Seed, uint64(m.port)<<32|m.lives.Add(1)))
	return server.New(cfg, chance)
}

// settingsOf are the redis.conf settings of every node of a topology.
func settingsOf(t Topology) map[string]string {
	all := map[string]string{
		"enable-debug-command":     "local", // DEBUG is a teaching tool here
		"repl-diskless-sync-delay": "0",     // a replica that waits five seconds teaches nothing
		"save":                     "",
	}
	if t.clustered() {
		all["cluster-node-timeout"] = strconv.Itoa(t.NodeTimeout)
	}
	for name, value := range t.Settings {
		all[name] = value
	}
	return all
}

// call executes a command on the node and turns an error reply into an error.
func (m *member) call(ctx context.Context, words ...string) (resp.Value, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	v, err := m.Call(ctx, words...)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return v, wrong("", "thaw it if it is frozen", "%s does not answer", m.Name())
	case errors.Is(err, node.ErrNotRunning):
		return v, wrong("", "restart "+m.Name()+" starts it again", "%s is not running", m.Name())
	case err != nil:
		return v, fmt.Errorf("%s: %w", m.Name(), err)
	}
	if v.IsError() {
		return v, &Error{Message: fmt.Sprintf("%s answers: %s", m.Name(), v.Text)}
	}
	return v, nil
}

// up tells whether the node can be talked to.
func (m *member) up() bool { return m.Status().State == node.Up }

// identity is the node's cluster id; "" until the cluster is formed.
func (m *member) identity() string { return m.id.Load().(string) }

// letter is the node's shard; "" for a node that belongs to none.
func (m *member) letter() string { return m.shard.Load().(string) }

// learnID asks the node for its id.
func (m *member) learnID(ctx context.Context) error {
	v, err := m.call(ctx, "CLUSTER", "MYID")
	if err != nil {
		return err
	}
	m.id.Store(v.Text)
	return nil
}
