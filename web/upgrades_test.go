package web

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSEC29AHundredUpgradesAtOnceAreServedAndLeaveNothing(t *testing.T) {
	s := console(t)
	addr := serve(t, s)
	for range 3 {
		var all sync.WaitGroup
		for range 100 {
			header := http.Header{"Authorization": {"Bearer " + testToken}, "Sec-Websocket-Protocol": {offered(s.tickets.issue(""))}}
			socket, _, err := websocket.DefaultDialer.Dial("ws://"+addr+"/ws", header)
			require.NoError(t, err)
			all.Go(func() {
				defer socket.Close() // without a word, as a browser that is closed
				_, _, err := socket.ReadMessage()
				assert.NoError(t, err)
			})
		}
		all.Wait()
		require.Eventually(t, func() bool { return s.main().hub.Viewers() == 0 }, dayPatience, time.Millisecond)
	}
	require.Empty(t, s.tickets.waiting[""])
}

func TestSEC05WhoIsSentOutLosesTheSocketAndEveryRoute(t *testing.T) {
	s := classroom(t)
	addr := serve(t, s)
	ada := joinClass(t, s, "Ada")
	waiting := s.tickets.issue(ada)
	page := http.Header{"Cookie": {cookieAt(addr) + "=" + ada}, "Origin": {"http://" + addr}, actionHeader: {"1"}}
	with := func(ticket string) http.Header {
		h := page.Clone()
		h.Set("Sec-WebSocket-Protocol", offered(ticket))
		return h
	}
	socket, _, err := websocket.DefaultDialer.Dial("ws://"+addr+"/ws", with(s.tickets.issue(ada)))
	require.NoError(t, err)
	defer socket.Close()

	resp := ask{method: "POST", path: "/api/room", body: `{"open":false}`, header: map[string]string{"Authorization": "Bearer " + testToken, "Content-Type": "application/json"}}.send(t, s)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	for err == nil {
		_, _, err = socket.ReadMessage()
	}
	require.True(t, websocket.IsCloseError(err, websocket.ClosePolicyViolation), err)
	require.Equal(t, http.StatusUnauthorized, upgradeAt(t, addr, "/ws", with(waiting)), "a ticket from before is none")
	status, _ := askTicket(t, addr, page)
	require.Equal(t, http.StatusUnauthorized, status)
	for _, r := range s.table {
		if r.policy != public && r.policy != entry {
			resp := ask{method: r.method, path: concrete(r.path), body: `{}`, session: ada}.own().send(t, s)
			require.Equal(t, http.StatusUnauthorized, resp.StatusCode, "%s %s", r.method, r.path)
		}
	}
}
