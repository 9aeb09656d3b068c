package sentinel

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// names are the host names that this Sentinel has met. A machine asks no name server: the driver does
// (machine.Resolver), and whoever needs an answer meanwhile goes without or waits.
type names struct {
	met     map[string]*name // in lower case
	asked   int              // of which the driver has not spoken yet
	waiting []*client        // their commands need an answer
}

// name is what is known of a host name.
type name struct {
	ip    netip.Addr // not valid if there is none
	asked bool       // the driver has been asked, and not answered yet
	at    time.Time  // of the last answer
}

const (
	answerHolds = time.Second // so long an answer is not asked for again
	maxNames    = 4096        // whoever may publish a hello may name a host
	maxAsked    = 64
	longestName = 253
)

// resolve finds the IP behind host; there is none if it is not valid. settled says that it is no answer of long ago, with
// a better one on its way.
func (s *Sentinel) resolve(host string) (ip netip.Addr, settled bool) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap(), true
	}
	key := strings.ToLower(host)
	switch {
	case !s.resolveHostnames || host == "" || len(host) > longestName:
		return netip.Addr{}, true
	case !s.cfg.Resolves && key == "localhost":
		return netip.AddrFrom4([4]byte{127, 0, 0, 1}), true
	case !s.cfg.Resolves:
		return netip.Addr{}, true
	}
	n := s.names.met[key]
	switch {
	case n == nil:
		n = &name{}
	case n.asked:
		return n.ip, false
	case s.now.Sub(n.at) < answerHolds:
		return n.ip, true
	}
	return n.ip, !s.ask(key, n)
}

// ask has the driver look a name up, unless there is too much of that. It reports whether there will be an answer.
func (s *Sentinel) ask(key string, n *name) bool {
	if s.names.asked >= maxAsked {
		return false
	}
	if s.names.met[key] == nil && len(s.names.met) >= maxNames {
		s.names.forgetOldest()
	}
	if s.names.met == nil {
		s.names.met = map[string]*name{}
	}
	s.names.met[key], n.asked = n, true
	s.names.asked++
	s.todo.Resolve = append(s.todo.Resolve, key)
	return true
}

// Resolved tells what a name server says of a name that the machine has asked for (machine.Resolver).
func (s *Sentinel) Resolved(now time.Time, host string, ip netip.Addr, err error) {
	s.enter(now)
	n := s.names.met[host]
	if n == nil || !n.asked {
		return
	}
	n.asked, n.at, n.ip = false, now, netip.Addr{}
	s.names.asked--
	if err == nil {
		n.ip = ip.Unmap()
		s.moveTo(host, n.ip)
	}
	waiting := s.names.waiting
	s.names.waiting = nil
	for _, c := range waiting { // one that needs another name waits again
		args := c.postponed
		c.postponed, c.conn.Blocked = nil, false
		s.answer(c, args)
	}
}

// moveTo has the instances of that name dialled soon, if they were waiting to be.
func (s *Sentinel) moveTo(host string, ip netip.Addr) {
	for _, m := range s.masters {
		for i := range m.all() {
			if !i.addr.ip.IsValid() && strings.EqualFold(i.addr.host, host) {
				i.addr.ip, i.link.tried = ip, time.Time{}
			}
		}
	}
}

// waitForName keeps a command until the driver has answered; the connection stands still meanwhile.
func (s *Sentinel) waitForName(c *client, args [][]byte) {
	c.postpone(args)
	s.names.waiting = append(s.names.waiting, c)
}

// forgetOldest makes room for another name: what was answered longest ago is not known any more.
func (n *names) forgetOldest() {
	oldest := ""
	for key, met := range n.met {
		if !met.asked && (oldest == "" || cmp.Or(met.at.Compare(n.met[oldest].at), cmp.Compare(key, oldest)) < 0) {
			oldest = key
		}
	}
	delete(n.met, oldest)
}

// forget drops what a client that is gone had asked.
func (n *names) forget(c *client) {
	n.waiting = slices.DeleteFunc(n.waiting, func(o *client) bool { return o == c })
}
