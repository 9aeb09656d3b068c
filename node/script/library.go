package script

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"clusterplay/node/lua"
)

// Function is one function of a library.
type Function struct {
	Name        string
	Description string
	Described   bool
	Flags       Flags
	library     *Library
	fn          *lua.Function
}

// Library is one loaded library.
type Library struct {
	Name      string
	Code      string
	Functions []*Function // in the order in which they were registered
}

// Libraries are the libraries of a server, or those being restored.
type Libraries struct {
	byName    map[string]*Library
	functions map[string]*Function // by their names in lower case
}

func newLibraries() *Libraries {
	return &Libraries{byName: map[string]*Library{}, functions: map[string]*Function{}}
}

// All are the libraries in the order of their names.
func (l *Libraries) All() []*Library {
	all := make([]*Library, 0, len(l.byName))
	for _, name := range slices.Sorted(maps.Keys(l.byName)) {
		all = append(all, l.byName[name])
	}
	return all
}

func (l *Libraries) link(lib *Library) {
	l.byName[lib.Name] = lib
	for _, f := range lib.Functions {
		l.functions[strings.ToLower(f.Name)] = f
	}
}

func (l *Libraries) unlink(lib *Library) {
	delete(l.byName, lib.Name)
	for _, f := range lib.Functions {
		delete(l.functions, strings.ToLower(f.Name))
	}
}

// library is the part of an Engine that functions belong to.
type library struct {
	state   *lua.State
	api     *lua.Table // what a library sees while it is loaded
	globals *lua.Table // what its functions see
	meta    *lua.Table // of the table that stands for either
	now     *Libraries
	loading *Library // being loaded
	limit   int      // interrupts until it has taken too long; 0 is no limit
	used    int
}

// FlushLibraries forgets all libraries and their interpreter.
func (e *Engine) FlushLibraries() { e.library = library{now: newLibraries()} }

// openLibrary makes the interpreter of functions when there is none yet.
func (e *Engine) openLibrary() *lua.State {
	if e.library.state != nil {
		return e.library.state
	}
	s := e.newState()
	e.library.state, e.library.globals = s, s.Globals()
	redis := s.NewTable(0, 0)
	s.Register(redis, map[string]lua.Native{"register_function": e.registerFunction, "log": e.redisLog})
	setConstants(s, redis)
	forbidUnknown(s, redis)
	e.library.api = s.NewTable(0, 1)
	s.SetField(e.library.api, "redis", redis.Value())
	forbidUnknown(s, e.library.api)
	protect(e.library.api)
	forbidUnknown(s, s.Globals())
	protect(s.Globals())
	protect(s.StringMeta())
	s.Keep(e.library.api.Value())
	s.Keep(s.Globals().Value())

	front := s.NewTable(0, 0)
	e.library.meta = s.NewTable(0, 1)
	front.SetMeta(e.library.meta)
	e.show(e.library.globals)
	protect(front)
	s.SetGlobals(front)
	return s
}

// show chooses what global names mean to functions.
func (e *Engine) show(t *lua.Table) {
	e.library.meta.SetReadonly(false)
	e.library.state.SetField(e.library.meta, "__index", t.Value())
	e.library.meta.SetReadonly(true)
}

// Functions counts the functions of all libraries.
func (e *Engine) Functions() int { return len(e.library.now.functions) }

// Libraries are the loaded libraries.
func (e *Engine) Libraries() *Libraries { return e.library.now }

// FunctionsMemory is about what the interpreter of functions occupies.
func (e *Engine) FunctionsMemory() int {
	if e.library.state == nil {
		return 0
	}
	return e.library.state.Used()
}

// LibrariesMemory is about what the list of libraries occupies besides.
func (e *Engine) LibrariesMemory() int {
	n := 0
	for _, lib := range e.library.now.byName {
		n += libraryOverhead + len(lib.Code) + functionOverhead*len(lib.Functions)
	}
	return n
}

const (
	libraryOverhead  = 200
	functionOverhead = 120
)

// Function returns a function by its name, whatever the case of its letters, or nil.
func (e *Engine) Function(name []byte) *Function {
	if f := e.library.now.functions[string(name)]; f != nil {
		return f
	}
	return e.library.now.functions[strings.ToLower(string(name))]
}

// Call runs a function.
func (e *Engine) Call(f *Function, run *Run, call Call) {
	s := e.library.state
	if keys, args, ok := lists(s, call); ok {
		e.start(s, f.fn, run, call, keys, args)
	}
}

// Begin is an empty set of libraries to restore into.
func (e *Engine) Begin() *Libraries { return newLibraries() }

// LoadInto reads a library and adds it to a set, in place of the one of that name with replace. With
// hurry it may not take long, as when a client asks for it.
func (e *Engine) LoadInto(set *Libraries, code string, replace, hurry bool) (*Library, error) {
	name, body, err := libraryHead(code)
	if err != nil {
		return nil, err
	}
	old := set.byName[name]
	if old != nil && !replace {
		return nil, Refusal("ERR Library '" + name + "' already exists")
	}
	if old != nil {
		set.unlink(old)
	}
	lib := &Library{Name: name, Code: code}
	if err := e.fill(lib, body, set, hurry); err != nil {
		if old != nil {
			set.link(old)
		}
		return nil, err
	}
	set.link(lib)
	return lib, nil
}

// fill runs a library's code, which registers its functions.
func (e *Engine) fill(lib *Library, body string, set *Libraries, hurry bool) error {
	s := e.openLibrary()
	fn, err := compile(s, body, "@user_function")
	if err != nil {
		return Refusal("ERR Error compiling function: " + err.Error())
	}
	e.library.loading, e.library.used, e.library.limit = lib, 0, 0
	if hurry {
		e.library.limit = loadLimit
	}
	e.show(e.library.api)
	_, failure := s.Run(fn)
	e.show(e.library.globals)
	e.library.loading = nil
	switch {
	case failure != nil:
		return Refusal("ERR Error registering functions: " + loadError(failure))
	case len(lib.Functions) == 0:
		return Refusal("ERR No functions registered")
	}
	for _, f := range lib.Functions {
		if set.functions[strings.ToLower(f.Name)] != nil {
			return Refusal("ERR Function " + f.Name + " already exists")
		}
	}
	return nil
}

func loadError(err *lua.Error) string {
	if t := err.Value.Table(); t != nil {
		if text, ok := t.Field("err").ToText(); ok {
			return cut(text)
		}
		return "(null)"
	}
	return "ERR " + cut(lua.Display(err.Value))
}

// loadLimit is how many interrupts the loading of a library may take: about half a second.
const loadLimit = 500

// loadInterrupt ends a library's loading that takes too long.
func (e *Engine) loadInterrupt(s *lua.State) {
	l := &e.library
	if l.used++; l.used > l.limit && l.limit > 0 || l.used > maxLoad {
		s.Kill(errorTable(s, "FUNCTION LOAD timeout").Value())
	}
}

// maxLoad is the end of any loading, a master's and a file's too, which would stop the server.
const maxLoad = 20 * loadLimit

const badName = "Library names can only contain letters, numbers, or underscores(_) and must be at least one character long"

// libraryHead reads a library's first line. What is left keeps the end of that line, so that errors
// count lines as the author does.
func libraryHead(code string) (name, body string, err error) {
	if !strings.HasPrefix(code, "#!") {
		return "", "", Refusal("ERR Missing library metadata")
	}
	end := strings.IndexByte(code, '\n')
	if end < 0 {
		return "", "", Refusal("ERR Invalid library metadata")
	}
	parts, ok := splitArgs(code[:end])
	if !ok || len(parts) == 0 {
		return "", "", Refusal("ERR Invalid library metadata")
	}
	named := false
	for _, part := range parts[1:] {
		if len(part) < 5 || !strings.EqualFold(part[:5], "name=") {
			return "", "", Refusal("ERR Invalid metadata value given: " + part)
		}
		if named {
			return "", "", Refusal("ERR Invalid metadata value, name argument was given multiple times")
		}
		name, named = part[5:], true
	}
	switch engine := parts[0][2:]; {
	case !named:
		return "", "", Refusal("ERR Library name was not given")
	case !validName(name):
		return "", "", Refusal("ERR " + badName)
	case !strings.EqualFold(engine, "lua"):
		return "", "", Refusal(fmt.Sprintf("ERR Engine '%s' not found", engine))
	case len(code) > MaxSource:
		return "", "", Refusal("ERR Error compiling function: the library is longer than 1 MiB")
	}
	return name, code[end:], nil
}

func validName(name string) bool {
	for _, c := range []byte(name) {
		if c != '_' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return name != ""
}

// LoadLibrary reads a library for everybody to use.
func (e *Engine) LoadLibrary(code string, replace, hurry bool) (*Library, error) {
	return e.LoadInto(e.library.now, code, replace, hurry)
}

// Delete forgets a library and reports whether it was there.
func (e *Engine) Delete(name string) bool {
	lib := e.library.now.byName[name]
	if lib != nil {
		e.library.now.unlink(lib)
	}
	return lib != nil
}

// Replace puts a set of libraries in the place of all that are there.
func (e *Engine) Replace(set *Libraries) { e.library.now = set }

// Join adds a set of libraries to those that are there, all or none. Libraries of the same name are
// replaced or refused.
func (e *Engine) Join(set *Libraries, replace bool) error {
	after := &Libraries{byName: maps.Clone(e.library.now.byName), functions: maps.Clone(e.library.now.functions)}
	for _, lib := range set.All() {
		old := after.byName[lib.Name]
		if old != nil && !replace {
			return Refusal("ERR Library " + lib.Name + " already exists")
		}
		if old != nil {
			after.unlink(old)
		}
	}
	for _, lib := range set.All() {
		for _, f := range lib.Functions {
			if after.functions[strings.ToLower(f.Name)] != nil {
				return Refusal("ERR Function " + f.Name + " already exists")
			}
		}
	}
	for _, lib := range set.All() {
		after.link(lib)
	}
	e.library.now = after
	return nil
}
