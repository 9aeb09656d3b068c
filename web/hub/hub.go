package hub

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"clusterplay/playground"
	"clusterplay/playground/network"
)

const (
	// frameInterval is the time between two batches: twenty a second look smooth and are few.
	frameInterval = 50 * time.Millisecond
	// maxFrames is how many frames in flight one message shows; the page draws no more at once.
	maxFrames = 200
	// keptBatches is how far back a browser can resume without a snapshot: ten seconds.
	keptBatches = 200
	// nodesPerLook slows the comparing of nodes in a large lab: each node sees all the others.
	nodesPerLook = 20
)

// Source is the lab as the hub sees it.
type Source interface {
	Snapshot() playground.Snapshot
	Network() *network.Network
}

// Handler answers what browsers ask over the socket. It is called on the browser's own goroutine.
type Handler interface {
	// Term evaluates one line of a browser's terminal. session tells one socket from another.
	Term(session uint64, node, line string, cluster bool) (text, prompt string, failed bool)
	// Gone tells that a socket is closed.
	Gone(session uint64)
}

// Hub feeds all browsers that watch one lab.
type Hub struct {
	source  Source
	handler Handler
	upgrade websocket.Upgrader
	done    chan struct{}
	wake    chan struct{} // a first viewer came

	mu      sync.Mutex
	viewers map[*viewer]bool
	recent  []numbered // the last batches, oldest first
	seq     uint64
	last    picture
	ids     uint64
	closed  bool
}

// numbered is one batch, encoded for everyone.
type numbered struct {
	seq     uint64
	message *websocket.PreparedMessage
}

// New makes a hub and starts it; Close ends it. allowed judges the request of an upgrade.
func New(source Source, handler Handler, allowed func(*http.Request) bool) *Hub {
	h := &Hub{
		source: source, handler: handler, viewers: map[*viewer]bool{},
		done: make(chan struct{}), wake: make(chan struct{}, 1),
		upgrade: websocket.Upgrader{CheckOrigin: allowed, HandshakeTimeout: writePatience, EnableCompression: false},
	}
	go h.run()
	return h
}

// Close ends the hub and every socket.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	h.closed = true
	close(h.done)
	for v := range h.viewers {
		v.stop(websocket.CloseGoingAway, "the console is closing")
	}
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
	var tap *network.Tap
	buffer := make([]network.Frame, maxRead)
	for {
		if h.Viewers() == 0 {
			if tap != nil {
				tap.Close()
				tap = nil
			}
			select {
			case <-h.done:
				return
			case <-h.wake:
			}
		}
		if tap == nil {
			tap = h.source.Network().Watch()
		}
		select {
		case <-h.done:
			tap.Close()
			return
		case <-ticker.C:
			h.tick(tap, buffer)
		}
	}
}

// maxRead bounds the frames looked at in one tick: a thousand nodes send nine hundred.
const maxRead = 4096

// tick tells everyone what changed since the last tick.
func (h *Hub) tick(tap *network.Tap, buffer []network.Frame) {
	n, missed := tap.Read(buffer)
	frames := buffer[:n]
	snapshot := h.source.Snapshot()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seq++
	batch := h.last.advance(&snapshot, h.seq)
	batch.Rate = h.last.rate(snapshot.Wall, n+int(missed))
	if binary := encodeFrames(sample(frames, maxFrames), n+int(missed)); binary != nil {
		h.broadcast(websocket.BinaryMessage, binary, false)
	}
	text, err := json.Marshal(batch)
	if err != nil {
		return // plain data cannot fail to marshal
	}
	h.broadcast(websocket.TextMessage, text, true)
}

// broadcast hands one message to every viewer. Only numbered messages can be resumed.
func (h *Hub) broadcast(kind int, data []byte, keep bool) {
	message, err := websocket.NewPreparedMessage(kind, data)
	if err != nil {
		return
	}
	if keep {
		h.recent = append(h.recent, numbered{h.seq, message})
		if len(h.recent) > keptBatches {
			h.recent = h.recent[1:]
		}
	}
	for v := range h.viewers {
		v.offer(message)
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

// snapshotMessage is the whole picture under the current number. The caller holds mu.
func (h *Hub) snapshotMessage() *websocket.PreparedMessage {
	snapshot := h.source.Snapshot()
	snapshot.Seq = h.seq
	data, err := json.Marshal(map[string]any{"type": "snapshot", "snapshot": &snapshot})
	if err != nil {
		return nil
	}
	message, err := websocket.NewPreparedMessage(websocket.TextMessage, data)
	if err != nil {
		return nil
	}
	return message
}
