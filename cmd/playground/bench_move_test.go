package main_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/slot"
	"clusterplay/playground/wire"
)

const (
	// movedSlots is a quarter of all slots, with a quarter of so many keys.
	movedSlots, clusterKeys = 4096, 300_000
	// readEvery is how long the client that watches a move rests between two reads.
	readEvery = time.Millisecond
)

func clusterKey(i int) string { return fmt.Sprintf("key:%06d", i) }

// fillCluster writes keys of a hundred bytes to their masters, which own a third of the slots each.
func fillCluster(t *testing.T, masters []port, keys int) {
	t.Helper()
	owner := ownersIn(t, masters[0])
	value := strings.Repeat("x", syncSize)
	pipelines := map[string]*bytes.Buffer{}
	counts := map[string]int{}
	for i := range keys {
		to := owner[slot.OfString(clusterKey(i))]
		if pipelines[to] == nil {
			pipelines[to] = &bytes.Buffer{}
		}
		pipelines[to].Write(wire.AppendCommand(nil, "SET", clusterKey(i), value))
		counts[to]++
	}
	for to, pipeline := range pipelines {
		conn, err := net.Dial("tcp", to)
		require.NoError(t, err)
		go func() { _, _ = io.Copy(conn, pipeline) }()
		replies := make([]byte, counts[to]*len("+OK\r\n"))
		_, err = io.ReadFull(bufio.NewReader(conn), replies)
		require.NoError(t, err)
		require.Equal(t, counts[to], bytes.Count(replies, []byte("+OK\r\n")))
		require.NoError(t, conn.Close())
	}
}

// ownersIn is the address of each slot's master, as a node sees it.
func ownersIn(t *testing.T, p port) (owner [slot.Count]string) {
	t.Helper()
	for _, r := range p.do(t, "CLUSTER", "SLOTS").List {
		addr := net.JoinHostPort(r.List[2].List[0].Text, strconv.FormatInt(r.List[2].List[1].Int, 10))
		for s := r.List[0].Int; s <= r.List[1].Int; s++ {
			owner[s] = addr
		}
	}
	return owner
}

// watcher is a client that reads keys now and then while slots move, and follows where it is sent.
type watcher struct {
	owner  [slot.Count]string
	conns  map[string]*wire.Conn
	keys   int
	delays []time.Duration
	lost   int   // keys that were not there
	err    error // what ended it
	stop   context.CancelFunc
	done   chan struct{}
}

// startWatcher reads until it is ended.
func startWatcher(t *testing.T, p port, keys int) *watcher {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r := &watcher{owner: ownersIn(t, p), conns: map[string]*wire.Conn{}, keys: keys, stop: cancel, done: make(chan struct{})}
	go func() {
		defer close(r.done)
		for r.err == nil && ctx.Err() == nil {
			r.err = r.read(ctx)
			time.Sleep(readEvery) // a client that reads now and then
		}
	}()
	return r
}

// end stops it and returns how long a read took, sorted.
func (r *watcher) end(t *testing.T) []time.Duration {
	t.Helper()
	r.stop()
	<-r.done
	for _, c := range r.conns {
		_ = c.Close()
	}
	require.NoError(t, r.err)
	require.Zero(t, r.lost, "keys are lost while they move")
	slices.Sort(r.delays)
	return r.delays
}

// read gets one key, however often it is redirected, and notes how long that took.
func (r *watcher) read(ctx context.Context) error {
	key := clusterKey(rand.IntN(r.keys))
	s := slot.OfString(key)
	to, ask := r.owner[s], false
	began := time.Now()
	for {
		conn, err := r.conn(to)
		if err != nil {
			return err
		}
		if ask {
			if _, err := conn.Do(context.Background(), "ASKING"); err != nil {
				return err
			}
		}
		v, err := conn.Do(context.Background(), "GET", key)
		if err != nil {
			return err
		}
		if where, ok := wire.ParseRedirect(v, to); ok {
			if to, ask = where.Addr, where.Ask; !ask {
				r.owner[s] = to
			}
			continue
		}
		switch {
		case v.IsError():
			return fmt.Errorf("GET %s at %s: %s", key, to, v.Text)
		case len(v.Text) != syncSize:
			r.lost++
		}
		if ctx.Err() == nil {
			r.delays = append(r.delays, time.Since(began))
		}
		return nil
	}
}

func (r *watcher) conn(addr string) (*wire.Conn, error) {
	if c := r.conns[addr]; c != nil {
		return c, nil
	}
	c, err := wire.Dial(context.Background(), addr)
	r.conns[addr] = c
	return c, err
}

// way is how slots are moved in a cluster, from one of its masters to another.
type way struct {
	name     string
	from, to port
	move     func(t *testing.T, from, to port, slots int)
	rate     []float64       // keys a second
	delays   []time.Duration // of reads meanwhile
}

// once moves slots and measures it; the next time they go back.
func (w *way) once(t *testing.T, round, keys int) {
	t.Helper()
	from, to := w.from, w.to
	if round%2 == 1 {
		from, to = to, from
	}
	slots := min(movedSlots, scaled(movedSlots))
	before := keysAt(t, to)
	r := startWatcher(t, w.from, keys)
	began := time.Now()
	w.move(t, from, to, slots)
	took := time.Since(began)
	w.delays = append(w.delays, r.end(t)...)
	moved := keysAt(t, to) - before
	require.Positive(t, moved, w.name)
	w.rate = append(w.rate, float64(moved)/took.Seconds())
}

// keysAt is how many keys a node has.
func keysAt(t *testing.T, p port) int64 {
	t.Helper()
	return p.do(t, "DBSIZE").Int
}

// reshard lets redis-cli move slots.
func reshard(t *testing.T, from, to port, slots int) {
	t.Helper()
	out, err := redisCLI(t, "", "--cluster", "reshard", from.addr(), "--cluster-from", from.id(t), "--cluster-to", to.id(t),
		"--cluster-slots", strconv.Itoa(slots), "--cluster-yes", "--cluster-pipeline", "100")
	require.NoError(t, err, out[max(0, len(out)-2000):])
}

// moveSlots lets the lab move them.
func (p *program) moveSlots(t *testing.T, from, to port, slots int) {
	t.Helper()
	before := slotsOf(to)
	status, body := p.ask(http.MethodPost, "/api/labs/main/actions/move-slots", fmt.Sprintf(`{"from":"%v","to":"%v","count":%d}`, from, to, slots), p.bearer())
	require.Equal(t, http.StatusOK, status, body)
	eventually(t, "the slots to have gone", func() bool { return slotsOf(to) == before+slots })
}

// TestBenchMove moves slots of three masters in three ways while a client reads.
func TestBenchMove(t *testing.T) {
	needBench(t)
	keys := scaled(clusterKeys)
	real := startCluster(t, "redis-server", 3, 0).ports()
	p := start(t, "--masters", "3", "--replicas", "0")
	var ours []port
	for i := range 3 {
		at, err := strconv.Atoi(p.node(i))
		require.NoError(t, err)
		ours = append(ours, port(at))
	}
	fillCluster(t, real, keys)
	fillCluster(t, ours, keys)
	ways := []*way{
		{name: "redis-cli reshard, real servers", from: real[0], to: real[1], move: reshard},
		{name: "redis-cli reshard, ours", from: ours[0], to: ours[1], move: reshard},
		{name: "move-slots of the lab", from: ours[2], to: ours[0], move: p.moveSlots},
	}
	for round := range rounds() {
		for _, w := range ways {
			w.once(t, round, keys)
		}
	}
	rows := head("how", "keys a second (least–most)", "of redis-cli with real servers", "a GET meanwhile p50 ms", "p99 ms", "most ms")
	for _, w := range ways {
		slices.Sort(w.delays)
		rows = append(rows, row(w.name, span(w.rate), ratio(median(w.rate), median(ways[0].rate)), quantile(w.delays, .5), quantile(w.delays, .99), quantile(w.delays, 1)))
	}
	chapter{
		title:  "Moving slots",
		target: "move-slots moves at least 5 times as many keys a second as redis-cli between real servers, and a GET meanwhile takes at most 5 ms at p99; redis-cli is at least as fast with our nodes.",
		how: fmt.Sprintf("Three masters with %d keys of %d bytes; %d slots go from one to another, with redis-cli --cluster reshard --cluster-pipeline 100 and with the lab's own command. "+
			"A client reads keys by chance, a millisecond between two, and follows redirections; no key may be missing.", clusterKeys, syncSize, movedSlots),
		rows: rows,
	}.publish(t)
}
