package web

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"clusterplay/playground"
)

// stranger is somebody who asks: what their requests show, and what that makes of them.
type stranger struct {
	name    string
	role    role
	session string // whose tickets they use
	header  http.Header
}

// strangers are everybody a console may meet.
func strangers(t *testing.T, s *Server, addr string) []stranger {
	t.Helper()
	page := func(value string) http.Header {
		return http.Header{"Cookie": {cookieAt(addr) + "=" + value}, "Origin": {"http://" + addr}, actionHeader: {"1"}}
	}
	ada, gone, hers := joinClass(t, s, "Ada"), joinClass(t, s, "Bob"), sessionAt(t, s, addr)
	people := roomOf(t, s).People
	s.room.remove(people[len(people)-1].Id)
	both := page(ada)
	both["Cookie"] = []string{cookieAt(addr) + "=" + ada + "; " + cookieAt(addr) + "=" + hers}
	return []stranger{
		{"nobody", nobody, "", http.Header{"Origin": {"http://" + addr}, actionHeader: {"1"}}},
		{"a made-up session", nobody, "", page(strings.Repeat("0", 2*secretBytes))},
		{"a session with a letter changed", nobody, "", page(hers[:len(hers)-1] + "g")},
		{"a session and a letter more", nobody, "", page(hers + "0")},
		{"half a session", nobody, "", page(hers[:secretBytes])},
		{"the token for a session", nobody, "", page(testToken)},
		{"a session for a token", nobody, "", http.Header{"Authorization": {"Bearer " + hers}}},
		{"a ticket for a token", nobody, "", http.Header{"Authorization": {"Bearer " + s.tickets.issue("")}}},
		{"whom the teacher has sent out", nobody, gone, page(gone)},
		{"who watches", viewer, ada, page(ada)},
		{"who watches and found another cookie", viewer, ada, both}, // the first counts
		{"the teacher", teacher, hers, page(hers)},
		{"a program", teacher, "", http.Header{"Authorization": {"Bearer " + testToken}}},
	}
}

// cookieAt names the cookie of a console that listens.
func cookieAt(addr string) string { return cookieName + "-" + addr[strings.LastIndex(addr, ":")+1:] }

// claims are what a request may say of itself, which counts for nothing.
var claims = http.Header{"X-Role": {"teacher"}, "X-Playground-Role": {"teacher"}, "X-Forwarded-For": {"127.0.0.1"}, "X-Forwarded-User": {"teacher"}}

// send asks as a stranger, over the network, with a ticket when it is for a socket.
func (x stranger) send(t *testing.T, s *Server, addr, method, path, body string, socket bool) (int, string) {
	t.Helper()
	if socket {
		body = "" // an upgrade with a body is refused, and its ticket gone
	}
	req, err := http.NewRequest(method, "http://"+addr+path, strings.NewReader(body))
	require.NoError(t, err)
	req.Header = x.header.Clone()
	for name, value := range claims {
		req.Header[name] = value
	}
	req.Header.Set("Content-Type", "application/json")
	if socket {
		for name, value := range upgrade(s, x.session) {
			req.Header.Set(name, value)
		}
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return resp.StatusCode, ""
	}
	data, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(data)
}

// mayAsk says which roles a policy lets through. It is written down here a second time, so that the
// table is compared with what was meant.
func mayAsk(p policy, r role) bool {
	switch p {
	case public, entry:
		return true
	case readOnly, watching, listening:
		return r == viewer || r == teacher
	case teaching, acting, typing:
		return r == teacher
	}
	return false
}

// trace is what a request may have left behind.
type trace struct {
	acts, lessons int
	code, lesson  string
	people        int
	links         int
}

// traceOf looks at all that the routes can change.
func traceOf(s *Server) trace {
	now := trace{lessons: len(s.cfg.Lessons.List("")), code: s.JoinCode(), lesson: fmt.Sprint(s.main().lectern.standsAt())}
	for _, l := range s.cfg.Lab.Snapshot().Story {
		if slices.Contains([]string{"input", "mark", "refused"}, l.Name) {
			now.acts += int(l.Seq)
		}
	}
	_, _, people := s.room.look()
	now.people = len(people)
	s.sessions.mu.Lock()
	defer s.sessions.mu.Unlock()
	now.links = len(s.sessions.codes)
	return now
}

// withheld makes a body that a verb understands or not: whoever may act is told that it does not, so
// that nothing happens, and nobody else is told.
const withheld = `{"role":"teacher","session":"teacher","nonsense":1}`

func TestSEC05EveryRouteAndVerbAgainstEveryoneOverTheNetwork(t *testing.T) {
	s := classroom(t)
	addr, node := serve(t, s), s.cfg.Lab.Nodes()[0].Name
	cells := 0
	for _, x := range strangers(t, s, addr) {
		t.Run(x.name, func(t *testing.T) {
			for _, r := range s.table {
				if r.policy == public || r.policy == entry {
					continue // TestSEC04, TestSEC07
				}
				before := traceOf(s)
				path := strings.NewReplacer("/7000/", "/"+node+"/", "/people/1/", "/people/0/").Replace(concrete(r.path))
				status, body := x.send(t, s, addr, r.method, path+"?role=teacher&node="+node, withheld, r.policy.socket())
				want := http.StatusUnauthorized
				if x.role == viewer {
					want = http.StatusForbidden
				}
				if refused := status == http.StatusUnauthorized || status == http.StatusForbidden; mayAsk(r.policy, x.role) {
					require.False(t, refused, "%s %s: %d %s", r.method, path, status, body)
				} else {
					require.Equal(t, want, status, "%s %s: %s", r.method, path, body)
				}
				if r.path != "/api/link" || !mayAsk(r.policy, x.role) { // which reads nothing, and makes a link
					require.Equal(t, before, traceOf(s), "%s %s: %d %s", r.method, path, status, body)
				}
				cells++
			}
		})
	}
	require.GreaterOrEqual(t, cells, 13*(len(playground.Verbs())+20))
}

// detours are ways of writing a path in which a judge and a router may disagree.
func detours(path string) []string {
	last := strings.LastIndex(path, "/")
	return []string{
		path + "/", "/" + path, path[:last] + "/." + path[last:], path[:last] + "/x/.." + path[last:], path[:last] + "//" + path[last+1:],
		path[:last] + "%2f" + path[last+1:], strings.ToUpper(path), "/assets/.." + path, "/assets/..%2f" + path[1:], path + ";x", path + "%00", path + "%20", path + ".json",
		path[:last+1] + fmt.Sprintf("%%%02x", path[last+1]) + path[last+2:], // the same, spelled otherwise
	}
}

func TestSEC05ADetourLeadsAViewerNowhereElse(t *testing.T) {
	s := classroom(t)
	addr := serve(t, s)
	all := strangers(t, s, addr)
	x := all[slices.IndexFunc(all, func(x stranger) bool { return x.role == viewer })]
	before := traceOf(s)
	for _, r := range s.table {
		if !r.policy.teachers() {
			continue
		}
		path := concrete(r.path)
		for _, detour := range detours(path) {
			status, body := x.send(t, s, addr, r.method, detour, `{}`, r.policy.socket())
			require.Contains(t, []int{400, 401, 403, 404, 405}, status, "%s %s: %s", r.method, detour, body)
		}
		for _, method := range []string{"get", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"} {
			status, body := x.send(t, s, addr, method, path, `{}`, false)
			require.Contains(t, []int{200, 400, 403, 405}, status, "%s %s: %s", method, path, body)
		}
	}
	require.Equal(t, before, traceOf(s))
}

// edited are messages of the page with what a student may put into them.
func edited(node string) (messages []string) {
	for _, verb := range playground.Verbs() {
		messages = append(messages,
			fmt.Sprintf(`{"type":%q,"node":%q,"role":"teacher"}`, verb.Verb, node),
			fmt.Sprintf(`{"type":"ack","seq":1,"verb":%q,"action":%q,"node":%q,"role":"teacher","session":%q}`, verb.Verb, verb.Verb, node, testToken))
	}
	return append(messages, `{"type":"login","token":"`+testToken+`"}`, `{"type":"role","role":"teacher"}`, `{"type":"term","line":"FLUSHALL"}`,
		`{"type":"ack","seq":18446744073709551615}`, `{"type":"ack","seq":-1}`, `[{"type":"kill"}]`, `"kill"`, `null`, `{"type":["ack"]}`, `{"TYPE":"kill","type":"ack"}`)
}

func TestSEC05WhatAViewerSaysOverTheSocketDoesNothing(t *testing.T) {
	s := classroom(t)
	addr := serve(t, s)
	ada := joinClass(t, s, "Ada")
	before := traceOf(s)
	sit := func() *websocket.Conn {
		header := http.Header{"Cookie": {cookieAt(addr) + "=" + ada}, "Origin": {"http://" + addr}, "Sec-Websocket-Protocol": {offered(s.tickets.issue(ada))}}
		socket, _, err := websocket.DefaultDialer.Dial("ws://"+addr+"/ws?role=teacher", header)
		require.NoError(t, err)
		t.Cleanup(func() { _ = socket.Close() })
		return socket
	}
	messages := edited(s.cfg.Lab.Nodes()[0].Name)
	require.GreaterOrEqual(t, len(messages), 60)
	for part := range slices.Chunk(messages, 4) { // after five that are not understood comes the door
		socket := sit()
		for _, m := range part {
			require.NoError(t, socket.WriteMessage(websocket.TextMessage, []byte(m)))
		}
		require.NoError(t, socket.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second)))
		for {
			if _, _, err := socket.ReadMessage(); err != nil {
				require.True(t, websocket.IsCloseError(err, websocket.CloseNormalClosure), "%v after %q", err, part)
				break
			}
		}
	}
	require.Equal(t, before, traceOf(s))
}
