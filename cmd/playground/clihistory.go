package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"clusterplay/playground/repl/edit"
)

// readHistory brings back what was typed before, and keeps what will be. Without a home, or where
// it cannot be written, the history lasts as long as the program.
func readHistory() *edit.History {
	h := &edit.History{}
	path := os.Getenv("REDISCLI_HISTFILE")
	if path == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return h
		}
		path = filepath.Join(home, ".playground_cli_history")
	}
	data, _ := os.ReadFile(path)
	for line := range strings.Lines(string(data)) {
		h.Add(strings.TrimSuffix(line, "\n"))
	}
	h.Added = func(line string) { keep(path, line) }
	return h
}

// keep writes one line behind those of before, where only this user reads it.
func keep(path, line string) {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return // the program works without
	}
	defer func() { _ = f.Close() }()
	fmt.Fprintln(f, line)
}
