package repl

import (
	"context"
	"slices"
	"strings"
	"time"

	"clusterplay/node/resp"
)

// docsPatience is how long a node may take to say what it understands; one that is frozen says nothing.
const docsPatience = 2 * time.Second

// Command is what a node says about one of its commands in COMMAND DOCS.
type Command struct {
	Name    string // "CONFIG GET"
	Syntax  string // "parameter [parameter ...]"
	Summary string
	Since   string
	Group   string
}

// Commands are the commands of the node, by name. They are asked for once; a node that does not
// know COMMAND DOCS, or does not know us yet, has none.
func (s *Session) Commands(ctx context.Context) []Command {
	if s.commands == nil {
		s.commands = s.docs()(ctx)
	}
	return s.commands
}

// docs is the asking for the commands, over a connection of its own: it disturbs no transaction and
// no stream, a node that does not answer holds up nothing else, and any goroutine may do it.
func (s *Session) docs() func(context.Context) []Command {
	other := &Session{addr: s.addr, User: s.User, Password: s.Password}
	return func(ctx context.Context) []Command {
		ctx, cancel := context.WithTimeout(ctx, docsPatience)
		defer cancel()
		defer other.hangUp()
		if _, err := other.connect(ctx); err != nil {
			return nil
		}
		v, err := other.current().Do(ctx, "COMMAND", "DOCS")
		if err != nil {
			return nil
		}
		return readDocs(v, "")
	}
}

// readDocs reads commands, or the subcommands of the command whose name is before them.
func readDocs(v resp.Value, before string) []Command {
	var list []Command
	for i := 0; i+1 < len(v.List); i += 2 {
		name, doc := v.List[i].Text, fields(v.List[i+1])
		if _, sub, ok := strings.Cut(name, "|"); ok {
			name = sub
		}
		c := Command{
			Name: before + strings.ToUpper(name), Syntax: syntaxOf(doc["arguments"].List, " "),
			Summary: doc["summary"].Text, Since: doc["since"].Text, Group: doc["group"].Text,
		}
		list = append(append(list, c), readDocs(doc["subcommands"], c.Name+" ")...)
	}
	slices.SortFunc(list, func(a, b Command) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// fields reads a map, which RESP2 sends as a list of keys and values.
func fields(v resp.Value) map[string]resp.Value {
	m := make(map[string]resp.Value, len(v.List)/2)
	for i := 0; i+1 < len(v.List); i += 2 {
		m[v.List[i].Text] = v.List[i+1]
	}
	return m
}

// syntaxOf writes arguments as they stand in Redis' documentation: "key value [NX|XX]".
func syntaxOf(arguments []resp.Value, between string) string {
	parts := make([]string, len(arguments))
	for i, a := range arguments {
		parts[i] = argument(fields(a))
	}
	return strings.Join(parts, between)
}

func argument(a map[string]resp.Value) string {
	body, flags := a["name"].Text, flagsOf(a["flags"])
	switch a["type"].Text {
	case "pure-token":
		body = ""
	case "oneof":
		body = syntaxOf(a["arguments"].List, "|")
	case "block":
		body = syntaxOf(a["arguments"].List, " ")
	}
	token, named := a["token"]
	if named && token.Text == "" {
		token.Text = `""` // the empty string itself
	}
	once := join(token.Text, body)
	text := once
	switch {
	case flags["multiple_token"]:
		text += " [" + once + " ...]"
	case flags["multiple"]:
		text += " [" + body + " ...]"
	}
	if flags["optional"] {
		return "[" + text + "]"
	}
	return text
}

func flagsOf(v resp.Value) map[string]bool {
	set := map[string]bool{}
	for _, f := range v.List {
		set[f.Text] = true
	}
	return set
}

// join writes a token before what belongs to it; either may be missing.
func join(token, body string) string {
	switch {
	case token == "":
		return body
	case body == "":
		return token
	}
	return token + " " + body
}
