package script

import (
	"clusterplay/node/lua"
)

// newState is an interpreter with everything that EVAL and functions have in common.
func (e *Engine) newState() *lua.State {
	s := lua.New()
	s.Hook = func() { e.interrupt(s) }
	s.SetField(s.Globals(), "pcall", s.Native(pcall))
	openJSON(s)
	openMessagePack(s)
	openStruct(s)
	openBit(s)
	redis := s.NewTable(0, 0)
	s.SetField(s.Globals(), "redis", redis.Value())
	s.Register(redis, map[string]lua.Native{
		"call": e.redisCall, "pcall": e.redisPCall, "log": e.redisLog, "setresp": e.redisSetResp,
		"sha1hex": redisSHA1, "error_reply": redisErrorReply, "status_reply": redisStatusReply,
		"set_repl": e.redisSetRepl, "acl_check_cmd": e.redisACLCheck,
	})
	setConstants(s, redis)
	for name, n := range map[string]Repl{
		"REPL_NONE": 0, "REPL_AOF": ReplAOF, "REPL_SLAVE": ReplReplica, "REPL_REPLICA": ReplReplica, "REPL_ALL": ReplAll,
	} {
		s.SetField(redis, name, lua.Int(int(n)))
	}
	e.openRandom(s)
	return s
}

// The version scripts are told.
const (
	version    = "7.0.15"
	versionNum = 7<<16 | 0<<8 | 15
)

// setConstants sets what the redis table of a library's loading has too.
func setConstants(s *lua.State, redis *lua.Table) {
	for i, name := range []string{"LOG_DEBUG", "LOG_VERBOSE", "LOG_NOTICE", "LOG_WARNING"} {
		s.SetField(redis, name, lua.Int(i))
	}
	s.SetField(redis, "REDIS_VERSION", lua.Str(version))
	s.SetField(redis, "REDIS_VERSION_NUM", lua.Int(versionNum))
}

// openEval sets what only scripts of EVAL have, and closes the globals.
func (e *Engine) openEval() {
	s := e.eval
	redis := s.Globals().Field("redis").Table()
	constant := func(v ...lua.Value) lua.Native {
		return func(s *lua.State, _ []lua.Value) []lua.Value { return s.Return(v...) }
	}
	s.Register(redis, map[string]lua.Native{
		"breakpoint": e.redisBreakpoint, "debug": e.redisDebug, "replicate_commands": constant(lua.True),
	})
	s.SetField(s.Globals(), "__redis__err__handler", s.Native(errorHandler))
	forbidUnknown(s, s.Globals())
	protect(s.Globals())
	protect(s.StringMeta())
	e.redis = redis
}

// errorHandler makes a table of an error, which is what Redis' own handler does first.
func errorHandler(s *lua.State, args []lua.Value) []lua.Value {
	if len(args) > 0 && args[0].Table() != nil {
		return s.Return(args[0])
	}
	text := "nil"
	if len(args) > 0 {
		text = lua.Display(args[0])
	}
	t := s.NewTable(0, 1)
	s.SetField(t, "err", s.Text("ERR "+text))
	return s.Return(t.Value())
}

// forbidUnknown makes reading what is not in a table an error.
func forbidUnknown(s *lua.State, t *lua.Table) {
	meta := s.NewTable(0, 1)
	s.SetField(meta, "__index", s.Native(func(s *lua.State, args []lua.Value) []lua.Value {
		if len(args) != 2 {
			s.Errorf("Wrong number of arguments to luaProtectedTableError")
		}
		name, ok := args[1].ToText()
		if !ok {
			s.Errorf("Second argument to luaProtectedTableError must be a string or number")
		}
		s.Errorf("Script attempted to access nonexistent global variable '%s'", name)
		return nil
	}))
	t.SetMeta(meta)
}

// protect makes a table and all that can be reached from it readonly.
func protect(t *lua.Table) {
	if t == nil || t.Readonly() {
		return
	}
	t.SetReadonly(true)
	for k, v, more, _ := t.Next(lua.Nil); more; k, v, more, _ = t.Next(k) {
		protect(v.Table())
	}
	protect(t.Meta())
}

// pcall is Lua's, but for errors that are tables with a text: it returns the text, as it was before
// they were tables.
func pcall(s *lua.State, args []lua.Value) []lua.Value {
	if len(args) == 0 { // C finds the place it keeps for the result
		return s.Return(lua.False, s.Text("attempt to call a boolean value"))
	}
	out, err := s.Protect(args[0], args[1:]...)
	if err != nil {
		return s.Return(lua.False, plainError(err.Value))
	}
	return s.Return(append([]lua.Value{lua.True}, out...)...)
}

func plainError(v lua.Value) lua.Value {
	if t := v.Table(); t != nil {
		if text := t.Field("err"); isText(text) {
			return text
		}
	}
	return v
}

func isText(v lua.Value) bool { return v.Kind() == lua.KindString || v.Kind() == lua.KindNumber }
