package alone

import (
	"context"
	"net"
	"net/netip"
	"time"
)

// resolvePatience bounds how long a name server may think.
const resolvePatience = 10 * time.Second

// resolve is the first address of a host name, as the system orders them.
func resolve(ctx context.Context, host string) (netip.Addr, error) {
	ctx, cancel := context.WithTimeout(ctx, resolvePatience)
	defer cancel()
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return netip.Addr{}, err
	}
	if len(found) == 0 {
		return netip.Addr{}, &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
	}
	return found[0], nil
}
