package server

import (
	"strings"

	"clusterplay/node/acl"
	"clusterplay/node/command"
	"clusterplay/node/event"
	"clusterplay/node/resp"
	"clusterplay/node/script"
	"clusterplay/node/slot"
)

func slotOf(key []byte) int { return int(slot.Of(key)) }

// Command runs a command of a script's, if it may run (scriptCall).
func (h scriptHost) Command(run *script.Run, args [][]byte) (reply []byte, refusal string) {
	s := h.s
	inner := s.script.inner
	cmd, _ := s.table.Resolve(args)
	if refusal := s.refuseInScript(run, cmd, args); refusal != "" {
		if cmd != nil {
			s.stats.of(cmd).rejected++
		}
		s.stats.countError(coded(refusal))
		return nil, refusal
	}
	ctx := &inner.ctx
	ctx.Buf, ctx.Proto = ctx.Buf[:0], run.Proto
	s.tellMonitors(inner, cmd, args)
	effects, logged := len(s.unit.effects), len(s.unit.logged)
	s.execute(inner, cmd, args)
	run.Work = s.work(cmd, args)
	if run.Repl&script.ReplReplica == 0 {
		s.unit.effects = s.unit.effects[:effects]
	}
	if run.Repl&script.ReplAOF == 0 {
		s.unit.logged = s.unit.logged[:logged]
	}
	caller := s.script.caller
	if cmd.Has(command.ReadOnly) && caller.tracker.Reads() { // its declared keys, whatever it has read
		s.rememberAll(caller, caller.ctx.Cmd, caller.ctx.Args)
	}
	s.current = caller
	return ctx.Buf, ""
}

// work is about how many values a command of a script has looked at: all that its keys hold, or all keys. One that
// takes constant or logarithmic time has looked at none.
func (s *Server) work(cmd *command.Command, args [][]byte) (values int) {
	if cmd.Has(command.Fast) || cmd.Name == "set" {
		return 0
	}
	db := s.script.inner.ctx.DB
	refs := cmd.FindKeys(args, s.script.refs[:0])
	s.script.refs = refs
	switch {
	case len(refs) == 0:
		return db.Len()
	case cmd.Name == "lcs":
		return db.Size(args[refs[0].Pos]) * db.Size(args[refs[len(refs)-1].Pos])
	}
	for _, ref := range refs {
		values += db.Size(args[ref.Pos])
	}
	return values
}

// coded is a refusal with a code, without the minus that marks it as having one.
func coded(refusal string) string {
	if text, ok := strings.CutPrefix(refusal, "-"); ok {
		return text
	}
	return "ERR " + refusal
}

// refuseInScript returns why a script may not run a command, checking in Redis' order. A refusal that
// begins with - brings its own code.
func (s *Server) refuseInScript(run *script.Run, cmd *command.Command, args [][]byte) (refusal string) {
	switch {
	case cmd == nil || cmd.Run == nil:
		return "Unknown Redis command called from script"
	case !cmd.Accepts(len(args)):
		return "Wrong number of args calling Redis command from script"
	case s.deniedToScripts(cmd), s.forked && changesNode(cmd):
		return "This Redis command is not allowed from script"
	case s.isReplica() && !cmd.Has(command.Stale) && s.stale():
		return "Can not execute the command on a stale replica"
	}
	if !s.script.inner.user.Free() {
		if v := s.denied(s.script.inner, cmd, args, acl.InScript); v != acl.Allowed {
			return "The user executing the script " + v.Script()
		}
	}
	obeyed := s.script.caller.ctx.Master
	if refusal := s.refuseScriptWrite(run, cmd, obeyed); refusal != "" {
		return refusal
	}
	if cmd.Has(command.DenyOOM) && s.script.oom && !run.AllowOOM && !run.Dirty && !obeyed {
		return "-" + resp.ErrOOM
	}
	run.Dirty = run.Dirty || cmd.Has(command.Write)
	if s.cluster != nil && !obeyed {
		return s.refuseScriptKeys(run, cmd, args)
	}
	return ""
}

// refuseScriptWrite returns why a script may not write. One that has written is not stopped in the
// middle.
func (s *Server) refuseScriptWrite(run *script.Run, cmd *command.Command, obeyed bool) (refusal string) {
	switch {
	case run.ReadOnly && cmd.Flags&(command.Write|command.MayReplicate) != 0:
		return "Write commands are not allowed from read-only scripts."
	case !cmd.Has(command.Write) || run.Dirty:
		return ""
	case s.isReplica() && s.settings.yes("replica-read-only") && !obeyed:
		return "-" + resp.ErrReadOnly
	case s.diskRefuses() != "":
		return "-" + s.diskRefuses()
	case !s.isReplica() && s.repl.TooFewReplicas():
		return "-" + resp.ErrNoReplicas
	}
	return ""
}

// refuseScriptKeys returns why a script may not use the keys of a command: another node has them, or
// they are not of the slot of its other keys (scriptVerifyClusterState).
func (s *Server) refuseScriptKeys(run *script.Run, cmd *command.Command, args [][]byte) (refusal string) {
	inner, caller := s.script.inner, s.script.caller
	inner.readonly, inner.asking = caller.readonly, caller.asking
	s.routing.found = false
	switch refusal := s.route(inner, cmd, args); refusal {
	case "":
	case resp.ErrClusterDownReads:
		return "Script attempted to execute a write command while the cluster is down and readonly"
	case resp.ErrClusterDown:
		return "Script attempted to execute a command while the cluster is down"
	default:
		return "Script attempted to access a non local key in a cluster node"
	}
	if !s.routing.found || run.CrossSlot {
		return ""
	}
	used := int(s.routing.query.Slot)
	if s.script.slot >= 0 && s.script.slot != used {
		return "Script attempted to access keys that do not hash to the same slot"
	}
	s.script.slot = used
	return ""
}

// Allowed reports whether the script's user may run a command.
func (h scriptHost) Allowed(_ *script.Run, args [][]byte) (allowed, known bool) {
	s := h.s
	cmd, _ := s.table.Resolve(args)
	if cmd == nil || !cmd.Accepts(len(args)) {
		return false, cmd != nil
	}
	v, _ := s.users.Check(s.script.caller.user, cmd, args)
	return v == acl.Allowed, true
}

// Log takes a line of redis.log. What is for debugging (0) is not kept.
func (h scriptHost) Log(level int, text string) {
	if level > 0 {
		h.s.log(logLevels[level-1], "%s", text)
	}
}

// logLevels are the levels of redis.log above debugging.
var logLevels = [...]event.Level{event.Verbose, event.Notice, event.Warning}

// changesNode tells the commands that change what a copy of the server shares with it: its cluster.
func changesNode(cmd *command.Command) bool {
	return cmd.Parent != nil && cmd.Parent.Name == "cluster" && cmd.Has(command.Admin)
}
