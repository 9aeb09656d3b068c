package scenarios

import (
	"fmt"
	"slices"

	"clusterplay/playground"
)

// sentinelCondition is a condition about what the Sentinels believe: "sdown NODE [by SENTINEL]",
// "odown NODE [by SENTINEL]", "address NODE [by SENTINEL]", "failover STATE [by SENTINEL]".
func sentinelCondition(name string, args []string) (condition, error) {
	by := ""
	switch {
	case len(args) == 3 && args[1] == "by":
		by = args[2]
	case len(args) != 1:
		return condition{}, nil
	}
	what, nodes := args[0], args[:1]
	if by != "" {
		nodes = []string{args[0], by}
	}
	switch name {
	case "sdown", "odown":
		return plainly(func(m moment) bool {
			return someWatch(m, by, func(w *playground.Watch) bool { return holdsDown(w, name, what) })
		}, nodes...), nil
	case "address":
		c := plainly(func(m moment) bool {
			return everyWatch(m, by, func(w *playground.Watch) bool { return w.Current == what })
		}, nodes...)
		c.found = addresses
		return c, nil
	case "failover":
		if !slices.Contains(failoverStates, what) {
			return condition{}, fmt.Errorf("%s is no state of a failover; they are %v", what, failoverStates)
		}
		c := plainly(func(m moment) bool {
			return someWatch(m, by, func(w *playground.Watch) bool { return w.Failover.State == what })
		}, nodes[1:]...)
		return c, nil
	}
	return condition{}, nil
}

// failoverStates are the states of a Sentinel's failover, as SENTINEL MASTER names them.
var failoverStates = []string{
	"none", "wait_start", "select_slave", "send_slaveof_noone", "wait_promotion", "reconf_slaves", "update_config",
}

// holdsDown tells whether a Sentinel holds a node for down: by itself, or by agreement.
func holdsDown(w *playground.Watch, how, node string) bool {
	return slices.ContainsFunc(w.Instances, func(o playground.Opinion) bool {
		return o.Node == node && (o.Down == "odown" || how == "sdown" && o.Down == "sdown")
	})
}

// watches are what the running Sentinels know, or the one named.
func watches(m moment, by string) []*playground.Watch {
	var all []*playground.Watch
	for i := range m.Sentinels {
		s := &m.Sentinels[i]
		if s.State == "up" && (by == "" || s.Name == by) {
			for j := range s.Watches {
				all = append(all, &s.Watches[j])
			}
		}
	}
	return all
}

func someWatch(m moment, by string, test func(w *playground.Watch) bool) bool {
	return slices.ContainsFunc(watches(m, by), test)
}

func everyWatch(m moment, by string, test func(w *playground.Watch) bool) bool {
	all := watches(m, by)
	return len(all) > 0 && !slices.ContainsFunc(all, func(w *playground.Watch) bool { return !test(w) })
}

// addresses is what each running Sentinel tells clients.
func addresses(m moment) string {
	told := ""
	for i := range m.Sentinels {
		s := &m.Sentinels[i]
		for j := range s.Watches {
			if s.State == "up" {
				told += fmt.Sprintf(", %s by %s", s.Watches[j].Current, s.Name)
			}
		}
	}
	if told == "" {
		return "not there: no Sentinel runs"
	}
	return told[len(", "):]
}

// streamCondition is a condition about a node's replication stream: "synced NODE full|partial [WHY]",
// "refuses NODE".
func streamCondition(name string, args []string) (condition, error) {
	switch {
	case name == "refuses" && len(args) == 1:
		return aboutNode(args[0], func(n *playground.Node) bool {
			return n.Stream != nil && n.Stream.MinReplicas != nil && n.Stream.MinReplicas.Refuses
		}), nil
	case name == "synced" && (len(args) == 2 || len(args) == 3) && (args[1] == "full" || args[1] == "partial"):
		c := aboutNode(args[0], func(n *playground.Node) bool {
			s, there := lastSync(n)
			return there && s.Kind == args[1] && (len(args) == 2 || s.Why == args[2])
		})
		c.found = func(m moment) string {
			s, there := lastSync(nodeNamed(m.Snapshot, args[0]))
			if !there {
				return "not there: it follows nobody"
			}
			return s.Kind + " " + s.Why
		}
		return c, nil
	}
	return condition{}, nil
}

// lastSync is how a replica last came to have its master's data.
func lastSync(n *playground.Node) (playground.SyncView, bool) {
	if n == nil || n.Stream == nil || n.Stream.Link == nil {
		return playground.SyncView{}, false
	}
	return n.Stream.Link.Sync, true
}
