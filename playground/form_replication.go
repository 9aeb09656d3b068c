package playground

import (
	"context"
	"time"
)

// brokenGrace is how long, in the lab's time, nodes that remember an earlier life may take to find
// their masters again: a connection is tried once a second.
const brokenGrace = 5 * time.Second

// formReplication waits until every replica follows. Whom each follows stands in its redis.conf; a
// chain forms from its top, for a replica without a link to its master takes no replicas. Nodes of a
// lab with files follow whom they followed before; what was broken is broken still.
func (l *Lab) formReplication(ctx context.Context) error {
	for _, m := range l.servers() {
		m.shard.Store("A")
	}
	what, met := "replicas to follow", l.replicasLinked
	if l.Topology().watched() {
		what, met = "Sentinels to know everybody", func() bool { return l.replicasLinked() && l.acquainted() }
	}
	if l.Topology().DataDir == "" {
		return l.until(ctx, what, met)
	}
	patience, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := l.clock.At(l.clock.Now().Add(brokenGrace), "", cancel)
	defer stop()
	_ = l.until(patience, what, met)
	return ctx.Err()
}

// standing is how a lab without a cluster stands: ok when one master runs and every running replica
// has a way to it, fail when no master runs, mixed when there are several or a link is missing.
func standing(nodes []Node) string {
	masters := 0
	for _, n := range nodes {
		if n.State == "up" && n.Role == "master" {
			masters++
		}
	}
	switch {
	case masters == 0:
		return "fail"
	case masters > 1:
		return "mixed"
	}
	for _, n := range nodes {
		if n.State == "up" && n.Role == "replica" && rootOf(n, nodes) == "" {
			return "mixed"
		}
	}
	return "ok"
}

// rootOf is the running master at the top of a node's chain; "" when a link on the way is missing.
func rootOf(n Node, nodes []Node) string {
	for range nodes {
		switch {
		case n.State != "up":
			return ""
		case n.Role == "master":
			return n.Name
		case !n.LinkUp:
			return ""
		}
		next, found := nodeNamed(n.Master, nodes)
		if !found {
			return ""
		}
		n = next
	}
	return "" // they follow each other
}

// nodeNamed finds a node by its name.
func nodeNamed(name string, nodes []Node) (Node, bool) {
	for _, n := range nodes {
		if n.Name == name {
			return n, true
		}
	}
	return Node{}, false
}

// noSlots refuses what only a cluster can do.
func (l *Lab) noSlots() *Error {
	return wrong("", "setup --topology cluster starts one that has", "a lab of %s has no slots", l.Topology().Mode)
}
