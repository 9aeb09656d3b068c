package alone

import (
	"fmt"
	"path/filepath"
	"strings"

	"clusterplay/node/resp"
)

// arguments is a command line as Redis reads it: [CONF] [-] [--option value ...].
type arguments struct {
	file    string // the configuration file, absolute; "" without one
	stdin   bool   // more of it comes from the standard input
	options []byte // the options as lines of such a file
	version bool
	help    bool
	none    bool // no arguments at all
}

// refusal is why a process does not start, in Redis' words.
type refusal string

// Error is the refusal.
func (r refusal) Error() string { return string(r) }

// refuse makes a refusal.
func refuse(format string, args ...any) error { return refusal(fmt.Sprintf(format, args...)) }

// errNoFile is what a Sentinel says that has nowhere to write.
const errNoFile refusal = "Sentinel needs config file on disk to save state. Exiting..."

// versionText is what --version says.
const versionText = "Redis server v=7.0.15 sha=00000000:0 malloc=go bits=64 build=playground"

// parse reads the arguments (main in server.c). A word that begins with -- is an option when the one
// before has its value; --save and --sentinel may be without any.
func parse(args []string) (a arguments, err error) {
	if a.none = len(args) == 0; a.none {
		return a, nil
	}
	switch args[0] {
	case "-v", "--version":
		a.version = true
		return a, nil
	case "-h", "--help":
		a.help = true
		return a, nil
	}
	first := 0
	if !strings.HasPrefix(args[0], "-") {
		first = 1
		if a.file, err = filepath.Abs(args[0]); err != nil {
			return a, err
		}
	}
	a.readOptions(args, first)
	return a, nil
}

// readOptions reads the words from the first on.
func (a *arguments) readOptions(args []string, first int) {
	var b strings.Builder
	valued := true // the last option has a value
	for i := first; i < len(args); i++ {
		arg, last := args[i], i == len(args)-1
		switch {
		case arg == "-" && (i == 0 || last):
			a.stdin = true
		case valued && strings.HasPrefix(arg, "--"):
			if b.Len() > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(arg[2:] + " ")
			words, _ := resp.SplitLine(nil, []byte(arg))
			optionNext := !last && strings.HasPrefix(args[i+1], "--")
			valued = len(words) != 1
			switch {
			case valued:
			case strings.EqualFold(arg, "--save") && (last || optionNext):
				b.WriteString(`""`)
				valued = true
			case strings.EqualFold(arg, "--sentinel"):
				valued = optionNext
			}
		default:
			b.Write(resp.AppendQuoted(nil, []byte(arg)))
			b.WriteByte(' ')
			valued = true
		}
	}
	a.options = []byte(b.String())
}
