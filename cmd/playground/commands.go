package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"clusterplay/node/command"
)

// commandsCommand lists what the nodes can do.
func commandsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "commands",
		Short: "List the commands of Redis 7.0.15 and how those of the nodes differ",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := io.WriteString(cmd.OutOrStdout(), commandsPage())
			return err
		},
	}
}

// notThere says of a command that the nodes do not know it.
const notThere = "not there"

// commandsPage is a table in Markdown: each command of 7.0.15, and what differs.
func commandsPage() string {
	var rows strings.Builder
	table, same, differ, missing := command.NewTable(), 0, 0, 0
	for _, name := range command.Known() {
		what := command.Difference(name)
		switch {
		case table.Find([]byte(name)) == nil:
			what = notThere
			missing++
		case what == "":
			what = "same"
			same++
		default:
			differ++
		}
		fmt.Fprintf(&rows, "| `%s` | %s |\n", strings.ToUpper(strings.ReplaceAll(name, "|", " ")), what)
	}
	head := "# Commands\n\nEvery command and subcommand of Redis 7.0.15, and how that of a node differs. `playground commands`\n" +
		"prints this page. \"Same\" means replies, errors, events, what goes to replicas and the words of COMMAND INFO;\n" +
		"the tests compare them with a real redis-server.\n\n"
	return head + fmt.Sprintf("%d same, %d with a difference, %d not there.\n\n", same, differ, missing) +
		"| Command | |\n|---|---|\n" + rows.String()
}
