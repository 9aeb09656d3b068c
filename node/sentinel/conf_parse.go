package sentinel

import (
	"fmt"
	"slices"
	"strings"

	"clusterplay/node/resp"
)

// ConfError says which line of a sentinel.conf nobody could follow, in Redis' words.
type ConfError struct {
	Line   int // from 1
	Text   string
	Reason string
}

// Error is what Redis prints before it ends.
func (e *ConfError) Error() string {
	return fmt.Sprintf("Reading the configuration file, at line %d\n>>> '%s'\n%s", e.Line, e.Text, e.Reason)
}

// statement is one line with words on it.
type statement struct {
	line  int
	text  string
	words []string
}

// ParseConf reads a sentinel.conf. The order of the lines does not matter: first come the
// Sentinel's own settings, then the masters, then what is said about them.
func ParseConf(text []byte) (Conf, error) {
	c := newConf()
	statements, err := statementsOf(text)
	if err != nil {
		return c, err
	}
	var passes [passCount][]statement
	for _, s := range statements {
		if s.words[0] != "sentinel" {
			if reason := c.Server.read(s.words); reason != "" {
				return c, s.error(reason)
			}
			continue
		}
		if len(s.words) > 1 { // "sentinel" alone asks redis-server for this mode
			p := passOf(s.words[1])
			passes[p] = append(passes[p], s)
		}
	}
	for _, s := range slices.Concat(passes[:]...) {
		if reason := c.read(s.words[1:]); reason != "" {
			return c, s.error(reason)
		}
	}
	return c, nil
}

// WithOptions is a file with more lines after its own, which win over them.
func WithOptions(file, options []byte) []byte {
	if len(options) == 0 {
		return file
	}
	return slices.Concat(file, []byte("\n"), options)
}

func (s statement) error(reason string) error { return &ConfError{s.line, s.text, reason} }

// statementsOf cuts a file into words. Comments and empty lines are left out; the first word is in
// lower case.
func statementsOf(text []byte) ([]statement, error) {
	var out []statement
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.Trim(line, " \t\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		s := statement{line: i + 1, text: line}
		words, ok := resp.SplitLine(nil, []byte(line))
		if !ok {
			return nil, s.error("Unbalanced quotes in configuration line")
		}
		if len(words) == 0 {
			continue
		}
		for _, w := range words {
			s.words = append(s.words, string(w))
		}
		s.words[0] = strings.ToLower(s.words[0])
		out = append(out, s)
	}
	return out, nil
}

// CheckScripts refuses a file that names a script which may not be executed. It follows ParseConf.
func CheckScripts(text []byte, runnable func(path string) bool) error {
	statements, err := statementsOf(text)
	for _, s := range statements {
		if s.words[0] != "sentinel" || len(s.words) != 4 {
			continue
		}
		refusal := map[string]string{
			"notification-script": errNotificationScript, "client-reconfig-script": errReconfigScript,
		}[strings.ToLower(s.words[1])]
		if refusal != "" && !runnable(s.words[3]) {
			return s.error(refusal + ".")
		}
	}
	return err
}

// The passes in which the statements are read.
const (
	passOwn = iota
	passMonitor
	passRest
	passCount
)

// passOf says when a statement's turn is.
func passOf(option string) int {
	switch strings.ToLower(option) {
	case "announce-ip", "announce-port", "deny-scripts-reconfig", "sentinel-user", "sentinel-pass",
		"current-epoch", "myid", "resolve-hostnames", "announce-hostnames":
		return passOwn
	case "monitor":
		return passMonitor
	}
	return passRest
}
