package session

import (
	"strconv"
	"strings"
	"time"
)

// Line is a client in CLIENT LIST. What the driver does not measure of its buffers is that of an
// idle connection.
type Line struct {
	ID              uint64
	Addr, LocalAddr string
	Name            string
	Age, Idle       time.Duration
	Flags           string // "N" for none
	DB              int
	Channels        int
	Patterns        int
	ShardChannels   int
	Multi           int // commands queued, -1 outside MULTI
	MultiBytes      int
	Notes           int    // bytes of what else is remembered for it
	Parsed          int    // bytes of words whose command is not whole yet
	Unread          int    // other bytes that wait to be executed
	Announced       int    // bytes that are still to come of a large word
	Unwritten       int    // bytes of replies that wait to be sent
	Kept            int    // bytes of room that are kept for replies
	Command         string // "" for none yet
	Proto           int
	User            string
	Redirect        int64 // who hears of changed keys: 0 for itself, -1 when nobody does
}

// What CLIENT LIST invents: machines have no descriptors, and the reply buffer is the driver's.
const (
	firstDescriptor = 8
	// Buffer is what a connection's reply buffer is taken to weigh: the smallest that Redis keeps.
	Buffer = 1024
	// mostBuffer is the largest that Redis keeps. What is more than the smallest weighs nothing here: it is given up
	// within seconds, and nobody is to be disconnected for it.
	mostBuffer = 16 << 10
	// piece is how much of the output that is more than the buffer Redis keeps in one piece.
	piece = 16 << 10
)

// String is the line (catClientInfoString).
func (l Line) String() string {
	command := l.Command
	if command == "" {
		command = "NULL"
	}
	var b strings.Builder
	text := func(name, value string) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(name)
		b.WriteByte('=')
		b.WriteString(value)
	}
	number := func(name string, n int64) { text(name, strconv.FormatInt(n, 10)) }
	number("id", int64(l.ID))
	text("addr", l.Addr)
	text("laddr", l.LocalAddr)
	number("fd", int64(l.ID)+firstDescriptor)
	text("name", l.Name)
	number("age", int64(l.Age.Seconds()))
	number("idle", int64(l.Idle.Seconds()))
	text("flags", l.Flags)
	number("db", int64(l.DB))
	number("sub", int64(l.Channels))
	number("psub", int64(l.Patterns))
	number("ssub", int64(l.ShardChannels))
	number("multi", int64(l.Multi))
	number("qbuf", int64(l.Unread))
	number("qbuf-free", int64(l.Announced))
	number("argv-mem", int64(l.Parsed))
	number("multi-mem", int64(l.MultiBytes))
	buffer := min(max(l.Kept, Buffer), mostBuffer)
	number("rbs", int64(buffer))
	number("rbp", 0)
	first := min(l.Unwritten, buffer)
	number("obl", int64(first))
	number("oll", int64((l.Unwritten-first+piece-1)/piece))
	number("omem", int64(l.Unwritten-first))
	number("tot-mem", int64(Buffer+l.MultiBytes+l.Notes+l.Parsed+l.Unread+l.Announced+l.Unwritten))
	text("events", "r")
	text("cmd", command)
	text("user", l.User)
	number("redir", l.Redirect)
	number("resp", int64(l.Proto))
	return b.String()
}

// Letters is the flags field of a Line: those of the letters whose condition holds, N when none does.
func Letters(letters string, is ...bool) string {
	var b []byte
	for i, on := range is {
		if on {
			b = append(b, letters[i])
		}
	}
	if len(b) == 0 {
		return "N"
	}
	return string(b)
}
