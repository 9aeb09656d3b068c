package network

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"

	"clusterplay/node"
	"clusterplay/node/machine"
)

// Dial opens a connection from the node named who. To a node behind a cut it tries in vain until
// node.DialTimeout of the lab's time has passed.
func (n *Network) Dial(who string, kind machine.LinkKind, to netip.AddrPort) (net.Conn, error) {
	n.mu.Lock()
	l := n.listeners[to]
	n.mu.Unlock()
	if l == nil {
		return n.dialForeign(who, to)
	}
	if err := n.gateConnect(who, kind, l.who, to); err != nil {
		return nil, err
	}
	if n.memory.Load() && kind == machine.Bus {
		return n.dialMemory(who, kind, l)
	}
	return n.dialOwn(who, kind, l, to)
}

// DialNow is Dial for a link in memory that no rule stands against, and for a port where nobody listened a moment
// ago; see node.Nearby.
func (n *Network) DialNow(who string, kind machine.LinkKind, to netip.AddrPort) (c net.Conn, ok bool, err error) {
	if !n.memory.Load() || kind != machine.Bus || n.busy.Load() != 0 {
		return nil, false, nil
	}
	n.mu.Lock()
	l, refused := n.listeners[to], time.Since(n.refused[to]) < refusedFor
	n.mu.Unlock()
	switch {
	case l != nil:
		n.water.wait(n.done)
		c, err = n.dialMemory(who, kind, l)
		return c, true, err
	case refused:
		return nil, true, fmt.Errorf("dial %s: %w", to, syscall.ECONNREFUSED)
	}
	return nil, false, nil
}

// refusedFor is how long nobody dials where nobody listens. Of a node that died each of a thousand others
// wants to know ten times a second whether it is back.
const refusedFor = time.Second

// refuse remembers that a port refused a connection, or accepted one.
func (n *Network) refuse(to netip.AddrPort, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if errors.Is(err, syscall.ECONNREFUSED) {
		n.refused[to] = time.Now()
	} else {
		delete(n.refused, to)
	}
}

// errOutside refuses connections that MIGRATE, REPLICAOF or CLUSTER MEET could send anywhere.
var errOutside = errors.New("nodes of a lab connect to this computer only")

// dialForeign connects to a process on this computer that is not ours.
func (n *Network) dialForeign(who string, to netip.AddrPort) (net.Conn, error) {
	if !to.Addr().Unmap().IsLoopback() {
		return nil, fmt.Errorf("dial %s: %w", to, errOutside)
	}
	plain, err := node.SystemNetwork{}.Dial(who, 0, to)
	if n.memory.Load() {
		n.refuse(to, err)
	}
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: plain, net: n, dialled: true}
	c.knows()
	return c, nil
}

// dialOwn connects two of our nodes over TCP. While the connect is under way the acceptor's Peer
// waits for it, so that it never asks before the dialler's address is known.
func (n *Network) dialOwn(who string, kind machine.LinkKind, l *listener, to netip.AddrPort) (net.Conn, error) {
	n.mu.Lock()
	n.dialling[to]++
	n.mu.Unlock()
	plain, err := node.SystemNetwork{}.Dial(who, kind, to)

	n.mu.Lock()
	defer n.mu.Unlock()
	if n.dialling[to]--; n.dialling[to] == 0 {
		delete(n.dialling, to)
	}
	n.arrived.Broadcast()
	if err != nil {
		return nil, err
	}
	made := &link{}
	made.join(kind, who, l)
	n.dialled[addrOf(plain.LocalAddr())] = made
	n.links[made] = struct{}{}
	c := &conn{Conn: plain, net: n, link: made, dialled: true}
	c.knows()
	return c, nil
}

// gateConnect makes a connect wait as the rules of both directions say.
func (n *Network) gateConnect(who string, kind machine.LinkKind, peer string, to netip.AddrPort) error {
	if n.busy.Load() == 0 {
		return nil
	}
	w := &waiting{
		Frame: Frame{From: who, To: peer, Kind: kind, Type: TypeConnect},
		back:  Pair{peer, who},
	}
	giveUp := n.clock.At(n.clock.Now().Add(node.DialTimeout), "", func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.answerIt(w, timeout)
	})
	defer giveUp()
	v, err := n.gate(nil, w)
	switch {
	case err != nil:
		return fmt.Errorf("dial %s: %w", to, err)
	case v == timeout:
		return fmt.Errorf("dial %s: %w", to, os.ErrDeadlineExceeded)
	case v == drop:
		return fmt.Errorf("dial %s: the connect was dropped", to)
	}
	return nil
}

// findLink is the link that an accepted connection belongs to, or nil when it comes from a
// foreign process. The caller holds mu, and others may have held it meanwhile.
func (n *Network) findLink(accepted net.Conn) *link {
	remote, local := addrOf(accepted.RemoteAddr()), addrOf(accepted.LocalAddr())
	for {
		if l := n.dialled[remote]; l != nil {
			n.undial(remote)
			return l
		}
		if n.dialling[local] == 0 {
			return nil
		}
		n.arrived.Wait()
	}
}

// forget drops what is known about a connection whose own end is being closed.
func (n *Network) forget(c *conn) {
	n.mu.Lock()
	defer n.mu.Unlock()
	c.knows()
	if gone := n.ends[c]; gone != nil {
		close(gone)
		delete(n.ends, c)
	}
	if c.link == nil {
		return
	}
	delete(n.links, c.link)
	if !c.dialled {
		return
	}
	c.link.abandoned = true // what nobody has claimed yet is remembered until somebody does
}

// undial forgets the address of a dialling end. A map that has been large stays so. The caller holds mu.
func (n *Network) undial(at netip.AddrPort) {
	if delete(n.dialled, at); len(n.dialled) == 0 {
		n.dialled = map[netip.AddrPort]*link{}
	}
}

// forgetUnclaimed drops the links to a node that its port never accepted. The caller holds mu.
func (n *Network) forgetUnclaimed(acceptor string) {
	for at, l := range n.dialled {
		if l.acceptor() == acceptor && l.abandoned {
			n.undial(at)
		}
	}
}

// Peer names the node at the far end of an accepted connection, or "" for anybody else.
func (n *Network) Peer(accepted net.Conn) string {
	c, ok := accepted.(*conn)
	if !ok {
		return ""
	}
	if c.resolve(); c.link == nil {
		return ""
	}
	_, peer := c.ends()
	return peer
}

// addrOf is a network address in its short form.
func addrOf(a net.Addr) netip.AddrPort {
	switch a := a.(type) {
	case *net.TCPAddr:
		at := a.AddrPort()
		return netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
	case memAddr:
		return netip.AddrPort(a)
	}
	return netip.AddrPort{}
}

// Kind is what is spoken on an accepted connection; see node.KindTeller.
func (n *Network) Kind(accepted net.Conn) machine.LinkKind {
	c, ok := accepted.(*conn)
	if !ok {
		return 0
	}
	c.resolve()
	if c.link == nil {
		return 0
	}
	return c.link.kind
}
