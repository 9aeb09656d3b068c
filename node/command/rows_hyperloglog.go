package command

// hllRows describes the commands that count different elements approximately.
var hllRows = []Command{
	{
		Name: "pfadd", Arity: -2, Flags: Write | DenyOOM | Fast,
		Categories: CategoryHyperLogLog,
		Keys:       []KeySpec{one(1, RW|Insert)},
		Group:      "hyperloglog", Since: "2.8.9", Complexity: "O(1) for each element",
		Summary: "Adds elements to a HyperLogLog, which is created when missing.",
		Syntax:  "key@key ?element*",
	},
	{
		Name: "pfcount", Arity: -2, Flags: ReadOnly | MayReplicate,
		Categories: CategoryHyperLogLog,
		Keys:       []KeySpec{span(1, -1, 1, RW|Access)},
		Group:      "hyperloglog", Since: "2.8.9", Complexity: "O(1) for one key, O(N) for N",
		Summary: "Estimates how many different elements HyperLogLogs have seen together.",
		Syntax:  "key@key*",
	},
	{
		Name: "pfdebug", Arity: 3, Flags: Write | DenyOOM | Admin,
		Categories: CategoryHyperLogLog,
		Keys:       []KeySpec{one(2, RW|Access)},
		Group:      "hyperloglog", Since: "2.8.9", Complexity: "N/A",
		Summary: "Shows how a HyperLogLog is kept.",
		Syntax:  "subcommand key@key",
	},
	{
		Name: "pfmerge", Arity: -2, Flags: Write | DenyOOM,
		Categories: CategoryHyperLogLog,
		Keys:       []KeySpec{one(1, RW|Access|Insert), span(2, -1, 1, RO|Access)},
		Group:      "hyperloglog", Since: "2.8.9", Complexity: "O(N)",
		Summary: "Adds to a HyperLogLog everything that others have seen.",
		Syntax:  "destkey@key sourcekey@key1*",
	},
	{
		Name: "pfselftest", Arity: 1, Flags: Admin,
		Categories: CategoryHyperLogLog,
		Group:      "hyperloglog", Since: "2.8.9", Complexity: "N/A",
		Summary: "Tests the HyperLogLogs of this server.",
	},
}
