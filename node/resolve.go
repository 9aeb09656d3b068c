package node

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"clusterplay/node/machine"
)

// errNoNames is what a machine is told that asks for a name where none is looked up.
var errNoNames = errors.New("this node looks up no names")

// resolve looks a host name up and tells the machine; the lock is held. The end of the life ends it.
func (l *life) resolve(host string) {
	r, ok := l.m.(machine.Resolver)
	if !ok {
		return
	}
	if l.cfg.Resolve == nil {
		l.report(func(now time.Time) { r.Resolved(now, host, netip.Addr{}, errNoNames) })
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	l.spawn(func() {
		select {
		case <-l.over:
			cancel()
		case <-ctx.Done():
		}
	})
	l.spawn(func() {
		defer cancel()
		var ip netip.Addr
		var err error
		l.tasks.outside(func() { ip, err = l.cfg.Resolve(ctx, host) })
		l.turn(func(now time.Time) { r.Resolved(now, host, ip, err) })
	})
}
