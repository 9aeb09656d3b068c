package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// console is what a running playground leaves for `playground ctl`: where it listens and the
// token, in a file only this user can read.
type console struct {
	Addr  string `json:"addr"`
	Token string `json:"token"`
	PID   int    `json:"pid"`
}

// consoleDir is where the files are: the user's cache, or a private folder beside the temporary
// files when there is no home.
func consoleDir() string {
	if dir, err := os.UserCacheDir(); err == nil {
		return filepath.Join(dir, "clusterplay", "consoles")
	}
	return filepath.Join(os.TempDir(), fmt.Sprintf("clusterplay-%d", os.Getuid()))
}

// announce writes the file of a console; the function it returns removes it.
func announce(c console) (remove func(), err error) {
	dir := consoleDir()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("announce the console: %w", err)
	}
	if err := private(dir); err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return nil, fmt.Errorf("announce the console: %w", err)
	}
	path := filepath.Join(dir, port+".json")
	data, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	_ = os.Remove(path) // never write through a link somebody else left
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return nil, fmt.Errorf("announce the console: %w", err)
	}
	return func() { _ = os.Remove(path) }, nil
}

// private refuses a folder that others can read or that is not ours.
func private(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || info.Mode().Perm()&0o077 != 0 || ok && int(stat.Uid) != os.Getuid() {
		return fmt.Errorf("%s is not a private folder of this user: remove it, or chmod 700 it", dir)
	}
	return nil
}

// findConsole is the console at addr, or, when addr is empty, the one that runs.
func findConsole(addr string) (console, error) {
	dir := consoleDir()
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return console{}, err
	}
	if err == nil {
		if err := private(dir); err != nil {
			return console{}, err // who can write there could make us send the token to anybody
		}
	}
	var found []console
	for _, entry := range entries {
		c, err := readConsole(filepath.Join(dir, entry.Name()))
		if err == nil && (addr == "" || sameConsole(c.Addr, addr)) {
			found = append(found, c)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		var addrs []string
		for _, c := range found {
			addrs = append(addrs, c.Addr)
		}
		return console{}, fmt.Errorf("several playgrounds are running: say which with --addr (%s)", strings.Join(addrs, ", "))
	case addr != "":
		return console{}, fmt.Errorf("no playground of yours has its console at %s; without --addr the one that runs is found", addr)
	}
	return console{}, errors.New("no playground is running; start one with: playground run")
}

// sameConsole compares the address of a console with one that a person typed.
func sameConsole(addr, typed string) bool {
	host, port, err := net.SplitHostPort(typed)
	if err == nil && host == "localhost" {
		typed = net.JoinHostPort("127.0.0.1", port)
	}
	return addr == typed
}

// readConsole reads one file, and removes it when its process is gone: one that was ended at once
// had no time to.
func readConsole(path string) (console, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return console{}, err
	}
	var c console
	if err := json.Unmarshal(data, &c); err != nil {
		return console{}, err
	}
	if err := syscall.Kill(c.PID, 0); errors.Is(err, syscall.ESRCH) {
		_ = os.Remove(path)
		return console{}, err
	}
	return c, nil
}
