package hub

import (
	"context"
	"net/http"

	"github.com/gorilla/websocket"
)

// Guest is who is behind a socket, as the console knows it. What a browser says about itself does
// not count.
type Guest struct {
	Session string
	MayAct  bool // may say more than that it is there
}

type guestKey struct{}

// From notes who sent the request of an upgrade. A request without a note may only watch.
func From(req *http.Request, g Guest) *http.Request {
	return req.WithContext(context.WithValue(req.Context(), guestKey{}, g))
}

func guestOf(req *http.Request) Guest {
	g, _ := req.Context().Value(guestKey{}).(Guest)
	return g
}

// watchersSay is what somebody may say who only watches. Whatever is not named here is refused them.
var watchersSay = map[string]bool{"ack": true}

// may tells whether a viewer may say a message of that type.
func (v *viewer) may(kind string) bool { return v.guest.MayAct || watchersSay[kind] }

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
