package workload

import (
	"context"
	"errors"
	"iter"
	"strconv"
	"strings"
	"time"

	"clusterplay/node/resp"
	"clusterplay/node/slot"
	"clusterplay/playground/wire"
)

const (
	// maxHops is how often one command follows a redirection before it counts as refused.
	maxHops = 8
	// patience is how long a client waits for a reply, in the lab's time: many libraries' default.
	patience = time.Second
)

// errNobody says that no node could be reached.
var errNobody = errors.New("no node answers")

// client is a cluster client: it remembers which node owns which slot and learns from MOVED. It
// is used by one goroutine.
type client struct {
	clock  Clock
	seeds  iter.Seq[string]
	owners owners
	conns  map[string]*wire.Conn
	at     Route
	last   string // the address used last, of a client that uses one at a time
	turned func() // told when a slot that was known has another owner, or all keys have; may be nil
}

func newClient(clock Clock, seeds iter.Seq[string], at Route) *client {
	if at == nil {
		at = func() (string, bool) { return "", false }
	}
	return &client{clock: clock, seeds: seeds, conns: map[string]*wire.Conn{}, at: at}
}

// do executes a command for key at the slot's owner. sent tells whether any node may have
// executed it although err is not nil.
func (c *client) do(ctx context.Context, key string, args ...string) (v resp.Value, sent bool, err error) {
	if addr, plain := c.at(); plain {
		return c.doAt(ctx, addr, args)
	}
	s := slot.OfString(key)
	addr, asking := c.owners.at(s), false
	for range maxHops {
		conn, err := c.connect(ctx, addr)
		if err != nil {
			c.owners.set(s, "")
			if conn, err = c.anybody(ctx); err != nil {
				return v, false, err
			}
		}
		v, err = c.exchange(ctx, conn, asking, args)
		if err != nil {
			c.forget(conn)
			c.owners.set(s, "")
			return v, true, err
		}
		to, ok := wire.ParseRedirect(v, conn.Addr)
		if !ok {
			return v, false, nil
		}
		addr, asking = to.Addr, to.Ask
		if !to.Ask {
			c.learn(s, to.Addr)
		}
	}
	return v, false, nil
}

// doAt executes a command at the one address that the client was given, whoever answers there.
func (c *client) doAt(ctx context.Context, addr string, args []string) (v resp.Value, sent bool, err error) {
	if addr != c.last {
		c.close() // an application that is given another address leaves the old one
		c.turn(c.last)
		c.last = addr
	}
	conn, err := c.connect(ctx, addr)
	if err != nil {
		return v, false, err
	}
	if v, err = c.exchange(ctx, conn, false, args); err != nil {
		c.forget(conn)
		return v, true, err
	}
	return v, false, nil
}

// learn notes who owns a slot.
func (c *client) learn(s slot.Slot, addr string) {
	c.turn(c.owners.at(s))
	c.owners.set(s, addr)
}

// turn tells that somebody else answers now than before, if anybody did.
func (c *client) turn(before string) {
	if before != "" && c.turned != nil {
		c.turned()
	}
}

// exchange is one command and its reply, with patience in the lab's time.
func (c *client) exchange(ctx context.Context, conn *wire.Conn, asking bool, args []string) (resp.Value, error) {
	ctx, cancel := c.within(ctx, patience)
	defer cancel()
	if asking {
		if _, err := conn.Do(ctx, "ASKING"); err != nil {
			return resp.Value{}, err
		}
	}
	return conn.Do(ctx, args...)
}

// within is a context that ends when the lab's clock has run for d.
func (c *client) within(ctx context.Context, d time.Duration) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	stop := c.clock.At(c.clock.Now().Add(d), "", cancel)
	return ctx, func() {
		stop()
		cancel()
	}
}

// connect returns the connection to addr, opening it when needed.
func (c *client) connect(ctx context.Context, addr string) (*wire.Conn, error) {
	if conn := c.conns[addr]; conn != nil {
		return conn, nil
	}
	if addr == "" {
		return nil, errNobody
	}
	conn, err := wire.Dial(ctx, addr)
	if err != nil {
		return nil, err
	}
	c.conns[addr] = conn
	return conn, nil
}

// anybody connects to the first node that answers.
func (c *client) anybody(ctx context.Context) (*wire.Conn, error) {
	for addr := range c.seeds {
		if conn, err := c.connect(ctx, addr); err == nil {
			return conn, nil
		}
	}
	return nil, errNobody
}

func (c *client) forget(conn *wire.Conn) {
	_ = conn.Close()
	delete(c.conns, conn.Addr)
}

func (c *client) close() {
	for _, conn := range c.conns {
		_ = conn.Close()
	}
	clear(c.conns)
}

// number reads the value that a write left; 0 for none.
func number(v resp.Value) uint64 { return parse(v.Text) }

func parse(text string) uint64 {
	n, _ := strconv.ParseUint(strings.TrimSpace(text), 10, 64)
	return n
}
