package command

import "slices"

// sentinelCommands are what a Sentinel has of a server's commands.
var sentinelCommands = []string{
	"auth", "client", "command", "hello", "info", "ping", "psubscribe", "publish", "punsubscribe", "role", "shutdown",
	"subscribe", "unsubscribe",
}

// NewSentinelTable builds the table of a Sentinel: fifteen commands, of which none has a handler here.
func NewSentinelTable() *Table {
	rows := slices.Clone(sentinelRows)
	for _, row := range slices.Concat(pubsubRows, clientRows, serverRows, replicationRows) {
		if slices.Contains(sentinelCommands, row.Name) {
			rows = append(rows, row)
		}
	}
	return tableOf(rows)
}

// named is a subcommand about one master.
func named(name, since, summary string) *Command {
	return &Command{
		Name: name, Arity: 3, Flags: Admin, Group: "sentinel", Since: since, Summary: summary, Syntax: "master-name",
	}
}

// sentinelRows describes the commands that only a Sentinel has.
var sentinelRows = []Command{
	aclRow,
	{
		Name: "sentinel", Arity: -2, Flags: Admin,
		Group: "sentinel", Since: "2.8.4",
		Summary:     "Commands of a Sentinel.",
		Subcommands: sentinelSubcommands,
	},
}

var sentinelSubcommands = []*Command{
	named("ckquorum", "2.8.4", "Tells whether enough Sentinels can be reached to replace a master."),
	{
		Name: "config", Arity: -3, Flags: Admin, Group: "sentinel", Since: "6.2.0",
		Summary: "Shows or changes a setting of this Sentinel.",
		Syntax:  "set_or_get(set_param_value(SET parameter value) | GET: parameter)",
	},
	{
		Name: "debug", Arity: -2, Flags: Admin, Group: "sentinel", Since: "7.0.0", Complexity: "O(N)",
		Summary: "Shows or changes the times this Sentinel lives by.",
		Syntax:  "?parameter_value(parameter value)*",
	},
	named("failover", "2.8.4", "Replaces a master without asking the other Sentinels."),
	{
		Name: "flushconfig", Arity: 2, Flags: Admin, Group: "sentinel", Since: "2.8.4", Complexity: "O(1)",
		Summary: "Writes the file again.",
	},
	named("get-master-addr-by-name", "2.8.4", "Tells the address of a master."),
	{
		Name: "help", Arity: 2, Flags: Loading | Stale, Group: "sentinel", Since: "6.2.0", Complexity: "O(1)",
		Summary: "Lists the subcommands.",
	},
	{
		Name: "info-cache", Arity: -3, Flags: Admin, Group: "sentinel", Since: "3.2.0", Complexity: "O(N)",
		Summary: "Shows the last INFO of masters and their replicas.",
		Syntax:  "nodename*",
	},
	{
		Name: "is-master-down-by-addr", Arity: 6, Flags: Admin, Group: "sentinel", Since: "2.8.4", Complexity: "O(1)",
		Summary: "Tells whether this Sentinel holds a master for down, and votes.",
		Syntax:  "ip port@int current-epoch@int runid",
	},
	named("master", "2.8.4", "Shows one master."),
	{
		Name: "masters", Arity: 2, Flags: Admin, Group: "sentinel", Since: "2.8.4", Complexity: "O(N)",
		Summary: "Shows all masters.",
	},
	{
		Name: "monitor", Arity: 6, Flags: Admin, Group: "sentinel", Since: "2.8.4", Complexity: "O(1)",
		Summary: "Begins to watch a master.",
		Syntax:  "name ip port@int quorum@int",
	},
	{
		Name: "myid", Arity: 2, Flags: Admin, Group: "sentinel", Since: "6.2.0", Complexity: "O(1)",
		Summary: "Tells this Sentinel's name in the group.",
	},
	{
		Name: "pending-scripts", Arity: 2, Flags: Admin, Group: "sentinel", Since: "2.8.4",
		Summary: "Lists the scripts that wait or run.",
	},
	named("remove", "2.8.4", "Stops watching a master."),
	named("replicas", "5.0.0", "Shows the replicas of a master."),
	{
		Name: "reset", Arity: 3, Flags: Admin, Group: "sentinel", Since: "2.8.4", Complexity: "O(N)",
		Summary: "Forgets all that was learnt about the masters whose names fit.",
		Syntax:  "pattern@pattern",
	},
	named("sentinels", "2.8.4", "Shows the other Sentinels of a master."),
	{
		Name: "set", Arity: -5, Flags: Admin, Group: "sentinel", Since: "2.8.4", Complexity: "O(1)",
		Summary: "Changes settings of a master.",
		Syntax:  "master-name option_value(option value)*",
	},
	{
		Name: "simulate-failure", Arity: -3, Flags: Admin, Group: "sentinel", Since: "3.2.0",
		Summary: "Makes this Sentinel crash at a chosen moment of a failover.",
		Syntax:  "mode(CRASH-AFTER-ELECTION | CRASH-AFTER-PROMOTION | HELP)*",
	},
	{
		Name: "slaves", Arity: 3, Flags: Admin, Group: "sentinel", Since: "2.8.0", Complexity: "O(N)",
		Deprecated: &Deprecation{"5.0.0", "SENTINEL REPLICAS"},
		Summary:    "Shows the replicas of a master.",
		Syntax:     "master-name",
	},
}
