package repl

import (
	"context"
	"slices"
	"strings"
)

// helpText is what help says without a topic.
const helpText = `Any line is a command for the node: SET user:1 ada, CLUSTER NODES, INFO replication.
      "help <command>"        what a command does and takes
      "help @<group>"         the commands of a group: @string, @cluster, ...
      "help <tab>"            the topics
      "5 <command>"           run a command five times
      "connect <host> <port>" talk to another node
      ":set hints"            show what may follow while typing, ":set nohints" does not
      ":set cluster"          follow MOVED and ASK, ":set nocluster" shows them
      "clear"                 clear the screen
      "quit"                  leave
Ctrl-C ends SUBSCRIBE, MONITOR and a command that waits; Ctrl-R searches what was typed before.
`

// help is the session's own help command, in the looks of redis-cli.
func (s *Session) help(ctx context.Context, topic []string) string {
	if len(topic) == 0 {
		return helpText
	}
	var b strings.Builder
	group, ofGroup := strings.CutPrefix(topic[0], "@")
	for _, c := range s.Commands(ctx) {
		if ofGroup && strings.EqualFold(c.Group, group) || !ofGroup && begins(c.Name, topic) {
			c.describe(&b, !ofGroup)
		}
	}
	return b.String() + "\r\n"
}

// begins tells whether the words of a command's name begin with those.
func begins(name string, words []string) bool {
	own := strings.Fields(name)
	return len(words) <= len(own) && slices.EqualFunc(own[:len(words)], words, strings.EqualFold)
}

const (
	bold, grey, yellow, normal = "\x1b[1m", "\x1b[90m", "\x1b[33m", "\x1b[0m"
)

func (c Command) describe(b *strings.Builder, withGroup bool) {
	b.WriteString("\r\n  " + bold + c.Name + normal + " " + grey + c.Syntax + normal + "\r\n")
	b.WriteString("  " + yellow + "summary:" + normal + " " + c.Summary + "\r\n")
	b.WriteString("  " + yellow + "since:" + normal + " " + c.Since + "\r\n")
	if withGroup {
		b.WriteString("  " + yellow + "group:" + normal + " " + c.Group + "\r\n")
	}
}
