package node

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"
)

// doors are a life's two listeners. They are opened first and kept: an address is never tried and
// then taken again.
type doors struct {
	clients net.Listener
	bus     net.Listener // nil without a bus
}

// openDoors binds both ports or none.
func openDoors(cfg Config) (*doors, error) {
	clients, err := cfg.Network.Listen(cfg.Name, cfg.Addr)
	if err != nil {
		return nil, fmt.Errorf("open the client port %v of %s: %w", cfg.Addr, cfg.Name, err)
	}
	d := &doors{clients: clients}
	if !cfg.BusAddr.IsValid() {
		return d, nil
	}
	if d.bus, err = cfg.Network.Listen(cfg.Name, cfg.BusAddr); err != nil {
		d.close()
		return nil, fmt.Errorf("open the bus port %v of %s: %w", cfg.BusAddr, cfg.Name, err)
	}
	return d, nil
}

// addrs are where the doors really are.
func (d *doors) addrs() (clients, bus netip.AddrPort) {
	clients = addrPort(d.clients.Addr())
	if d.bus != nil {
		bus = addrPort(d.bus.Addr())
	}
	return clients, bus
}

func (d *doors) close() {
	_ = d.clients.Close()
	if d.bus != nil {
		_ = d.bus.Close()
	}
}

// addrPort is a as an address and a port; the zero AddrPort when it is something else.
func addrPort(a net.Addr) netip.AddrPort {
	if tcp, ok := a.(*net.TCPAddr); ok {
		ap := tcp.AddrPort()
		return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
	}
	ap, _ := netip.ParseAddrPort(a.String())
	return ap
}

// How long accept waits after a failure, such as having no descriptor left: doubled each time.
const (
	firstBackOff = 5 * time.Millisecond
	maxBackOff   = time.Second
)

// accept serves a listener until it is closed. A frozen node accepts nothing, like a stopped process: who
// connects waits in the listener's queue, which has an end, and costs no descriptor here.
func (l *life) accept(from net.Listener, serve func(net.Conn)) {
	wait := firstBackOff
	for l.awake() {
		conn, err := from.Accept()
		switch {
		case err == nil:
			wait = firstBackOff
			l.spawn(func() { serve(conn) })
		case errors.Is(err, net.ErrClosed) || !l.sleep(wait):
			return
		default:
			wait = min(2*wait, maxBackOff)
		}
	}
}

// awake waits while the node is frozen; false when the life ended.
func (l *life) awake() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.frozen && !l.dead {
		l.thawed.Wait()
	}
	return !l.dead
}

// sleep waits by the computer's clock; false when the life ended meanwhile.
func (l *life) sleep(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-l.over:
		return false
	}
}
