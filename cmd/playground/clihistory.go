package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"clusterplay/playground/repl/edit"
)

const (
	// keptLines is how many lines of the past a session finds; redis-cli keeps a hundred.
	keptLines = 500
	// slackLines is how many more the file may have until it is cut, so that few lines cost a rewriting.
	slackLines = 500
	// keptBytes bounds the same in bytes, for a line may be a pasted file.
	keptBytes = 1 << 20
)

// readHistory brings back what was typed before, and keeps what will be. Without a home, or where
// it cannot be written, the history lasts as long as the program.
func readHistory() *edit.History {
	h := &edit.History{Limit: keptLines}
	path := os.Getenv("REDISCLI_HISTFILE")
	if path == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return h
		}
		path = filepath.Join(home, ".playground_cli_history")
	}
	f := &historyFile{path: path}
	for _, line := range f.read() {
		h.Add(line)
	}
	h.Added = f.keep
	return h
}

// historyFile is the lines that were typed, oldest first. Several sessions may write to it.
type historyFile struct {
	path  string
	lines int // that we know of
}

// read returns the newest lines.
func (f *historyFile) read() []string {
	data, _ := tail(f.path, keptBytes) // what cannot be read is no past
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	f.lines = len(lines)
	return lines[max(0, len(lines)-keptLines):]
}

// keep writes one line behind those of before, where only this user reads it.
func (f *historyFile) keep(line string) {
	file, err := os.OpenFile(f.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return // the program works without
	}
	fmt.Fprintln(file, line)
	info, err := file.Stat()
	_ = file.Close()
	if f.lines++; err == nil && (f.lines > keptLines+slackLines || info.Size() > 2*keptBytes) {
		f.cut()
	}
}

// cut leaves the newest lines. They are read from the file, for other sessions write to it too, and
// take its place at once, so that it is whole whatever happens. A file that is not a plain one, or is
// a link to elsewhere, is left alone.
func (f *historyFile) cut() {
	if info, err := os.Lstat(f.path); err != nil || !info.Mode().IsRegular() {
		return
	}
	lines := f.read()
	next, err := os.CreateTemp(filepath.Dir(f.path), filepath.Base(f.path)+".*")
	if err != nil {
		return
	}
	defer func() { _ = os.Remove(next.Name()) }() // it has gone by then, if all went well
	_, err = io.WriteString(next, strings.Join(lines, "\n")+"\n")
	if closed := next.Close(); err != nil || closed != nil {
		return
	}
	if os.Rename(next.Name(), f.path) == nil {
		f.lines = len(lines)
	}
}

// tail reads the end of a file, of at most so many bytes; a line that begins before is left out.
func tail(path string, most int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	from := max(0, info.Size()-most)
	data, err := io.ReadAll(io.NewSectionReader(file, from, most))
	if from > 0 {
		_, data, _ = bytes.Cut(data, []byte("\n"))
	}
	return data, err
}
