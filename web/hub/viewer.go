package hub

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

const (
	queueLength   = 128              // messages a viewer may be behind: three seconds
	queueBytes    = 256 << 10        // bytes a viewer may be behind: a small lab's batches for a few seconds
	writePatience = 10 * time.Second // a write that takes longer ends the socket
	closePatience = time.Second      // a closing socket's last word
	pingEvery     = 20 * time.Second
)

// viewer is one browser. Its queue is filled by the hub and emptied by its own writer.
type viewer struct {
	hub    *Hub
	guest  Guest
	socket *websocket.Conn
	queue  chan message
	behind atomic.Int64 // bytes in the queue or being written
	ctx    context.Context
	cancel context.CancelFunc
	once   sync.Once

	lagging bool // guarded by hub.mu: it missed something and waits for a snapshot
}

// ServeHTTP upgrades a request that has passed the console's checks and serves it until the
// browser leaves. After the batch ?since=N it goes on from there if it can.
func (h *Hub) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	socket, err := h.upgrade.Upgrade(rw, req, nil)
	if err != nil {
		return // Upgrade has answered
	}
	defer socket.Close()
	since, _ := strconv.ParseUint(req.URL.Query().Get("since"), 10, 64)
	v := &viewer{hub: h, guest: guestOf(req), socket: socket, queue: make(chan message, queueLength)}
	v.ctx, v.cancel = context.WithCancel(context.Background()) // the request's own ends with the upgrade
	if no := h.seats.Take(v.guest.Session, v.guest.Teacher); no != nil {
		v.stop(closeTooMany, no.Error())
		return
	}
	defer h.seats.Free(v.guest.Session)
	if no := h.join(v, since); no != nil {
		v.stop(no.code, no.why)
		return
	}
	defer h.tasks.Done()
	defer h.leave(v)
	var tasks sync.WaitGroup
	defer tasks.Wait()
	defer v.stop(websocket.CloseNormalClosure, "")
	tasks.Go(func() { safely("writer", v.write) })
	v.read()
}

// join adds a viewer, or tells why not. It goes on after since if the batches are still there, else
// from a snapshot.
func (h *Hub) join(v *viewer, since uint64) *refusal {
	h.mu.Lock()
	defer h.mu.Unlock()
	if no := h.refuse(v.guest); no != nil {
		return no
	}
	h.tasks.Add(1)
	if !h.resume(v, since) {
		v.enqueue(h.snapshot())
	}
	h.viewers[v] = true
	select {
	case h.wake <- struct{}{}:
	default:
	}
	return nil
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
		v.enqueue(n.message)
	}
	return true
}

func (h *Hub) leave(v *viewer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.viewers, v)
}

// offer queues a message, or notes that the viewer is behind. A viewer that was behind and has
// caught up is told of the gap and gets a snapshot. The caller holds hub.mu.
func (v *viewer) offer(m message) {
	switch behind := v.behind.Load(); {
	case v.lagging && behind > 0:
	case v.lagging:
		v.hub.counts.Gaps++
		v.lagging = !v.enqueue(gapMessage) || !v.enqueue(v.hub.snapshot())
	case behind > 0 && behind+int64(m.size) > queueBytes:
		v.lagging = true
	default:
		v.lagging = !v.enqueue(m)
	}
}

// enqueue queues a message if there is room.
func (v *viewer) enqueue(m message) bool {
	v.behind.Add(int64(m.size))
	select {
	case v.queue <- m:
		return true
	default:
		v.behind.Add(-int64(m.size))
		return false
	}
}

// gapMessage says that something was left out and a snapshot follows.
var gapMessage = newMessage(websocket.TextMessage, []byte(`{"type":"gap"}`), false)

// write is the only goroutine that writes to the socket.
func (v *viewer) write() {
	defer v.stop(websocket.CloseGoingAway, "")
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		var err error
		select {
		case <-v.ctx.Done():
			return
		case m := <-v.queue:
			_ = v.socket.SetWriteDeadline(time.Now().Add(writePatience))
			err = m.write(v.socket)
			v.behind.Add(-int64(m.size))
		case <-ping.C:
			err = v.socket.WriteControl(websocket.PingMessage, nil, time.Now().Add(writePatience))
		}
		if err != nil {
			return
		}
	}
}

// stop closes the socket once; WriteControl may be called beside the writer.
func (v *viewer) stop(code int, why string) {
	v.once.Do(func() {
		v.cancel()
		_ = v.socket.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, why), time.Now().Add(closePatience))
		v.socket.Close()
	})
}
