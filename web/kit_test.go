package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"clusterplay/node/berth"
	"clusterplay/playground"
	"clusterplay/scenarios"
	"clusterplay/web/hub"
)

// testToken is what programs show to the consoles of these tests.
const testToken = "0123456789abcdef0123456789abcdef"

// testHost is the Host of a test's requests, and testOrigin the Origin of the console's own page.
const (
	testHost   = "127.0.0.1:7070"
	testOrigin = "http://" + testHost
)

// lab is the one lab of these tests; it starts when the first test needs it.
var lab = sync.OnceValues(func() (*playground.Lab, error) {
	return playground.Launch(context.Background(), playground.Topology{
		Masters: 3, Replicas: 1, Port: berth.Piers(6), Links: playground.MemoryLinks,
	})
})

func TestMain(m *testing.M) {
	code := m.Run()
	if l, err := lab(); err == nil { // starts a lab only to close it when no test did
		l.Close()
	}
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, "goroutines are left:", err)
		code = 1
	}
	os.Exit(code)
}

// console makes a console on the lab and closes it with the test.
func console(t *testing.T) *Server {
	t.Helper()
	l, err := lab()
	require.NoError(t, err)
	lessons, err := scenarios.NewLibrary()
	require.NoError(t, err)
	files := fstest.MapFS{"app.js": {Data: []byte("// script")}, "a/b.woff2": {Data: []byte("font")}}
	s := New(Config{Lab: l, Lessons: lessons, Assets: files, Token: testToken, Names: []string{"class.example"}, Version: "test"})
	t.Cleanup(s.Close)
	return s
}

// ask is one request to a console.
type ask struct {
	method, path, body string
	header             map[string]string
	session            string // a cookie's value
}

// own adds what the console's own page sends.
func (a ask) own() ask {
	header := map[string]string{"Origin": testOrigin, actionHeader: "1", "Content-Type": "application/json"}
	for name, value := range a.header {
		header[name] = value
	}
	a.header = header
	return a
}

// send hands a request to a console and returns what it answered.
func (a ask) send(t *testing.T, s *Server) *http.Response {
	t.Helper()
	req := httptest.NewRequest(a.method, a.path, strings.NewReader(a.body))
	req.Host = testHost
	for name, value := range a.header {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	if a.session != "" {
		req.AddCookie(&http.Cookie{Name: "playground-7070", Value: a.session})
	}
	rec := httptest.NewRecorder()
	s.Handler().ServeHTTP(rec, req)
	return rec.Result()
}

// problemOf reads a refusal.
func problemOf(t *testing.T, resp *http.Response) problem {
	t.Helper()
	data, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	var p problem
	require.NoError(t, json.Unmarshal(data, &p), "%d %s", resp.StatusCode, data)
	require.NotEmpty(t, p.Error)
	return p
}

// login makes a session as the page does.
func login(t *testing.T, s *Server) string {
	t.Helper()
	_, code, _ := strings.Cut(s.Link(testHost), "#code=")
	resp := ask{method: "POST", path: "/api/session", body: `{"code":"` + code + `"}`}.own().send(t, s)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Len(t, resp.Cookies(), 1)
	return resp.Cookies()[0].Value
}

// upgrade is what a browser says when it asks for a socket, with a ticket of its session.
func upgrade(s *Server, session string) map[string]string {
	return map[string]string{
		"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
		"Sec-WebSocket-Protocol": offered(s.tickets.issue(session)),
	}
}

// offered is the protocols that a page offers with a ticket.
func offered(ticket string) string { return hub.Protocol + ", " + ticketPrefix + ticket }

// dial opens a socket of a console that listens, as a program with the token.
func dial(t *testing.T, s *Server, addr, path string) *websocket.Conn {
	t.Helper()
	header := http.Header{"Authorization": {"Bearer " + testToken}, "Sec-WebSocket-Protocol": {offered(s.tickets.issue(""))}}
	socket, _, err := websocket.DefaultDialer.Dial("ws://"+addr+path, header)
	require.NoError(t, err)
	t.Cleanup(func() { _ = socket.Close() })
	return socket
}

// concrete fills a route's parameters in.
func concrete(path string) string {
	return strings.NewReplacer(":lab", "main", ":verb", "mark", ":lesson", "a-master-dies", "*", "app.js", ":slot", "0", ":node", "7000", ":what", "info", ":person", "1").Replace(path)
}
