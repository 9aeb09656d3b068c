package scenarios

import (
	"fmt"
	"strings"
	"time"

	"clusterplay/node/slot"
	"clusterplay/playground"
)

// defaultWithin is how long wait waits when the line does not say.
const defaultWithin = 30 * time.Second

// moment is what a condition looks at: the lab as it is, and where the present fence began.
type moment struct {
	*playground.Snapshot
	since uint64 // the number of the last event before the fence
}

// condition is something about the lab that holds or does not.
type condition struct {
	text  string
	nodes []string // the nodes that it names, for lint
	holds func(m moment) bool
	found func(m moment) string // what is there instead; nil when the text says it all
}

// conditionForms is what a condition may look like; lint and help print it.
var conditionForms = []string{
	"pfail NODE [by NODE]       somebody, or that node, suspects it",
	"fail NODE [by NODE]        somebody, or that node, has marked it FAIL",
	"alive NODE                 nobody suspects it",
	"running NODE               its process runs; also frozen NODE, killed NODE",
	"master NODE                it says it is a master",
	"replica NODE [of NODE]     it says it is a replica",
	"promoted NODE              it is a master and owns slots",
	"link-up NODE               the replica's link to its master is up",
	"owner SLOT == NODE         also: master-of SLOT == NODE",
	"migrating SLOT             the slot's owner is sending it away",
	"importing SLOT             some master is taking it in",
	"moves done                 no slots are being moved",
	"state [NODE] ok|fail       what every running node, or that node, says of the cluster",
	"covered                    all 16384 slots have a running owner",
	"held TYPE [from NODE] [to NODE]   a frame of that type waits on its way",
	"event NAME [NODE]          it has happened since the fence began: event +vote 7000",
	"synced NODE full|partial [WHY]   how a replica last got its master's data: synced 7001 full offset-out-of-backlog",
	"refuses NODE               a master refuses writes, because min-replicas-to-write asks for more replicas",
	"sdown NODE [by SENTINEL]   some Sentinel, or that one, holds it for down; odown: and so does a quorum",
	"address NODE [by SENTINEL]  every running Sentinel, or that one, sends clients there",
	"failover STATE [by SENTINEL]   some Sentinel's failover has come so far: failover reconf_slaves",
	"slots|keys|epoch|offset|lag|backlog|votes NODE OP N   OP is ==, !=, <, <=, > or >=",
	"acked|replicated|lost|unknown|errors OP N     the load's ledger",
	"nodes OP N, masters OP N   how many of them run; masters are those with slots",
	"bytes TYPE OP N            the size of every frame of that type that waits",
	"not CONDITION              it does not hold",
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
	if len(words) > 1 && words[0] == "not" && words[1] != "not" {
		c, err := parseCondition(words[1:])
		if err != nil {
			return condition{}, err
		}
		holds := c.holds
		c.text, c.holds = text, func(m moment) bool { return !holds(m) }
		return c, nil
	}
	if len(words) > 0 {
		c, err := conditionOf(words[0], words[1:])
		if err != nil {
			return condition{}, fmt.Errorf("%q: %w", text, err)
		}
		if c.holds != nil {
			c.text = text
			return c, nil
		}
	}
	return condition{}, fmt.Errorf("%q is not a condition; the conditions are:\n  %s", text, strings.Join(conditionForms, "\n  "))
}

// failure says that the condition does not hold, and what is there instead.
func (c condition) failure(m moment) error {
	if c.found == nil {
		return fmt.Errorf("expected %s, but it does not hold", c.text)
	}
	return fmt.Errorf("expected %s, but it is %s", c.text, c.found(m))
}

// conditionOf is the test for a condition's name and arguments; without holds when they do not fit.
func conditionOf(name string, args []string) (condition, error) {
	for _, find := range []func(string, []string) (condition, error){
		labCondition, slotCondition, nodeCondition, sentinelCondition, streamCondition, countCondition,
	} {
		if c, err := find(name, args); err != nil || c.holds != nil {
			return c, err
		}
	}
	return condition{}, nil
}

// labCondition is a condition about the lab as a whole.
func labCondition(name string, args []string) (condition, error) {
	switch {
	case name == "covered" && len(args) == 0:
		return condition{
			holds: func(m moment) bool { return m.SlotsCovered == slot.Count },
			found: func(m moment) string { return fmt.Sprintf("%d of %d", m.SlotsCovered, slot.Count) },
		}, nil
	case name == "state" && len(args) == 1 && isState(args[0]):
		return condition{
			holds: func(m moment) bool { return m.State == args[0] },
			found: func(m moment) string { return m.State },
		}, nil
	case name == "moves" && len(args) == 1 && args[0] == "done":
		return plainly(movesDone), nil
	case name == "held" && len(args) > 0:
		return heldCondition(args)
	case name == "event" && (len(args) == 1 || len(args) == 2):
		return plainly(func(m moment) bool { return happened(m, args) }, args[1:]...), nil
	}
	return condition{}, nil
}

// plainly is a condition on these nodes whose text says it all.
func plainly(holds func(m moment) bool, nodes ...string) condition {
	return condition{holds: holds, nodes: nodes}
}

func isState(word string) bool { return word == "ok" || word == "fail" }

func movesDone(m moment) bool {
	for _, v := range m.Moves {
		if v.State == playground.Running || v.State == playground.Stepping || v.State == playground.Queued {
			return false
		}
	}
	return true
}

// happened tells whether the story has the event since the fence began: its name and, if given,
// the node in which it happened.
func happened(m moment, args []string) bool {
	for _, line := range m.Story {
		if line.Seq > m.since && line.Name == args[0] && (len(args) == 1 || line.Node == args[1]) {
			return true
		}
	}
	return false
}
