package playground

import "slices"

// The kinds of argument.
const (
	KindNode     = "node"     // a node by name, id or shard, or "master-of:SLOT"
	KindGroups   = "groups"   // lists of nodes: 7000,7003 / 7001,7004, or "rest" for all others
	KindInt      = "int"      //
	KindFloat    = "float"    //
	KindMillis   = "ms"       // 200 or 200ms or 1.5s; "200ms~50ms" also gives the next argument
	KindText     = "text"     // the rest of the line
	KindWord     = "word"     //
	KindSlots    = "slots"    // a number of slots, or ranges such as 0-99,200-299
	KindFlag     = "flag"     // --name
	KindMoveMode = "run|step" //
	KindDisk     = "full|readonly|error|ok"
	KindFailover = "default|force|takeover"
	KindTopology = "cluster|replication|chain|sentinel"
	KindYesNo    = "yes|no"
)

// Arg describes one argument of a verb. On a command line it stands in the order of the list, or
// anywhere as --name VALUE.
type Arg struct {
	Name     string `json:"name"`
	Kind     string `json:"kind"`
	Help     string `json:"help"`
	Required bool   `json:"required"`
	Named    bool   `json:"named,omitempty"` // stands only as --name VALUE

	some bool // 0 would mean that it is left out, so it is refused
}

// Spec describes a verb, for help pages, the palette and REST.
type Spec struct {
	Verb    string `json:"verb"`
	Args    []Arg  `json:"args"`
	Help    string `json:"help"`
	Example string `json:"example"`

	fresh func() Action // a pointer to the zero action, to be decoded into
}

func needNode(name, help string) Arg {
	return Arg{Name: name, Kind: KindNode, Help: help, Required: true}
}

func optional(name, kind, help string) Arg { return Arg{Name: name, Kind: kind, Help: help} }

// some is an argument that has a value above 0, or none.
func some(a Arg) Arg {
	a.some = true
	return a
}

func named(name, kind, help string) Arg { return Arg{Name: name, Kind: kind, Help: help, Named: true} }

func required(name, kind, help string) Arg {
	return Arg{Name: name, Kind: kind, Help: help, Required: true}
}

// verb makes a Spec for the action type A.
func verb[A Action](help, example string, args ...Arg) Spec {
	var zero A
	if args == nil {
		args = []Arg{}
	}
	return Spec{Verb: zero.Verb(), Args: args, Help: help, Example: example, fresh: func() Action {
		return any(new(A)).(Action)
	}}
}

var specs = slices.Concat(nodeVerbs(), networkVerbs(), clusterVerbs(), replicationVerbs(), timeVerbs())

// Verbs describes every verb, in the order of a help page.
func Verbs() []Spec { return slices.Clone(specs) }

func nodeVerbs() []Spec {
	return []Spec{
		verb[Kill]("end a node as SIGKILL would: sockets close, nothing is saved", "kill 7001", needNode("node", "the node")),
		verb[Restart]("start a node again, with the files it left", "restart 7001", needNode("node", "the node")),
		verb[Freeze]("stop a node as SIGSTOP would: sockets stay open, nothing answers", "freeze 7001", needNode("node", "the node")),
		verb[Thaw]("let a frozen node go on", "thaw 7001", needNode("node", "the node")),
		verb[Disk]("make a node's disk fail, or obey again", "disk 7001 full", needNode("node", "the node"),
			required("state", KindDisk, "full, readonly, error or ok")),
	}
}

func networkVerbs() []Spec {
	from, to := optional("from", KindNode, "the sender; * for all"), optional("to", KindNode, "the receiver; * for all")
	kind := optional("type", KindWord, "PING, FAIL, AUTH_REQ, …; without it every frame")
	return []Spec{
		verb[Partition]("cut the network between groups of nodes", "partition 7001,7004 / rest",
			required("groups", KindGroups, "groups of nodes; rest is all others"),
			optional("oneWay", KindFlag, "only from the first group to the others")),
		verb[Heal]("remove every cut, delay and hold", "heal"),
		verb[Delay]("slow frames from one node to another; 0 removes it", "delay 7000 7001 200ms~50ms",
			needNode("from", "the sender; * for all"), needNode("to", "the receiver; * for all"),
			optional("delayMs", KindMillis, "how long a frame travels"), optional("jitterMs", KindMillis, "so much more or less by chance"),
			optional("bandwidth", KindInt, "bytes per second; 0 is without limit")),
		verb[Hold]("stop the next frames until they are released or dropped", "hold 7004 7000 AUTH_REQ",
			from, to, kind, optional("count", KindInt, "how many; default 1")),
		verb[Release]("let a held frame pass", "release 4711", required("frame", KindInt, "the frame's number")),
		verb[Drop]("throw a held frame away, or the next one of a kind", "drop --type AUTH_ACK --to 7004",
			optional("frame", KindInt, "the frame's number"), from, to, kind),
	}
}

func clusterVerbs() []Spec {
	return []Spec{
		verb[AddMaster]("start a node and add it as a master without slots", "add-master"),
		verb[AddReplica]("start a node and make it a replica", "add-replica 7000",
			optional("of", KindNode, "its master; without it the one with the fewest replicas")),
		verb[Remove]("make the others forget a node, and end it", "remove 7006", needNode("node", "a node without slots")),
		verb[MoveSlots]("move slots with their keys while clients are served", "move-slots 7000 7001 100",
			needNode("from", "the owner"), needNode("to", "the new owner"),
			required("slots", KindSlots, "how many, or which: 0-99,200-299; --slots 5 is slot 5"),
			optional("mode", KindMoveMode, "step waits for move-step before each command"),
			optional("count", KindInt, "how many, by its name")),
		verb[MoveStep]("carry out the next command of a move", "move-step"),
		verb[MoveRun]("let a stepped move run on", "move-run"),
		verb[MoveAbort]("end a move after the present slot", "move-abort",
			optional("leave", KindFlag, "end at once and leave the slot open, as a broken tool would")),
		verb[Rebalance]("give every master the same number of slots", "rebalance"),
		verb[Failover]("make a replica take over from its master", "failover 7004 force",
			needNode("node", "the replica; for a master its best one"),
			optional("mode", KindFailover, "force does not ask the master, takeover does not ask anybody")),
		verb[ConfigSet]("change a setting of a node", "config-set 7000 cluster-node-timeout 5000",
			needNode("node", "the node; * for all"), required("name", KindWord, "as in redis.conf"), required("value", KindText, "the value")),
		verb[LoadRate]("write numbered values at a rate and keep a ledger", "load 100",
			required("rate", KindInt, "writes per second; 0 or off turns it off")),
	}
}

func replicationVerbs() []Spec {
	return []Spec{
		verb[ReplicaOf]("make a node follow another, or no-one: promotion by hand, without a cluster", "replicaof 7001 no-one",
			needNode("node", "the node"), required("of", KindNode, "its new master; no-one makes it a master")),
		verb[Rewire]("give the built-in clients another address, without a cluster", "rewire 7001",
			needNode("of", "whose address they use; sentinels asks the Sentinels")),
		verb[AddSentinel]("start one more Sentinel, in a lab of kind sentinel", "add-sentinel"),
	}
}

func timeVerbs() []Spec {
	return []Spec{
		verb[Pause]("stop the lab's clock and hold every frame between nodes", "pause"),
		verb[Resume]("let time and frames go on", "resume"),
		verb[Step]("while paused, let the earliest thing happen: one frame or one timer", "step"),
		verb[Speed]("how fast the lab's time runs", "speed 0.25", required("factor", KindFloat, "0.01 to 100; 1 is real")),
		verb[Reset]("start again from the present topology", "reset"),
		verb[Setup]("start with another topology; without arguments, with the lab's own", "setup --masters 4 --replicas 1 --node-timeout 5s",
			some(optional("masters", KindInt, "how many masters")), optional("replicas", KindInt, "how many replicas each master has"),
			some(optional("nodeTimeoutMs", KindMillis, "cluster-node-timeout of every node")), optional("seed", KindInt, "seed of every chance in the lab"),
			some(optional("speed", KindFloat, "how fast the lab's time runs")),
			named("topology", KindTopology, "the kind of lab"),
			named("faithful", KindYesNo, "whether nodes have the known defects of 7.0.15"),
			named("replicaOf", KindWord, "whom node 1, 2, … follows, by number: 0,1,1"),
			some(named("sentinels", KindInt, "how many Sentinels")),
			some(named("quorum", KindInt, "how many Sentinels must agree that the master is down")),
			some(named("downAfterMs", KindMillis, "down-after-milliseconds of the Sentinels")),
			some(named("failoverTimeoutMs", KindMillis, "failover-timeout of the Sentinels")),
			some(named("parallelSyncs", KindInt, "how many replicas are pointed at a new master at once")),
			optional("settings", KindText, "as in redis.conf: maxmemory=100mb save=60 1000; none for none")),
		verb[SetMark]("mark this moment", "mark before the kill", required("text", KindText, "what to find it by")),
	}
}

// specOf finds a verb.
func specOf(name string) (Spec, error) {
	for _, s := range specs {
		if s.Verb == name {
			return s, nil
		}
	}
	return Spec{}, wrong("verb", "help lists all verbs", "no verb is called %q", name)
}
