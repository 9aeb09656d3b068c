package aof

import (
	"fmt"
	"strconv"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// Policy says when what was written is made durable (appendfsync). The numbers are those of the
// setting's words.
type Policy uint8

// The policies.
const (
	EverySecond Policy = iota // beside the node's work, once a second
	Always                    // before any reply
	Never                     // when the computer likes
)

// Mode is whether a log is kept.
//
//	Off --Start--> Waiting --the first rewrite succeeds--> On
//	 ^                |                                     |
//	 +----- Stop -----+-------------------------------------+
type Mode uint8

// The modes.
const (
	Off     Mode = iota // nothing is logged
	Waiting             // the log begins with the rewrite that is under way or scheduled
	On                  // every change is logged
)

// Config is what the settings say.
type Config struct {
	Dir          string // appenddirname
	Name         string // appendfilename
	Disk         string // where all that is, for people
	Policy       Policy // appendfsync
	Preamble     bool   // aof-use-rdb-preamble: a base is an RDB file
	Timestamps   bool   // aof-timestamp-enabled
	KeepHistory  bool   // aof-disable-auto-gc
	RelaxedWhile bool   // no-appendfsync-on-rewrite: nothing is made durable while a snapshot is written

	Tell func(line string) // hears what Redis writes to its log about a rewrite; nil: nobody
}

// State is one server's log.
type State struct {
	cfg      Config
	mode     Mode
	manifest Manifest

	file    string // what is appended to, below the node's directory; "" when nothing is
	db      int    // the database selected in it, -1 for none
	stamped int64  // the second last noted in it
	buf     []byte // not handed to the driver yet
	flying  []byte // handed over with the last Todo
	size    int64  // of base and increments together
	base    int64  // of the log right after the last rewrite
	incr    int64  // of file
	durable int64  // how much of file is

	sync    syncing
	trouble trouble
	rewrite *rewrite
	counts  Counts

	muted     bool // what happens now is in the log already
	scheduled bool // a rewrite is to begin when nothing else is being written
	limit     limit
	token     uint64 // the last given out
	saves     []machine.Save
	events    []event.Event
}

// Counts are numbers for INFO.
type Counts struct {
	Rewrites int64 // begun
	Failures int   // of rewrites, one after the other
	Failed   bool  // the last rewrite
	Took     time.Duration
	Finished bool // Took means something
}

// New returns a log that is off.
func New(cfg Config) *State { return &State{cfg: cfg, db: -1} }

// Configure takes over changed settings.
func (s *State) Configure(cfg Config) { s.cfg = cfg }

// TokenBit is set in the token of every Save of this package.
const TokenBit = 1 << 63

// unheard is the token of a Save whose end changes nothing.
const unheard uint64 = TokenBit

// newToken makes a token that was never used.
func (s *State) newToken() uint64 {
	s.token++
	return s.token | TokenBit
}

func (s *State) save(op machine.Save) { s.saves = append(s.saves, op) }

func (s *State) emit(e event.Event) { s.events = append(s.events, e) }

// path is where a file of the log is below the node's directory.
func (s *State) path(name string) string { return s.cfg.Dir + "/" + name }

// ManifestPath is where the manifest is below the node's directory.
func (s *State) ManifestPath() string { return s.path(s.cfg.Name + ".manifest") }

// tempIncr is where changes gather until the first base is there.
func (s *State) tempIncr() string { return s.path(s.tempIncrName()) }

func (s *State) tempIncrName() string { return "temp-" + s.cfg.Name + ".incr" }

// tell writes a line of Redis' log, if somebody reads it.
func (s *State) tell(format string, args ...any) {
	if s.cfg.Tell != nil {
		s.cfg.Tell(fmt.Sprintf(format, args...))
	}
}

// Mode is whether a log is kept.
func (s *State) Mode() Mode { return s.mode }

// Logging reports whether Feed would keep anything. While the log waits for its first base only what
// happens after that base's moment belongs to it.
func (s *State) Logging() bool {
	if s.muted {
		return false
	}
	return s.mode == On || s.mode == Waiting && s.rewrite != nil && s.rewrite.phase >= writing
}

// Mute has nothing logged for a while: the log itself is being read.
func (s *State) Mute(on bool) { s.muted = on }

// Command is one change, in the database it was made in.
type Command struct {
	DB   int
	Args [][]byte
}

// Feed logs the changes of one unit; two or more stand between MULTI and EXEC, so that a crash keeps
// all of them or none.
func (s *State) Feed(now time.Time, unit ...Command) {
	if !s.Logging() || len(unit) == 0 {
		return
	}
	s.stamp(now)
	s.selectDB(unit[0].DB)
	if len(unit) > 1 {
		s.buf = append(s.buf, "*1\r\n$5\r\nMULTI\r\n"...)
	}
	for i := range unit {
		s.selectDB(unit[i].DB)
		s.buf = resp.AppendCommand(s.buf, unit[i].Args...)
	}
	if len(unit) > 1 {
		s.buf = append(s.buf, "*1\r\n$4\r\nEXEC\r\n"...)
	}
}

// FeedOne is Feed for a unit of one change.
func (s *State) FeedOne(now time.Time, db int, args [][]byte) {
	if !s.Logging() {
		return
	}
	s.stamp(now)
	s.selectDB(db)
	s.buf = resp.AppendCommand(s.buf, args...)
}

// selectDB puts SELECT in front of a change in another database than the one before.
func (s *State) selectDB(db int) {
	if db != s.db {
		s.db = db
		s.buf = AppendSelect(s.buf, db)
	}
}

// AppendSelect appends the command that selects a database.
func AppendSelect(b []byte, db int) []byte { return resp.AppendWords(b, "SELECT", strconv.Itoa(db)) }

// stamp notes the time, once a second.
func (s *State) stamp(now time.Time) {
	if second := now.Unix(); s.cfg.Timestamps && second > s.stamped {
		s.stamped = second
		s.buf = AppendTimestamp(s.buf, second)
	}
}

// AppendTimestamp appends a note of the time.
func AppendTimestamp(b []byte, second int64) []byte {
	b = append(b, "#TS:"...)
	b = strconv.AppendInt(b, second, 10)
	return append(b, '\r', '\n')
}
