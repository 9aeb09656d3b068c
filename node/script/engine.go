package script

import (
	"crypto/sha1"
	"encoding/hex"
	"strings"

	"clusterplay/node/lua"
)

// Host is what scripts may ask of the server around them.
type Host interface {
	// Command runs a command of the script's and returns its reply in the protocol version run.Proto,
	// valid until the next command. A refusal is an error's text without "-"; nothing ran then. What it
	// cost, apart from its words and its reply, is in run.Work.
	Command(run *Run, args [][]byte) (reply []byte, refusal string)
	// Allowed reports whether the script's user may run a command; known is false when there is none
	// of that name.
	Allowed(run *Run, args [][]byte) (allowed, known bool)
	// Log takes a line for the server's log; level is 0 (debug) to 3 (warning).
	Log(level int, text string)
	// Interrupt is called about every millisecond of a script's running. It may set run.Killed.
	Interrupt(run *Run)
}

// Flags are what a script says about itself in its first line, or a function when it is registered.
type Flags uint8

// The flags of scripts.
const (
	NoWrites Flags = 1 << iota
	AllowOOM
	AllowStale
	NoCluster
	AllowCrossSlot
	Compat // no first line: the rules of older versions hold
)

// flagNames are the flags' names in the order in which FUNCTION LIST shows them.
var flagNames = [...]string{"no-writes", "allow-oom", "allow-stale", "no-cluster", "allow-cross-slot-keys"}

// Names are the names of the flags that are set.
func (f Flags) Names() (names []string) {
	for i, name := range flagNames {
		if f&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

func flagOf(name string) (Flags, bool) {
	for i, known := range flagNames {
		if name == known {
			return 1 << i, true
		}
	}
	return 0, false
}

// Repl says where what a script changes is propagated to.
type Repl int

// The destinations of redis.set_repl.
const (
	ReplAOF     Repl = 1
	ReplReplica Repl = 2
	ReplAll          = ReplAOF | ReplReplica
)

// Run is one running script.
type Run struct {
	Name       string // its SHA1 or the function's name
	Eval       bool   // it came with EVAL, not with FCALL
	ReadOnly   bool   // nothing may be written
	AllowOOM   bool
	CrossSlot  bool // keys of several slots may be used
	Command    [][]byte
	Proto      int // of replies to the script
	Repl       Repl
	Dirty      bool // it has called a command that writes
	Killed     bool
	KilledText string // what it then answers, if nobody has killed it with SCRIPT KILL
	Interrupts int
	Work       int // of the last command: about how many values it has looked at
}

// Script is one cached script.
type Script struct {
	SHA   string
	Body  string
	Flags Flags
	fn    *lua.Function
}

// Engine is the scripts and functions of one server.
type Engine struct {
	host    Host
	eval    *lua.State
	scripts map[string]*Script
	bodies  map[string]*Script // the same by their text: a script that is known is not hashed again
	memory  int                // what the cache occupies
	run     *Run
	random  random
	redis   *lua.Table
	keys    [2]lua.Value // the names KEYS and ARGV
	library library

	debugger *Debugger // of the running script, or nil
}

// New makes an engine without scripts.
func New(host Host) *Engine {
	e := &Engine{host: host, random: newRandom(), keys: [2]lua.Value{lua.Str("KEYS"), lua.Str("ARGV")}}
	e.Flush()
	e.FlushLibraries()
	return e
}

// Flush forgets all scripts and begins with a fresh interpreter (SCRIPT FLUSH).
func (e *Engine) Flush() {
	e.scripts, e.bodies, e.memory = map[string]*Script{}, map[string]*Script{}, 0
	e.eval = nil
}

// state is the interpreter of EVAL. It is made when the first script is loaded.
func (e *Engine) state() *lua.State {
	if e.eval == nil {
		e.eval = e.newState()
		e.openEval()
	}
	return e.eval
}

// Scripts counts the cached scripts.
func (e *Engine) Scripts() int { return len(e.scripts) }

// ScriptsMemory is about what the cache of scripts occupies.
func (e *Engine) ScriptsMemory() int { return e.memory }

// EvalMemory is about what the interpreter of EVAL occupies.
func (e *Engine) EvalMemory() int {
	if e.eval == nil {
		return 0
	}
	return e.eval.Used()
}

// Measure finds out what is alive in the interpreters, so that their sizes are exact.
func (e *Engine) Measure() {
	if e.eval != nil {
		e.eval.Measure()
	}
	if e.library.state != nil {
		e.library.state.Measure()
	}
}

// Running is the script that runs now, or nil.
func (e *Engine) Running() *Run { return e.run }

// SHA1 is a text's digest in hexadecimal digits.
func SHA1(text string) string {
	sum := sha1.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

// BySHA returns the cached script with a digest, in whatever case its letters are, or nil.
func (e *Engine) BySHA(sha []byte) *Script {
	if s := e.scripts[string(sha)]; s != nil || len(sha) != 40 {
		return s
	}
	return e.scripts[strings.ToLower(string(sha))]
}

// ByBody returns the cached script with that text, or nil.
func (e *Engine) ByBody(body []byte) *Script { return e.bodies[string(body)] }

// FlagsOf is what the text of a script that is not cached says about itself.
func FlagsOf(body string) (Flags, error) {
	flags, _, err := parseShebang(body)
	return flags, err
}

// MaxSource bounds the text of a script or library.
const MaxSource = 1 << 20

// Load compiles a script and caches it.
func (e *Engine) Load(body string) (*Script, error) {
	if s := e.bodies[body]; s != nil {
		return s, nil
	}
	flags, skip, err := parseShebang(body)
	if err != nil {
		return nil, err
	}
	if len(body) > MaxSource {
		return nil, Refusal("ERR Error compiling script (new function): the script is longer than 1 MiB")
	}
	fn, err := compile(e.state(), body[skip:], "@user_script")
	if err != nil {
		return nil, Refusal("ERR Error compiling script (new function): " + err.Error())
	}
	s := &Script{SHA: SHA1(body), Body: body, Flags: flags, fn: fn}
	e.scripts[s.SHA], e.bodies[body] = s, s
	e.memory += scriptOverhead + len(body)
	return s, nil
}

// compile reads a chunk outside of any script.
func compile(s *lua.State, source, name string) (fn *lua.Function, err error) {
	if full := s.Guard(func() { fn, err = s.Load(source, name) }); full != nil {
		return nil, full
	}
	return fn, err
}

// scriptOverhead is what a cached script costs besides its text.
const scriptOverhead = 160

// Refusal is an error that is a reply as it stands, its code included.
type Refusal string

// Error is the reply's text.
func (r Refusal) Error() string { return string(r) }
