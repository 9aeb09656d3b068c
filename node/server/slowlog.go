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
	every   bool // slowlog-log-slower-than is 0: each command is one, although it takes no time
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

// recordDuration files the time a command took with its statistics and, if it was long, in the
// slow log. Time stands still inside a machine, so only commands that wait for something on
// purpose (DEBUG SLEEP) are ever long; with a limit of 0 all the others are recorded too, with no time.
func (s *Server) recordDuration(c *client, cmd *command.Command, args [][]byte, micros int64) {
	s.stats.of(cmd).micros += micros
	limit := s.settings.number("slowlog-log-slower-than")
	if limit >= 0 && micros >= limit && !cmd.Has(command.SkipSlowlog) {
		s.slow.add(s.now, c, redacted(cmd, args), micros, s.settings.number("slowlog-max-len"))
	}
}
