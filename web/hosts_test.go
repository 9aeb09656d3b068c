package web

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOnlyNamesOfThisConsolePassTheHostGuard(t *testing.T) {
	local := netip.MustParseAddr("127.0.0.1")
	tests := []struct {
		name, host string
		local      netip.Addr
		want       bool
	}{
		{"loopback literal", "127.0.0.1:7070", local, true},
		{"loopback without port", "127.0.0.1", local, true},
		{"another loopback literal", "127.0.0.2:7070", local, true},
		{"localhost", "localhost:7070", local, true},
		{"upper case", "LOCALHOST:7070", local, true},
		{"configured name", "class.example:7070", local, true},
		{"configured name in capitals", "Class.Example", local, true},
		{"IPv6 loopback", "[::1]:7070", netip.IPv6Loopback(), true},
		{"IPv6 loopback without port", "[::1]", netip.IPv6Loopback(), true},
		{"the address of this connection", "192.168.1.5:7070", netip.MustParseAddr("192.168.1.5"), true},
		{"trailing dot", "localhost.:7070", local, false},
		{"rebinding", "evil.com:7070", local, false},
		{"prefix attack", "localhost.evil.com:7070", local, false},
		{"suffix attack", "evil-localhost:7070", local, false},
		{"magic DNS", "127.0.0.1.nip.io:7070", local, false},
		{"mapped loopback", "[::ffff:127.0.0.1]:7070", local, false},
		{"unspecified", "0.0.0.0:7070", local, false},
		{"unspecified, and bound so", "0.0.0.0:7070", netip.IPv4Unspecified(), false},
		{"IPv6 unspecified", "[::]:7070", local, false},
		{"another LAN address", "192.168.1.5:7070", local, false},
		{"zone", "[::1%25lo]:7070", local, false},
		{"decimal address", "2130706433:7070", local, false},
		{"octal address", "0177.0.0.1:7070", local, false},
		{"hex address", "0x7f.0.0.1:7070", local, false},
		{"empty", "", local, false},
		{"only a port", ":7070", local, false},
		{"two ports", "localhost:1:2", local, false},
		{"user", "user@localhost:7070", local, false},
		{"space", "localhost :7070", local, false},
		{"unclosed bracket", "[::1:7070", local, false},
		{"NUL", "localhost\x00:7070", local, false},
		{"long", string(make([]byte, 10000)), local, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, hostAllowed(tt.host, tt.local, []string{"class.example"}))
		})
	}
}

func TestTheGuardStandsBeforeEveryPath(t *testing.T) {
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

func TestAnAbsoluteTargetIsJudgedByItsOwnHost(t *testing.T) {
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
