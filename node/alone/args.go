package alone

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"clusterplay/node/resp"
)

// arguments is a command line as Redis reads it: CONF [--option value ...].
type arguments struct {
	file    string // the configuration file, absolute
	options []byte // the options as lines of such a file
	version bool
	help    bool
}

// refusal is why a Sentinel does not start, in Redis' words.
type refusal string

// Error is the refusal.
func (r refusal) Error() string { return string(r) }

// refuse makes a refusal.
func refuse(format string, args ...any) error { return refusal(fmt.Sprintf(format, args...)) }

// errNoFile is what a Sentinel says that has nowhere to write.
const errNoFile refusal = "Sentinel needs config file on disk to save state. Exiting..."

// parse reads the arguments. Words that follow an option, up to the next one, are its values.
func parse(args []string) (a arguments, err error) {
	var b strings.Builder
	open := false // an option's line is being written
	for _, arg := range args {
		switch {
		case arg == "--sentinel":
		case arg == "-v" || arg == "--version":
			a.version = true
		case arg == "-h" || arg == "--help":
			a.help = true
		case strings.HasPrefix(arg, "--"):
			b.WriteString("\n" + arg[2:])
			open = true
		case open:
			b.WriteString(" " + string(resp.AppendQuoted(nil, []byte(arg))))
		case a.file == "":
			if a.file, err = filepath.Abs(arg); err != nil {
				return a, err
			}
		default:
			return a, errors.New("one configuration file is enough: " + arg)
		}
	}
	a.options = []byte(strings.TrimPrefix(b.String(), "\n"))
	return a, nil
}
