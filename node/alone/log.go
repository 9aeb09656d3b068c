package alone

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode"

	"clusterplay/node/event"
)

// The marks of the levels in a log, from the quietest to the loudest.
const (
	markDebug   = '.'
	markVerbose = '-'
	markNotice  = '*'
	markWarning = '#'
)

// marks is how loud a mark is.
var marks = map[byte]int{markDebug: 0, markVerbose: 1, markNotice: 2, markWarning: 3}

// leastOf is the quietest mark that a loglevel lets through.
var leastOf = map[string]byte{"debug": markDebug, "verbose": markVerbose, "notice": markNotice, "warning": markWarning}

// log writes lines as Redis does: 4711:X 29 Nov 2026 05:59:09.333 # +monitor master …. Methods may
// be called from any goroutine.
type log struct {
	pid   int
	least byte
	now   func() time.Time

	mu  sync.Mutex
	out io.Writer
}

// say writes one line, if the level lets it through.
func (l *log) say(mark byte, format string, args ...any) {
	if marks[mark] < marks[l.least] {
		return
	}
	text := strings.Map(printable, fmt.Sprintf(format, args...))
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.out, "%d:X %s %c %s\n", l.pid, l.now().Format("02 Jan 2006 15:04:05.000"), mark, text)
}

// printable keeps an entry on one line, whatever somebody called a master.
func printable(r rune) rune {
	if unicode.IsControl(r) {
		return ' '
	}
	return r
}

// event writes what a Sentinel tells, at Redis' level. Redis keeps most refusals to itself.
func (l *log) event(e event.Event) {
	if unsaved, is := e.(event.ConfigNotSaved); is {
		l.say(markWarning, "WARNING: Sentinel was not able to save the new configuration on disk!!!: %s", unsaved.Why)
		return
	}
	p, published := e.(event.Published)
	if !published {
		l.say(markVerbose, "%s", e.Describe())
		return
	}
	mark := byte(markWarning)
	switch event.LevelOf(p) {
	case event.Notice:
		mark = markNotice
	case event.Verbose:
		mark = markVerbose
	}
	l.say(mark, "%s %s", p.Name(), p.Payload())
}
