package script

import (
	"strconv"
	"strings"

	"clusterplay/node/lua"
)

// errorTable makes the table that stands for an error: text is "-CODE message", or a message without a
// code (luaPushErrorBuff).
func errorTable(s *lua.State, text string) *lua.Table {
	debuggerOf(s).failure(text)
	code, msg := "ERR", text
	if rest, coded := strings.CutPrefix(text, "-"); coded {
		before, after, found := strings.Cut(rest, " ")
		if msg = rest; found {
			code, msg = before, after
		}
	}
	t := s.NewTable(0, 1)
	s.SetField(t, "err", s.Text(cut(code)+" "+cut(strings.Trim(msg, "\r\n"))))
	return t
}

// cut ends a text where C would.
func cut(text string) string {
	before, _, _ := strings.Cut(text, "\x00")
	return before
}

func throw(s *lua.State, text string) { s.Throw(errorTable(s, text).Value()) }

// ignoreStats marks an error that was counted when it arose.
func ignoreStats(s *lua.State, t *lua.Table) { s.SetField(t, "ignore_error_stats_update", lua.True) }

func (e *Engine) redisCall(s *lua.State, args []lua.Value) []lua.Value {
	return e.command(s, args, true)
}

func (e *Engine) redisPCall(s *lua.State, args []lua.Value) []lua.Value {
	return e.command(s, args, false)
}

// command is redis.call, or redis.pcall when an error is not to be raised.
func (e *Engine) command(s *lua.State, args []lua.Value, raise bool) []lua.Value {
	if e.run == nil {
		throw(s, "redis.call/pcall can only be called inside a script invocation")
	}
	words, problem := commandWords(s, args)
	if problem != "" {
		return result(s, errorTable(s, problem), raise)
	}
	e.debugger.command(words)
	reply, refusal := e.host.Command(e.run, words)
	if refusal != "" {
		t := errorTable(s, refusal)
		ignoreStats(s, t)
		return result(s, t, raise)
	}
	r := replyReader{s: s, b: reply}
	v := r.value()
	e.debugger.reply(reply)
	raise = raise && reply[0] == '-'
	s.Read(callWork + len(reply) + valueWork*e.run.Work) // the hook may run other commands: reply is gone
	if raise {
		s.Throw(v)
	}
	return s.Return(v)
}

const (
	// callWork is what a call costs whatever it does, and valueWork what each value costs that a command looks at, in
	// bytes of a text that are read.
	callWork  = 1024
	valueWork = 8
)

func result(s *lua.State, t *lua.Table, raise bool) []lua.Value {
	if raise {
		s.Throw(t.Value())
	}
	return s.Return(t.Value())
}

// commandWords turns arguments into a command's words, in one piece of memory: what the command
// changes is propagated by the same words.
func commandWords(s *lua.State, args []lua.Value) (words [][]byte, problem string) {
	if len(args) == 0 {
		return nil, "Please specify at least one argument for this redis lib call"
	}
	size := 0
	for _, a := range args {
		text, ok := a.Text()
		switch {
		case ok:
			size += len(text)
		case a.Kind() == lua.KindNumber:
			size += 32
		default:
			return nil, "Lua redis lib command arguments must be strings or integers"
		}
	}
	s.Room(size)
	s.Copied(size)
	buf := make([]byte, 0, size)
	words = make([][]byte, len(args))
	for i, a := range args {
		start := len(buf)
		if text, ok := a.Text(); ok {
			buf = append(buf, text...)
		} else {
			n, _ := a.Number()
			buf = appendNumber(buf, n)
		}
		words[i] = buf[start:len(buf):len(buf)]
	}
	return words, ""
}

// appendNumber writes a number with all its digits: C's %.17g.
func appendNumber(buf []byte, n float64) []byte {
	if i := int64(n); float64(i) == n && i > -1<<53 && i < 1<<53 && (i != 0 || 1/n > 0) {
		return strconv.AppendInt(buf, i, 10)
	}
	return append(buf, lua.FormatPrecise(n)...)
}

func redisSHA1(s *lua.State, args []lua.Value) []lua.Value {
	if len(args) != 1 {
		throw(s, "wrong number of arguments")
	}
	text, _ := args[0].ToText()
	s.Read(len(text))
	return s.Return(s.Text(SHA1(text)))
}

func redisErrorReply(s *lua.State, args []lua.Value) []lua.Value {
	text, ok := onlyText(args)
	if !ok {
		return s.Return(errorTable(s, "wrong number or type of arguments").Value())
	}
	if text = cut(text); !strings.HasPrefix(text, "-") {
		text = "-" + text
	}
	return s.Return(errorTable(s, text).Value())
}

func onlyText(args []lua.Value) (string, bool) {
	if len(args) != 1 {
		return "", false
	}
	return args[0].Text()
}

func redisStatusReply(s *lua.State, args []lua.Value) []lua.Value {
	if _, ok := onlyText(args); !ok {
		return s.Return(errorTable(s, "wrong number or type of arguments").Value())
	}
	t := s.NewTable(0, 1)
	s.SetField(t, "ok", args[0])
	return s.Return(t.Value())
}

func (e *Engine) redisSetRepl(s *lua.State, args []lua.Value) []lua.Value {
	switch {
	case e.run == nil:
		throw(s, "redis.set_repl can only be called inside a script invocation")
	case len(args) != 1:
		throw(s, "redis.set_repl() requires two arguments.")
	}
	n, _ := args[0].ToNumber()
	to := Repl(int32(int64(n)))
	if to&^ReplAll != 0 {
		throw(s, "Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.")
	}
	e.run.Repl = to
	return nil
}

func (e *Engine) redisSetResp(s *lua.State, args []lua.Value) []lua.Value {
	switch {
	case e.run == nil:
		throw(s, "redis.setresp can only be called inside a script invocation")
	case len(args) != 1:
		throw(s, "redis.setresp() requires one argument.")
	}
	n, _ := args[0].ToNumber()
	if int(n) != 2 && int(n) != 3 {
		throw(s, "RESP version must be 2 or 3.")
	}
	e.run.Proto = int(n)
	return nil
}

func (e *Engine) redisLog(s *lua.State, args []lua.Value) []lua.Value {
	if len(args) < 2 {
		throw(s, "redis.log() requires two arguments or more.")
	}
	n, ok := args[0].ToNumber()
	if !ok {
		throw(s, "First argument must be a number (log level).")
	}
	level := int(n)
	if level < 0 || level > 3 {
		throw(s, "Invalid debug level.")
	}
	var line strings.Builder
	for i, a := range args[1:] {
		if text, ok := a.ToText(); ok {
			if i > 0 {
				line.WriteByte(' ')
			}
			s.Read(len(text))
			line.WriteString(text)
		}
	}
	e.host.Log(level, line.String())
	return nil
}

func (e *Engine) redisACLCheck(s *lua.State, args []lua.Value) []lua.Value {
	if e.run == nil {
		throw(s, "redis.acl_check_cmd can only be called inside a script invocation")
	}
	words, problem := commandWords(s, args)
	if problem != "" {
		throw(s, problem)
	}
	allowed, known := e.host.Allowed(e.run, words)
	if !known {
		throw(s, "Invalid command passed to redis.acl_check_cmd()")
	}
	return s.Return(lua.Bool(allowed))
}
