// Package repl evaluates lines as redis-cli does and prints replies as redis-cli does. A Session is
// one conversation with a node; the transcripts of lessons use it as it is. A Shell puts a person
// at a terminal before it, with the line editor of package edit: the same one serves the page and
// the command line.
package repl
