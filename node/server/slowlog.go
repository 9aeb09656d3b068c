package server

import (
	"slices"
	"strconv"
	"time"

	"clusterplay/node/command"
	"clusterplay/node/resp"
)

// What one entry of the slow log keeps of a command (slowlogCreateEntry).
const (
	slowlogMaxArgs   = 32
	slowlogMaxString = 128
)

// slowEntry is one command that took too long.
type slowEntry struct {
	id     int64
	at     int64 // unix seconds
	micros int64
	args   []string
	addr   string
	name   string
}

// slowlog keeps the latest slow commands, newest last.
type slowlog struct {
	entries []slowEntry
	nextID  int64
	limit   int64 // slowlog-log-slower-than, in microseconds: 0 is every command, below 0 none
}

// add remembers a command and drops what exceeds limit.
func (l *slowlog) add(now time.Time, c *client, args [][]byte, micros, limit int64) {
	entry := slowEntry{id: l.nextID, at: now.Unix(), micros: micros, args: slowArgs(args), name: c.name}
	if c.conn != nil {
		entry.addr = c.conn.Addr
	}
	l.nextID++
	l.entries = append(l.entries, entry)
	l.trim(limit)
}

func (l *slowlog) trim(limit int64) {
	if over := int64(len(l.entries)) - limit; over > 0 {
		clear(l.entries[:over])
		l.entries = l.entries[over:]
	}
}

// slowArgs copies a command, shortened.
func slowArgs(args [][]byte) []string {
	shown := args[:min(len(args), slowlogMaxArgs)]
	out := make([]string, 0, len(shown))
	for i, arg := range shown {
		switch {
		case i == slowlogMaxArgs-1 && len(args) > slowlogMaxArgs:
			out = append(out, "... ("+strconv.Itoa(len(args)-slowlogMaxArgs+1)+" more arguments)")
		case len(arg) > slowlogMaxString:
			out = append(out, string(arg[:slowlogMaxString])+"... ("+strconv.Itoa(len(arg)-slowlogMaxString)+" more bytes)")
		default:
			out = append(out, string(arg))
		}
	}
	return out
}

// slowlogGet: SLOWLOG GET [count]
func (s *Server) slowlogGet(c *client) {
	count := int64(10)
	if len(c.ctx.Args) == 3 {
		n, err := strconv.ParseInt(string(c.ctx.Args[2]), 10, 64)
		if err != nil || n < -1 {
			c.ctx.Error("ERR count should be greater than or equal to -1")
			return
		}
		count = n
	}
	if count == -1 || count > int64(len(s.slow.entries)) {
		count = int64(len(s.slow.entries))
	}
	c.ctx.Array(int(count))
	for _, entry := range slices.Backward(s.slow.entries[int64(len(s.slow.entries))-count:]) {
		entry.write(&c.ctx.Writer)
	}
}

func (e slowEntry) write(w *resp.Writer) {
	w.Array(6)
	w.Int(e.id)
	w.Int(e.at)
	w.Int(e.micros)
	writeStrings(w, e.args)
	w.BulkString(e.addr)
	w.BulkString(e.name)
}

// slowlogLen: SLOWLOG LEN
func (s *Server) slowlogLen(c *client) { c.ctx.Int(int64(len(s.slow.entries))) }

// slowlogReset: SLOWLOG RESET
func (s *Server) slowlogReset(c *client) {
	s.slow.entries = nil
	c.ctx.OK()
}

// sampled is how many calls of a command that cannot take long share one look at the stopwatch: two looks
// would take a fifth of the time of a GET.
const sampled = 16

// SetStopwatch gives the server what tells the time that its work takes (machine.Timed).
func (s *Server) SetStopwatch(elapsed func() time.Duration) { s.stopwatch = elapsed }

// elapsed is what the stopwatch shows. Where there is none, as in the simulator, everything takes no time.
func (s *Server) elapsed() time.Duration {
	if s.stopwatch == nil {
		return 0
	}
	return s.stopwatch()
}

// timed decides whether a call is timed: 0 is no, otherwise for how many calls it stands. What is quick by its
// nature is timed now and then, unless the slow log wants everything.
func (s *Server) timed(cmd *command.Command) (share int64) {
	switch {
	case s.slow.limit == 0:
		return 1
	case s.stopwatch == nil:
		return 0
	case !cmd.Has(command.Fast) && cmd.Full != "set" && cmd.Full != "mset":
		return 1
	case s.stats.of(cmd).calls%sampled == 0:
		return sampled
	}
	return 0
}

// recordDuration files the time a command took, and that of the calls it stands for, with its statistics and,
// if it was long, in the slow log and among the spikes of latency.
func (s *Server) recordDuration(c *client, cmd *command.Command, args [][]byte, took time.Duration, share int64) {
	s.stats.of(cmd).nanos += int64(took) * share
	name := "command"
	if cmd.Has(command.Fast) {
		name = "fast-command"
	}
	s.latencySample(name, took)
	micros := took.Microseconds()
	if limit := s.slow.limit; limit >= 0 && micros >= limit && !cmd.Has(command.SkipSlowlog) {
		s.slow.add(s.now, c, redacted(cmd, args), micros, s.settings.number("slowlog-max-len"))
	}
}
