package playground

import (
	"path/filepath"

	"clusterplay/node/event"
)

// captionDisk tells of a node's files.
func (l *Lab) captionDisk(me string, e event.Event) (Saying, string) {
	switch v := e.(type) {
	case event.DiskTrouble:
		if v.Serves {
			return say("disk-unsaved", "me", me, "file", v.File, "disk", l.diskOf(me), "why", v.Why), Warn
		}
		return say("disk-error", "me", me, "file", v.File, "disk", l.diskOf(me), "why", v.Why), Bad
	case event.DiskWell:
		return say("disk-ok", "me", me, "file", v.File, "disk", l.diskOf(me)), Good
	case event.LogLoaded:
		if v.Cut != "" {
			return say("aof-cut", "me", me, "file", v.Cut, "bytes", number(v.At)), Warn
		}
		return say("aof-loaded", "me", me, "commands", number(v.Commands)), Note
	case event.LogRewritten:
		return say("aof-rewritten", "me", me, "bytes", number(v.Size)), Note
	case event.LogRewriteFailed:
		return say("aof-rewrite-failed", "me", me, "disk", l.diskOf(me), "why", v.Why), Warn
	case event.LogRewriteLimited:
		return say("aof-limited", "me", me), Note
	}
	return nothing, Detail
}

// diskOf names the disk of a node: its directory, or memory.
func (l *Lab) diskOf(me string) string {
	if dir := l.Topology().DataDir; dir != "" {
		return filepath.Join(dir, me)
	}
	return "@disk.memory"
}
