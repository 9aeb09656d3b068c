package door

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"

	"golang.org/x/time/rate"
)

// Serve puts the door before a server and its listener, and serves until the listener ends.
func (d *Door) Serve(s *http.Server, ln net.Listener) error {
	s.ConnContext = note
	s.ConnState = d.notice
	s.Handler = hear(d.limits.Body, s.Handler)
	return s.Serve(&listener{ln, d})
}

// notice is told what becomes of a connection.
func (d *Door) notice(conn net.Conn, state http.ConnState) {
	v, ok := conn.(*visitor)
	switch {
	case ok && state == http.StateIdle:
		d.rest(v)
	case ok && state == http.StateHijacked:
		v.slow(d.limits.Talk)
	}
}

// listener is what stands behind a door.
type listener struct {
	net.Listener
	door *Door
}

// Accept is the next connection that may come in.
func (l *listener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		v := &visitor{Conn: conn, door: l.door, from: address(conn)}
		gone, ok := l.door.enter(v)
		if gone != nil {
			gone.Conn.Close()
		}
		if ok {
			return v, nil
		}
		conn.Close()
	}
}

// visitor is one connection.
type visitor struct {
	net.Conn
	door   *Door
	from   netip.Addr
	inside bool // guarded by door.mu
	taken  taken
	talk   atomic.Pointer[rate.Limiter] // of a socket; nil is no bound
}

// Close ends the connection and makes room for another.
func (v *visitor) Close() error {
	v.door.mu.Lock()
	v.door.forget(v)
	v.door.mu.Unlock()
	return v.Conn.Close()
}

// CloseWrite ends our half, so that a refusal is read before the connection is gone.
func (v *visitor) CloseWrite() error {
	if half, ok := v.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// busy notes that a request is under way; nil is a connection of tests.
func (v *visitor) busy() {
	if v == nil {
		return
	}
	v.door.mu.Lock()
	defer v.door.mu.Unlock()
	v.door.busy(v)
}

// address is whom a connection counts for: an IPv6 host has a whole network to choose from.
func address(conn net.Conn) netip.Addr {
	at, err := netip.ParseAddrPort(conn.RemoteAddr().String())
	if err != nil {
		return netip.Addr{}
	}
	from := at.Addr().Unmap().WithZone("")
	if from.Is4() || from.IsLoopback() {
		return from
	}
	network, err := from.Prefix(64)
	if err != nil {
		return from
	}
	return network.Addr()
}

type visitorKey struct{}

// note keeps a connection in the context of its requests.
func note(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, visitorKey{}, conn)
}
