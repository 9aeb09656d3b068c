package command

// aclRow describes ACL, which servers and Sentinels have alike.
var aclRow = Command{
	Name: "acl", Arity: -2,
	Group: "server", Since: "6.0.0", Complexity: "Depends on subcommand.",
	Summary: "Commands about users and what they may do.",
	Subcommands: []*Command{
		{
			Name: "cat", Arity: -2, Flags: NoScript | Loading | Stale,
			Group: "server", Since: "6.0.0", Complexity: "O(1)",
			Summary: "Lists the categories, or the commands in one.",
			Syntax:  "?categoryname",
		},
		{
			Name: "deluser", Arity: -3, Flags: Admin | NoScript | Loading | Stale,
			Group: "server", Since: "6.0.0", Complexity: "O(N)",
			Summary: "Deletes users and disconnects whoever acts for them.",
			Syntax:  "username*",
		},
		{
			Name: "dryrun", Arity: -4, Flags: Admin | NoScript | Loading | Stale,
			Group: "server", Since: "7.0.0", Complexity: "O(1)",
			Summary: "Tells whether a user could run a command, without running it.",
			Syntax:  "username command ?arg*",
		},
		{
			Name: "genpass", Arity: -2, Flags: NoScript | Loading | Stale,
			Group: "server", Since: "6.0.0", Complexity: "O(1)",
			Summary: "Makes up a password.",
			Syntax:  "?bits@int",
		},
		{
			Name: "getuser", Arity: 3, Flags: Admin | NoScript | Loading | Stale,
			Group: "server", Since: "6.0.0", Complexity: "O(N)",
			Summary: "Shows what a user may do.",
			Syntax:  "username",
		},
		{
			Name: "help", Arity: 2, Flags: Loading | Stale,
			Group: "server", Since: "6.0.0", Complexity: "O(1)",
			Summary: "Lists the subcommands.",
		},
		aclOfAll("list", "Lists the users with their rules."),
		aclOfAll("load", "Reads the users from the ACL file again."),
		{
			Name: "log", Arity: -2, Flags: Admin | NoScript | Loading | Stale,
			Group: "server", Since: "6.0.0", Complexity: "O(N)",
			Summary: "Shows what users were denied lately.",
			Syntax:  "?operation(count@int | RESET)",
		},
		aclOfAll("save", "Writes the users into the ACL file."),
		{
			Name: "setuser", Arity: -3, Flags: Admin | NoScript | Loading | Stale,
			Group: "server", Since: "6.0.0", Complexity: "O(N)",
			Summary: "Makes a user, or changes what one may do.",
			Syntax:  "username ?rule*",
		},
		aclOfAll("users", "Lists the names of the users."),
		{
			Name: "whoami", Arity: 2, Flags: NoScript | Loading | Stale,
			Group: "server", Since: "6.0.0", Complexity: "O(1)",
			Summary: "Tells the name of this connection's user.",
		},
	},
}

// aclOfAll is a subcommand about all users.
func aclOfAll(name, summary string) *Command {
	return &Command{
		Name: name, Arity: 2, Flags: Admin | NoScript | Loading | Stale,
		Group: "server", Since: "6.0.0", Complexity: "O(N)", Summary: summary,
	}
}
