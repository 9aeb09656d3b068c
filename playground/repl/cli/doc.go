// Package cli is `playground cli`: redis-cli's options, output and exit codes over the session and
// the shell of package repl. With a command it runs it; without one it reads commands from a pipe,
// or lets a person type them on a terminal.
package cli
