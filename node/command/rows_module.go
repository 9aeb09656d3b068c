package command

// moduleRows describes the commands about what is not there: modules. LOLWUT is among them because it
// is of as little use.
var moduleRows = []Command{
	{
		Name: "lolwut", Arity: -1, Flags: ReadOnly | Fast,
		Group: "server", Since: "5.0.0",
		Summary: "Tells the version, and no art.",
		Syntax:  "?VERSION: version@int",
	},
	{
		Name: "module", Arity: -2,
		Group: "server", Since: "4.0.0", Complexity: "Depends on the subcommand",
		Summary: "Is the parent of the commands about modules.",
		Subcommands: []*Command{
			{
				Name: "help", Arity: 2, Flags: Loading | Stale,
				Group: "server", Since: "5.0.0", Complexity: "O(1)",
				Summary: "Lists the subcommands.",
			},
			{
				Name: "list", Arity: 2, Flags: Admin | NoScript,
				Tips:  []string{"nondeterministic_output_order"},
				Group: "server", Since: "4.0.0", Complexity: "O(N)",
				Summary: "Lists the modules: none.",
			},
			{
				Name: "load", Arity: -3, Flags: Admin | NoScript | NoAsyncLoading,
				Group: "server", Since: "4.0.0", Complexity: "O(1)",
				Summary: "Would load a module.",
				Syntax:  "path ?arg*",
			},
			{
				Name: "loadex", Arity: -3, Flags: Admin | NoScript | NoAsyncLoading,
				Group: "server", Since: "7.0.0", Complexity: "O(1)",
				Summary: "Would load a module with settings of its own.",
				Syntax:  "path ?CONFIG: configs(name value)** ?ARGS: args(arg)*",
			},
			{
				Name: "unload", Arity: 3, Flags: Admin | NoScript | NoAsyncLoading,
				Group: "server", Since: "4.0.0", Complexity: "O(1)",
				Summary: "Would unload a module.",
				Syntax:  "name",
			},
		},
	},
}
