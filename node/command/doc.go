// Package command holds the one command table (name, arity, flags, key positions, documentation)
// and, a family a file, the commands that work on the keyspace.
package command
