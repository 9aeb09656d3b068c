package web

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/labstack/echo/v4"

	"clusterplay/web/api"
	"clusterplay/web/hub"
)

const (
	// ticketLife is how long a ticket waits for its one use: the page asks for it just before.
	ticketLife = 30 * time.Second
	// maxTickets bounds those of one session that wait; the oldest goes first. A browser that opens all
	// its pages at once needs fewer.
	maxTickets = 32
	// ticketPrefix begins the subprotocol that is a ticket. A browser cannot set a header of its own on
	// an upgrade, and an address would be logged; what protocols it offers is neither.
	ticketPrefix = "ticket."
)

// tickets are what sockets are opened with: a session alone, which a browser sends by itself, opens
// none.
type tickets struct {
	now func() time.Time

	mu      sync.Mutex
	waiting map[string][]ticket // by session, oldest first; the token's stand under ""
}

// ticket is good once.
type ticket struct {
	secret  string
	expires time.Time
}

func newTickets(now func() time.Time) *tickets {
	return &tickets{now: now, waiting: map[string][]ticket{}}
}

// issue makes a ticket that only its session can use.
func (t *tickets) issue(session string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.expire()
	secret := NewToken()
	own := append(t.waiting[session], ticket{secret, t.now().Add(ticketLife)})
	t.waiting[session] = own[max(0, len(own)-maxTickets):]
	return secret
}

// use takes a ticket; false for one that is unknown, used, too old or another session's.
func (t *tickets) use(session, secret string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.expire()
	found := -1
	for i, known := range t.waiting[session] { // all of them, so that the time tells nothing
		if same(secret, known.secret) {
			found = i
		}
	}
	if found < 0 {
		return false
	}
	t.waiting[session] = slices.Delete(t.waiting[session], found, found+1)
	return true
}

// expire forgets what is too old. The caller holds mu.
func (t *tickets) expire() {
	now := t.now()
	for session, own := range t.waiting {
		own = slices.DeleteFunc(own, func(k ticket) bool { return now.After(k.expires) })
		if t.waiting[session] = own; len(own) == 0 {
			delete(t.waiting, session)
		}
	}
}

// NewTicket gives whoever is logged in a ticket for one socket.
func (s rest) NewTicket(c echo.Context) error {
	if err := readArgs(c, &struct{}{}); err != nil {
		return err
	}
	secret := s.tickets.issue(who(c).session)
	return c.JSON(http.StatusOK, api.Ticket{Ticket: secret, Seconds: int(ticketLife / time.Second)})
}

// mayUpgrade judges the request for a socket, before it becomes one: it comes from the console's own
// page or, without an Origin, from a program with the token, and it shows a ticket.
func (s *Server) mayUpgrade(who caller, req *http.Request) error {
	program := who.byToken && len(req.Header.Values("Origin")) == 0
	switch {
	case !program && !originAllowed(req):
		return refuse(http.StatusForbidden, "Origin", "the request does not come from the console's own page", "")
	case !s.tickets.use(who.session, shownTicket(req)):
		return refuse(http.StatusUnauthorized, "Sec-WebSocket-Protocol", "the ticket is missing, used, too old or somebody else's",
			"POST /api/ticket gives one; offer the protocols "+hub.Protocol+" and "+ticketPrefix+"…")
	}
	return nil
}

// shownTicket is the ticket among the protocols that a request offers; "" when there is none.
func shownTicket(req *http.Request) string {
	for _, protocol := range websocket.Subprotocols(req) {
		if secret, ok := strings.CutPrefix(protocol, ticketPrefix); ok {
			return secret
		}
	}
	return ""
}
