package server

import (
	"clusterplay/node/command"
	"clusterplay/node/resp"
	"clusterplay/node/script"
)

// runsScript tells the commands that run a script.
func runsScript(cmd *command.Command) bool {
	return cmd.Has(command.NoMandatoryKeys|command.SkipMonitor|command.MovableKeys) && cmd.Categories&command.CategoryScripting != 0
}

// flagsOf are the flags that hold for a call: those of the command or, when it runs a script that says
// what it does, what follows from that (evalGetCommandFlags, fcallGetCommandFlags).
func (s *Server) flagsOf(cmd *command.Command, args [][]byte) command.Flags {
	if !runsScript(cmd) || len(args) < 3 {
		return cmd.Flags
	}
	flags, known := s.scriptFlags(cmd.Name, args[1])
	if !known || flags&script.Compat != 0 {
		return cmd.Flags
	}
	f := cmd.Flags &^ (command.Stale | command.DenyOOM | command.Write | command.MayReplicate)
	if flags&(script.AllowOOM|script.NoWrites) == 0 {
		f |= command.DenyOOM
	}
	if flags&script.NoWrites == 0 {
		f |= command.Write
	}
	if flags&script.AllowStale != 0 {
		f |= command.Stale
	}
	return f
}

// scriptFlags is what the script or function that a command names says about itself.
func (s *Server) scriptFlags(name string, what []byte) (flags script.Flags, known bool) {
	e := s.script.engine
	switch name {
	case "fcall", "fcall_ro":
		if e != nil {
			if f := e.Function(what); f != nil {
				return f.Flags, true
			}
		}
		return 0, false
	case "evalsha", "evalsha_ro":
		if e != nil {
			if sc := e.BySHA(what); sc != nil {
				return sc.Flags, true
			}
		}
		return 0, false
	}
	if len(what) < 2 || what[0] != '#' || what[1] != '!' {
		return script.Compat, true
	}
	flags, err := script.FlagsOf(string(what))
	return flags, err == nil
}

const errMisconfScript = "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. " +
	"Writable scripts are blocked. Use 'no-writes' flag for read only scripts."

// prepare decides whether a script may run at all and under which rules (scriptPrepareForRun).
func (s *Server) prepare(c *client, run *script.Run, flags script.Flags, readOnly bool) (refusal string) {
	stale := s.isReplica() && s.stale()
	if flags&script.Compat != 0 {
		if stale {
			return resp.ErrMasterDown
		}
		run.ReadOnly, run.CrossSlot = readOnly, true
		return ""
	}
	switch {
	case flags&script.NoCluster != 0 && s.cluster != nil:
		return "ERR Can not run script on cluster, 'no-cluster' flag is set."
	case stale && flags&script.AllowStale == 0:
		return "MASTERDOWN Link with MASTER is down, replica-serve-stale-data is set to 'no' " +
			"and 'allow-stale' flag is not set on the script."
	}
	if flags&script.NoWrites == 0 {
		if refusal := s.prepareWrites(c, readOnly); refusal != "" {
			return refusal
		}
	}
	if flags&(script.AllowOOM|script.NoWrites) == 0 && s.outOfMemory() {
		return "OOM allow-oom flag is not set on the script, can not run it when used memory > 'maxmemory'"
	}
	run.ReadOnly = readOnly || flags&script.NoWrites != 0
	run.AllowOOM = flags&script.AllowOOM != 0
	run.CrossSlot = flags&script.AllowCrossSlot != 0
	return ""
}

// scriptDiskRefusal is what a script that may write is told when the disk cannot be written.
func (s *Server) scriptDiskRefusal() string {
	if why := s.aof.Refusal(); s.diskRefuses() != errMisconf && why != "" {
		return "MISCONF Redis is configured to persist data to AOF, but it's currently unable to persist to disk. " +
			"Writable scripts are blocked. Use 'no-writes' flag for read only scripts. AOF error: " + why
	}
	return errMisconfScript
}

// prepareWrites returns why a script that may write cannot run.
func (s *Server) prepareWrites(c *client, readOnly bool) (refusal string) {
	switch {
	case s.isReplica() && s.settings.yes("replica-read-only") && !c.ctx.Master:
		return "READONLY Can not run script with write flag on readonly replica"
	case s.diskRefuses() != "" && !c.ctx.Master:
		return s.scriptDiskRefusal()
	case readOnly:
		return "ERR Can not execute a script with write flag using *_ro command."
	case !s.isReplica() && s.repl.TooFewReplicas():
		return resp.ErrNoReplicas
	}
	return ""
}
