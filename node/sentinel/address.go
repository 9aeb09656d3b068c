package sentinel

import (
	"net/netip"
	"strings"
)

// address is where an instance is reached: what it was called, and the IP address behind that.
type address struct {
	host string     // a literal IP, or a name
	ip   netip.Addr // invalid while the name is not known
	port int
}

// addressOf makes an address of host and port. Names are looked up where hostnames may be used.
func (s *Sentinel) addressOf(host string, port int) address {
	return address{host: host, ip: s.lookUp(host), port: port}
}

// lookUp finds the IP behind host as far as that is known.
func (s *Sentinel) lookUp(host string) netip.Addr {
	ip, _ := s.resolve(host)
	return ip
}

// known reports whether there is an IP to connect to.
func (a address) known() bool { return a.ip.IsValid() && a.port > 0 }

// same reports whether two addresses are one place: the same port, and the same IP or name.
func (a address) same(b address) bool {
	return a.port == b.port && (a.ip.IsValid() && a.ip == b.ip || strings.EqualFold(a.host, b.host))
}

// dial is the address as a link wants it.
func (a address) dial() netip.AddrPort { return netip.AddrPortFrom(a.ip, uint16(a.port)) }

// hostOf is what an address' host is called in replies, events, the file and hellos: its name
// where hostnames are announced, else its IP, "" while that is not known.
func (s *Sentinel) hostOf(a address) string {
	switch {
	case s.announceHostnames:
		return a.host
	case a.ip.IsValid():
		return a.ip.String()
	}
	return ""
}

// replicaName is how a replica is called: ip:port, an IPv6 address in brackets.
func (s *Sentinel) replicaName(a address) string {
	host := s.hostOf(a)
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return host + ":" + itoa(int64(a.port))
}
