package event

import (
	"fmt"
	"time"
)

// DiskTrouble says that the disk refused what the node has to write. Until it takes it the node
// refuses writes, unless it serves them nevertheless.
type DiskTrouble struct {
	File   string // which file, below the node's directory
	Disk   string // the node's directory; "" for a disk in memory
	Why    string // what the computer said
	Serves bool   // an RDB file without save points, or stop-writes-on-bgsave-error no
}

// Name is "+disk-error".
func (DiskTrouble) Name() string { return "+disk-error" }

// Describe is the event's line.
func (e DiskTrouble) Describe() string {
	return fmt.Sprintf("cannot write %s: %s", onDisk(e.File, e.Disk), e.Why)
}

// DiskWell says that the disk takes a file again that it had refused.
type DiskWell struct{ File, Disk string }

// Name is "-disk-error".
func (DiskWell) Name() string { return "-disk-error" }

// Describe is the event's line.
func (e DiskWell) Describe() string { return "can write " + onDisk(e.File, e.Disk) + " again" }

// onDisk names a file with its disk.
func onDisk(file, disk string) string {
	if disk == "" {
		return file
	}
	return file + " in " + disk
}

// LogLoaded says that the append only file was read at the start.
type LogLoaded struct {
	Files    int
	Commands int64
	Cut      string // the file whose end was missing and that was cut, or ""
	At       int64  // where it was cut
}

// Name is "+aof-loaded".
func (LogLoaded) Name() string { return "+aof-loaded" }

// Describe is the event's line.
func (e LogLoaded) Describe() string {
	line := fmt.Sprintf("%d files, %d commands", e.Files, e.Commands)
	if e.Cut != "" {
		line += fmt.Sprintf("; %s ended within a command and was cut at byte %d", e.Cut, e.At)
	}
	return line
}

// LogRewritten says that the append only file has a new base.
type LogRewritten struct {
	Base string
	Size int64
}

// Name is "+aof-rewritten".
func (LogRewritten) Name() string { return "+aof-rewritten" }

// Describe is the event's line.
func (e LogRewritten) Describe() string {
	return fmt.Sprintf("new base %s of %d bytes", e.Base, e.Size)
}

// LogRewriteFailed says that a rewrite of the append only file failed; the log is as it was.
type LogRewriteFailed struct{ Disk, Why string }

// Name is "-aof-rewritten".
func (LogRewriteFailed) Name() string { return "-aof-rewritten" }

// Describe is the event's line.
func (e LogRewriteFailed) Describe() string {
	return "rewrite of the append only file failed" + where(e.Disk) + ": " + e.Why
}

// where is the disk in a sentence.
func where(disk string) string {
	if disk == "" {
		return ""
	}
	return " in " + disk
}

// LogRewriteLimited says that rewrites are held back because they have failed again and again.
type LogRewriteLimited struct{ Pause time.Duration }

// Name is "+aof-limited".
func (LogRewriteLimited) Name() string { return "+aof-limited" }

// Describe is the event's line.
func (e LogRewriteLimited) Describe() string {
	return fmt.Sprintf("rewrites have failed again and again; the next comes in %v at the earliest", e.Pause)
}
