package playground

import (
	"maps"
	"slices"
	"strings"
)

// redacted stands where a secret stood: what is recorded is shown to a class and kept in files. It
// is what Redis writes into its slow log.
const redacted = "(redacted)"

// secretSettings are the settings whose values nobody is told.
var secretSettings = []string{"requirepass", "masterauth", "tls-key-file-pass", "tls-client-key-file-pass"}

func isSecret(setting string) bool { return slices.Contains(secretSettings, strings.ToLower(setting)) }

// discreet is an action that may hold a secret.
type discreet interface {
	redact() Action // the same action without the secret
}

// commandToShow is an action on this lab as a command line that anybody may read.
func (l *Lab) commandToShow(a Action) string {
	if d, ok := a.(discreet); ok {
		a = d.redact()
	}
	if l.id == MainLab {
		return CommandLine(a)
	}
	return strings.Replace(CommandLine(a), ctl, ctl+"--lab "+l.id+" ", 1)
}

func (a ConfigSet) redact() Action {
	if isSecret(a.Name) {
		a.Value = redacted
	}
	return a
}

func (a Setup) redact() Action {
	settings, err := readSettings(a.Settings)
	if err != nil { // it is refused; what stands in it may be anything
		a.Settings = redacted
		return a
	}
	if names := slices.Collect(maps.Keys(settings)); !slices.ContainsFunc(names, isSecret) {
		return a
	}
	for name := range settings {
		if isSecret(name) {
			settings[name] = redacted
		}
	}
	a.Settings = WriteSettings(settings)
	return a
}
