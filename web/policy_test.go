package web

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"clusterplay/playground"
)

func TestSEC04EveryRouteHasPolicy(t *testing.T) {
	s := console(t)
	table := s.routes()
	for _, r := range table {
		require.NotEqual(t, denied, r.policy, "%s %s", r.method, r.path)
		require.Contains(t, []string{http.MethodGet, http.MethodPost, http.MethodDelete}, r.method)
		if r.method != http.MethodGet {
			require.Contains(t, []policy{entry, watching, acting}, r.policy, "%s changes something", r.path)
		}
	}
	served := s.echo.Routes()
	require.Len(t, served, len(table))
	for _, r := range served {
		require.True(t, slices.ContainsFunc(table, func(row route) bool { return row.method == r.Method && row.path == r.Path }),
			"%s %s is served and not in the table", r.Method, r.Path)
	}
}

func TestSEC04ARouteThatIsNotInTheTableIsServedToNobody(t *testing.T) {
	s := console(t)
	s.echo.GET("/forgotten", func(c echo.Context) error { return c.String(http.StatusOK, "secret") })
	resp := ask{method: "GET", path: "/forgotten", header: map[string]string{"Authorization": "Bearer " + testToken}}.send(t, s)
	require.Equal(t, http.StatusNotFound, resp.StatusCode)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NotContains(t, string(body), "secret")
}

func TestSEC04WhoeverIsNotLoggedInSeesThePageAndNothingElse(t *testing.T) {
	s := console(t)
	tests := []struct {
		name   string
		header map[string]string
		cookie string
	}{
		{"nothing", nil, ""},
		{"a wrong token", map[string]string{"Authorization": "Bearer " + strings.Repeat("0", 32)}, ""},
		{"an empty token", map[string]string{"Authorization": "Bearer "}, ""},
		{"another scheme", map[string]string{"Authorization": "Basic " + testToken}, ""},
		{"a wrong cookie", nil, strings.Repeat("0", 32)},
		{"the token as a cookie", nil, testToken},
	}
	for _, r := range s.routes() {
		if r.policy == public || r.policy == entry {
			continue
		}
		for _, tt := range tests {
			t.Run(r.method+" "+r.path+" with "+tt.name, func(t *testing.T) {
				resp := ask{method: r.method, path: concrete(r.path), header: tt.header, session: tt.cookie}.own().send(t, s)
				require.Equal(t, http.StatusUnauthorized, resp.StatusCode)
				require.NotEmpty(t, problemOf(t, resp).Hint)
			})
		}
	}
}

func TestThePublicRoutesHoldNothingOfTheLab(t *testing.T) {
	s := console(t)
	for _, path := range []string{"/", "/assets/app.js"} {
		resp := ask{method: "GET", path: path}.send(t, s)
		require.Equal(t, http.StatusOK, resp.StatusCode)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		for _, n := range s.cfg.Lab.Nodes() {
			require.NotContains(t, string(body), n.ID)
		}
		require.NotContains(t, string(body), testToken)
	}
}

func TestSEC03AForeignPageCanChangeNothing(t *testing.T) {
	s := console(t)
	session := login(t, s)
	tests := []struct {
		name string
		ask  ask
		want int
	}{
		{"the console's own page may", ask{body: `{"text":"x"}`}.own(), 200},
		{"a form", ask{body: "text=x", header: map[string]string{"Origin": "http://evil.com", "Content-Type": "application/x-www-form-urlencoded"}}, 403},
		{"a form of another local page", ask{body: "text=x", header: map[string]string{"Origin": "http://127.0.0.1:3000", "Content-Type": "application/x-www-form-urlencoded"}}, 403},
		{"JSON as text/plain", ask{body: `{"text":"x"}`, header: map[string]string{"Content-Type": "text/plain"}}.own(), 415},
		{"a form in the console's name", ask{body: "text=x", header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}}.own(), 415},
		{"JSON without a type", ask{body: `{"text":"x"}`, header: map[string]string{"Content-Type": ""}}.own(), 415},
		{"no header of ours", ask{body: `{"text":"x"}`, header: map[string]string{actionHeader: ""}}.own(), 403},
		{"no Origin", ask{body: `{"text":"x"}`, header: map[string]string{"Origin": ""}}.own(), 403},
		{"a null Origin", ask{body: `{"text":"x"}`, header: map[string]string{"Origin": "null"}}.own(), 403},
		{"a foreign Origin with the header", ask{body: `{"text":"x"}`, header: map[string]string{"Origin": "http://evil.com"}}.own(), 403},
		{"an overridden method", ask{method: "GET", path: "/api/labs/main/actions/mark?_method=POST", header: map[string]string{"X-HTTP-Method-Override": "POST"}}.own(), 405},
		{"a picture", ask{method: "GET"}, 405},
		{"a preflight", ask{method: "OPTIONS", header: map[string]string{"Origin": "http://evil.com", "Access-Control-Request-Method": "POST"}}, 405},
		{"PUT", ask{method: "PUT", body: `{"text":"x"}`}.own(), 405},
		{"HEAD", ask{method: "HEAD"}.own(), 405},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := s.cfg.Lab.Snapshot().Seq
			a := tt.ask
			a.session = session
			if a.method == "" {
				a.method = "POST"
			}
			if a.path == "" {
				a.path = "/api/labs/main/actions/mark"
			}
			resp := a.send(t, s)
			require.Equal(t, tt.want, resp.StatusCode)
			for name := range resp.Header {
				require.NotContains(t, name, "Access-Control", "the console shares nothing with other pages")
			}
			marks := slices.DeleteFunc(s.cfg.Lab.Snapshot().Story, func(l playground.Line) bool { return l.Seq <= before || l.Name != "mark" })
			require.Equal(t, tt.want == 200, len(marks) == 1)
		})
	}
}

// foreignOrigins are what other pages would say, and what a browser never says.
var foreignOrigins = []string{
	"null", "http://localhost:3000", "https://127.0.0.1:7070", "http://127.0.0.1", "http://127.0.0.1:7071", "http://localhost:7070",
	"http://127.0.0.1:7070.evil.com", "http://evil.com", "http://evil.com:7070", "http://127.0.0.1.nip.io:7070", "http://[::1]:7070",
	"http://127.0.0.1:7070/", "http://127.0.0.1:7070@evil.com", "HTTP://127.0.0.1:7070", "http://127.0.0.1:07070", "//127.0.0.1:7070",
	"127.0.0.1:7070", "http://", "http://127.0.0.1:7070 http://evil.com", "file://", "chrome-extension://abcdef", "ws://127.0.0.1:7070",
	"http://0.0.0.0:7070", "http://127.1:7070", "%zz", "\x00", "http://127.0.0.1:7070\tx",
}

func TestSEC02OnlyThePagesOwnOriginMayActOrWatch(t *testing.T) {
	s := console(t)
	session := login(t, s)
	for _, origin := range foreignOrigins {
		t.Run(origin, func(t *testing.T) {
			resp := ask{method: "POST", path: "/api/labs/main/actions/mark", body: `{"text":"x"}`, session: session, header: map[string]string{"Origin": origin}}.own().send(t, s)
			require.Equal(t, http.StatusForbidden, resp.StatusCode)
			for _, path := range []string{"/ws", "/api/labs/main/terminal?node=7000"} {
				header := upgrade(s, session)
				header["Origin"] = origin
				resp = ask{method: "GET", path: path, session: session, header: header}.send(t, s)
				require.Equal(t, http.StatusForbidden, resp.StatusCode, path)
			}
		})
	}
	require.GreaterOrEqual(t, len(foreignOrigins), 25)
}

func TestSEC03ReadingChangesNothing(t *testing.T) {
	s := console(t)
	session := login(t, s)
	before := s.cfg.Lab.Snapshot()
	for _, r := range s.routes() {
		if r.method != http.MethodGet || r.policy.socket() {
			continue
		}
		resp := ask{method: "GET", path: concrete(r.path) + "?code=1&verb=kill&node=" + before.Nodes[0].Name, session: session}.send(t, s)
		require.Contains(t, []int{200, 400, 404}, resp.StatusCode, r.path)
	}
	after := s.cfg.Lab.Snapshot()
	for _, l := range after.Story {
		require.False(t, l.Seq > before.Seq && (l.Name == "input" || l.Name == "mark" || l.Name == "refused"), l.Line)
	}
}

func TestSEC10EveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	s := console(t)
	paths := []string{"/nowhere", "/assets/none.js", "/assets/../go.mod", "/assets/%2e%2e/go.mod", "/api/labs/other"}
	for _, r := range s.routes() {
		paths = append(paths, concrete(r.path))
	}
	for _, path := range paths {
		for _, method := range []string{"GET", "POST", "DELETE"} {
			resp := ask{method: method, path: path}.send(t, s)
			h := resp.Header
			require.Equal(t, contentPolicy, h.Get("Content-Security-Policy"), "%s %s", method, path)
			require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
			require.Equal(t, "DENY", h.Get("X-Frame-Options"))
			require.Equal(t, "no-referrer", h.Get("Referrer-Policy"))
			require.Equal(t, "same-origin", h.Get("Cross-Origin-Opener-Policy"))
			require.Equal(t, "same-origin", h.Get("Cross-Origin-Resource-Policy"))
			require.NotEmpty(t, h.Get("Cache-Control"))
			require.NotContains(t, h.Get("Server"), "echo")
		}
	}
}

func TestSEC11AssetsAreServedByExactNameOnly(t *testing.T) {
	s := console(t)
	tests := []struct {
		name, path string
		want       int
	}{
		{"a file", "/assets/app.js", 200},
		{"a file below", "/assets/a/b.woff2", 200},
		{"a folder", "/assets/a", 404},
		{"the root", "/assets/", 404},
		{"up", "/assets/../session.go", 404},
		{"up, encoded", "/assets/%2e%2e/session.go", 404},
		{"up, encoded slash", "/assets/..%2fsession.go", 404},
		{"up, encoded twice", "/assets/%252e%252e%252fsession.go", 404},
		{"up, the other way", `/assets/..%5csession.go`, 404},
		{"absolute", "/assets//etc/passwd", 404},
		{"encoded absolute", "/assets/%2fetc%2fpasswd", 404},
		{"NUL", "/assets/app.js%00.png", 404},
		{"a trailing dot", "/assets/app.js.", 404},
		{"a trailing slash", "/assets/app.js/", 404},
		{"long", "/assets/" + strings.Repeat("a", 4000), 404},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			resp := ask{method: "GET", path: tt.path}.send(t, s)
			require.Equal(t, tt.want, resp.StatusCode)
		})
	}
	stamped := ask{method: "GET", path: "/assets/app.js?v=1"}.send(t, s)
	require.Contains(t, stamped.Header.Get("Cache-Control"), "immutable")
	require.Equal(t, "text/javascript; charset=utf-8", stamped.Header.Get("Content-Type"))
}
