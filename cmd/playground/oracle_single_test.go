package main_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestClientLibrariesLiveWithASingleServer has all libraries ride on one server of ours, a process called
// redis-server that flushes each write, through everything that can happen to it: what was acknowledged is
// never lost.
func TestClientLibrariesLiveWithASingleServer(t *testing.T) {
	t.Parallel()
	server := startProcess(t, calledAs(t, "redis-server").Path, "--appendonly", "yes", "--appendfsync", "always")
	riders := ridersOf(t, single, server.port)
	speak(t, riders, "standalone")
	pipelineAll(t, nil, riders)
	for _, blow := range []struct {
		name   string
		strike func()
	}{
		{"kill -9 and a new start", func() { server.kill(); server.start() }},
		{"a time in which the process stands still", func() { server.freeze(t, time.Second) }},
		{"its clients are thrown out", func() { server.do(t, "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes") }},
		{"clients are told to wait", func() { server.do(t, "CLIENT", "PAUSE", "500", "WRITE") }},
		{"a rewrite of the append only file", func() { server.do(t, "BGREWRITEAOF") }},
	} {
		for _, r := range riders {
			require.True(t, r.ask(t, "write a b c").Writing, r.name())
		}
		progress(t, riders)
		blow.strike()
		for _, r := range riders {
			got := r.ask(t, "insist after:"+r.name())
			require.True(t, got.Survived, "%s: %s: %s", blow.name, r.name(), got.Last)
		}
		progress(t, riders)
		for _, r := range riders {
			got := r.ask(t, "stop")
			t.Logf("%s: %s: %d acknowledged writes, %d errors, last %s", blow.name, r.name(), got.Acked, got.Errors, got.Last)
			require.Zero(t, got.Lost, "%s: %s lost acknowledged writes", blow.name, r.name())
		}
	}
}

// freeze stops the process as SIGSTOP does, for a while.
func (f *foreign) freeze(t *testing.T, d time.Duration) {
	t.Helper()
	require.NoError(t, f.cmd.Process.Signal(syscall.SIGSTOP))
	time.Sleep(d) // the time is what is tested
	require.NoError(t, f.cmd.Process.Signal(syscall.SIGCONT))
}
