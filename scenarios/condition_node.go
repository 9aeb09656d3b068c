package scenarios

import (
	"cmp"
	"slices"

	"clusterplay/node/slot"
	"clusterplay/playground"
)

// nodeCondition is a condition about one node.
func nodeCondition(name string, args []string) (condition, error) {
	switch {
	case (name == "pfail" || name == "fail") && len(args) == 3 && args[1] == "by":
		return plainly(func(m moment) bool { return suspected(m.Snapshot, name, args[0], args[2]) }, args[0], args[2]), nil
	case name == "state" && len(args) == 2 && isState(args[1]):
		return aboutNode(args[0], func(n *playground.Node) bool { return n.ClusterState == args[1] }), nil
	case name == "replica" && len(args) == 3 && args[1] == "of":
		c := aboutNode(args[0], func(n *playground.Node) bool { return n.Role == "replica" && n.Master == args[2] })
		c.nodes = append(c.nodes, args[2])
		return c, nil
	case len(args) != 1:
		return condition{}, nil
	}
	node := args[0]
	switch name {
	case "pfail", "fail":
		return plainly(func(m moment) bool { return suspected(m.Snapshot, name, node, "") }, node), nil
	case "alive":
		return plainly(func(m moment) bool { return !suspected(m.Snapshot, "pfail", node, "") }, node), nil
	case "running":
		return inState(node, "up"), nil
	case "frozen", "killed":
		return inState(node, name), nil
	}
	if test, ok := nodeTests[name]; ok {
		return aboutNode(node, test), nil
	}
	return condition{}, nil
}

// nodeTests are what a running node may be.
var nodeTests = map[string]func(n *playground.Node) bool{
	"master":   func(n *playground.Node) bool { return n.Role == "master" },
	"replica":  func(n *playground.Node) bool { return n.Role == "replica" },
	"promoted": inCharge,
	"link-up":  func(n *playground.Node) bool { return n.LinkUp },
}

// inCharge tells a master that has something to lead: slots or, without a cluster, the lab.
func inCharge(n *playground.Node) bool {
	return n.Role == "master" && (len(n.Slots) > 0 || n.Stream != nil)
}

// aboutNode holds when the node runs and passes the test.
func aboutNode(name string, test func(n *playground.Node) bool) condition {
	return plainly(func(m moment) bool {
		n := nodeNamed(m.Snapshot, name)
		return n != nil && n.State == "up" && test(n)
	}, name)
}

func inState(name, state string) condition {
	return condition{
		nodes: []string{name},
		holds: func(m moment) bool { return stateOf(m.Snapshot, name) == state },
		found: func(m moment) string { return cmp.Or(stateOf(m.Snapshot, name), "not there") },
	}
}

// stateOf is what has become of a node's or a Sentinel's process; "" when there is none.
func stateOf(s *playground.Snapshot, name string) string {
	if n := nodeNamed(s, name); n != nil {
		return n.State
	}
	at := slices.IndexFunc(s.Sentinels, func(v playground.SentinelView) bool { return v.Name == name })
	if at < 0 {
		return ""
	}
	return s.Sentinels[at].State
}

// suspected reports whether a running node, or the one named by, holds the node for suspected or
// failed ("pfail"), or for failed ("fail").
func suspected(s *playground.Snapshot, how, node, by string) bool {
	return slices.ContainsFunc(s.Nodes, func(n playground.Node) bool {
		return n.State == "up" && (by == "" || n.Name == by) &&
			slices.ContainsFunc(n.Beliefs, func(b playground.Belief) bool {
				return b.Node == node && (slices.Contains(b.Flags, "fail") || how == "pfail" && slices.Contains(b.Flags, "fail?"))
			})
	})
}

// slotCondition is a condition about one slot.
func slotCondition(name string, args []string) (condition, error) {
	var test func(s int, n *playground.Node) bool
	var nodes []string
	switch {
	case (name == "owner" || name == "master-of") && len(args) == 3 && args[1] == "==":
		nodes = args[2:]
		test = func(s int, n *playground.Node) bool { return n.Name == args[2] && n.Role == "master" && owns(n, s) }
	case name == "migrating" && len(args) == 1:
		test = func(s int, n *playground.Node) bool {
			return slices.ContainsFunc(n.Migrating, func(l playground.Leaving) bool { return l.Slot == s })
		}
	case name == "importing" && len(args) == 1:
		test = func(s int, n *playground.Node) bool {
			return slices.ContainsFunc(n.Importing, func(c playground.Coming) bool { return c.Slot == s })
		}
	default:
		return condition{}, nil
	}
	s, err := slot.Parse(args[0])
	if err != nil {
		return condition{}, err
	}
	return plainly(func(m moment) bool {
		return slices.ContainsFunc(m.Nodes, func(n playground.Node) bool { return n.State == "up" && test(int(s), &n) })
	}, nodes...), nil
}

func owns(n *playground.Node, s int) bool {
	return slices.ContainsFunc(n.Slots, func(r [2]int) bool { return r[0] <= s && s <= r[1] })
}

// slotsOf is how many slots a node owns in its own eyes.
func slotsOf(n *playground.Node) int {
	total := 0
	for _, r := range n.Slots {
		total += r[1] - r[0] + 1
	}
	return total
}

func nodeNamed(s *playground.Snapshot, name string) *playground.Node {
	for i := range s.Nodes {
		if s.Nodes[i].Name == name {
			return &s.Nodes[i]
		}
	}
	return nil
}
