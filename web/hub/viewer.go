package hub

import (
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"
)

const (
	queueLength    = 128              // messages a viewer may be behind: three seconds
	readLimit      = 64 << 10         // one message of a browser: a line of a terminal is far smaller
	writePatience  = 10 * time.Second // a write that takes longer ends the socket
	pingEvery      = 20 * time.Second
	pongPatience   = 45 * time.Second
	messagesPerSec = 20 // of one browser, with a burst of twice that
	maxFaults      = 5  // messages we do not understand before the socket is closed
)

// viewer is one browser. Its queue is filled by the hub and emptied by its own writer.
type viewer struct {
	hub    *Hub
	id     uint64
	socket *websocket.Conn
	queue  chan *websocket.PreparedMessage
	ended  chan struct{}
	once   sync.Once

	lagging bool // guarded by hub.mu: it missed something and waits for a snapshot
}

// ServeHTTP upgrades a request that has passed the console's checks and serves it until the
// browser leaves.
func (h *Hub) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	socket, err := h.upgrade.Upgrade(rw, req, nil)
	if err != nil {
		return // Upgrade has answered
	}
	since, _ := strconv.ParseUint(req.URL.Query().Get("since"), 10, 64)
	v := &viewer{hub: h, socket: socket, queue: make(chan *websocket.PreparedMessage, queueLength), ended: make(chan struct{})}
	if !h.join(v, since) {
		socket.Close()
		return
	}
	go v.write()
	v.read()
	h.leave(v)
}

// join adds a viewer: it goes on after since if the batches are still there, else from a snapshot.
func (h *Hub) join(v *viewer, since uint64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.ids++
	v.id = h.ids
	if !h.resume(v, since) {
		v.queue <- h.snapshotMessage()
	}
	h.viewers[v] = true
	select {
	case h.wake <- struct{}{}:
	default:
	}
	return true
}

// resume queues the batches after since, if none is missing and somebody has been watching all
// along. The caller holds mu.
func (h *Hub) resume(v *viewer, since uint64) bool {
	if since == 0 || len(h.viewers) == 0 || since > h.seq || len(h.recent) == 0 || h.recent[0].seq > since+1 {
		return false
	}
	missed := h.recent[len(h.recent)-int(h.seq-since):]
	if len(missed) > queueLength/2 {
		return false
	}
	for _, n := range missed {
		v.queue <- n.message
	}
	return true
}

func (h *Hub) leave(v *viewer) {
	h.mu.Lock()
	delete(h.viewers, v)
	h.mu.Unlock()
	v.stop(websocket.CloseNormalClosure, "")
	h.handler.Gone(v.id)
}

// offer queues a message, or notes that the viewer is behind. A viewer that was behind and has
// caught up is told of the gap and gets a snapshot. The caller holds hub.mu.
func (v *viewer) offer(m *websocket.PreparedMessage) {
	if v.lagging {
		if len(v.queue) > 0 {
			return
		}
		v.lagging = false
		v.queue <- gapMessage
		v.queue <- v.hub.snapshotMessage()
		return
	}
	select {
	case v.queue <- m:
	default:
		v.lagging = true
	}
}

// gapMessage says that something was left out and a snapshot follows.
var gapMessage = func() *websocket.PreparedMessage {
	m, err := websocket.NewPreparedMessage(websocket.TextMessage, []byte(`{"type":"gap"}`))
	if err != nil {
		panic(err)
	}
	return m
}()

// write is the only goroutine that writes to the socket.
func (v *viewer) write() {
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		var err error
		select {
		case <-v.ended:
			return
		case m := <-v.queue:
			_ = v.socket.SetWriteDeadline(time.Now().Add(writePatience))
			if m != nil {
				err = v.socket.WritePreparedMessage(m)
			}
		case <-ping.C:
			err = v.socket.WriteControl(websocket.PingMessage, nil, time.Now().Add(writePatience))
		}
		if err != nil {
			v.stop(websocket.CloseGoingAway, "")
			return
		}
	}
}

// stop closes the socket once; WriteControl may be called beside the writer.
func (v *viewer) stop(code int, why string) {
	v.once.Do(func() {
		close(v.ended)
		_ = v.socket.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, why), time.Now().Add(time.Second))
		v.socket.Close()
	})
}

// request is what a browser may say.
type request struct {
	Type    string `json:"type"`
	ID      int    `json:"id"`
	Node    string `json:"node"`
	Line    string `json:"line"`
	Cluster bool   `json:"cluster"`
	Seq     int64  `json:"seq"`
}

// read serves what the browser says until it leaves or misbehaves.
func (v *viewer) read() {
	v.socket.SetReadLimit(readLimit)
	_ = v.socket.SetReadDeadline(time.Now().Add(pongPatience))
	v.socket.SetPongHandler(func(string) error { return v.socket.SetReadDeadline(time.Now().Add(pongPatience)) })
	limit := rate.NewLimiter(messagesPerSec, 2*messagesPerSec)
	faults := 0
	for {
		kind, data, err := v.socket.ReadMessage()
		if err != nil {
			return
		}
		_ = v.socket.SetReadDeadline(time.Now().Add(pongPatience))
		if kind != websocket.TextMessage {
			v.stop(websocket.CloseUnsupportedData, "text messages only")
			return
		}
		if !limit.Allow() || !v.serve(data) {
			if faults++; faults >= maxFaults {
				v.stop(websocket.ClosePolicyViolation, "too many messages that are not understood or too fast")
				return
			}
		}
	}
}

// serve answers one message and reports whether it was understood.
func (v *viewer) serve(data []byte) bool {
	var r request
	if err := json.Unmarshal(data, &r); err != nil {
		v.say(map[string]any{"type": "error", "error": "the message is not JSON", "hint": `{"type":"term","id":1,"node":"7000","line":"PING"}`})
		return false
	}
	switch r.Type {
	case "ack":
		return true
	case "term":
		text, prompt, failed := v.hub.handler.Term(v.id, r.Node, r.Line, r.Cluster)
		v.say(map[string]any{"type": "term", "id": r.ID, "text": text, "prompt": prompt, "error": failed})
		return true
	}
	v.say(map[string]any{"type": "error", "error": "unknown type " + strconv.Quote(r.Type), "field": "type", "hint": "term or ack"})
	return false
}

// say queues a message for this viewer alone; it waits for room, which holds up only its reader.
func (v *viewer) say(message any) {
	data, err := json.Marshal(message)
	if err != nil {
		return
	}
	prepared, err := websocket.NewPreparedMessage(websocket.TextMessage, data)
	if err != nil {
		return
	}
	select {
	case v.queue <- prepared:
	case <-v.ended:
	}
}
