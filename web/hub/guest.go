package hub

import (
	"context"
	"net/http"

	"github.com/gorilla/websocket"
)

// Guest is who is behind a socket, as the console knows it. What a browser says about itself does
// not count.
type Guest struct{ Session string }

type guestKey struct{}

// From notes who sent the request of an upgrade.
func From(req *http.Request, g Guest) *http.Request {
	return req.WithContext(context.WithValue(req.Context(), guestKey{}, g))
}

func guestOf(req *http.Request) Guest {
	g, _ := req.Context().Value(guestKey{}).(Guest)
	return g
}

// Sessions are those with an open socket.
func (h *Hub) Sessions() map[string]bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	open := map[string]bool{}
	for v := range h.viewers {
		open[v.guest.Session] = true
	}
	return open
}

// Leave closes every socket of a session, which is known no more.
func (h *Hub) Leave(session string) {
	h.mu.Lock()
	var theirs []*viewer
	for v := range h.viewers {
		if v.guest.Session == session {
			theirs = append(theirs, v)
		}
	}
	h.mu.Unlock()
	for _, v := range theirs { // one that does not read is not waited for
		h.tasks.Go(func() { v.stop(websocket.ClosePolicyViolation, "the teacher has closed this session") })
	}
}
