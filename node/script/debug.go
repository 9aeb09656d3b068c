package script

import (
	"fmt"
	"strings"

	"clusterplay/node/lua"
)

// Console is the client at the other end of a debugging session.
type Console interface {
	// Write sends bytes.
	Write(b []byte)
	// Read waits for what the client sends, up to ReadSize bytes; nil says that it is gone.
	Read() []byte
	// Begin says that the script runs on from here: its time begins anew.
	Begin()
}

// ReadSize is how much a debugger reads in one go, and MaxInput how much it keeps.
const (
	ReadSize = 1024
	MaxInput = 1 << 20
)

const (
	maxBreakpoints = 64
	defaultMaxLen  = 256
	minMaxLen      = 60
	// maxShown bounds a value that is shown without a limit, and maxLogs what waits for the next stop:
	// Redis takes whatever memory that needs.
	maxShown = 8 << 20
	maxLogs  = 32 << 20
)

// Debugger follows one script line by line for one client (eval.c: ldb).
type Debugger struct {
	console Console
	engine  *Engine
	source  []string
	input   []byte
	logs    []string
	waiting int // bytes of logs

	line        int // where the script is
	breakpoints []int
	step        bool // stop at the next line, and tell of the commands until then
	called      bool // redis.breakpoint was called
	late        bool // it has run for long without a stop
	maxLen      int  // of what is shown; 0 is everything
	hinted      bool
}

// NewDebugger makes a debugger for a script's text.
func NewDebugger(console Console, body string) *Debugger {
	d := &Debugger{console: console, step: true, maxLen: defaultMaxLen}
	if body = strings.TrimRight(body, "\r\n"); body != "" {
		d.source = strings.Split(body, "\n")
	}
	return d
}

// EvalTraced is Eval with a debugger, for which the script is compiled anew.
func (e *Engine) EvalTraced(script *Script, run *Run, call Call, d *Debugger) {
	s := e.eval
	_, skip, _ := parseShebang(script.Body)
	fn, err := (*lua.Function)(nil), error(nil)
	if full := s.Guard(func() { fn, err = s.LoadTraced(script.Body[skip:], "@user_script") }); full != nil || err != nil {
		call.fail("ERR not enough memory for debugging", false)
		return
	}
	d.engine, e.debugger, s.Stops = e, d, d
	defer func() { e.debugger, s.Stops = nil, nil }()
	traced := *script
	traced.fn = fn
	e.Eval(&traced, run, call)
}

// debuggerOf is the debugger of the running script, or nil.
func debuggerOf(s *lua.State) *Debugger {
	d, _ := s.Stops.(*Debugger)
	return d
}

// Late says that the script has run for longer than busy-reply-threshold since it last stopped.
func (d *Debugger) Late() { d.late = true }

// End closes the session.
func (d *Debugger) End() {
	d.log("<endsession>")
	d.send()
}

// Line stops the script where it is to stop (luaLdbLineHook).
func (d *Debugger) Line(s *lua.State, source string, line int) {
	d.line = line
	if !strings.Contains(source, "user_script") {
		return
	}
	reason := "step over"
	timeout := false
	switch {
	case d.called:
		reason = "redis.breakpoint() called"
	case d.breaks(line):
		reason = "break point"
	case d.step:
	case d.late:
		reason, timeout = "timeout reached, infinite loop?", true
	default:
		return
	}
	d.step, d.called = false, false
	d.log(fmt.Sprintf("* Stopped at %d, stop reason = %s", line, reason))
	d.logLine(line)
	d.send()
	if !d.converse(s) && timeout {
		throw(s, "timeout during Lua debugging with client closing connection")
	}
	d.late = false
	d.console.Begin()
}

// log keeps a line for the client.
func (d *Debugger) log(text string) {
	if d.waiting += len(text); d.waiting <= maxLogs {
		d.logs = append(d.logs, text)
	}
}

// logCut is log for what may be cut to maxlen. The first time the client is told how to have it whole.
func (d *Debugger) logCut(text string) {
	if d.maxLen == 0 || len(text) <= d.maxLen {
		d.log(text)
		return
	}
	d.log(text[:d.maxLen] + " ...")
	if !d.hinted {
		d.hinted = true
		d.log("<hint> The above reply was trimmed. Use 'maxlen 0' to disable trimming.")
	}
}

// shown is how much of a value has to be written before it is cut.
func (d *Debugger) shown() int {
	if d.maxLen == 0 || d.maxLen > maxShown {
		return maxShown
	}
	return d.maxLen + 1
}

// statusLine keeps a line of text within its line of the protocol.
var statusLine = strings.NewReplacer("\r", " ", "\n", " ")

// send sends what was kept, as an array of status lines.
func (d *Debugger) send() {
	out := fmt.Appendf(make([]byte, 0, d.waiting+4*len(d.logs)+16), "*%d\r\n", len(d.logs))
	for _, text := range d.logs {
		out = append(out, '+')
		out = append(out, statusLine.Replace(text)...)
		out = append(out, "\r\n"...)
	}
	d.logs, d.waiting = nil, 0
	d.console.Write(out)
}

// sourceLine is a line of the script.
func (d *Debugger) sourceLine(n int) string {
	if n < 1 || n > len(d.source) {
		return "<out of range source code line>"
	}
	return cut(d.source[n-1])
}

// logLine shows a line of the script, and whether it is the present one or has a breakpoint.
func (d *Debugger) logLine(n int) {
	prefix := "   "
	switch bp := d.breaks(n); {
	case n == d.line && bp:
		prefix = "->#"
	case n == d.line:
		prefix = "-> "
	case bp:
		prefix = "  #"
	}
	d.log(fmt.Sprintf("%s%-3d %s", prefix, n, d.sourceLine(n)))
}

// command tells of a command that the script calls, when it is stepped through.
func (d *Debugger) command(words [][]byte) {
	if d == nil || !d.step {
		return
	}
	var text strings.Builder
	text.WriteString("<redis>")
	for i, w := range words {
		if i == 10 {
			fmt.Fprintf(&text, " ... (%d more)", len(words)-i-1)
			break
		}
		text.WriteByte(' ')
		text.Write(w)
	}
	d.log(text.String())
}

// reply tells of a command's reply.
func (d *Debugger) reply(reply []byte) {
	if d == nil || !d.step {
		return
	}
	r := replyText{b: reply, out: []byte("<reply> "), limit: d.shown()}
	r.value()
	d.logCut(string(r.out))
}

// failure tells of an error that Redis raises.
func (d *Debugger) failure(text string) {
	if d != nil && d.step {
		d.log("<error> " + cut(text))
	}
}

// redisBreakpoint is redis.breakpoint.
func (e *Engine) redisBreakpoint(s *lua.State, _ []lua.Value) []lua.Value {
	if e.debugger == nil {
		return s.Return(lua.False)
	}
	e.debugger.called = true
	return s.Return(lua.True)
}

// redisDebug is redis.debug.
func (e *Engine) redisDebug(_ *lua.State, args []lua.Value) []lua.Value {
	d := e.debugger
	if d == nil {
		return nil
	}
	v := valueText{out: fmt.Appendf(nil, "<debug> line %d: ", d.line), limit: maxShown}
	for i, a := range args {
		if i > 0 {
			v.out = append(v.out, ", "...)
		}
		v.value(a, 0)
	}
	d.log(string(v.out))
	return nil
}
