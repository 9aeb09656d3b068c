package server

import (
	"clusterplay/node/acl"
	"clusterplay/node/command"
	"clusterplay/node/replication"
	"clusterplay/node/resp"
)

const errDebugOff = `ERR DEBUG command not allowed. If the enable-debug-command option is set to "local", ` +
	`you can run it from a local connection, otherwise you need to set this option in the configuration file, ` +
	`and then restart the server.`

const errReplicaKeyspace = "ERR Replica can't interact with the keyspace"

// admit decides whether a well-formed command of a client may run now and returns the refusal
// otherwise, checking in the order of processCommand. EXEC stands for all it has queued.
func (s *Server) admit(c *client, cmd *command.Command, args [][]byte) (refusal string) {
	flags := s.flagsOf(cmd, args)
	if isExec(cmd) {
		flags = (flags | c.tx.flags) &^ (c.tx.lacks & (command.Stale | command.Loading))
	}
	switch {
	case cmd.Full == "debug" && !s.allowed("enable-debug-command", c):
		return errDebugOff
	case !c.authenticated && !cmd.Has(command.NoAuth) && s.stranger(c):
		return resp.ErrNoAuth
	case c.tx.open && cmd.Has(command.NoMulti):
		return resp.ErrInsideMulti
	}
	if !c.user.Free() {
		if v := s.denied(c, cmd, args, c.aclContext()); v != acl.Allowed {
			return v.Refusal(cmd.Full)
		}
	}
	if s.cluster != nil {
		if refusal := s.route(c, cmd, args); refusal != "" {
			return refusal
		}
	}
	if refusal := s.refuseForMemory(c, cmd, flags); refusal != "" {
		return refusal
	}
	if flags&command.Write != 0 || cmd.Full == "ping" {
		if refusal := s.refuseWrite(flags, cmd); refusal != "" {
			return refusal
		}
	}
	return s.refuseState(c, cmd, flags)
}

// allowed tells whether a parameter of yes, no or local allows something to a client
// (allowProtectedAction).
func (s *Server) allowed(parameter string, c *client) bool {
	switch s.settings.text(parameter) {
	case "yes":
		return true
	case "local":
		return c.local()
	}
	return false
}

// refuseWrite returns why the data set may not be changed now.
func (s *Server) refuseWrite(flags command.Flags, cmd *command.Command) (refusal string) {
	writes := flags&command.Write != 0
	if writes || cmd.Full == "ping" {
		if refusal := s.diskRefuses(); refusal != "" {
			return refusal
		}
	}
	switch {
	case !writes:
	case !s.isReplica() && s.repl.TooFewReplicas():
		return resp.ErrNoReplicas
	case s.isReplica() && s.settings.yes("replica-read-only"):
		return resp.ErrReadOnly
	}
	return ""
}

// refuseState returns why the state of the client or the server does not allow the command.
func (s *Server) refuseState(c *client, cmd *command.Command, flags command.Flags) (refusal string) {
	switch {
	case c.inPubsub() && c.ctx.Proto == 2 && !allowedInPubsub(cmd):
		return "ERR Can't execute '" + cmd.Full + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET " +
			"are allowed in this context"
	case s.isReplica() && flags&command.Stale == 0 && s.stale():
		return resp.ErrMasterDown
	case s.loading != nil && s.loading.refuses(flags) && !s.config.Mutants.SyncVisible, s.rereading && flags&command.Loading == 0:
		return resp.ErrLoading
	case s.script.busy && flags&command.AllowBusy == 0:
		return busyText(s.running())
	case c.replica && (flags&(command.Write|command.ReadOnly|command.MayReplicate) != 0):
		return errReplicaKeyspace
	}
	return ""
}

// stale reports whether this replica has lost its master and may not answer for it.
func (s *Server) stale() bool {
	return !s.settings.yes("replica-serve-stale-data") && s.repl.LinkState() != replication.Connected
}

func allowedInPubsub(cmd *command.Command) bool {
	switch cmd.Full {
	case "ping", "subscribe", "psubscribe", "ssubscribe", "unsubscribe", "punsubscribe", "sunsubscribe", "quit", "reset":
		return true
	}
	return false
}

const errMisconf = "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. " +
	"Commands that may modify the data set are disabled, because this instance is configured to report errors during " +
	"writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for details " +
	"about the RDB error."

// refusesUnsaved reports whether writes stop when the last snapshot failed.
func (s *Server) refusesUnsaved() bool {
	return len(s.saves.points) > 0 && s.settings.yes("stop-writes-on-bgsave-error")
}

// diskRefuses returns why writes stop because of the disk: the last snapshot failed, or the append
// only file cannot be written (writeCommandsDeniedByDiskError).
func (s *Server) diskRefuses() (refusal string) {
	if s.saves.failed && s.refusesUnsaved() {
		return errMisconf
	}
	if why := s.aof.Refusal(); why != "" {
		return "MISCONF Errors writing to the AOF file: " + why
	}
	return ""
}
