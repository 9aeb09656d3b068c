package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
)

const (
	// loopbackConsole and everywhereConsole are where the console listens when nobody says where,
	// without and with --lan.
	loopbackConsole   = "127.0.0.1:7070"
	everywhereConsole = "0.0.0.0:7070"
	// portsToTry is how many console ports are tried after the one asked for.
	portsToTry = 20
)

// listenConsole binds the console's port; when it is taken the next ones are tried. Only a console
// that is opened to a class may listen beyond this computer.
func listenConsole(addr string, lan bool) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("--addr %s: write HOST:PORT, such as %s", addr, loopbackConsole)
	}
	ip, err := netip.ParseAddr(host)
	if host == "localhost" {
		ip, err = netip.AddrFrom4([4]byte{127, 0, 0, 1}), nil
	}
	switch {
	case err != nil || !lan && !ip.IsLoopback():
		return nil, fmt.Errorf("--addr %s: the console listens on this computer only; use 127.0.0.1:%s, or --lan for a class", addr, port)
	case lan && ip.IsLoopback():
		return nil, fmt.Errorf("--lan --addr %s: a class cannot reach %s; use 0.0.0.0:%s or an address of this computer", addr, host, port)
	}
	first, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("--addr %s: %s is not a port", addr, port)
	}
	network := "tcp6"
	if ip.Is4() {
		network = "tcp4" // for "tcp" 0.0.0.0 is every address of IPv6 as well
	}
	var last error
	for i := range uint64(portsToTry) {
		ln, err := net.Listen(network, netip.AddrPortFrom(ip, uint16(first+i)).String())
		if err == nil || first == 0 {
			return ln, err
		}
		last = err
		if !errors.Is(err, syscall.EADDRINUSE) {
			break
		}
	}
	return nil, fmt.Errorf("the console finds no free port from %s on: %w", addr, last)
}

// ownAddress is where programs and browsers on this computer find a console.
func ownAddress(ln net.Listener) string {
	at, err := netip.ParseAddrPort(ln.Addr().String())
	if err != nil || !at.Addr().IsUnspecified() {
		return ln.Addr().String()
	}
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), at.Port()).String()
}

// joinLinks are the addresses at which others on the network find a console.
func joinLinks(ln net.Listener) ([]string, error) {
	at, err := netip.ParseAddrPort(ln.Addr().String())
	if err != nil {
		return nil, err
	}
	if !at.Addr().IsUnspecified() {
		return []string{"http://" + at.String() + "/join"}, nil
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("list this computer's addresses: %w", err)
	}
	var links []string
	for _, a := range addresses {
		prefix, err := netip.ParsePrefix(a.String())
		if err != nil || prefix.Addr().IsLoopback() || prefix.Addr().IsLinkLocalUnicast() || at.Addr().Is4() && !prefix.Addr().Is4() {
			continue
		}
		links = append(links, "http://"+netip.AddrPortFrom(prefix.Addr(), at.Port()).String()+"/join")
	}
	if len(links) == 0 {
		return nil, errors.New("--lan: this computer has no address that others could reach")
	}
	return links, nil
}

// showInBrowser opens a link in the browser of this computer.
func showInBrowser(link string) error {
	opener := "xdg-open"
	if runtime.GOOS == "darwin" {
		opener = "open"
	}
	cmd := exec.Command(opener, link)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("--open: %w; open the link yourself", err)
	}
	go func() { _ = cmd.Wait() }()
	return nil
}
