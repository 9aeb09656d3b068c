package web

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// thisLocal is our end of the connections of these tests, unless one says otherwise.
var thisLocal = netip.MustParseAddr("127.0.0.1")

// hosts are names that a request may give, and whether they are this console's.
var hosts = []struct {
	name, host string
	local      netip.Addr
	want       bool
}{
	{"loopback literal", "127.0.0.1:7070", thisLocal, true},
	{"loopback without port", "127.0.0.1", thisLocal, true},
	{"another loopback literal", "127.0.0.2:7070", thisLocal, true},
	{"localhost", "localhost:7070", thisLocal, true},
	{"upper case", "LOCALHOST:7070", thisLocal, true},
	{"configured name", "class.example:7070", thisLocal, true},
	{"configured name in capitals", "Class.Example", thisLocal, true},
	{"IPv6 loopback", "[::1]:7070", netip.IPv6Loopback(), true},
	{"IPv6 loopback without port", "[::1]", netip.IPv6Loopback(), true},
	{"the address of this connection", "192.168.1.5:7070", netip.MustParseAddr("192.168.1.5"), true},
	{"trailing dot", "localhost.:7070", thisLocal, false},
	{"rebinding", "evil.com:7070", thisLocal, false},
	{"prefix attack", "localhost.evil.com:7070", thisLocal, false},
	{"suffix attack", "evil-localhost:7070", thisLocal, false},
	{"magic DNS", "127.0.0.1.nip.io:7070", thisLocal, false},
	{"mapped loopback", "[::ffff:127.0.0.1]:7070", thisLocal, false},
	{"unspecified", "0.0.0.0:7070", thisLocal, false},
	{"unspecified, and bound so", "0.0.0.0:7070", netip.IPv4Unspecified(), false},
	{"IPv6 unspecified", "[::]:7070", thisLocal, false},
	{"another LAN address", "192.168.1.5:7070", thisLocal, false},
	{"zone", "[::1%25lo]:7070", thisLocal, false},
	{"decimal address", "2130706433:7070", thisLocal, false},
	{"octal address", "0177.0.0.1:7070", thisLocal, false},
	{"hex address", "0x7f.0.0.1:7070", thisLocal, false},
	{"empty", "", thisLocal, false},
	{"only a port", ":7070", thisLocal, false},
	{"two ports", "localhost:1:2", thisLocal, false},
	{"user", "user@localhost:7070", thisLocal, false},
	{"space", "localhost :7070", thisLocal, false},
	{"unclosed bracket", "[::1:7070", thisLocal, false},
	{"NUL", "localhost\x00:7070", thisLocal, false},
	{"long", string(make([]byte, 10000)), thisLocal, false},
	{"port of another", "localhost:1", thisLocal, true},
	{"name in the middle", "a.localhost.b:7070", thisLocal, false},
	{"a name below localhost", "app.localhost:7070", thisLocal, false},
	{"IPv6 in the short form of IPv4", "[::7f00:1]:7070", thisLocal, false},
	{"short address", "127.1:7070", thisLocal, false},
	{"broadcast", "255.255.255.255:7070", thisLocal, false},
	{"link-local", "169.254.169.254:7070", thisLocal, false},
	{"configured name and more", "class.example.evil.com", thisLocal, false},
	{"below the configured name", "x.class.example", thisLocal, false},
	{"escaped", "%6cocalhost:7070", thisLocal, false},
	{"a list", "localhost, evil.com", thisLocal, false},
	{"a path", "localhost/evil.com", thisLocal, false},
	{"a letter that looks alike", "l\u043ecalhost:7070", thisLocal, false},
}

func TestSEC01OnlyNamesOfThisConsolePassTheHostGuard(t *testing.T) {
	for _, tt := range hosts {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, hostAllowed(tt.host, tt.local, []string{"class.example"}))
		})
	}
}

func TestSEC01TheGuardStandsBeforeEveryPath(t *testing.T) {
	reached := false
	guard := hostGuard(nil, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	for _, path := range []string{"/", "/ws", "/assets/app.js", "/api/labs/main", "/nowhere"} {
		rec := httptest.NewRecorder()
		req := httptest.NewRequest(http.MethodGet, path, nil)
		req.Host = "evil.com"
		guard.ServeHTTP(rec, req)
		require.Equal(t, http.StatusMisdirectedRequest, rec.Code, path)
		require.Empty(t, rec.Body.String(), path)
	}
	require.False(t, reached)
}

func TestSEC01NoRouteIsReachedUnderAForeignName(t *testing.T) {
	s := console(t)
	session := login(t, s)
	require.GreaterOrEqual(t, len(hosts), 40)
	for _, tt := range hosts {
		t.Run(tt.name, func(t *testing.T) {
			for _, r := range s.table {
				before := s.cfg.Lab.Snapshot().Seq
				req := httptest.NewRequest(r.method, concrete(r.path), nil)
				req.Host = tt.host
				local := net.TCPAddrFromAddrPort(netip.AddrPortFrom(tt.local, 7070))
				req = req.WithContext(context.WithValue(req.Context(), http.LocalAddrContextKey, local))
				req.Header.Set("Authorization", "Bearer "+testToken)
				req.AddCookie(&http.Cookie{Name: "playground-7070", Value: session})
				if tt.want && (r.policy == acting || r.policy.socket()) {
					continue // it would; what it does is tested elsewhere
				}
				rec := httptest.NewRecorder()
				s.Handler().ServeHTTP(rec, req)
				require.Equal(t, tt.want, rec.Code != http.StatusMisdirectedRequest, "%s %s", r.method, r.path)
				if !tt.want {
					require.Empty(t, rec.Body.String(), "%s %s", r.method, r.path)
					require.False(t, acted(s, before), "%s %s", r.method, r.path)
				}
			}
		})
	}
}

func TestSEC01AnAbsoluteTargetIsJudgedByItsOwnHost(t *testing.T) {
	req := httptest.NewRequest(http.MethodGet, "http://evil.com/", nil)
	req.Host = "localhost:7070"
	require.Equal(t, "evil.com", requestHost(req))
}

func FuzzHostGuardNeverPanics(f *testing.F) {
	for _, seed := range []string{"localhost", "[::1]:80", "::", "[", "a:b:c", "%zz", "[::ffff:1.2.3.4]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, host string) {
		if !hostAllowed(host, netip.MustParseAddr("127.0.0.1"), nil) {
			return
		}
		name, _, err := net.SplitHostPort(host)
		if err != nil {
			name = host
		}
		require.Regexp(t, `^(?i)(localhost|\[?[0-9a-f:.]+\]?)$`, name)
	})
}

// FuzzF10HeadersNeverEndARequestBadly: whatever stands in the headers, the answer is one of those we
// give, and nothing panics.
func FuzzF10HeadersNeverEndARequestBadly(f *testing.F) {
	for _, seed := range [][5]string{
		{"127.0.0.1:7070", testOrigin, "playground-7070=x", "Bearer x", "/api/labs/main"}, {"[::1", "http://%zz", "=;;;=", "Bearer", "//"},
		{"", "", "", "", "/ws"}, {"localhost:99999999", "http://[::1", "a=\"b", "Basic !", "/assets/%"}, {"a:b:c", "null", "\x00", "Bearer \xff", "/?%zz"},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3], seed[4])
	}
	s := New(Config{Assets: fstest.MapFS{}, Token: testToken})
	f.Cleanup(s.Close)
	f.Fuzz(func(t *testing.T, host, origin, cookie, bearer, path string) {
		to, err := url.ParseRequestURI(path)
		if err != nil || strings.Contains(bearer, testToken) {
			return // the HTTP server refuses it before we see it
		}
		req := httptest.NewRequest(http.MethodGet, "/", nil)
		req.URL, req.Host = to, host
		req.Header = http.Header{"Origin": {origin}, "Cookie": {cookie}, "Authorization": {bearer}}
		rec := httptest.NewRecorder()
		s.Handler().ServeHTTP(rec, req)
		require.Contains(t, []int{200, 400, 401, 403, 404, 405, 421}, rec.Code)
	})
}
