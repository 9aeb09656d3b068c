// Package lua runs Lua 5.1 as the interpreter inside Redis 7.0 does: the same results, the same texts
// of errors, the same order of pairs, tables that can be made readonly.
//
// It is a machine: a State has no goroutine, clock or global variable. What a script may cost is
// bounded: steps are counted and a hook is called every StepsPerTick of them, memory is counted as it
// is taken and measured again before a script is refused any, and the depth of calls, of patterns and
// of the source's nesting is limited. node/script/DESIGN.md says why it is our own.
package lua
