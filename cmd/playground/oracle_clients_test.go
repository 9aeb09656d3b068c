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
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/slot"
	"clusterplay/playground"
)

// reply is what a client says about itself; each request fills a part.
type reply struct {
	Proto                      int
	Server, Version, Mode      string
	Wrong, Acked, Lost, Errors int
	Ready, Writing, Survived   bool
	Last, Error                string
}

// rider is a client library that does what the test asks: hello, pipeline, write TAG…, count, stop
// (and read everything again), insist KEY.
type rider interface {
	name() string
	ask(t *testing.T, request string) reply
}

const (
	// movingSlots is how many slots move from a to b while all clients write into them.
	movingSlots = 200
	// enough acknowledged writes of one client while a slot is open show that it follows ASK.
	enough = 40
	// installLimit bounds npm ci: fourteen packages, and a registry that may not answer.
	installLimit = 2 * time.Minute
)

// TestClientLibrariesLiveThroughAReshardAndAFailover has all libraries ride on one lab at once.
func TestClientLibrariesLiveThroughAReshardAndAFailover(t *testing.T) {
	t.Parallel()
	l := launchLab(t, playground.Topology{Masters: 3, Replicas: 1, NodeTimeout: 5000})
	nodes := members(l)
	riders := slices.Concat([]rider{newGoRider(t, nodes[0], 3), newGoRider(t, nodes[0], 2), newRueidisRider(t, nodes[0])}, nodeRiders(t, nodes[0]))
	for _, step := range []struct {
		name string
		do   func(*testing.T, *playground.Lab, []rider)
	}{
		{"they speak their protocol", speakTheirs},
		{"they pipeline", pipelineAll},
		{"no acknowledged write is lost in a reshard", reshardUnderLoad},
		{"they survive a failover", surviveFailover},
	} {
		if !t.Run(step.name, func(t *testing.T) { step.do(t, l, riders) }) {
			return
		}
	}
}

func speakTheirs(t *testing.T, _ *playground.Lab, riders []rider) {
	for _, r := range riders {
		proto := 3
		if strings.HasSuffix(r.name(), "RESP2") {
			proto = 2
		}
		require.Equal(t, reply{Proto: proto, Server: "redis", Version: "7.0.15", Mode: "cluster"}, r.ask(t, "hello"), r.name())
	}
}

func pipelineAll(t *testing.T, _ *playground.Lab, riders []rider) {
	for _, r := range riders {
		require.Zero(t, r.ask(t, "pipeline").Wrong, r.name())
	}
}

// tagsOf is a hash tag for each slot of [first, last].
func tagsOf(first, last int) []string {
	tags := make([]string, last-first+1)
	for i, left := 0, len(tags); left > 0; i++ {
		tag := "t" + strconv.Itoa(i)
		if s := int(slot.OfString(tag)); s >= first && s <= last && tags[s-first] == "" {
			tags[s-first] = tag
			left--
		}
	}
	return tags
}

// errorsOf is how often a node answered with an error.
func errorsOf(p port, code string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(p.field("errorstat_"+code, "INFO", "errorstats"), "count="))
	return n
}

func reshardUnderLoad(t *testing.T, l *playground.Lab, riders []rider) {
	a, b := members(l)[0], members(l)[1]
	request := "write " + strings.Join(tagsOf(0, movingSlots-1), " ")
	for _, r := range riders {
		require.True(t, r.ask(t, request).Writing, r.name())
	}
	followASK(t, l, riders, a, b)
	act(t, l, fmt.Sprintf("move-slots %v %v 1-%d", a, b, movingSlots-1))
	until(t, l, "the slots to be moved", func(s playground.Snapshot) bool { return allMoved(t, s) })
	act(t, l, fmt.Sprintf("move-slots %v %v 0-%d", b, a, movingSlots/2))
	until(t, l, "half of them to be back", func(s playground.Snapshot) bool { return allMoved(t, s) })
	progress(t, riders)
	require.Positive(t, errorsOf(a, "MOVED"))
	for _, r := range riders {
		got := r.ask(t, "stop")
		t.Logf("%s: %d acknowledged writes, %d errors %s", r.name(), got.Acked, got.Errors, got.Last)
		require.Zero(t, got.Lost, "%s lost acknowledged writes", r.name())
		require.Zero(t, got.Errors, "%s: %s", r.name(), got.Last)
		require.Greater(t, got.Acked, 2*enough, r.name())
	}
}

func allMoved(t *testing.T, s playground.Snapshot) bool {
	for _, m := range s.Moves {
		require.NotEqual(t, playground.Failed, m.State, m.Why)
		if m.State != playground.Done {
			return false
		}
	}
	return true
}

// followASK leaves slot 0 open until every client has written new keys into all slots, of which
// that one answers ASK.
func followASK(t *testing.T, l *playground.Lab, riders []rider, a, b port) {
	t.Helper()
	before := errorsOf(a, "ASK")
	act(t, l, fmt.Sprintf("move-slots %v %v 0-0 step", a, b))
	act(t, l, "move-step") // IMPORTING
	act(t, l, "move-step") // MIGRATING
	until(t, l, "the slot to be open", func(s playground.Snapshot) bool { return len(nodeOf(s, a).Migrating) == 1 })
	eventually(t, "clients to be sent on with ASK", func() bool { return errorsOf(a, "ASK") >= before+2*len(riders) })
	progress(t, riders)
	act(t, l, "move-run")
	until(t, l, "the slot to be moved", func(s playground.Snapshot) bool { return allMoved(t, s) })
}

// progress waits until every client has had enough new writes acknowledged.
func progress(t *testing.T, riders []rider) {
	t.Helper()
	for _, r := range riders {
		before := r.ask(t, "count").Acked
		eventually(t, r.name()+" to go on", func() bool { return r.ask(t, "count").Acked >= before+enough })
	}
}

func surviveFailover(t *testing.T, l *playground.Lab, riders []rider) {
	nodes := members(l)
	victim, heir := nodes[2], nodes[5]
	tags := tagsOf(12000, 12020)
	for _, r := range riders {
		require.True(t, r.ask(t, "write "+strings.Join(tags, " ")).Writing)
	}
	progress(t, riders)
	act(t, l, "kill "+victim.String())
	act(t, l, "speed 5")
	until(t, l, "the replica to be promoted", func(s playground.Snapshot) bool {
		return nodeOf(s, heir).Role == "master" && s.State == "ok"
	})
	act(t, l, "speed 1")
	for _, r := range riders {
		got := r.ask(t, "insist {"+tags[0]+"}insist:"+r.name())
		require.True(t, got.Survived, "%s: %s", r.name(), got.Last)
	}
	progress(t, riders)
	for _, r := range riders {
		got := r.ask(t, "stop")
		t.Logf("%s: %d acknowledged writes, %d lost, %d errors, last %s", r.name(), got.Acked, got.Lost, got.Errors, got.Last)
	}
}

// nodeRider is a library for Node.js in a process of its own.
type nodeRider struct {
	called string
	in     io.Writer
	out    *bufio.Scanner
}

// nodeRiders starts ioredis and node-redis; none when Node.js or the libraries cannot be had.
func nodeRiders(t *testing.T, seed port) []rider {
	t.Helper()
	home, why := installClients(t)
	if why != "" {
		t.Log("without ioredis and node-redis: " + why)
		return nil
	}
	return []rider{startNodeRider(t, home, "ioredis", seed), startNodeRider(t, home, "node-redis", seed)}
}

// installClients copies the scripts to a cached directory that has the libraries, and installs
// them the first time. It says why not when that is impossible.
func installClients(t *testing.T) (home, why string) {
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

// startNodeRider starts a script with the ports it shall know.
func startNodeRider(t *testing.T, home, name string, seeds ...port) rider {
	t.Helper()
	args := []string{filepath.Join(home, name+".mjs")}
	for _, p := range seeds {
		args = append(args, p.String())
	}
	cmd := exec.Command("node", args...)
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
