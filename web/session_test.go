package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSEC08ALinkOpensOneBrowserOnce(t *testing.T) {
	s := console(t)
	link := s.Link(testHost)
	require.True(t, strings.HasPrefix(link, testOrigin+"/#code="), "the code stands behind the #, which is never sent: %s", link)
	_, code, _ := strings.Cut(link, "#code=")
	use := ask{method: "POST", path: "/api/session", body: `{"code":"` + code + `"}`}.own()

	first := use.send(t, s)
	require.Equal(t, http.StatusOK, first.StatusCode)
	cookie := first.Cookies()[0]
	require.True(t, cookie.HttpOnly, "no script reads the session")
	require.Equal(t, http.SameSiteStrictMode, cookie.SameSite)
	require.Equal(t, "/", cookie.Path)
	require.Empty(t, cookie.Domain, "the cookie is this host's alone")
	require.Zero(t, cookie.MaxAge, "gone with the browser")
	require.Equal(t, "playground-7070", cookie.Name)

	second := use.send(t, s)
	require.Equal(t, http.StatusUnauthorized, second.StatusCode)
	require.Empty(t, second.Cookies())
	require.Equal(t, "code", problemOf(t, second).Field)

	known := ask{method: "GET", path: "/api/session", session: cookie.Value}.send(t, s)
	require.Equal(t, http.StatusOK, known.StatusCode)
}

func TestASessionBeginsFromTheConsolesOwnPageOnly(t *testing.T) {
	s := console(t)
	tests := []struct {
		name, field, value string
		want               int
	}{
		{"foreign Origin", "Origin", "http://evil.com", 403},
		{"no Origin", "Origin", "", 403},
		{"no header of ours", actionHeader, "", 403},
		{"text/plain", "Content-Type", "text/plain", 415},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, code, _ := strings.Cut(s.Link(testHost), "#code=")
			body := `{"code":"` + code + `"}`
			resp := ask{method: "POST", path: "/api/session", body: body, header: map[string]string{tt.field: tt.value}}.own().send(t, s)
			require.Equal(t, tt.want, resp.StatusCode)
			require.Empty(t, resp.Cookies())
			again := ask{method: "POST", path: "/api/session", body: body}.own().send(t, s)
			require.Equal(t, http.StatusOK, again.StatusCode, "a refused request uses nothing up")
		})
	}
}

func TestACodeGrowsOld(t *testing.T) {
	now := time.Unix(0, 0)
	s := newSessions(testToken, func() time.Time { return now })
	code := s.newCode()
	now = now.Add(codeLife + time.Second)
	_, ok := s.redeem(code)
	require.False(t, ok)
}

func TestCodesAndSessionsAreBoundedAndTheOldestGoFirst(t *testing.T) {
	now := time.Unix(0, 0)
	s := newSessions(testToken, func() time.Time { now = now.Add(time.Millisecond); return now })
	first, second := s.newCode(), s.newCode()
	for range maxCodes - 1 {
		s.newCode()
	}
	require.Len(t, s.codes, maxCodes)
	_, ok := s.redeem(first)
	require.False(t, ok)
	session, ok := s.redeem(second)
	require.True(t, ok)
	for range maxSessions {
		_, ok := s.redeem(s.newCode())
		require.True(t, ok)
	}
	require.Len(t, s.cookie, maxSessions)
	require.NotContains(t, s.cookie, session)
}

func TestAnotherLinkNeedsASession(t *testing.T) {
	s := console(t)
	resp := ask{method: "POST", path: "/api/link", header: map[string]string{"Authorization": "Bearer " + testToken}}.send(t, s)
	require.Equal(t, http.StatusOK, resp.StatusCode)
}

func TestTwoConsolesOfOneHostKeepTheirSessionsApart(t *testing.T) {
	req, err := http.NewRequest("GET", "http://127.0.0.1:7071/", nil)
	require.NoError(t, err)
	require.Equal(t, "playground-7071", cookieFor(req))
}
