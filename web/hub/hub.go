package hub

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"clusterplay/playground"
	"clusterplay/playground/network"
	"clusterplay/web/seats"
)

const (
	// frameInterval is the time between two batches: twenty a second look smooth and are few.
	frameInterval = 50 * time.Millisecond
	// maxFrames is how many frames in flight one message shows; the page draws no more at once.
	maxFrames = 200
	// keptBatches is how far back a browser can resume without a snapshot: ten seconds.
	keptBatches = 200
	// keptBytes bounds the same in a large lab, whose batches are long and are kept in both forms, packed and not.
	keptBytes = 1 << 20
	// calmTicks is how many ticks pass between two looks at the nodes while no event tells of news: counts
	// are told twice a second. nodesPerLook makes it more in a large lab: each node sees all the others.
	calmTicks, nodesPerLook = 10, 20
	// freshTicks is the same for a while after an event.
	freshTicks, freshLooks = 2, 10
	// agesEvery is after how many ticks the next look tells the ages of the last PONGs: about a second. They
	// grow by themselves.
	agesEvery = 20
	// stillTicks is how many ticks pass in which nothing changes until everyone is told that, too: half a
	// second. A browser knows how time goes on.
	stillTicks = 10
	// Protocol names what is spoken. A browser that offers it expects to hear it back.
	Protocol = "playground"
	// closeTooMany is why a socket is closed for which there is no room. The page has a sentence for it.
	closeTooMany = 4001
)

// Source is the lab as the hub sees it.
type Source interface {
	Snapshot() playground.Snapshot
	See(look playground.Look) playground.Snapshot
	News() uint64 // the number of the last event
	Network() *network.Network
}

// Seats are the sockets of a large class, each with a few tabs; of one session, those of a person with
// many tabs, some of which a browser keeps asleep.
func Seats() *seats.Seats { return seats.New(seats.Limits{All: 500, Each: 24, Kept: 50}) }

// Hub feeds all browsers that watch one lab.
type Hub struct {
	source  Source
	seats   *seats.Seats // shared with the hubs of other labs
	upgrade websocket.Upgrader
	done    chan struct{}
	wake    chan struct{}  // a first viewer came
	tasks   sync.WaitGroup // run, and every viewer

	mu      sync.Mutex
	viewers map[*viewer]bool
	recent  []numbered // the last batches, oldest first
	kept    int        // bytes in recent
	seq     uint64
	whole   numbered // the snapshot under its number, encoded once for all who need it
	last    playground.Picture
	still   int       // ticks since everyone was told something
	looks   int       // ticks since the nodes were looked at
	aged    int       // ticks since ages were told
	news    uint64    // the last event when they were
	fresh   int       // how many looks are still to come soon
	rested  time.Time // they are not looked at before that
	closed  bool
	counts  Counts
}

// Counts is what the hub has done so far, and for how many.
type Counts struct {
	Viewers, Lagging     int
	Batches, Gaps, Bytes uint64 // Bytes are encoded once for all viewers
}

// Counts tells how the live stream stands.
func (h *Hub) Counts() Counts {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := h.counts
	c.Viewers, c.Batches = len(h.viewers), h.seq
	for v := range h.viewers {
		if v.lagging {
			c.Lagging++
		}
	}
	return c
}

// numbered is one batch or snapshot, encoded for everyone.
type numbered struct {
	seq uint64
	message
}

// New makes a hub and starts it; Close ends it. Seats may be those of other hubs, too. allowed judges the
// request of an upgrade.
func New(source Source, seats *seats.Seats, allowed func(*http.Request) bool) *Hub {
	h := &Hub{
		source: source, seats: seats, viewers: map[*viewer]bool{},
		done: make(chan struct{}), wake: make(chan struct{}, 1),
		// A message is compressed once for all. The batches of twelve nodes repeat themselves and become
		// a tenth: a class shares one wireless network.
		upgrade: websocket.Upgrader{CheckOrigin: allowed, HandshakeTimeout: writePatience, EnableCompression: true, Subprotocols: []string{Protocol}},
	}
	h.tasks.Go(func() {
		for !safely("hub", h.run) { // a panic costs one batch, not the class
		}
	})
	return h
}

// safely calls f and reports whether it returned; a panic is logged and ends nothing else.
func safely(what string, f func()) (returned bool) {
	defer func() {
		if r := recover(); r != nil {
			slog.Error("console", "in", what, "panic", r, "stack", string(debug.Stack()))
		}
	}()
	f()
	return true
}

// Close ends the hub and every socket, and waits for their goroutines.
func (h *Hub) Close() {
	h.mu.Lock()
	if !h.closed {
		h.closed = true
		close(h.done)
	}
	open := make([]*viewer, 0, len(h.viewers))
	for v := range h.viewers {
		open = append(open, v)
	}
	h.mu.Unlock()
	for _, v := range open {
		h.tasks.Go(func() { v.stop(websocket.CloseGoingAway, "the console is closing") })
	}
	h.tasks.Wait()
}

// Viewers is the number of open sockets.
func (h *Hub) Viewers() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.viewers)
}

// run makes a batch every frameInterval while somebody watches, and sleeps while nobody does.
func (h *Hub) run() {
	ticker := time.NewTicker(frameInterval)
	defer ticker.Stop()
	for {
		h.watch(ticker.C)
		select {
		case <-h.done:
			return
		case <-h.wake:
		}
	}
}

// watch makes batches until nobody watches any more.
func (h *Hub) watch(ticks <-chan time.Time) {
	if h.Viewers() == 0 {
		return
	}
	tap := h.source.Network().Watch()
	defer tap.Close()
	for h.Viewers() > 0 {
		select {
		case <-h.done:
			return
		case <-ticks:
			h.tick(tap)
		}
	}
}

// maxRead bounds the frames looked at in one tick: a thousand nodes send nine hundred.
const maxRead = 4096

// tick tells everyone what changed since the last tick.
func (h *Hub) tick(tap *network.Tap) {
	frames, missed := tap.Read(maxRead)
	total := len(frames) + int(missed)
	began := time.Now()
	look := h.look(began)
	snapshot := h.source.See(look)
	h.mu.Lock()
	defer h.mu.Unlock()
	batch := h.last.Advance(&snapshot, h.seq+1, look)
	batch.Rate = h.last.Rate(snapshot.Wall, total)
	if binary := network.EncodeFrames(network.Sample(frames, maxFrames), total); binary != nil {
		h.broadcast(websocket.BinaryMessage, binary, false)
	}
	if h.still++; !batch.Empty() || h.still >= stillTicks {
		h.tell(batch)
	}
	if look != playground.LookAway {
		took := time.Since(began)
		h.rested = began.Add(took + playground.Rest(took))
	}
}

// tell sends everyone the next batch. The caller holds mu.
func (h *Hub) tell(batch *playground.Change) {
	text, err := json.Marshal(batch)
	if err != nil {
		return // plain data cannot fail to marshal
	}
	h.seq++
	h.still = 0
	h.broadcast(websocket.TextMessage, text, true)
}

// look decides how closely this tick looks at the nodes. The ages of PONGs grow by themselves, so
// they are told only now and then.
func (h *Hub) look(now time.Time) playground.Look {
	h.mu.Lock()
	defer h.mu.Unlock()
	news := h.source.News()
	if news != h.news {
		h.news, h.fresh = news, freshLooks
	}
	stride := calmTicks
	if h.fresh > 0 {
		stride = freshTicks
	}
	h.aged++
	if h.looks++; h.looks < stride+h.last.Nodes()/nodesPerLook || now.Before(h.rested) {
		return playground.LookAway
	}
	h.looks, h.fresh = 0, max(h.fresh-1, 0)
	if h.aged >= agesEvery {
		h.aged = 0
		return playground.LookAged
	}
	return playground.LookChanged
}

// broadcast hands one message to every viewer. Only numbered messages can be resumed.
func (h *Hub) broadcast(kind int, data []byte, keep bool) {
	m := newMessage(kind, data, len(h.viewers) == 1)
	h.counts.Bytes += uint64(m.size)
	if keep {
		h.recent = append(h.recent, numbered{h.seq, m})
		h.kept += m.size
	}
	for len(h.recent) > keptBatches || h.kept > keptBytes && len(h.recent) > 0 {
		h.kept -= h.recent[0].size
		h.recent = h.recent[1:]
	}
	for v := range h.viewers {
		v.offer(m)
	}
}

// Tell sends one JSON message to every viewer: a lesson's progress, which nobody resumes.
func (h *Hub) Tell(message any) {
	data, err := json.Marshal(message)
	if err != nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.broadcast(websocket.TextMessage, data, false)
}

// snapshot is the whole picture under the current number, the same for everybody who needs it
// before the next batch. The caller holds mu.
func (h *Hub) snapshot() message {
	if h.whole.parcel != nil && h.whole.seq == h.seq && len(h.viewers) > 0 {
		return h.whole.message
	}
	s := h.source.Snapshot()
	s.Seq = h.seq
	data, err := json.Marshal(map[string]any{"type": "snapshot", "snapshot": &s})
	if err != nil {
		return gapMessage // plain data cannot fail to marshal
	}
	m := newMessage(websocket.TextMessage, data, len(h.viewers) == 0)
	h.whole = numbered{h.seq, m}
	return m
}
