package server

import (
	"strings"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
	"clusterplay/node/script"
)

// evalCommand: EVAL script numkeys [key ...] [arg ...]
func (s *Server) evalCommand(c *client) { s.eval(c, false) }

// evalReadOnlyCommand: EVAL_RO script numkeys [key ...] [arg ...]
func (s *Server) evalReadOnlyCommand(c *client) { s.eval(c, true) }

// evalSHACommand: EVALSHA sha1 numkeys [key ...] [arg ...]
func (s *Server) evalSHACommand(c *client) { s.evalSHA(c, false) }

// evalSHAReadOnlyCommand: EVALSHA_RO sha1 numkeys [key ...] [arg ...]
func (s *Server) evalSHAReadOnlyCommand(c *client) { s.evalSHA(c, true) }

func (s *Server) eval(c *client, readOnly bool) {
	s.showMonitors(c)
	if c.debug != debugOff {
		s.evalDebugged(c, readOnly)
		return
	}
	s.evaluate(c, readOnly, s.findScript)
}

// findScript is the script with that text, which is cached from now on.
func (s *Server) findScript(body []byte) (*script.Script, string) {
	e := s.scripts()
	if sc := e.ByBody(body); sc != nil {
		return sc, ""
	}
	return refused(e.Load(string(body)))
}

func (s *Server) evalSHA(c *client, readOnly bool) {
	s.showMonitors(c)
	if len(c.ctx.Args[1]) != 40 {
		c.ctx.Error(resp.ErrNoScript)
		return
	}
	if c.debug != debugOff {
		c.ctx.Error("ERR Please use EVAL instead of EVALSHA for debugging")
		return
	}
	s.evaluate(c, readOnly, func(sha []byte) (*script.Script, string) {
		if sc := s.scripts().BySHA(sha); sc != nil {
			return sc, ""
		}
		return nil, resp.ErrNoScript
	})
}

// showMonitors shows a script before the commands it runs.
func (s *Server) showMonitors(c *client) {
	if len(s.monitors) > 0 {
		s.showCommand(c, c.ctx.Args)
	}
}

func refused(sc *script.Script, err error) (*script.Script, string) {
	if err != nil {
		return nil, err.Error()
	}
	return sc, ""
}

// evaluate runs the script that find returns.
func (s *Server) evaluate(c *client, readOnly bool, find func([]byte) (*script.Script, string)) {
	words := c.ctx.Args
	n, ok := keyspace.ParseInt(words[2])
	if !ok {
		c.ctx.Error(resp.ErrNotInteger)
		return
	}
	keys, args, problem := scriptKeys(n, words[3:])
	if problem != "" {
		c.ctx.Error(problem)
		return
	}
	sc, refusal := find(words[1])
	if refusal != "" {
		c.ctx.Error(refusal)
		return
	}
	run := &script.Run{Name: sc.SHA, Eval: true, Command: words}
	if refusal := s.prepare(c, run, sc.Flags, readOnly); refusal != "" {
		c.ctx.Error(refusal)
		return
	}
	s.runScript(c, run, keys, args, func(call script.Call) {
		if c.debugs != nil {
			s.script.engine.EvalTraced(sc, run, call, c.debugs.debugger)
			return
		}
		s.script.engine.Eval(sc, run, call)
	})
}

// scriptLoad: SCRIPT LOAD script
func (s *Server) scriptLoad(c *client) {
	sc, refusal := refused(s.scripts().Load(string(c.ctx.Args[2])))
	if refusal != "" {
		c.ctx.Error(refusal)
		return
	}
	c.ctx.BulkString(sc.SHA)
}

// scriptExists: SCRIPT EXISTS sha1 [sha1 ...]
func (s *Server) scriptExists(c *client) {
	c.ctx.Array(len(c.ctx.Args) - 2)
	for _, sha := range c.ctx.Args[2:] {
		n := int64(0)
		if s.script.engine != nil && s.script.engine.BySHA(sha) != nil {
			n = 1
		}
		c.ctx.Int(n)
	}
}

// flushMode checks the word ASYNC or SYNC; both do the same here.
func flushMode(args [][]byte) bool {
	if len(args) == 2 {
		return true
	}
	word := strings.ToLower(string(args[2]))
	return len(args) == 3 && (word == "sync" || word == "async")
}

// scriptFlush: SCRIPT FLUSH [ASYNC|SYNC]
func (s *Server) scriptFlush(c *client) {
	if !flushMode(c.ctx.Args) {
		c.ctx.Error("ERR SCRIPT FLUSH only support SYNC|ASYNC option")
		return
	}
	if s.script.engine != nil {
		s.script.engine.Flush()
	}
	c.ctx.OK()
}

const (
	errBusyFunction = "BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE."
	errUnkillable   = "UNKILLABLE Sorry the script already executed write commands against the dataset. You can either " +
		"wait the script termination or kill the server in a hard way using the SHUTDOWN NOSAVE command."
	errMasterScript = "UNKILLABLE The busy script was sent by a master instance in the context of replication and cannot be killed."
)

// scriptKill: SCRIPT KILL
func (s *Server) scriptKill(c *client) { s.killScript(c, true) }

// killScript ends the running script, if it may be ended.
func (s *Server) killScript(c *client, eval bool) {
	run := s.running()
	switch {
	case run == nil:
		c.ctx.Error(resp.ErrNotBusy)
	case s.script.caller.ctx.Master:
		c.ctx.Error(errMasterScript)
	case run.Dirty:
		c.ctx.Error(errUnkillable)
	case run.Eval != eval:
		c.ctx.Error(busyText(run))
	default:
		run.Killed = true
		c.ctx.OK()
	}
}

// busyText is the answer to what cannot be served while a script runs for too long.
func busyText(run *script.Run) string {
	if run.Eval {
		return resp.ErrBusyScript
	}
	return errBusyFunction
}
