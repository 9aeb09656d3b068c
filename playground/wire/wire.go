// Package wire is a small RESP client over one TCP connection, for what in a lab talks to nodes
// as any client does: the terminal and the load.
package wire

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	"clusterplay/node/resp"
)

const (
	// dialTimeout is long for loopback and short for a person.
	dialTimeout = 2 * time.Second
	// readSize fits most replies in one read.
	readSize = 16 << 10
)

// Conn is one connection. It is used by one goroutine at a time, except for Close.
type Conn struct {
	Addr    string
	conn    net.Conn
	replies resp.Replies
	buf     []byte
	out     []byte
}

// Dial connects.
func Dial(ctx context.Context, addr string) (*Conn, error) {
	d := net.Dialer{Timeout: dialTimeout}
	c, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &Conn{Addr: addr, conn: c, buf: make([]byte, readSize)}, nil
}

// Close hangs up; a Receive under way ends with an error.
func (c *Conn) Close() error { return c.conn.Close() }

// Do sends one command and waits for its reply. A context that ends closes the connection: the
// reply could no longer be told from the next one's.
func (c *Conn) Do(ctx context.Context, args ...string) (resp.Value, error) {
	if err := c.Send(args...); err != nil {
		return resp.Value{}, err
	}
	return c.Receive(ctx)
}

// Send writes one command without waiting.
func (c *Conn) Send(args ...string) error {
	c.out = AppendCommand(c.out[:0], args...)
	if _, err := c.conn.Write(c.out); err != nil {
		return fmt.Errorf("write to %s: %w", c.Addr, err)
	}
	return nil
}

// Receive waits for the next reply or push.
func (c *Conn) Receive(ctx context.Context) (resp.Value, error) {
	stop := context.AfterFunc(ctx, func() { _ = c.conn.Close() })
	defer stop()
	for {
		v, n, err := c.replies.Next()
		if err != nil {
			_ = c.conn.Close()
			return resp.Value{}, fmt.Errorf("read from %s: %w", c.Addr, err)
		}
		if n > 0 {
			return v, nil
		}
		got, err := c.conn.Read(c.buf)
		c.replies.Feed(c.buf[:got])
		if err != nil && got == 0 {
			if ctx.Err() != nil {
				err = ctx.Err()
			}
			return resp.Value{}, fmt.Errorf("read from %s: %w", c.Addr, err)
		}
	}
}

// AppendCommand appends a command in the form in which clients send it.
func AppendCommand(b []byte, args ...string) []byte {
	b = append(b, '*')
	b = strconv.AppendInt(b, int64(len(args)), 10)
	b = append(b, '\r', '\n')
	for _, a := range args {
		b = append(b, '$')
		b = strconv.AppendInt(b, int64(len(a)), 10)
		b = append(b, '\r', '\n')
		b = append(b, a...)
		b = append(b, '\r', '\n')
	}
	return b
}
