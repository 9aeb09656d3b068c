package node

import (
	"context"

	"clusterplay/node/resp"
)

// call executes commands as a client inside the process that sends them in one piece, for which a connection
// is opened and shut around them.
func (l *life) call(ctx context.Context, commands ...[]string) ([]resp.Value, error) {
	c := &client{life: l, woken: make(chan struct{}, 1)}
	c.Addr, c.LocalAddr = "127.0.0.1:0", l.cfg.Addr.String()
	c.box.init(l, nil, &c.comfort)
	if in, _ := l.admit(c); !in {
		return nil, ErrNotRunning
	}
	defer l.dismiss(c)
	replies := make([]resp.Value, 0, len(commands))
	for done, read := 0, 0; done < len(commands); {
		n := c.executeSome(commands[done:])
		if n == 0 {
			return replies, ErrNotRunning
		}
		for done += n; len(replies) < done; {
			reply, size, err := c.await(ctx, read)
			if err != nil {
				return replies, err
			}
			replies, read = append(replies, reply), read+size
		}
	}
	return replies, nil
}

// callOne is call for one command.
func (l *life) callOne(ctx context.Context, words []string) (resp.Value, error) {
	replies, err := l.call(ctx, words)
	if err != nil {
		return resp.Value{}, err
	}
	return replies[0], nil
}

// await returns the reply that begins so far into what was answered, when it is there.
func (c *client) await(ctx context.Context, from int) (resp.Value, int, error) {
	for {
		if reply, n, err := c.reply(from); n > 0 || err != nil {
			return reply, n, err
		}
		select {
		case <-c.woken:
		case <-c.life.over:
			return resp.Value{}, 0, ErrNotRunning
		case <-ctx.Done():
			return resp.Value{}, 0, ctx.Err()
		}
	}
}

// executeSome calls the machine for commands, up to the first that blocks, and returns how many those were;
// 0 when the life is over.
func (c *client) executeSome(commands [][]string) (n int) {
	l := c.life
	if !l.enter() {
		return 0
	}
	defer l.leave()
	for n < len(commands) && !l.dead && !c.Blocked && !c.Closing && !c.Raw {
		l.m.Call(l.now, &c.Client, bytesOf(commands[n]))
		n++
	}
	l.settle()
	c.box.put(&c.Out, c.terms())
	if l.dead {
		return 0
	}
	return n
}

func bytesOf(words []string) [][]byte {
	args := make([][]byte, len(words))
	for i, word := range words {
		args[i] = []byte(word)
	}
	return args
}

// reply returns the reply that begins at a byte, if it is there.
func (c *client) reply(from int) (resp.Value, int, error) {
	c.box.mu.Lock()
	defer c.box.mu.Unlock()
	return resp.ReadReply(c.box.pending[from:])
}
