package server

import (
	"strings"

	"clusterplay/node/command"
	"clusterplay/node/keyspace"
	"clusterplay/node/rdb"
	"clusterplay/node/resp"
	"clusterplay/node/script"
)

// fcallCommand: FCALL function numkeys [key ...] [arg ...]
func (s *Server) fcallCommand(c *client) { s.fcall(c, false) }

// fcallReadOnlyCommand: FCALL_RO function numkeys [key ...] [arg ...]
func (s *Server) fcallReadOnlyCommand(c *client) { s.fcall(c, true) }

func (s *Server) fcall(c *client, readOnly bool) {
	s.showMonitors(c)
	words := c.ctx.Args
	f := s.scripts().Function(words[1])
	if f == nil {
		c.ctx.Error("ERR Function not found")
		return
	}
	n, ok := keyspace.ParseInt(words[2])
	if !ok {
		c.ctx.Error("ERR Bad number of keys provided")
		return
	}
	keys, args, problem := scriptKeys(n, words[3:])
	if problem != "" {
		c.ctx.Error(problem)
		return
	}
	run := &script.Run{Name: f.Name, Command: words}
	if refusal := s.prepare(c, run, f.Flags, readOnly); refusal != "" {
		c.ctx.Error(refusal)
		return
	}
	s.runScript(c, run, keys, args, func(call script.Call) { s.script.engine.Call(f, run, call) })
}

// functionLoad: FUNCTION LOAD [REPLACE] function-code
func (s *Server) functionLoad(c *client) {
	words := c.ctx.Args
	replace := false
	for _, word := range words[2 : len(words)-1] {
		if !strings.EqualFold(string(word), "replace") {
			c.ctx.Error("ERR Unknown option given: " + resp.Quoted(word))
			return
		}
		replace = true
	}
	lib, err := s.scripts().LoadLibrary(string(words[len(words)-1]), replace, !c.ctx.Master)
	if err != nil {
		c.ctx.Error(err.Error())
		return
	}
	c.ctx.Changed(1)
	c.ctx.BulkString(lib.Name)
}

// functionDelete: FUNCTION DELETE library-name
func (s *Server) functionDelete(c *client) {
	if s.script.engine == nil || !s.script.engine.Delete(string(c.ctx.Args[2])) {
		c.ctx.Error("ERR Library not found")
		return
	}
	c.ctx.Changed(1)
	c.ctx.OK()
}

// functionFlush: FUNCTION FLUSH [ASYNC|SYNC]
func (s *Server) functionFlush(c *client) {
	switch {
	case len(c.ctx.Args) > 3:
		c.ctx.Error(wrongSubcommand("FUNCTION", c.ctx.Args[1]))
		return
	case !flushMode(c.ctx.Args):
		c.ctx.Error("ERR FUNCTION FLUSH only supports SYNC|ASYNC option")
		return
	}
	s.flushFunctions()
	c.ctx.Changed(1)
	c.ctx.OK()
}

// wrongSubcommand is the reply to a subcommand whose words do not fit (addReplySubcommandSyntaxError).
func wrongSubcommand(name string, sub []byte) string {
	text := resp.Quoted(sub)
	return "ERR unknown subcommand or wrong number of arguments for '" + text[:min(len(text), 128)] + "'. Try " + name + " HELP."
}

// flushFunctions forgets all libraries.
func (s *Server) flushFunctions() {
	if s.script.engine != nil {
		s.script.engine.FlushLibraries()
	}
}

// libraries are the loaded libraries.
func (s *Server) libraries() []*script.Library {
	if s.script.engine == nil {
		return nil
	}
	return s.script.engine.Libraries().All()
}

// functionList: FUNCTION LIST [LIBRARYNAME library-name-pattern] [WITHCODE]
func (s *Server) functionList(c *client) {
	var pattern *command.Glob
	code, filtered := false, false
	for words := c.ctx.Args[2:]; len(words) > 0; words = words[1:] {
		switch word := strings.ToLower(string(words[0])); {
		case word == "withcode" && !code:
			code = true
		case word == "libraryname" && !filtered && len(words) == 1:
			c.ctx.Error("ERR library name argument was not given")
			return
		case word == "libraryname" && !filtered:
			pattern, filtered = command.ReadGlob(words[1], true), true
			words = words[1:]
		default:
			c.ctx.Error("ERR Unknown argument " + resp.Quoted(words[0]))
			return
		}
	}
	var listed []*script.Library
	for _, lib := range s.libraries() {
		if !filtered || command.Match(pattern, lib.Name) {
			listed = append(listed, lib)
		}
	}
	c.ctx.Array(len(listed))
	for _, lib := range listed {
		writeLibrary(&c.ctx.Writer, lib, code)
	}
}

func writeLibrary(w *resp.Writer, lib *script.Library, code bool) {
	fields := 3
	if code {
		fields++
	}
	w.Map(fields)
	w.BulkString("library_name")
	w.BulkString(lib.Name)
	w.BulkString("engine")
	w.BulkString("LUA")
	w.BulkString("functions")
	w.Array(len(lib.Functions))
	for _, f := range lib.Functions {
		w.Map(3)
		w.BulkString("name")
		w.BulkString(f.Name)
		w.BulkString("description")
		if f.Described {
			w.BulkString(f.Description)
		} else {
			w.Null()
		}
		w.BulkString("flags")
		command.WriteStatusSet(w, f.Flags.Names())
	}
	if code {
		w.BulkString("library_code")
		w.BulkString(lib.Code)
	}
}

// functionStats: FUNCTION STATS
func (s *Server) functionStats(c *client) {
	run := s.running()
	if run != nil && run.Eval {
		c.ctx.Error(resp.ErrBusyScript)
		return
	}
	w := &c.ctx.Writer
	w.Map(2)
	w.BulkString("running_script")
	if run == nil {
		w.Null()
	} else {
		w.Map(3)
		w.BulkString("name")
		w.BulkString(run.Name)
		w.BulkString("command")
		w.Array(len(run.Command))
		for _, word := range run.Command {
			w.Bulk(word)
		}
		w.BulkString("duration_ms")
		w.Int(s.now.Sub(s.script.started).Milliseconds())
	}
	functions, libraries := 0, len(s.libraries())
	if s.script.engine != nil {
		functions = s.script.engine.Functions()
	}
	w.BulkString("engines")
	w.Map(1)
	w.BulkString("LUA")
	w.Map(2)
	w.BulkString("libraries_count")
	w.Int(int64(libraries))
	w.BulkString("functions_count")
	w.Int(int64(functions))
}

// functionKill: FUNCTION KILL
func (s *Server) functionKill(c *client) { s.killScript(c, false) }

// functionDump: FUNCTION DUMP
func (s *Server) functionDump(c *client) {
	var e rdb.Encoder
	for _, lib := range s.libraries() {
		e.Function([]byte(lib.Code))
	}
	e.DumpEnd()
	c.ctx.Bulk(e.Buf)
}

// functionRestore: FUNCTION RESTORE serialized-value [FLUSH|APPEND|REPLACE]
func (s *Server) functionRestore(c *client) {
	words := c.ctx.Args
	policy := "append"
	switch {
	case len(words) > 4:
		c.ctx.Error(wrongSubcommand("FUNCTION", words[1]))
		return
	case len(words) == 4:
		policy = strings.ToLower(string(words[3]))
	}
	if policy != "append" && policy != "replace" && policy != "flush" {
		c.ctx.Error("ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.")
		return
	}
	if err := s.restoreFunctions(words[2], policy); err != nil {
		c.ctx.Error(err.Error())
		return
	}
	c.ctx.Changed(1)
	c.ctx.OK()
}

func (s *Server) restoreFunctions(payload []byte, policy string) error {
	codes, err := rdb.DecodeFunctions(payload)
	if err == rdb.ErrDump {
		return script.Refusal(resp.ErrBadPayload)
	}
	e := s.scripts()
	set := e.Begin()
	for _, code := range codes {
		if _, err := e.LoadInto(set, string(code), false, false); err != nil {
			return err
		}
	}
	switch {
	case err == rdb.ErrNoFunction:
		return script.Refusal("ERR given type is not a function")
	case err != nil:
		return script.Refusal("ERR failed loading the given functions payload")
	case policy == "flush":
		e.Replace(set)
		return nil
	}
	return e.Join(set, policy == "replace")
}

// loadFunctions loads the libraries that an RDB file holds, with replace in place of those of the same name.
func (s *Server) loadFunctions(codes [][]byte, replace bool) error {
	for _, code := range codes {
		if _, err := s.scripts().LoadLibrary(string(code), replace, false); err != nil {
			return err
		}
	}
	return nil
}
