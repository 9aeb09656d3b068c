package command

import (
	"strings"

	"clusterplay/node/resp"
)

// writeDocs answers COMMAND DOCS for a list of commands.
func writeDocs(w *resp.Writer, list []*Command) {
	w.Map(len(list))
	for _, cmd := range list {
		w.BulkString(cmd.Full)
		writeDoc(w, cmd)
	}
}

// doc collects the fields of a map whose size is known only at the end.
type doc struct {
	names  []string
	values []func(*resp.Writer)
}

func (d *doc) add(name string, value func(*resp.Writer)) {
	d.names = append(d.names, name)
	d.values = append(d.values, value)
}

func (d *doc) text(name, value string) {
	if value != "" {
		d.add(name, func(w *resp.Writer) { w.BulkString(value) })
	}
}

func (d *doc) write(w *resp.Writer) {
	w.Map(len(d.names))
	for i, name := range d.names {
		w.BulkString(name)
		d.values[i](w)
	}
}

func writeDoc(w *resp.Writer, cmd *Command) {
	var d doc
	d.text("summary", cmd.Summary)
	d.text("since", cmd.Since)
	d.text("group", cmd.Group)
	d.text("complexity", cmd.Complexity)
	if cmd.Deprecated != nil {
		d.add("doc_flags", func(w *resp.Writer) { WriteStatusSet(w, []string{"deprecated"}) })
		d.text("deprecated_since", cmd.Deprecated.Since)
		d.text("replaced_by", cmd.Deprecated.ReplacedBy)
	}
	if args := cmd.Arguments(); len(args) > 0 {
		d.add("arguments", func(w *resp.Writer) { writeArguments(w, args) })
	}
	if len(cmd.Subcommands) > 0 {
		d.add("subcommands", func(w *resp.Writer) { writeDocs(w, cmd.Subcommands) })
	}
	d.write(w)
}

func writeArguments(w *resp.Writer, args []Argument) {
	w.Array(len(args))
	for i := range args {
		writeArgument(w, &args[i])
	}
}

func writeArgument(w *resp.Writer, a *Argument) {
	var d doc
	d.text("name", a.Name)
	d.text("type", string(a.Type))
	if a.Type == KeyArgument {
		d.add("key_spec_index", func(w *resp.Writer) { w.Int(int64(a.KeySpec)) })
	}
	if a.HasToken {
		d.add("token", func(w *resp.Writer) { w.BulkString(a.Token) })
	}
	if flags := argumentFlags(a); len(flags) > 0 {
		d.add("flags", func(w *resp.Writer) { WriteStatusSet(w, flags) })
	}
	if len(a.Arguments) > 0 {
		d.add("arguments", func(w *resp.Writer) { writeArguments(w, a.Arguments) })
	}
	d.write(w)
}

func argumentFlags(a *Argument) (flags []string) {
	if a.Optional {
		flags = append(flags, "optional")
	}
	if a.Multiple {
		flags = append(flags, "multiple")
	}
	if a.MultipleToken {
		flags = append(flags, "multiple_token")
	}
	return flags
}

// HelpLines is what HELP of a command with subcommands says, from the table's own words.
func (c *Command) HelpLines() []string {
	lines := []string{strings.ToUpper(c.Name) + " <subcommand> [<arg> ...]. Subcommands are:"}
	for _, sub := range c.Subcommands {
		usage := strings.ToUpper(sub.Name)
		for _, a := range sub.Arguments() {
			usage += " " + usageOf(&a)
		}
		lines = append(lines, usage, "    "+sub.Summary)
	}
	return lines
}

// usageOf writes one argument as people read it: [COUNT <count>].
func usageOf(a *Argument) string {
	text := "<" + a.Name + ">"
	switch a.Type {
	case TokenArgument:
		text = a.Token
	case OneOf, Block:
		parts := make([]string, len(a.Arguments))
		for i := range a.Arguments {
			parts[i] = usageOf(&a.Arguments[i])
		}
		separator := " "
		if a.Type == OneOf {
			separator = "|"
		}
		text = strings.Join(parts, separator)
	}
	if a.HasToken && a.Type != TokenArgument {
		text = a.Token + " " + text
	}
	if a.Multiple {
		text += " [" + text + " ...]"
	}
	if a.Optional {
		text = "[" + text + "]"
	}
	return text
}
