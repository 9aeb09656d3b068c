package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/playground"
)

// labsOf lists a program's labs.
func (p *program) labsOf() (list struct {
	Labs    []playground.Standing
	Machine playground.Machine
}) {
	p.t.Helper()
	a := p.ctl("--json", "labs")
	require.Zero(p.t, a.code, a.stderr)
	require.NoError(p.t, json.Unmarshal([]byte(a.stdout), &list))
	return list
}

func TestSeveralLabsAreOpenedActedOnAndClosedWithCtl(t *testing.T) {
	t.Parallel()
	p := start(t, "--port", labPorts(), "--replicas", "0", "--node-timeout", "1s")
	a := p.ctl("new", "cluster", "--id", "b", "--masters", "1", "--replicas", "1", "--node-timeout", "1s")
	require.Zero(t, a.code, a.stderr)
	require.Contains(t, a.stdout, "b: cluster, 2 nodes on ports ")
	file := filepath.Join(t.TempDir(), "chain.yaml")
	require.NoError(t, os.WriteFile(file, []byte("mode: chain\nreplicas: 1\n"), 0o600))
	a = p.ctl("new", file, "--id=c")
	require.Zero(t, a.code, a.stderr)
	require.NotContains(t, a.stdout, "Not from", "nobody asked for a port")

	first := strings.TrimPrefix(p.ready.Nodes[0], "127.0.0.1:")
	a = p.ctl("new", "chain", "--id", "elsewhere", "--port", first)
	require.Contains(t, a.stdout, "Not from "+first+" on: another lab")
	require.Zero(t, p.ctl("close", "elsewhere").code)

	a = p.ctl("--lab", "b", "mark", "only", "here")
	require.Equal(t, "Marked: only here\n", a.stdout)
	require.NotContains(t, p.ctl("--json", "status").stdout, "only here")
	require.Contains(t, p.ctl("--lab=b", "--json", "status").stdout, "only here")

	a = p.ctl("--labs", "main,b,c", "kill", "master")
	require.Zero(t, a.code, a.stderr)
	lines := strings.Split(strings.TrimSpace(a.stdout), "\n")
	require.Len(t, lines, 3)
	for i, lab := range []string{"main", "b", "c"} {
		require.Regexp(t, "^"+lab+" +.*"+" is ", lines[i])
	}
	list := p.labsOf()
	require.Len(t, list.Labs, 3)
	for _, lab := range list.Labs {
		require.Equal(t, lab.Nodes-1, lab.Up, lab.ID)
	}
	require.Equal(t, playground.Chain, list.Labs[2].Kind)

	a = p.ctl("--labs", "all", "remove", "replica")
	require.Equal(t, 1, a.code, "the worst counts")
	require.Contains(t, a.stderr, "refused by")
	require.Contains(t, p.ctl("labs").stdout, "of 16 labs")

	require.Equal(t, "The lab b is closed.\n", p.ctl("close", "b").stdout)
	a = p.ctl("--lab", "b", "heal")
	require.Equal(t, 1, a.code)
	require.Contains(t, a.stderr, `there is no lab "b"`)
	require.Len(t, p.labsOf().Labs, 2)
	p.signal(syscall.SIGINT)
	began := time.Now()
	require.Zero(t, p.end(patience))
	t.Log("ended after", time.Since(began))
}

func TestAnIncidentOnSeveralLabsWithCtl(t *testing.T) {
	t.Parallel()
	p := start(t, "--port", labPorts(), "--node-timeout", "1s")
	require.Zero(t, p.ctl("new", "replication", "--id", "plain", "--replicas", "1").code)
	require.Zero(t, p.ctl("--lab", "plain", "speed", "10").code) // nobody will help it, and all its twenty seconds are waited for
	a := p.ctl("--labs", "all", "incident", "--within", "20s", "kill master", "after 100ms mark it is down")
	require.Zero(t, a.code, a.stderr)
	lines := strings.Split(strings.TrimSpace(a.stdout), "\n")
	require.Len(t, lines, 2)
	require.Regexp(t, `^main +did not serve from \d+\.\d s on, recovered at \d+\.\d s$`, lines[0])
	require.Regexp(t, `^plain +did not serve from \d+\.\d s on, and had not recovered after 20\.\d s$`, lines[1])
}

func TestWhatIsWrongWithALabIsSaidBeforeAnythingIsAsked(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, says string
		words      []string
	}{
		{"no kind", "what kind of lab", []string{"new"}},
		{"no such file", `"nothing.yaml" is no kind of lab`, []string{"new", "nothing.yaml"}},
		{"a field without a value", "--FIELD VALUE", []string{"new", "chain", "--id"}},
		{"a word too many", "--FIELD VALUE", []string{"new", "chain", "b"}},
		{"nothing to close", "which lab", []string{"close"}},
		{"no incident", "say what happens", []string{"incident"}},
		{"no time", "--within soon", []string{"incident", "--within", "soon", "heal"}},
		{"no time after", "after soon", []string{"incident", "after soon heal"}},
		{"no lab", "--lab needs a value", []string{"heal", "--lab"}},
		{"no labs", "--labs needs a value", []string{"heal", "--labs="}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := runProgram(t, t.TempDir(), append([]string{"ctl"}, tt.words...)...)
			require.Equal(t, 2, a.code)
			require.Contains(t, a.stderr, tt.says)
		})
	}
}

func TestSeveralLabsAreStartedAtOnce(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "My Lab.yaml")
	require.NoError(t, os.WriteFile(file, []byte("masters: 1\nreplicas: 0\nlinks: memory\n"), 0o600))
	p := start(t, "--port", labPorts(), "--replicas", "0", "--lab", "chain", "--lab", file, "--lab", "chain")
	list := p.labsOf()
	var ids []string
	ports := map[int]bool{}
	for _, lab := range list.Labs {
		ids = append(ids, lab.ID)
		require.Equal(t, "ok", lab.State, lab.ID)
		require.False(t, ports[lab.First])
		ports[lab.First] = true
	}
	require.Equal(t, []string{"main", "chain", "my-lab", "chain-2"}, ids)
	p.signal(syscall.SIGINT)
	require.Zero(t, p.end(patience), p.stderr)
}

func TestALabBesideThatCannotBeIsSaidAtTheStart(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"nothing.yaml", "spiral"} {
		a := runProgram(t, t.TempDir(), "run", "--addr", "127.0.0.1:0", "--port", programPort(), "--lab", what)
		require.NotZero(t, a.code)
		require.Contains(t, a.stderr, what)
	}
}
