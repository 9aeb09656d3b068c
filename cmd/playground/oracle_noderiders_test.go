package main_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// installLimit bounds npm ci: fourteen packages, and a registry that may not answer.
const installLimit = 2 * time.Minute

// nodeRider is a library for Node.js in a process of its own.
type nodeRider struct {
	called string
	in     io.Writer
	out    *bufio.Scanner
}

// nodeRiders starts ioredis and node-redis with both versions of the protocol; none when Node.js or the
// libraries cannot be had.
func nodeRiders(t *testing.T, mode ridingMode, seed port) (list []rider) {
	t.Helper()
	home, why := installClients(t)
	if why != "" {
		t.Log("without ioredis and node-redis: " + why)
		return nil
	}
	for _, library := range []string{"ioredis", "node-redis"} {
		for _, protocol := range []string{"2", "3"} {
			list = append(list, startNodeRider(t, home, library+" RESP"+protocol, library+string(mode), seed.String(), protocol))
		}
	}
	return list
}

// installClients copies the scripts to a cached directory that has the libraries, and installs
// them the first time. It says why not when that is impossible; in make test, which needs npm anyway, it must be
// possible.
func installClients(t *testing.T) (home, why string) {
	t.Helper()
	if home, why = findClients(t); os.Getenv("CLIENTS") == "all" {
		require.Empty(t, why, "CLIENTS=all leaves no library out")
	}
	return home, why
}

func findClients(t *testing.T) (home, why string) {
	t.Helper()
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			return "", tool + " is not installed"
		}
	}
	source := filepath.Join("testdata", "clients")
	lock, err := os.ReadFile(filepath.Join(source, "package-lock.json"))
	require.NoError(t, err)
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	sum := sha256.Sum256(lock)
	home = filepath.Join(cache, "clusterplay", "clients-"+hex.EncodeToString(sum[:6]))
	require.NoError(t, os.MkdirAll(home, 0o700))
	require.NoError(t, copyFiles(source, home))
	if _, err := os.Stat(filepath.Join(home, "installed")); err == nil {
		return home, ""
	}
	ctx, cancel := context.WithTimeout(t.Context(), installLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir = home
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Sprintf("npm ci: %v\n%s", err, out)
	}
	require.NoError(t, os.WriteFile(filepath.Join(home, "installed"), nil, 0o600))
	return home, ""
}

func copyFiles(from, to string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		content, err := os.ReadFile(filepath.Join(from, e.Name()))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, e.Name()), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// startNodeRider starts a script with its arguments.
func startNodeRider(t *testing.T, home, name, script string, args ...string) rider {
	t.Helper()
	cmd := exec.Command("node", append([]string{filepath.Join(home, script+".mjs")}, args...)...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	alarm := time.AfterFunc(2*patience, func() { _ = cmd.Process.Kill() }) // a library that hangs
	t.Cleanup(func() {
		alarm.Stop()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	r := &nodeRider{called: name, in: in, out: bufio.NewScanner(out)}
	require.True(t, r.answer(t).Ready, name)
	return r
}

func (r *nodeRider) name() string { return r.called }

func (r *nodeRider) ask(t *testing.T, request string) reply {
	t.Helper()
	_, err := fmt.Fprintln(r.in, request)
	require.NoError(t, err, r.called)
	return r.answer(t)
}

func (r *nodeRider) answer(t *testing.T) reply {
	t.Helper()
	require.True(t, r.out.Scan(), "%s ended: %v", r.called, r.out.Err())
	var got reply
	require.NoError(t, json.Unmarshal(r.out.Bytes(), &got), r.out.Text())
	require.Empty(t, got.Error, r.called)
	return got
}
