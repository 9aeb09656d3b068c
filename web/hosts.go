package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// hostGuard is the outermost handler: a request whose Host is not a name of this console is
// answered 421 without a body, whatever its path. That is the defence against DNS rebinding: a
// foreign page may point its own name at 127.0.0.1, but it cannot change the Host it sends.
func hostGuard(names []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		if !hostAllowed(requestHost(req), localAddr(req), names) {
			rw.WriteHeader(http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(rw, req)
	})
}

// requestHost is the host the request is for; an absolute-form target wins over the header.
func requestHost(req *http.Request) string {
	if req.URL.IsAbs() || req.URL.Host != "" {
		return req.URL.Host
	}
	return req.Host
}

// localAddr is the address of our end of the connection, as the server noted it.
func localAddr(req *http.Request) netip.Addr {
	addr, ok := req.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return netip.Addr{}
	}
	parsed, err := netip.ParseAddrPort(addr.String())
	if err != nil {
		return netip.Addr{}
	}
	return parsed.Addr().Unmap()
}

// hostAllowed accepts localhost, loopback literals, the literal address this connection arrived
// at, and the configured names. The port does not matter: it is the name that can be rebound.
func hostAllowed(host string, local netip.Addr, names []string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(name)
	if strings.HasPrefix(name, "[") && strings.HasSuffix(name, "]") {
		name = name[1 : len(name)-1]
	}
	if name == "localhost" {
		return true
	}
	for _, n := range names {
		if name == strings.ToLower(n) {
			return true
		}
	}
	addr, err := netip.ParseAddr(name)
	if err != nil || addr.Zone() != "" {
		return false
	}
	// A mapped form such as ::ffff:127.0.0.1 is refused: no browser is sent there by a person.
	return !addr.Is4In6() && (addr.IsLoopback() || addr == local && !addr.IsUnspecified())
}

// originAllowed reports whether a request's Origin is this console itself: the scheme and host of
// the page must equal, as strings, those the request was sent to.
func originAllowed(req *http.Request) bool {
	origin := req.Header.Get("Origin")
	return origin == "http://"+req.Host || origin == "https://"+req.Host && req.TLS != nil
}
