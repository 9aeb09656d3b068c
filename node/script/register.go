package script

import (
	"strings"

	"clusterplay/node/lua"
)

// registerFunction is redis.register_function, which a library calls while it is loaded.
func (e *Engine) registerFunction(s *lua.State, args []lua.Value) []lua.Value {
	lib := e.library.loading
	if lib == nil {
		throw(s, "redis.register_function can only be called on FUNCTION LOAD command")
	}
	var f *Function
	var problem string
	switch len(args) {
	case 1:
		f, problem = namedFunction(s, args[0])
	case 2:
		f, problem = plainFunction(args)
	default:
		problem = "wrong number of arguments to redis.register_function"
	}
	if problem == "" {
		problem = lib.add(f)
	}
	if problem != "" {
		throw(s, problem)
	}
	s.Keep(f.fn.Value())
	return nil
}

func (lib *Library) add(f *Function) (problem string) {
	if !validName(f.Name) {
		return badName
	}
	for _, other := range lib.Functions {
		if other.Name == f.Name {
			return "Function already exists in the library"
		}
	}
	f.library = lib
	lib.Functions = append(lib.Functions, f)
	return ""
}

func plainFunction(args []lua.Value) (f *Function, problem string) {
	name, ok := args[0].ToText()
	switch {
	case !ok:
		return nil, "first argument to redis.register_function must be a string"
	case args[1].Function() == nil:
		return nil, "second argument to redis.register_function must be a function"
	}
	return &Function{Name: name, fn: args[1].Function()}, ""
}

// namedFunction reads the arguments of a function from a table.
func namedFunction(s *lua.State, arg lua.Value) (f *Function, problem string) {
	t := arg.Table()
	if t == nil {
		return nil, "calling redis.register_function with a single argument is only applicable to Lua table (representing named arguments)."
	}
	f = &Function{}
	named := false
	for k, v, more, _ := t.Next(lua.Nil); more; k, v, more, _ = t.Next(k) {
		key, ok := k.ToText()
		if !ok {
			return nil, "named argument key given to redis.register_function is not a string"
		}
		switch strings.ToLower(key) {
		case "function_name":
			if f.Name, named = v.ToText(); !named {
				return nil, "function_name argument given to redis.register_function must be a string"
			}
		case "description":
			if f.Description, f.Described = v.ToText(); !f.Described {
				return nil, "description argument given to redis.register_function must be a string"
			}
		case "callback":
			if f.fn = v.Function(); f.fn == nil {
				return nil, "callback argument given to redis.register_function must be a function"
			}
		case "flags":
			if f.Flags, problem = readFlags(v); problem != "" {
				return nil, problem
			}
		default:
			return nil, "unknown argument given to redis.register_function"
		}
	}
	switch {
	case !named:
		return nil, "redis.register_function must get a function name argument"
	case f.fn == nil:
		return nil, "redis.register_function must get a callback argument"
	}
	return f, ""
}

func readFlags(v lua.Value) (flags Flags, problem string) {
	t := v.Table()
	if t == nil {
		return 0, "flags argument to redis.register_function must be a table representing function flags"
	}
	for i := 1; !t.At(i).IsNil(); i++ {
		name, ok := t.At(i).ToText()
		f, known := flagOf(strings.ToLower(name))
		if !ok || !known {
			return 0, "unknown flag given"
		}
		flags |= f
	}
	return flags, ""
}
