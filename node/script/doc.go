// Package script runs Lua scripts and functions as Redis 7.0 does: it keeps what was loaded, gives
// scripts the redis table and the libraries cjson, cmsgpack, struct and bit, and turns replies into
// Lua values and back. What a command does, and whether it may run, its Host decides.
package script
