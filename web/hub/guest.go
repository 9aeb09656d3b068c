package hub

import (
	"context"
	"net/http"

	"github.com/gorilla/websocket"
)

// Guest is who is behind a socket, as the console knows it. What a browser says about itself does
// not count.
type Guest struct {
	Session string // a browser's; "" is a program
	Teacher bool
	// Known tells whether the session still is one; nil is yes. It is asked when the socket joins the
	// others: a session that ends while its socket is being opened has nothing that Leave could close.
	Known func() bool
}

type guestKey struct{}

// From notes who sent the request of an upgrade.
func From(req *http.Request, g Guest) *http.Request {
	return req.WithContext(context.WithValue(req.Context(), guestKey{}, g))
}

func guestOf(req *http.Request) Guest {
	g, _ := req.Context().Value(guestKey{}).(Guest)
	return g
}

// sessionClosed is what a socket is told whose session is known no more.
const sessionClosed = "the teacher has closed this session"

// refusal is why a guest is not let in.
type refusal struct {
	code int
	why  string
}

// refuse tells why a guest cannot join; nil when they can. The caller holds mu.
func (h *Hub) refuse(g Guest) *refusal {
	switch {
	case h.closed:
		return &refusal{websocket.CloseGoingAway, "the console is closing"}
	case g.Known != nil && !g.Known():
		return &refusal{websocket.ClosePolicyViolation, sessionClosed}
	}
	return nil
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
		h.tasks.Go(func() { v.stop(websocket.ClosePolicyViolation, sessionClosed) })
	}
}
