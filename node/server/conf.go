package server

import (
	"fmt"
	"slices"
	"strings"

	"clusterplay/node/acl"
	"clusterplay/node/command"
	"clusterplay/node/resp"
)

// Conf is what a redis.conf says, and the options of a command line after it.
type Conf struct {
	Settings map[string]string // by the names in the table of parameters
	Users    [][]string        // user lines, each in words without the first
	Ignored  []string          // given, valid, and without a meaning here
	Renamed  []Renaming        // rename-command, in order
	Modules  []string          // loadmodule: there are none here

	saved bool           // a save line has been read: the defaults are gone
	table *command.Table // with the names given so far; nil without any
}

// Renaming gives a command another name; no name takes it away.
type Renaming struct{ Command, Name string }

// ConfError says which line of a redis.conf nobody could follow, in Redis' words.
type ConfError struct {
	Line   int // from 1; 0 when no line is to blame
	Text   string
	Reason string
}

// Error is what Redis prints before it ends.
func (e *ConfError) Error() string {
	if e.Line == 0 {
		return e.Reason
	}
	return fmt.Sprintf("Reading the configuration file, at line %d\n>>> '%s'\n%s", e.Line, e.Text, e.Reason)
}

// The words of loadServerConfigFromString.
const (
	errConfQuotes    = "Unbalanced quotes in configuration line"
	errConfArgs      = "wrong number of arguments"
	errConfDirective = "Bad directive or wrong number of arguments"
	errConfSentinel  = "sentinel directive while not in sentinel mode"
	errConfRename    = "No such command in rename-command"
	errConfTaken     = "Target command name already exists"
	errConfModule    = "Module config specified without value"
)

// deprecatedLines are accepted as Redis accepts them: without a word and without effect.
var deprecatedLines = []string{"lua-replicate-commands", "list-max-ziplist-entries", "list-max-ziplist-value"}

// ParseConf reads a redis.conf; include is asked for the text of each file that a line names.
func ParseConf(text []byte, include func(pattern string) ([][]byte, error)) (*Conf, error) {
	c := &Conf{Settings: map[string]string{}}
	if err := c.read(text, include, maxIncludes); err != nil {
		return nil, err
	}
	if c.Settings["cluster-enabled"] == "yes" && c.Settings["replicaof"] != "" {
		return nil, &ConfError{Reason: "replicaof directive not allowed in cluster mode"}
	}
	return c, nil
}

// maxIncludes bounds how deep files may include others: one that includes itself must not hang us.
const maxIncludes = 32

func (c *Conf) read(text []byte, include func(string) ([][]byte, error), depth int) error {
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.Trim(line, " \t\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		words, ok := resp.SplitLine(nil, []byte(line))
		reason := errConfQuotes
		if ok {
			if len(words) == 0 {
				continue
			}
			var err error
			if reason, err = c.statement(textOf(words), include, depth); err != nil {
				return err
			}
		}
		if reason != "" {
			return &ConfError{Line: i + 1, Text: line, Reason: reason}
		}
	}
	return nil
}

func textOf(words [][]byte) []string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = string(w)
	}
	return texts
}

// statement takes one line, and returns why it cannot.
func (c *Conf) statement(words []string, include func(string) ([][]byte, error), depth int) (refusal string, err error) {
	name, args := strings.ToLower(words[0]), words[1:]
	if at, known := parameterIndex[name]; known {
		return c.parameter(at, args), nil
	}
	switch {
	case slices.Contains(deprecatedLines, name) && len(args) == 1:
	case name == "include" && len(args) == 1:
		return c.include(args[0], include, depth)
	case name == "rename-command" && len(args) == 2:
		return c.rename(args[0], args[1]), nil
	case name == "user" && len(args) >= 1:
		if err := acl.CheckLine(sharedTable, c.Users, args); err != nil {
			return err.Error(), nil
		}
		c.Users = append(c.Users, args)
	case name == "loadmodule" && len(args) >= 1:
		c.Modules = append(c.Modules, args[0])
	case strings.Contains(name, "."):
		if len(args) == 0 {
			return errConfModule, nil
		}
		c.Ignored = append(c.Ignored, name)
	case name == "sentinel" && len(args) > 0:
		return errConfSentinel, nil
	case name == "sentinel":
	default:
		return errConfDirective, nil
	}
	return "", nil
}

func (c *Conf) include(pattern string, include func(string) ([][]byte, error), depth int) (string, error) {
	if include == nil || depth == 0 {
		return "too many files include one another", nil
	}
	files, err := include(pattern)
	if err != nil {
		return "", err
	}
	for _, text := range files {
		if err := c.read(text, include, depth-1); err != nil {
			return "", err
		}
	}
	return "", nil
}

// rename takes a rename-command line.
func (c *Conf) rename(old, name string) string {
	old, name = strings.ToLower(old), strings.ToLower(name)
	if c.table == nil {
		c.table = sharedTable
	}
	if c.table.Lookup([]byte(old)) == nil {
		return errConfRename
	}
	table, free := c.table.Renamed(old, name)
	if !free {
		return errConfTaken
	}
	c.table = table
	c.Renamed = append(c.Renamed, Renaming{old, name})
	return ""
}

// manyWords are the parameters whose value is several words.
var manyWords = map[string]bool{
	"shutdown-on-sigint": true, "shutdown-on-sigterm": true,
	"bind": true, "save": true, outputLimitName: true, "oom-score-adj-values": true, "replicaof": true,
	"latency-tracking-info-percentiles": true,
}

// parameter takes the value of a parameter.
func (c *Conf) parameter(at int, args []string) (refusal string) {
	p := parameters[at]
	if !manyWords[p.name] && len(args) != 1 {
		return errConfArgs
	}
	text := strings.Join(args, " ")
	switch p.name {
	case "save":
		return c.savePoint(text)
	case outputLimitName:
		return c.outputLimit(text)
	case "replicaof":
		if text, refusal = masterText(args); refusal != "" {
			return refusal
		}
	}
	canonical, _, refusal := p.kind(text)
	if refusal != "" {
		return refusal
	}
	initial, _, _ := p.kind(p.initial)
	switch {
	case canonical == initial:
	case p.fixity == absent:
		return absentReason
	case p.fixity == idle && !slices.Contains(c.Ignored, p.name):
		c.Ignored = append(c.Ignored, p.name)
	}
	c.Settings[p.name] = canonical
	return ""
}

// masterText reads the words after replicaof (setConfigReplicaOfOption).
func masterText(args []string) (text, refusal string) {
	args = strings.Fields(strings.Join(args, " "))
	if len(args) != 2 {
		return "", errConfArgs
	}
	if strings.EqualFold(args[0], "no") && strings.EqualFold(args[1], "one") {
		return "", ""
	}
	if n, ok := resp.ParseInt([]byte(args[1])); !ok || n < 0 || n > 65535 {
		return "", "Invalid master port"
	}
	return args[0] + " " + args[1], ""
}

// savePoint adds a save line to those before; the first takes the place of the defaults.
func (c *Conf) savePoint(text string) (refusal string) {
	text, _, refusal = savePoints(text)
	if refusal != "" {
		return refusal
	}
	before := ""
	if c.saved && text != "" {
		before = c.Settings["save"]
	}
	c.saved = true
	c.Settings["save"] = strings.TrimSpace(before + " " + text)
	return ""
}

// outputLimit adds a client-output-buffer-limit line to those before.
func (c *Conf) outputLimit(text string) (refusal string) {
	before, given := c.Settings[outputLimitName]
	if !given {
		before, _, _ = limitsText(defaultOutputLimits)
	}
	after, _, refusal := changedLimits(before, text)
	if refusal == "" {
		c.Settings[outputLimitName] = after
	}
	return refusal
}
