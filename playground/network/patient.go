package network

import (
	"errors"
	"net"
	"os"

	"clusterplay/node"
	"clusterplay/node/machine"
)

// TryWrite writes what fits without waiting; see node.Patient.
func (c *conn) TryWrite(b []byte) (int, error) {
	c.resolve()
	if m, ok := c.Conn.(*memConn); ok {
		n, err := m.tryWrite(b)
		return c.tried(b, n, err)
	}
	n, err := tryWrite(c.Conn, b)
	return c.tried(b, n, err)
}

// TryGive is TryWrite of bytes that a link in memory may keep, and that a socket has copied; see node.Taker.
func (c *conn) TryGive(b []byte) (int, error) {
	m, ok := c.Conn.(*memConn)
	if !ok {
		n, err := c.TryWrite(b)
		if n == len(b) && c.link != nil && c.link.kind == machine.Bus {
			c.net.packets.back(b)
		}
		return n, err
	}
	n, err := m.tryGive(b)
	return c.tried(b, n, err)
}

// tried counts what was written without waiting.
func (c *conn) tried(b []byte, n int, err error) (int, error) {
	if c.link == nil {
		return n, err
	}
	if n > 0 {
		c.wrote(n)
	}
	if err != nil && c.vanishes(err) {
		return len(b), nil
	}
	return n, err
}

// Await returns when Read would not wait; see node.Patient.
func (c *conn) Await() error {
	if m, ok := c.Conn.(*memConn); ok {
		m.in().await()
		return nil
	}
	return await(c.Conn)
}

// Doze has the bell rung when there is something to read, on a link in memory; see node.Drowsy.
func (c *conn) Doze(bell node.Bell) bool {
	m, ok := c.Conn.(*memConn)
	return ok && m.in().doze(bell)
}

// ReadNow reads what is there on a link in memory; see node.Drowsy.
func (c *conn) ReadNow(b []byte) int {
	m, ok := c.Conn.(*memConn)
	if !ok {
		return 0
	}
	return m.readNow(b)
}

// Socket returns the socket below, from which may be read; see node.Veiled. Nothing is counted or
// noted of a foreign process, so what is written to one may go straight there as well.
func (c *conn) Socket() (plain net.Conn, all bool) {
	if _, ok := c.Conn.(*memConn); ok {
		return nil, false
	}
	c.resolve()
	return c.Conn, c.link == nil
}

// wrote counts bytes on their way to the other node and notes when they left.
func (c *conn) wrote(n int) {
	end := c.out().written.Add(uint64(n))
	if c.net.busy.Load() != 0 || c.net.watched.Load() != 0 {
		c.note(end, c.net.clock.Now())
	}
}

// vanishes tells whether a failed write must look like a good one: that the other end has closed
// cannot be known across a cut, so there the bytes vanish as they would on their way.
func (c *conn) vanishes(err error) bool {
	who, peer := c.ends()
	return !c.isClosed() && !errors.Is(err, os.ErrDeadlineExceeded) && c.net.isCut(Pair{peer, who})
}
