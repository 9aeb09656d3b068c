package command

// replicationRows describes the commands about replication.
var replicationRows = []Command{
	{
		Name: "failover", Arity: -1, Flags: Admin | NoScript | Stale,
		Group: "server", Since: "6.2.0", Complexity: "O(1)",
		Summary: "Hands the place of a master to one of its replicas.",
		Syntax:  "?TO: target(host port@int ?FORCE) ?ABORT ?TIMEOUT: milliseconds@int",
	},
	{
		Name: "psync", Arity: -3, Flags: Admin | NoScript | NoAsyncLoading | NoMulti,
		Group: "server", Since: "2.8.0",
		Summary: "Asks for the replication stream from an offset on.",
		Syntax:  "replicationid offset@int",
	},
	{
		Name: "replconf", Arity: -1, Flags: Admin | NoScript | Loading | Stale | AllowBusy,
		Group: "server", Since: "3.0.0", Complexity: "O(1)",
		Summary: "Exchanges settings between replica and master.",
	},
	{
		Name: "replicaof", Arity: 3, Flags: Admin | NoScript | Stale | NoAsyncLoading,
		Group: "server", Since: "5.0.0", Complexity: "O(1)",
		Summary: "Makes the server a replica of another, or a master.",
		Syntax:  "args(host-port(host port@int) | no-one(NO ONE))",
	},
	{
		Name: "role", Arity: 1, Flags: NoScript | Loading | Stale | Fast,
		Categories: CategoryAdmin | CategoryDangerous,
		Group:      "server", Since: "2.8.12", Complexity: "O(1)",
		Summary: "Tells the replication role of the server.",
	},
	{
		Name: "slaveof", Arity: 3, Flags: Admin | NoScript | Stale | NoAsyncLoading,
		Group: "server", Since: "1.0.0", Complexity: "O(1)",
		Deprecated: &Deprecation{"5.0.0", "REPLICAOF"},
		Summary:    "Is the old name of REPLICAOF.",
		Syntax:     "args(host-port(host port@int) | no-one(NO ONE))",
	},
	{
		Name: "sync", Arity: 1, Flags: Admin | NoScript | NoAsyncLoading | NoMulti,
		Group: "server", Since: "1.0.0",
		Summary: "Asks for the whole data set and the replication stream.",
	},
}
