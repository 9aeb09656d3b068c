package node

import (
	"context"

	"clusterplay/node/resp"
)

// call executes one command as a client inside the process, for which a connection is opened and
// shut around it.
func (l *life) call(ctx context.Context, words []string) (resp.Value, error) {
	args := make([][]byte, len(words))
	for i, word := range words {
		args[i] = []byte(word)
	}
	c := &client{life: l, woken: make(chan struct{}, 1)}
	c.Addr, c.LocalAddr = "127.0.0.1:0", l.cfg.Addr.String()
	c.box.init(l, nil)
	if in, _ := l.admit(c); !in {
		return resp.Value{}, ErrNotRunning
	}
	defer l.dismiss(c)
	if !c.executeOne(args) {
		return resp.Value{}, ErrNotRunning
	}
	for {
		if reply, n, err := c.reply(); n > 0 || err != nil {
			return reply, err
		}
		select {
		case <-c.woken:
		case <-l.over:
			return resp.Value{}, ErrNotRunning
		case <-ctx.Done():
			return resp.Value{}, ctx.Err()
		}
	}
}

// executeOne calls the machine for one command.
func (c *client) executeOne(args [][]byte) bool {
	l := c.life
	if !l.enter() {
		return false
	}
	defer l.leave()
	l.m.Call(l.now, &c.Client, args)
	l.settle()
	c.box.put(&c.Out, c.terms())
	return !l.dead
}

// reply returns the reply if it is there.
func (c *client) reply() (resp.Value, int, error) {
	c.box.mu.Lock()
	defer c.box.mu.Unlock()
	return resp.ReadReply(c.box.pending)
}
