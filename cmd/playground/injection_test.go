package main_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

// injections are texts that would write lines of their own into a log, or give orders to a
// terminal.
var injections = []string{
	"a\nb", "a\r\nb", "a\rb", "\n2026-01-01 INFO all is well", "a\vb\fc", "\x1b[2J", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07",
	"\x1b]8;;http://evil.com\x07link\x1b]8;;\x07", "\x1bP$q\x1b\\", "\x9b31m", "\u009b31m", "a\b\b\b\bb", "\x07\x07\x07", "a\x7fb",
	"\u202eevil\u202c", "a\u2066b\u2069", "a\u2028b\u2029c", "a\u0085b", "\ufeffa", "a\u200bb", "\xff\xfe", "\t\ttab", "%s%n%x", "${jndi:ldap://x}",
}

// obeyed finds what a terminal would obey, or a reader would not see.
func obeyed(text string) string {
	for _, c := range text {
		if c != '\n' && c != '\t' && (unicode.IsControl(c) || unicode.In(c, unicode.Cf, unicode.Zl, unicode.Zp)) {
			return fmt.Sprintf("%U in %q", c, text)
		}
	}
	return ""
}

func TestSEC27NoTextGivesOrdersToATerminalOrBreaksALine(t *testing.T) {
	t.Parallel()
	p := start(t)
	require.GreaterOrEqual(t, len(injections), 20)
	for i, text := range injections {
		t.Run(fmt.Sprintf("%q", text), func(t *testing.T) {
			for _, words := range [][]string{
				{"mark", text}, {"kill", text}, {text}, {"config-set", p.node(0), text, "1"}, {"config-set", p.node(0), "maxmemory", text}, {"room", "remove", text},
			} {
				a := p.ctl(words...)
				require.Empty(t, obeyed(a.stdout), "%q", words)
				require.Empty(t, obeyed(a.stderr), "%q", words)
				require.LessOrEqual(t, strings.Count(a.stdout+a.stderr, "\n"), 2, "%q: %s%s", words, a.stdout, a.stderr)
			}
			for _, words := range [][]string{{"CLIENT", "SETNAME", text}, {"SET", text, "1"}, {text}, {"CONFIG", "SET", text, "1"}, {"CLUSTER", "FORGET", text}, {"CLUSTER", "MEET", text, "7000"}} {
				tell(t, p.ready.Nodes[i%3], words...)
			}
		})
	}
	for _, line := range p.status().Story {
		require.Empty(t, obeyed(line.Line))
		require.NotContains(t, line.Line, "\n")
		require.Empty(t, obeyed(line.Caption))
		require.NotContains(t, line.Caption, "\n")
	}
	require.Empty(t, obeyed(p.ctl("status").stdout))
	require.Empty(t, obeyed(p.stderr.String()))
}
