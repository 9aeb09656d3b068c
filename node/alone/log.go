package alone

import (
	"fmt"
	"io"
	"os"
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
	pid  int
	role func() byte // X for a Sentinel, M for a master, S for a replica
	now  func() time.Time

	mu    sync.Mutex
	least byte
	out   io.Writer
}

// newLog makes the log of a Sentinel or of a server.
func newLog(role func() byte, level string, out io.Writer) *log {
	return &log{pid: os.Getpid(), role: role, least: leastOf[level], now: time.Now, out: out}
}

// lower sets the least level that is written.
func (l *log) lower(level string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.least = leastOf[level]
}

// say writes one line, if the level lets it through.
func (l *log) say(mark byte, format string, args ...any) {
	text := strings.Map(printable, fmt.Sprintf(format, args...))
	l.mu.Lock()
	defer l.mu.Unlock()
	if marks[mark] < marks[l.least] {
		return
	}
	fmt.Fprintf(l.out, "%d:%c %s %c %s\n", l.pid, l.role(), l.now().Format("02 Jan 2006 15:04:05.000"), mark, text)
}

// handler writes one line as Redis does while it handles a signal.
func (l *log) handler(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.out, "%d:signal-handler (%d) %s\n", l.pid, l.now().Unix(), text)
}

// starting writes the two lines with which every log begins.
func (l *log) starting() {
	l.say(markWarning, "oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo")
	l.say(markWarning, "Redis version=7.0.15, bits=64, commit=00000000, modified=0, pid=%d, just started", l.pid)
}

// raw writes text as it is, if the level lets it through.
func (l *log) raw(mark byte, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if marks[mark] >= marks[l.least] {
		_, _ = io.WriteString(l.out, text)
	}
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
	l.say(markOf(event.LevelOf(p)), "%s %s", p.Name(), p.Payload())
}

// markOf is the mark of a level.
func markOf(level event.Level) byte {
	switch level {
	case event.Notice:
		return markNotice
	case event.Verbose:
		return markVerbose
	}
	return markWarning
}
