package main_test

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// What the fan-out is measured with: a class of a hundred, of whom every fifth may stop reading.
const (
	fanViewers = 100
	fanStopped = 20
	fanEvents  = 60
	fanRate    = 200 // values a second that the built-in clients write
	fanCalm    = 2 * time.Second
)

// audience is the browsers of a class. It notes when a text reaches each.
type audience struct {
	t       *testing.T
	sockets []*websocket.Conn
	tasks   sync.WaitGroup
	bytes   atomic.Int64

	mu      sync.Mutex
	wanted  []byte
	since   time.Time
	seen    int
	came    chan struct{} // every one of them has seen it
	delays  []time.Duration
	readers int
}

// seat opens sockets that read; no JSON is parsed, for the class shares the computer with the lab.
func seat(t *testing.T, p *program, readers int) *audience {
	t.Helper()
	a := &audience{t: t, readers: readers}
	for range readers {
		socket := a.sit(p)
		a.sockets = append(a.sockets, socket)
		a.tasks.Go(func() { a.read(socket) })
	}
	return a
}

// sit opens one socket, which takes compressed messages as browsers do; what comes over the network
// is counted.
func (a *audience) sit(p *program) *websocket.Conn {
	a.t.Helper()
	dialer := websocket.Dialer{EnableCompression: true, NetDial: func(network, addr string) (net.Conn, error) {
		conn, err := net.Dial(network, addr)
		return counted{conn, &a.bytes}, err
	}}
	return p.dial(dialer, p.ticket())
}

// counted is a connection whose bytes are counted.
type counted struct {
	net.Conn
	bytes *atomic.Int64
}

// Read counts.
func (c counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.bytes.Add(int64(n))
	return n, err
}

func (a *audience) read(socket *websocket.Conn) {
	for {
		_, data, err := socket.ReadMessage()
		if err != nil {
			return
		}
		a.mu.Lock()
		if a.wanted != nil && bytes.Contains(data, a.wanted) && bytes.HasPrefix(data, []byte(`{"type":"batch"`)) {
			a.delays = append(a.delays, time.Since(a.since))
			if a.seen++; a.seen == a.readers {
				a.wanted = nil
				close(a.came)
			}
		}
		a.mu.Unlock()
	}
}

// leave closes every socket.
func (a *audience) leave() {
	for _, s := range a.sockets {
		_ = s.Close()
	}
	a.tasks.Wait()
}

// expect begins to wait for a text.
func (a *audience) expect(text string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.wanted, a.since, a.seen, a.came = []byte(text), time.Now(), 0, make(chan struct{})
}

// latency marks moments and returns how long each took to reach each browser, sorted.
func (a *audience) latency(p *program, header http.Header) []time.Duration {
	a.t.Helper()
	a.delays = nil
	for i := range fanEvents {
		text := fmt.Sprintf("moment %d of %p", i, a)
		a.expect(text)
		status, body := p.ask(http.MethodPost, "/api/labs/main/actions/mark", `{"text":"`+text+`"}`, header)
		require.Equal(a.t, http.StatusOK, status, body)
		select {
		case <-a.came:
		case <-time.After(pagePatience):
			require.Fail(a.t, "a browser waits for a moment in vain")
		}
	}
	slices.Sort(a.delays)
	return a.delays
}

// fanOut measures one lab: with nobody watching, with a class, and with a class of whom some have
// stopped reading.
func fanOut(t *testing.T, masters int) []string {
	t.Helper()
	p := start(t, "--masters", strconv.Itoa(masters))
	header := http.Header{"Authorization": {"Bearer " + p.token()}}
	require.Zero(t, p.ctl("load", strconv.Itoa(fanRate)).code)
	idle := share(t, p)

	a := seat(t, p, fanViewers)
	before := a.bytes.Load()
	busy := share(t, p)
	each := float64(a.bytes.Load()-before) / fanViewers / fanCalm.Seconds() / 1024
	alone := a.latency(p, header)

	for range fanStopped {
		p.socket() // nobody reads it
	}
	share(t, p) // their queues fill
	among := a.latency(p, header)
	lagging := strings.Contains(p.metrics(header), "playground_viewers_lagging 0\n")
	a.leave()
	line := func(name, cpu string, delays []time.Duration) string {
		return row(2*masters, name, cpu, quantile(delays, .5), quantile(delays, .99), each)
	}
	t.Logf("%d nodes: without viewers %.0f %% of a core; the stopped ones wait in the kernel's buffers: %t", 2*masters, idle, lagging)
	return []string{
		line(fmt.Sprintf("%d viewers", fanViewers), fmt.Sprintf("%.1f %%", busy-idle), alone),
		line(fmt.Sprintf("and %d that do not read", fanStopped), "", among),
	}
}

func (p *program) metrics(header http.Header) string {
	p.t.Helper()
	_, body := p.ask(http.MethodGet, "/metrics", "", header)
	return body
}

// share is how much of a core the program takes over a while, in percent.
func share(t *testing.T, p *program) float64 {
	t.Helper()
	before := cpuTime(t, p.ready.PID)
	time.Sleep(fanCalm) // a share of a core is measured over a time
	return 100 * float64(cpuTime(t, p.ready.PID)-before) / float64(fanCalm)
}

func TestBenchFanOut(t *testing.T) {
	needBench(t)
	rows := head("nodes", "watched by", "what watching costs, of a core", "event to browser p50 ms", "p99 ms", "KiB/s to each")
	for _, masters := range []int{3, 6} {
		rows = append(rows, fanOut(t, masters)...)
	}
	chapter{
		title:  "A class that watches",
		target: "an event reaches a hundred browsers within 100 ms at p99 (and one frame of theirs); the stream costs at most 10 % of a core.",
		how:    fmt.Sprintf("%d WebSocket clients read the live stream while the built-in clients write %d values a second; then %d more connect and never read. No redis-server is part of this.", fanViewers, fanRate, fanStopped),
		rows:   rows,
	}.publish(t)
}
