package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"clusterplay/node/slot"
	"clusterplay/playground"
)

// defaultWithin is how long wait waits when the line does not say.
const defaultWithin = 30 * time.Second

// condition is something about the lab that holds or does not.
type condition struct {
	text  string
	holds func(s *playground.Snapshot) bool
}

// conditionForms is what a condition may look like; lint and help print it.
var conditionForms = []string{
	"pfail NODE            somebody suspects it",
	"fail NODE             somebody has marked it FAIL",
	"alive NODE            nobody suspects it",
	"master NODE           it says it is a master",
	"replica NODE [of NODE]",
	"promoted NODE         it is a master and owns slots",
	"link-up NODE          the replica's link to its master is up",
	"owner SLOT == NODE    also: master-of SLOT == NODE",
	"state ok|fail         what every running node says of the cluster",
	"covered               all 16384 slots have a running owner",
}

// parseWait reads "CONDITION [within 10s]".
func parseWait(words []string) (condition, time.Duration, error) {
	within := defaultWithin
	if n := len(words); n >= 2 && words[n-2] == "within" {
		d, err := time.ParseDuration(words[n-1])
		if err != nil || d <= 0 || d > maxWithin {
			return condition{}, 0, fmt.Errorf("within %s is not a time up to 10m; write within 10s", words[n-1])
		}
		within, words = d, words[:n-2]
	}
	c, err := parseCondition(words)
	return c, within, err
}

func parseCondition(words []string) (condition, error) {
	text := strings.Join(words, " ")
	bad := fmt.Errorf("%q is not a condition; the conditions are:\n  %s", text, strings.Join(conditionForms, "\n  "))
	if len(words) == 0 {
		return condition{}, bad
	}
	holds := conditionOf(words[0], words[1:])
	if holds == nil {
		return condition{}, bad
	}
	return condition{text, holds}, nil
}

// conditionOf is the test for a condition's name and arguments, or nil when they do not fit.
func conditionOf(name string, args []string) func(*playground.Snapshot) bool {
	switch {
	case name == "covered" && len(args) == 0:
		return func(s *playground.Snapshot) bool { return s.SlotsCovered == slot.Count }
	case name == "state" && len(args) == 1 && (args[0] == "ok" || args[0] == "fail"):
		return func(s *playground.Snapshot) bool { return s.State == args[0] }
	case (name == "owner" || name == "master-of") && len(args) == 3 && args[1] == "==":
		return ownerIs(args[0], args[2])
	case name == "replica" && len(args) == 3 && args[1] == "of":
		return replicaOf(args[0], args[2])
	case len(args) == 1:
		return nodeCondition(name, args[0])
	}
	return nil
}

func nodeCondition(name, node string) func(*playground.Snapshot) bool {
	is := func(test func(n *playground.Node) bool) func(*playground.Snapshot) bool {
		return func(s *playground.Snapshot) bool {
			n := nodeNamed(s, node)
			return n != nil && test(n)
		}
	}
	switch name {
	case "pfail":
		return func(s *playground.Snapshot) bool { return believed(s, node, "fail?") || believed(s, node, "fail") }
	case "fail":
		return func(s *playground.Snapshot) bool { return believed(s, node, "fail") }
	case "alive":
		return func(s *playground.Snapshot) bool { return !believed(s, node, "fail?") && !believed(s, node, "fail") }
	case "master":
		return is(func(n *playground.Node) bool { return n.State == "up" && n.Role == "master" })
	case "replica":
		return is(func(n *playground.Node) bool { return n.State == "up" && n.Role == "replica" })
	case "promoted":
		return is(func(n *playground.Node) bool { return n.State == "up" && n.Role == "master" && len(n.Slots) > 0 })
	case "link-up":
		return is(func(n *playground.Node) bool { return n.State == "up" && n.LinkUp })
	}
	return nil
}

// believed reports whether any running node holds that flag against the node.
func believed(s *playground.Snapshot, node, flag string) bool {
	return slices.ContainsFunc(s.Nodes, func(n playground.Node) bool {
		return n.State == "up" && slices.ContainsFunc(n.Beliefs, func(b playground.Belief) bool {
			return b.Node == node && slices.Contains(b.Flags, flag)
		})
	})
}

func ownerIs(number, node string) func(*playground.Snapshot) bool {
	s, err := strconv.Atoi(number)
	if err != nil || s < 0 || s >= slot.Count {
		return nil
	}
	return func(snap *playground.Snapshot) bool {
		n := nodeNamed(snap, node)
		return n != nil && n.State == "up" && n.Role == "master" &&
			slices.ContainsFunc(n.Slots, func(r [2]int) bool { return r[0] <= s && s <= r[1] })
	}
}

func replicaOf(node, master string) func(*playground.Snapshot) bool {
	return func(s *playground.Snapshot) bool {
		n := nodeNamed(s, node)
		return n != nil && n.State == "up" && n.Role == "replica" && n.Master == master
	}
}

func nodeNamed(s *playground.Snapshot, name string) *playground.Node {
	for i := range s.Nodes {
		if s.Nodes[i].Name == name {
			return &s.Nodes[i]
		}
	}
	return nil
}
