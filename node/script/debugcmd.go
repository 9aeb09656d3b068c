package script

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"clusterplay/node/lua"
)

// converse does what the client asks for until the script is to go on (ldbRepl). It reports false when the
// client is gone: then nothing stops the script any more.
func (d *Debugger) converse(s *lua.State) (there bool) {
	for {
		words, ok := d.next(s)
		if !ok {
			d.step, d.breakpoints = false, nil
			return false
		}
		if goOn := d.do(s, words); goOn {
			return true
		}
	}
}

// next is the client's next command. Whatever came behind it is dropped.
func (d *Debugger) next(s *lua.State) (words []string, ok bool) {
	for {
		words, mistake := parseDebug(d.input)
		switch {
		case mistake:
			throw(s, "protocol error")
		case words != nil:
			d.input = nil
			return words, true
		}
		more := d.console.Read()
		if more == nil {
			return nil, false
		}
		if d.input = append(d.input, more...); len(d.input) > MaxInput {
			d.input = nil
			throw(s, "max client buffer reached")
		}
	}
}

// do obeys one command. It reports true when the script is to go on.
func (d *Debugger) do(s *lua.State, words []string) (goOn bool) {
	switch name := strings.ToLower(cut(words[0])); {
	case name == "s" || name == "step" || name == "n" || name == "next":
		d.step = true
		return true
	case name == "c" || name == "continue":
		return true
	case name == "a" || name == "abort":
		throw(s, "script aborted for user request")
	case name == "h" || name == "help":
		for _, line := range strings.Split(debugHelp, "\n") {
			d.log(line)
		}
	case name == "t" || name == "trace":
		d.trace(s)
	case name == "m" || name == "maxlen":
		d.setMaxLen(words)
	case name == "b" || name == "break":
		d.setBreakpoints(words)
	case name == "e" || name == "eval":
		d.eval(s, strings.Join(words[1:], " "))
	case len(words) > 1 && (name == "r" || name == "redis"):
		d.redis(s, words[1:])
	case name == "p" || name == "print":
		d.print(s, words)
	case name == "l" || name == "list":
		d.list(words)
	case name == "w" || name == "whole":
		d.around(1, 1000000)
	default:
		d.log("<error> Unknown Redis Lua debugger command or wrong number of arguments.")
	}
	d.send()
	return false
}

// trace shows how the script came here, the innermost call first.
func (d *Debugger) trace(s *lua.State) {
	n := 0
	for ; ; n++ {
		l, ok := s.Level(n)
		if !ok {
			break
		}
		if !strings.Contains(l.Source, "user_script") {
			continue
		}
		how, name := "From", l.Name
		if n == 0 {
			how = "In"
		}
		if name == "" {
			name = "top level"
		}
		d.log(fmt.Sprintf("%s %s:", how, name))
		d.logLine(l.Line)
	}
	if n == 0 {
		d.log("<error> Can't retrieve Lua stack.")
	}
}

func (d *Debugger) setMaxLen(words []string) {
	if len(words) == 2 {
		d.hinted = true
		d.maxLen = atoi(cut(words[1]))
		if d.maxLen != 0 && d.maxLen <= minMaxLen {
			d.maxLen = minMaxLen
		}
	}
	if d.maxLen == 0 {
		d.log("<value> replies are unlimited.")
		return
	}
	d.log(fmt.Sprintf("<value> replies are truncated at %d bytes.", d.maxLen))
}

// breaks reports whether a line has a breakpoint.
func (d *Debugger) breaks(line int) bool { return slices.Contains(d.breakpoints, line) }

func (d *Debugger) setBreakpoints(words []string) {
	if len(words) == 1 {
		if len(d.breakpoints) == 0 {
			d.log("No breakpoints set. Use 'b <line>' to add one.")
			return
		}
		d.log(fmt.Sprintf("%d breakpoints set:", len(d.breakpoints)))
		for _, line := range d.breakpoints {
			d.logLine(line)
		}
		return
	}
	for _, word := range words[1:] {
		line, err := strconv.ParseInt(word, 10, 64)
		if err != nil || strconv.FormatInt(line, 10) != word {
			d.log("Invalid argument:'" + cut(word) + "'")
			continue
		}
		d.setBreakpoint(line)
	}
}

func (d *Debugger) setBreakpoint(line int64) {
	switch {
	case line == 0:
		d.breakpoints = nil
		d.log("All breakpoints removed.")
	case line < 0:
		i := slices.Index(d.breakpoints, int(int32(-line)))
		if i < 0 {
			d.log("No breakpoint in the specified line.")
			return
		}
		d.breakpoints = slices.Delete(d.breakpoints, i, i+1)
		d.log("Breakpoint removed.")
	case len(d.breakpoints) == maxBreakpoints:
		d.log("Too many breakpoints set.")
	case int32(line) <= 0 || int(int32(line)) > len(d.source) || d.breaks(int(int32(line))):
		d.log("Wrong line number.")
	default:
		d.breakpoints = append(d.breakpoints, int(int32(line)))
		d.around(int(int32(line)), 1)
	}
}

// eval runs a piece of Lua: an expression if it is one.
func (d *Debugger) eval(s *lua.State, code string) {
	var fn *lua.Function
	var problem error
	full := s.Guard(func() {
		if fn, problem = s.Load("return "+code, "@ldb_eval"); problem != nil {
			fn, problem = s.Load(code, "@ldb_eval")
		}
	})
	switch {
	case full != nil:
		problem = full
	case problem == nil:
		out, err := s.Protect(fn.Value())
		if err == nil {
			d.logValue("<retval> ", first(out))
			return
		}
		problem = fmt.Errorf("%s", lua.Display(plainError(err.Value)))
	}
	d.log("<error> " + cut(problem.Error()))
}

// redis calls a command and shows it with its reply.
func (d *Debugger) redis(s *lua.State, words []string) {
	args := make([]lua.Value, len(words))
	for i, w := range words {
		args[i] = lua.Str(w)
	}
	d.step = true
	_, _ = s.Protect(d.engine.redis.Field("call"), args...) // what goes wrong has been logged
	d.step = false
}

func (d *Debugger) print(s *lua.State, words []string) {
	if len(words) == 2 {
		d.printOne(s, cut(words[1]))
		return
	}
	none := true
	if l, ok := s.Level(0); ok {
		for name, v := range l.Locals {
			none = false
			d.logValue("<value> "+name+" = ", v)
		}
	}
	if none {
		d.log("No local variables in the current context.")
	}
}

// printOne shows the variable of that name that is declared first in the innermost function that has one.
func (d *Debugger) printOne(s *lua.State, wanted string) {
	for n := 0; ; n++ {
		l, ok := s.Level(n)
		if !ok {
			break
		}
		for name, v := range l.Locals {
			if name == wanted {
				d.logValue("<value> ", v)
				return
			}
		}
	}
	if wanted == "KEYS" || wanted == "ARGV" {
		d.logValue("<value> ", s.Globals().Field(wanted))
		return
	}
	d.log("No such variable.")
}

func (d *Debugger) logValue(prefix string, v lua.Value) {
	t := valueText{out: []byte(prefix), limit: d.shown()}
	t.value(v, 0)
	d.logCut(string(t.out))
}

func (d *Debugger) list(words []string) {
	around, context := d.line, 5
	if len(words) > 1 {
		if n := atoi(cut(words[1])); n > 0 {
			around = n
		}
	}
	if len(words) > 2 {
		context = atoi(cut(words[2]))
	}
	d.around(around, context)
}

// around lists the lines around one; around 0 all of them.
func (d *Debugger) around(line, context int) {
	for n := 1; n <= len(d.source); n++ {
		if line == 0 || max(line-n, n-line) <= context {
			d.logLine(n)
		}
	}
}

func first(values []lua.Value) lua.Value {
	if len(values) > 0 {
		return values[0]
	}
	return lua.Nil
}
