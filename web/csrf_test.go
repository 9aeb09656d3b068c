package web

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// tricks are what a foreign page can make the teacher's browser send, cookie and all.
var tricks = []struct {
	name   string
	method string // "" is the route's own
	query  string
	body   string
	header map[string]string
}{
	{"a form", "POST", "", "text=x", map[string]string{"Origin": "http://evil.com", "Content-Type": "application/x-www-form-urlencoded"}},
	{"a form with a file", "POST", "", "--x\r\n\r\nx", map[string]string{"Origin": "http://evil.com", "Content-Type": "multipart/form-data; boundary=x"}},
	{"JSON as text/plain", "POST", "", `{"text":"x"}`, map[string]string{"Origin": "http://evil.com", "Content-Type": "text/plain"}},
	{"JSON, as if a preflight had passed", "POST", "", `{"text":"x"}`, map[string]string{"Origin": "http://evil.com", "Content-Type": "application/json", actionHeader: "1"}},
	{"a page of another port", "POST", "", `{"text":"x"}`, map[string]string{"Origin": "http://127.0.0.1:3000", "Content-Type": "application/json", actionHeader: "1"}},
	{"a sandboxed frame", "POST", "", `{"text":"x"}`, map[string]string{"Origin": "null", "Content-Type": "application/json", actionHeader: "1"}},
	{"no Origin", "POST", "", `{"text":"x"}`, map[string]string{"Content-Type": "application/json", actionHeader: "1"}},
	{"the Referer of our page", "POST", "", `{"text":"x"}`, map[string]string{"Referer": testOrigin + "/", "Content-Type": "application/json", actionHeader: "1"}},
	{"no header of ours", "POST", "", `{"text":"x"}`, map[string]string{"Origin": testOrigin, "Content-Type": "application/json"}},
	{"a beacon", "POST", "", `{"text":"x"}`, map[string]string{"Origin": "http://evil.com", "Content-Type": "application/json", "Sec-Fetch-Mode": "no-cors"}},
	{"a picture", "GET", "?text=x", "", map[string]string{"Sec-Fetch-Dest": "image"}},
	{"a method in the query", "GET", "?_method=POST&text=x", "", nil},
	{"a method in a header", "GET", "?text=x", "", map[string]string{"X-HTTP-Method-Override": "POST", "X-Method-Override": "POST", "X-HTTP-Method": "POST"}},
	{"a preflight", "OPTIONS", "", "", map[string]string{"Origin": "http://evil.com", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-playground"}},
	{"HEAD", "HEAD", "", "", nil},
	{"DELETE", "DELETE", "", "", map[string]string{"Origin": testOrigin, actionHeader: "1"}},
	{"a foreign DELETE", "DELETE", "", "", map[string]string{"Origin": "http://evil.com", actionHeader: "1"}},
	{"DELETE without our header", "DELETE", "", "", map[string]string{"Origin": testOrigin}},
	{"a method nobody knows", "BREW", "", "", map[string]string{"Origin": testOrigin, actionHeader: "1"}},
}

func TestSEC03NoRouteIsTrickedIntoAChange(t *testing.T) {
	s := classroom(t)
	session := login(t, s)
	code := s.JoinCode()
	for _, r := range s.table {
		if r.method == http.MethodGet {
			continue // TestSEC03ReadingChangesNothing
		}
		t.Run(r.path, func(t *testing.T) {
			before := s.cfg.Lab.Snapshot().Seq
			for _, tt := range tricks {
				if tt.name == r.method {
					continue // it is none here
				}
				resp := ask{method: tt.method, path: concrete(r.path) + tt.query, body: tt.body, header: tt.header, session: session}.send(t, s)
				want := []int{http.StatusForbidden}
				if tt.method != r.method {
					want = []int{http.StatusMethodNotAllowed, http.StatusOK} // some paths are read as well
				}
				require.Contains(t, want, resp.StatusCode, tt.name)
				require.Empty(t, resp.Cookies(), tt.name)
				for name := range resp.Header {
					require.NotContains(t, name, "Access-Control", "the console shares nothing with other pages")
				}
			}
			require.False(t, acted(s, before), "something was done to the lab")
			require.Equal(t, code, s.JoinCode(), "the class is as it was")
			require.Empty(t, roomOf(t, s).People)
		})
	}
}
