package main_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
	"clusterplay/playground"
	"clusterplay/scenarios"
	"clusterplay/web"
)

// forAClass tells whether a block of the README wants a console that is open to a class.
func forAClass(block string) bool {
	return strings.Contains(block, "--lan") || strings.Contains(block, "ctl room")
}

// openClass is a console that a class may join. It listens on this computer only, which --lan
// itself refuses to do, so it is made here.
func openClass(t *testing.T) (p *program, server *web.Server) {
	t.Helper()
	lab, err := playground.Launch(t.Context(), playground.Topology{Masters: 3, Port: berth.Ports(4), Links: playground.MemoryLinks})
	require.NoError(t, err)
	t.Cleanup(lab.Close)
	lessons, err := scenarios.NewLibrary()
	require.NoError(t, err)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := ln.Addr().String()
	token := web.NewToken()
	server = web.New(web.Config{Lab: lab, Lessons: lessons, Assets: os.DirFS(t.TempDir()), Token: token, Version: "test", JoinLinks: []string{"http://" + addr + "/join"}})
	served := make(chan error, 1)
	go func() { served <- server.Serve(ln) }()
	t.Cleanup(func() {
		server.Close()
		require.NoError(t, <-served)
	})
	p = &program{t: t, home: t.TempDir(), ready: readyLine{Console: "http://" + addr + "/"}}
	dir := filepath.Join(p.home, "clusterplay", "consoles")
	require.NoError(t, os.MkdirAll(dir, 0o700))
	_, port, err := net.SplitHostPort(addr)
	require.NoError(t, err)
	data, err := json.Marshal(map[string]any{"addr": addr, "token": token, "pid": os.Getpid()})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, port+".json"), data, 0o600))
	return p, server
}

func TestTheClassOfTheREADMEWorks(t *testing.T) {
	t.Parallel()
	p, server := openClass(t)
	code := server.JoinCode()
	page := http.Header{"Origin": {p.origin()}, "X-Playground": {"1"}}
	status, said := p.ask(http.MethodPost, "/api/join", fmt.Sprintf(`{"code":%q,"name":"Ada"}`, code), page)
	require.Equal(t, http.StatusOK, status, said)

	want := map[string]func(out string){
		"room":          func(out string) { require.Contains(t, out, code); require.Contains(t, out, "Ada") },
		"room remove 1": func(out string) { require.NotContains(t, out, "Ada") },
		"room close":    func(out string) { require.Contains(t, out, "closed") },
		"room open":     func(out string) { require.Contains(t, out, server.JoinCode()); require.NotContains(t, out, code) },
	}
	for _, b := range readme(t) {
		if b.language != "console" || !forAClass(b.text) {
			continue
		}
		for _, line := range strings.Split(strings.TrimSpace(b.text), "\n") {
			words, ctl := strings.CutPrefix(line, "$ bin/playground ctl ")
			if !ctl {
				require.Equal(t, "$ bin/playground run --lan", line)
				require.Contains(t, runProgram(t, p.home, "run", "--help").stdout, "--lan ")
				continue
			}
			a := p.ctl(strings.Fields(words)...)
			require.Zero(t, a.code, "%s: %s", words, a.stderr)
			require.Contains(t, want, words)
			want[words](a.stdout)
			delete(want, words)
		}
	}
	require.Empty(t, want, "commands the README should show")
}
