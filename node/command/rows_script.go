package command

// The flags and keys that all commands have that run a script.
const runsScript = NoScript | Stale | SkipMonitor | NoMandatoryKeys | MovableKeys

var (
	scriptKeys         = []KeySpec{counted(2, RW|Access|Update)}
	readOnlyScriptKeys = []KeySpec{counted(2, RO|Access)}
)

// The tips of the subcommands of SCRIPT and FUNCTION.
var (
	everyNode     = []string{"request_policy:all_nodes", "response_policy:all_succeeded"}
	everyShard    = []string{"request_policy:all_shards", "response_policy:all_succeeded"}
	oneShardKills = []string{"request_policy:all_shards", "response_policy:one_succeeded"}
)

// scriptRows describes the commands about scripts and functions.
var scriptRows = []Command{
	{
		Name: "eval", Arity: -3, Flags: runsScript | MayReplicate, Categories: CategoryScripting, Keys: scriptKeys,
		Group: "scripting", Since: "2.6.0", Complexity: "as the script",
		Summary: "Runs a Lua script.",
		Syntax:  "script numkeys@int ?key@key* ?arg*",
	},
	{
		Name: "evalsha", Arity: -3, Flags: runsScript | MayReplicate, Categories: CategoryScripting, Keys: scriptKeys,
		Group: "scripting", Since: "2.6.0", Complexity: "as the script",
		Summary: "Runs a Lua script that the server knows by its SHA1.",
		Syntax:  "sha1 numkeys@int ?key@key* ?arg*",
	},
	{
		Name: "evalsha_ro", Arity: -3, Flags: runsScript | ReadOnly, Categories: CategoryScripting, Keys: readOnlyScriptKeys,
		Group: "scripting", Since: "7.0.0", Complexity: "as the script",
		Summary: "Runs a known Lua script that may not write.",
		Syntax:  "sha1 numkeys@int ?key@key* ?arg*",
	},
	{
		Name: "eval_ro", Arity: -3, Flags: runsScript | ReadOnly, Categories: CategoryScripting, Keys: readOnlyScriptKeys,
		Group: "scripting", Since: "7.0.0", Complexity: "as the script",
		Summary: "Runs a Lua script that may not write.",
		Syntax:  "script numkeys@int ?key@key* ?arg*",
	},
	{
		Name: "fcall", Arity: -3, Flags: runsScript | MayReplicate, Categories: CategoryScripting, Keys: scriptKeys,
		Group: "scripting", Since: "7.0.0", Complexity: "as the function",
		Summary: "Calls a function.",
		Syntax:  "function numkeys@int ?key@key* ?arg*",
	},
	{
		Name: "fcall_ro", Arity: -3, Flags: runsScript | ReadOnly, Categories: CategoryScripting, Keys: readOnlyScriptKeys,
		Group: "scripting", Since: "7.0.0", Complexity: "as the function",
		Summary: "Calls a function that may not write.",
		Syntax:  "function numkeys@int ?key@key* ?arg*",
	},
	{
		Name: "script", Arity: -2,
		Group: "scripting", Since: "2.6.0",
		Summary:     "Commands about the cache of scripts.",
		Subcommands: scriptSubcommands,
	},
	{
		Name: "function", Arity: -2,
		Group: "scripting", Since: "7.0.0",
		Summary:     "Commands about libraries of functions.",
		Subcommands: functionSubcommands,
	},
}

var scriptSubcommands = []*Command{
	{
		Name: "debug", Arity: 3, Flags: NoScript, Categories: CategoryScripting,
		Group: "scripting", Since: "3.2.0", Complexity: "O(1)",
		Summary: "Says how the scripts that follow are debugged.",
		Syntax:  "mode(YES | SYNC | NO)",
	},
	{
		Name: "exists", Arity: -3, Flags: NoScript, Categories: CategoryScripting,
		Tips:  []string{"request_policy:all_shards", "response_policy:agg_logical_and"},
		Group: "scripting", Since: "2.6.0", Complexity: "O(N) for N digests",
		Summary: "Says which scripts are in the cache.",
		Syntax:  "sha1*",
	},
	{
		Name: "flush", Arity: -2, Flags: NoScript, Categories: CategoryScripting, Tips: everyNode,
		Group: "scripting", Since: "2.6.0", Complexity: "O(N) for N scripts",
		Summary: "Empties the cache.",
		Syntax:  "?async(ASYNC | SYNC)",
	},
	{
		Name: "help", Arity: 2, Flags: Loading | Stale, Categories: CategoryScripting,
		Group: "scripting", Since: "5.0.0", Complexity: "O(1)",
		Summary: "Lists the subcommands.",
	},
	{
		Name: "kill", Arity: 2, Flags: NoScript | AllowBusy, Categories: CategoryScripting, Tips: oneShardKills,
		Group: "scripting", Since: "2.6.0", Complexity: "O(1)",
		Summary: "Ends the script that runs, if it has not written yet.",
	},
	{
		Name: "load", Arity: 3, Flags: NoScript | Stale, Categories: CategoryScripting, Tips: everyNode,
		Group: "scripting", Since: "2.6.0", Complexity: "O(N) for N bytes of script",
		Summary: "Puts a script into the cache.",
		Syntax:  "script",
	},
}

var functionSubcommands = []*Command{
	{
		Name: "delete", Arity: 3, Flags: Write | NoScript, Categories: CategoryScripting, Tips: everyShard,
		Group: "scripting", Since: "7.0.0", Complexity: "O(1)",
		Summary: "Deletes a library.",
		Syntax:  "library-name",
	},
	{
		Name: "dump", Arity: 2, Flags: NoScript, Categories: CategoryScripting,
		Group: "scripting", Since: "7.0.0", Complexity: "O(N) for N functions",
		Summary: "Returns all libraries for FUNCTION RESTORE.",
	},
	{
		Name: "flush", Arity: -2, Flags: Write | NoScript, Categories: CategoryScripting, Tips: everyShard,
		Group: "scripting", Since: "7.0.0", Complexity: "O(N) for N functions",
		Summary: "Deletes all libraries.",
		Syntax:  "?async(ASYNC | SYNC)",
	},
	{
		Name: "help", Arity: 2, Flags: Loading | Stale, Categories: CategoryScripting,
		Group: "scripting", Since: "7.0.0", Complexity: "O(1)",
		Summary: "Lists the subcommands.",
	},
	{
		Name: "kill", Arity: 2, Flags: NoScript | AllowBusy, Categories: CategoryScripting, Tips: oneShardKills,
		Group: "scripting", Since: "7.0.0", Complexity: "O(1)",
		Summary: "Ends the function that runs, if it has not written yet.",
	},
	{
		Name: "list", Arity: -2, Flags: NoScript, Categories: CategoryScripting,
		Tips:  []string{"nondeterministic_output_order"},
		Group: "scripting", Since: "7.0.0", Complexity: "O(N) for N functions",
		Summary: "Tells about the libraries and their functions.",
		Syntax:  "?LIBRARYNAME: library-name-pattern ?WITHCODE",
	},
	{
		Name: "load", Arity: -3, Flags: Write | DenyOOM | NoScript, Categories: CategoryScripting, Tips: everyShard,
		Group: "scripting", Since: "7.0.0", Complexity: "O(1) besides the reading of its code",
		Summary: "Loads a library.",
		Syntax:  "?REPLACE function-code",
	},
	{
		Name: "restore", Arity: -3, Flags: Write | DenyOOM | NoScript, Categories: CategoryScripting, Tips: everyShard,
		Group: "scripting", Since: "7.0.0", Complexity: "O(N) for N functions",
		Summary: "Loads what FUNCTION DUMP returned.",
		Syntax:  "serialized-value ?policy(FLUSH | APPEND | REPLACE)",
	},
	{
		Name: "stats", Arity: 2, Flags: NoScript | AllowBusy, Categories: CategoryScripting,
		Tips:  []string{"nondeterministic_output", "request_policy:all_shards", "response_policy:special"},
		Group: "scripting", Since: "7.0.0", Complexity: "O(1)",
		Summary: "Tells which function runs, and how many there are.",
	},
}
