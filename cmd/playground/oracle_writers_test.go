package main_test

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/resp"
	"clusterplay/node/slot"
	"clusterplay/playground/wire"
)

// writer is a client that appends ascending numbers to a list of its own and asks after each whether
// the replica has it. It tries no number twice: what was not answered is unknown for ever.
type writer struct {
	key   string
	slot  slot.Slot
	at    port   // who answered last
	all   []port // whom to ask when that one does not
	conn  *wire.Conn
	acked []appended
	sent  int
}

// appended is a number that was acknowledged, and by how many replicas too.
type appended struct {
	number   int
	at       time.Time
	replicas int64
}

// write starts the clients; they end with the judgement.
func (l *league) write() {
	ctx, cancel := context.WithCancel(l.t.Context())
	var group sync.WaitGroup
	for i := range roundWriters {
		s := slot.Slot((i%3)*slot.Count/3 + 7 + i)
		w := &writer{key: "{" + tagOf(s) + "}list", slot: s}
		for _, server := range l.servers {
			w.all = append(w.all, server.port)
		}
		w.at = w.all[0]
		l.writers = append(l.writers, w)
		group.Go(func() {
			for ctx.Err() == nil {
				if w.append(ctx) {
					l.acked.Add(1)
				}
			}
		})
	}
	l.rest = func() { cancel(); group.Wait() }
	l.t.Cleanup(l.rest)
}

// append writes the next number, following redirections of it, and tells whether it was acknowledged.
func (w *writer) append(ctx context.Context) bool {
	w.sent++
	number := w.sent
	for range 3 {
		v, err := w.do(ctx, "RPUSH", w.key, strconv.Itoa(number))
		if err != nil {
			w.lookElsewhere()
			return false
		}
		if to, ok := wire.ParseRedirect(v, w.at.addr()); ok {
			w.follow(to.Addr)
			continue
		}
		if !v.IsError() {
			at := time.Now()
			v, err = w.do(ctx, "WAIT", "1", "100")
			w.acked = append(w.acked, appended{number, at, replicasOf(v, err)})
			return true
		}
		break
	}
	select { // the shard does not serve now
	case <-ctx.Done():
	case <-time.After(lookEvery):
	}
	return false
}

func replicasOf(v resp.Value, err error) int64 {
	if err != nil || v.IsError() {
		return 0
	}
	return v.Int
}

// do sends a command to the node that answered last.
func (w *writer) do(ctx context.Context, words ...string) (resp.Value, error) {
	ctx, cancel := context.WithTimeout(ctx, roundTimeout)
	defer cancel()
	if w.conn == nil {
		conn, err := wire.Dial(ctx, w.at.addr())
		if err != nil {
			return resp.Value{}, err
		}
		w.conn = conn
	}
	return w.conn.Do(ctx, words...)
}

// follow goes to another node.
func (w *writer) follow(addr string) {
	for _, p := range w.all {
		if p.addr() == addr {
			w.leave(p)
			return
		}
	}
}

// lookElsewhere gives up on a node that does not answer.
func (w *writer) lookElsewhere() {
	for i, p := range w.all {
		if p == w.at {
			w.leave(w.all[(i+1)%len(w.all)])
			return
		}
	}
}

func (w *writer) leave(to port) {
	if w.conn != nil {
		_ = w.conn.Close()
	}
	w.conn, w.at = nil, to
}

// judge reads the lists. A number that WAIT called replicated is there; one that was acknowledged only
// is there unless its master was killed within the window; none is there twice, and none that was
// never sent.
func (l *league) judge() {
	l.rest()
	written, replicated, lost := 0, 0, 0
	for _, w := range l.writers {
		there := map[int]int{}
		for _, v := range l.owner(w.slot).do(l.t, "LRANGE", w.key, "0", "-1").List {
			n, err := strconv.Atoi(v.Text)
			require.NoError(l.t, err)
			there[n]++
			require.Equal(l.t, 1, there[n], "%s: %d is there twice", w.key, n)
			require.LessOrEqual(l.t, n, w.sent, "%s: nobody wrote %d", w.key, n)
		}
		for _, a := range w.acked {
			written++
			replicated += int(min(a.replicas, 1))
			if there[a.number] > 0 {
				continue
			}
			lost++
			require.Zero(l.t, a.replicas, "%s: %d was replicated at %v and is lost", w.key, a.number, a.at)
			require.True(l.t, l.explained(w.slot, a.at), "%s: %d was acknowledged at %v and is lost, and no kill explains it", w.key, a.number, a.at)
		}
	}
	l.t.Logf("%d acknowledged, %d of them by the replica too, %d lost in the window of a kill", written, replicated, lost)
	require.Greater(l.t, replicated, 1000, "too little was written to mean anything")
}

// explained reports whether a write's shard lost its master by a kill just after it.
func (l *league) explained(s slot.Slot, at time.Time) bool {
	for _, k := range l.kills {
		if s >= k.first && s <= k.last && !at.Before(k.at.Add(-lastWords)) && !at.After(k.at.Add(roundTimeout)) {
			return true
		}
	}
	return false
}

// owner is the master that serves a slot.
func (l *league) owner(s slot.Slot) *foreign {
	for _, m := range l.masters() {
		if first, last := l.slotsOf(m); s >= first && s <= last {
			return m
		}
	}
	return nil
}
