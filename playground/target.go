package playground

import (
	"clusterplay/node/machine"
	"clusterplay/node/replication"
)

// The built-in clients of a lab without a cluster use one address, as an application does that was
// configured by hand. Nobody tells them of a promotion: rewire does.

// target is the name of the node whose address the built-in clients use; "" in a cluster, where they
// ask the nodes.
func (l *Lab) target() string {
	if l.Topology().clustered() {
		return ""
	}
	l.mu.Lock()
	wired := l.wired
	l.mu.Unlock()
	servers := l.servers()
	for _, m := range servers {
		if m.Name() == wired {
			return wired
		}
	}
	switch {
	case l.Topology().watched():
		return l.toldBySentinels()
	case len(servers) == 0:
		return ""
	}
	return servers[0].Name()
}

// writeTo is where the built-in clients write; plain is false when they are clients of a cluster.
func (l *Lab) writeTo() (addr string, plain bool) {
	if l.Topology().clustered() {
		return "", false
	}
	m, err := l.find("", l.target())
	if err != nil {
		return "", true
	}
	return endpoint(m), true
}

// truthAt is where the ledger asks what has become of a value: at the node that the clients use or,
// when that is no running master and exactly one other is, there. So a promotion by hand shows what
// it cost before the clients are sent to the new master.
func (l *Lab) truthAt() (addr string, plain bool) {
	addr, plain = l.writeTo()
	if !plain {
		return "", false
	}
	var masters []*member
	for _, m := range l.servers() {
		if !m.leads() {
			continue
		}
		if endpoint(m) == addr {
			return addr, true
		}
		masters = append(masters, m)
	}
	if len(masters) == 1 {
		return endpoint(masters[0]), true
	}
	return addr, true
}

// leads tells whether a node runs and is a master. The ledger asks that for every key, so it is asked
// without a whole view.
func (m *member) leads() bool {
	if !m.up() {
		return false
	}
	leads := false
	_ = m.Look(func(machine machine.Machine) {
		if r, ok := machine.(interface{ Replication() *replication.State }); ok {
			leads = r.Replication().IsMaster()
		}
	})
	return leads
}

// replicaBehind is the name of a running replica that has a way to the master at an address, or "".
func replicaBehind(master string, nodes []Node) string {
	for _, n := range nodes {
		if n.State == "up" && n.Role == "replica" && rootOf(n, nodes) == master {
			return n.Name
		}
	}
	return ""
}
