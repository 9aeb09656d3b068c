package playground

import (
	"sync"
	"time"

	"clusterplay/node/machine"
	"clusterplay/node/slot"
)

// routesFresh is how long the lab's own table of replicas is believed: the verifier asks for one
// key every few milliseconds, and looking at all nodes each time would slow them down.
const routesFresh = time.Second

// routes remembers which running replica has which slots.
type routes struct {
	mu    sync.Mutex
	taken time.Time
	parts []routePart
	plain string // the same of the only master of a lab without a cluster
}

// routePart is the slots of one master and one of its replicas.
type routePart struct {
	slots   [][2]int
	replica string // its name
}

// copyOf is the string that a replica of the owner of a key's slot holds; false when none can be seen.
func (l *Lab) copyOf(key string) (value string, ok bool) {
	name := l.replicaOf(key)
	if name == "" {
		return "", false
	}
	m, err := l.find("", name)
	if err != nil {
		return "", false
	}
	_ = m.Look(func(seen machine.Machine) { // what does not run shows nothing
		if holder, is := seen.(interface {
			Text(now time.Time, key string) (string, bool)
		}); is {
			value, ok = holder.Text(l.clock.Now(), key)
		}
	})
	return value, ok
}

// replicaOf is the name of a running replica of the owner of a key's slot, or "". Without a cluster
// every key has the same.
func (l *Lab) replicaOf(key string) string {
	r := &l.routes
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.taken) > routesFresh {
		nodes := l.nodes(LookChanged)
		r.parts, r.plain, r.taken = routeParts(nodes), "", time.Now()
		if addr, plain := l.truthAt(); plain {
			r.plain = replicaBehind(portOf(addr), nodes)
		}
	}
	if !l.Topology().clustered() {
		return r.plain
	}
	s := int(slot.OfString(key))
	for _, part := range r.parts {
		if (Node{Slots: part.slots}).owns(s) {
			return part.replica
		}
	}
	return ""
}

// routeParts finds a linked replica for every running master.
func routeParts(nodes []Node) []routePart {
	var parts []routePart
	for _, master := range nodes {
		if master.State != "up" || master.Role != "master" {
			continue
		}
		for _, n := range nodes {
			if n.State == "up" && n.Role == "replica" && n.LinkUp && n.Master == master.Name {
				parts = append(parts, routePart{slots: master.Slots, replica: n.Name})
				break
			}
		}
	}
	return parts
}
