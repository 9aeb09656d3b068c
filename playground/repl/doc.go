// Package repl evaluates lines as redis-cli does and prints replies as redis-cli does: one
// evaluator for the terminal in the browser, for the transcripts in lessons and for the command
// line.
package repl
