package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"clusterplay/web/api"
	"clusterplay/web/hub"
)

// askTicket asks a console that listens for a ticket, and returns the status and the ticket.
func askTicket(t *testing.T, addr string, header http.Header) (int, string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, "http://"+addr+"/api/ticket", nil)
	require.NoError(t, err)
	req.Header = header
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	var got api.Ticket
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&got))
	require.Equal(t, resp.StatusCode == http.StatusOK, got.Ticket != "")
	return resp.StatusCode, got.Ticket
}

func TestSEC02ATicketIsGivenToThePageAndToProgramsOnly(t *testing.T) {
	s := classroom(t)
	ada := joinClass(t, s, "Ada")
	own := func(session string) ask { return ask{method: "POST", path: "/api/ticket", session: session}.own() }
	foreign := own(ada)
	foreign.header["Origin"] = "http://evil.com"
	bare := own(ada)
	bare.header[actionHeader] = ""
	for name, row := range map[string]struct {
		ask  ask
		want int
	}{
		"the teacher":          {own(login(t, s)), 200},
		"who watches":          {own(ada), 200},
		"a program":            {ask{method: "POST", path: "/api/ticket", header: map[string]string{"Authorization": "Bearer " + testToken}}, 200},
		"nobody":               {own(""), 401},
		"a made-up session":    {own(strings.Repeat("0", 32)), 401},
		"another page":         {foreign, 403},
		"a form":               {bare, 403},
		"an address to follow": {ask{method: "GET", path: "/api/ticket", session: ada}, 405},
	} {
		t.Run(name, func(t *testing.T) {
			resp := row.ask.send(t, s)
			require.Equal(t, row.want, resp.StatusCode)
		})
	}
	require.Equal(t, "no-store", own(ada).send(t, s).Header.Get("Cache-Control"))
}

func TestSEC02TheSocketIsRefusedBeforeItIsUpgraded(t *testing.T) {
	s := classroom(t)
	addr := serve(t, s)
	name := cookieAt(addr) + "="
	session, ada := sessionAt(t, s, addr), joinClass(t, s, "Ada")
	cookie, hers, own, bearer := name+session, name+ada, "http://"+addr, "Bearer "+testToken
	_, fromPage := askTicket(t, addr, http.Header{"Cookie": {cookie}, "Origin": {own}, actionHeader: {"1"}})
	_, fromProgram := askTicket(t, addr, http.Header{"Authorization": {bearer}})
	ticket := func(session string) []string { return []string{offered(s.tickets.issue(session))} }
	const protocols = "Sec-Websocket-Protocol"
	tests := []struct {
		name   string
		header http.Header
		want   int
	}{
		{"nothing", http.Header{}, 401},
		{"an Origin only", http.Header{"Origin": {own}}, 401},
		{"a ticket only", http.Header{protocols: ticket(session)}, 401},
		{"a ticket of a program only", http.Header{protocols: ticket("")}, 401},
		{"a wrong token", http.Header{"Authorization": {"Bearer x"}, "Origin": {own}, protocols: ticket("")}, 401},
		{"a session without an Origin", http.Header{"Cookie": {cookie}, protocols: ticket(session)}, 403},
		{"a session of another page", http.Header{"Cookie": {cookie}, "Origin": {"http://evil.com"}, protocols: ticket(session)}, 403},
		{"a program of another page", http.Header{"Authorization": {bearer}, "Origin": {"http://evil.com"}, protocols: ticket("")}, 403},
		{"a program with an empty Origin", http.Header{"Authorization": {bearer}, "Origin": {""}, protocols: ticket("")}, 403},
		{"the page without a ticket", http.Header{"Cookie": {cookie}, "Origin": {own}}, 401},
		{"the page that names the protocol only", http.Header{"Cookie": {cookie}, "Origin": {own}, protocols: {hub.Protocol}}, 401},
		{"the page with an empty ticket", http.Header{"Cookie": {cookie}, "Origin": {own}, protocols: {offered("")}}, 401},
		{"the page with its session for a ticket", http.Header{"Cookie": {cookie}, "Origin": {own}, protocols: {offered(session)}}, 401},
		{"the page with a made-up ticket", http.Header{"Cookie": {cookie}, "Origin": {own}, protocols: {offered(NewToken())}}, 401},
		{"the page with a ticket of somebody else", http.Header{"Cookie": {cookie}, "Origin": {own}, protocols: ticket(ada)}, 401},
		{"somebody else with the page's ticket", http.Header{"Cookie": {hers}, "Origin": {own}, protocols: ticket(session)}, 401},
		{"the page with a ticket of a program", http.Header{"Cookie": {cookie}, "Origin": {own}, protocols: ticket("")}, 401},
		{"a program without a ticket", http.Header{"Authorization": {bearer}}, 401},
		{"a program with a page's ticket", http.Header{"Authorization": {bearer}, protocols: ticket(session)}, 401},
		{"the page", http.Header{"Cookie": {cookie}, "Origin": {own}, protocols: {offered(fromPage)}}, 101},
		{"the page's ticket again", http.Header{"Cookie": {cookie}, "Origin": {own}, protocols: {offered(fromPage)}}, 401},
		{"a program", http.Header{"Authorization": {bearer}, protocols: {offered(fromProgram)}}, 101},
		{"a program's ticket again", http.Header{"Authorization": {bearer}, protocols: {offered(fromProgram)}}, 401},
		{"who watches", http.Header{"Cookie": {hers}, "Origin": {own}, protocols: ticket(ada)}, 101},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, upgradeAt(t, addr, "/ws", tt.header))
		})
	}
	node := "/api/labs/main/terminal?node=" + s.cfg.Lab.Nodes()[0].Name
	require.Equal(t, 401, upgradeAt(t, addr, node, http.Header{"Cookie": {cookie}, "Origin": {own}}), "a terminal wants a ticket too")
	require.Equal(t, 401, upgradeAt(t, addr, node+"&ticket="+s.tickets.issue(session), http.Header{"Cookie": {cookie}, "Origin": {own}}), "in an address it is none")
	require.Equal(t, 403, upgradeAt(t, addr, node, http.Header{"Cookie": {hers}, "Origin": {own}, protocols: ticket(ada)}), "who watches has no terminal")
	require.Equal(t, 101, upgradeAt(t, addr, node, http.Header{"Cookie": {cookie}, "Origin": {own}, protocols: ticket(session)}))
	status, _ := raw(t, addr, fmt.Sprintf("GET /ws HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nOrigin: %s\r\nSec-WebSocket-Protocol: %s\r\n\r\n", addr, cookie, own, ticket(session)[0]))
	require.Equal(t, http.StatusBadRequest, status, "the page asks for a socket, not for a page")
}

// upgradeAt asks for a socket and returns the status; what is upgraded tells the protocol, not the
// ticket, and speaks.
func upgradeAt(t *testing.T, addr, path string, header http.Header) int {
	t.Helper()
	socket, resp, err := websocket.DefaultDialer.Dial("ws://"+addr+path, header)
	require.NotNil(t, resp, err)
	if err == nil {
		require.Equal(t, hub.Protocol, socket.Subprotocol())
		_, _, err := socket.ReadMessage()
		require.NoError(t, err)
		require.NoError(t, socket.Close())
	}
	return resp.StatusCode
}

func TestSEC02ATicketIsGoodForThirtySecondsAndOneUse(t *testing.T) {
	now := time.Unix(0, 0)
	tickets := newTickets(func() time.Time { return now })
	first, second := tickets.issue("ada"), tickets.issue("ada")
	require.NotEqual(t, first, second)
	require.Len(t, first, 2*secretBytes)
	require.False(t, tickets.use("bob", first))
	require.False(t, tickets.use("", first))
	require.True(t, tickets.use("ada", first), "another's try uses nothing up")
	require.False(t, tickets.use("ada", first))
	now = now.Add(ticketLife)
	require.True(t, tickets.use("ada", second), "to the last moment")
	third := tickets.issue("ada")
	now = now.Add(ticketLife + 1)
	require.False(t, tickets.use("ada", third))
	require.Empty(t, tickets.waiting, "what is too old is forgotten")
}

func TestSEC02TheTicketsThatWaitAreBoundedAndNobodyTakesAnothersPlace(t *testing.T) {
	tickets := newTickets(time.Now)
	bobs := tickets.issue("bob")
	var hers []string
	for range maxTickets + 1 {
		hers = append(hers, tickets.issue("ada"))
	}
	require.Len(t, tickets.waiting["ada"], maxTickets)
	require.False(t, tickets.use("ada", hers[0]), "the oldest went")
	require.True(t, tickets.use("ada", hers[1]))
	require.True(t, tickets.use("bob", bobs))
}

func TestSEC29APersonOfTheClassOpensSoManySocketsInAllLabsAndTheTeacherStillWatches(t *testing.T) {
	s := classroom(t)
	addr := serve(t, s)
	beside(t, s, "b")
	formed(t, s, "b")
	paths := []string{"/ws", "/ws?lab=b"}
	open := func(session, path string) error {
		header := http.Header{"Cookie": {cookieAt(addr) + "=" + session}, "Origin": {"http://" + addr}, "Sec-Websocket-Protocol": {offered(s.tickets.issue(session))}}
		socket, _, err := websocket.DefaultDialer.Dial("ws://"+addr+path, header)
		require.NoError(t, err)
		t.Cleanup(func() { _ = socket.Close() })
		_, _, err = socket.ReadMessage()
		return err
	}
	ada, opened := joinClass(t, s, "Ada"), 0
	var err error
	for ; err == nil; opened++ {
		require.Less(t, opened, 40, "there must be an end")
		err = open(ada, paths[opened%2])
	}
	require.Positive(t, s.main().hub.Viewers())
	require.True(t, websocket.IsCloseError(err, 4001), err)
	require.ErrorContains(t, err, "close one")
	require.NoError(t, open(joinClass(t, s, "Bob"), "/ws"))
	require.NoError(t, open(sessionAt(t, s, addr), "/ws?lab=b"))
}
