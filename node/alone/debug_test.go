package alone

import (
	"fmt"
	"io"
	"net"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/resp"
)

// suspended is a script that leaves a coroutine standing in the middle.
const suspended = "local co = coroutine.wrap(function() coroutine.yield(1) end)\nlocal one = co()\nreturn one"

// typist follows a script on a server.
type typist struct {
	t       *testing.T
	conn    net.Conn
	replies resp.Replies
}

func follows(s *running, mode string) *typist {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.addr)
	require.NoError(s.t, err)
	s.t.Cleanup(func() { _ = conn.Close() })
	require.NoError(s.t, conn.SetDeadline(time.Now().Add(patience)))
	p := &typist{t: s.t, conn: conn}
	require.Equal(s.t, "OK[]", p.says("SCRIPT", "DEBUG", mode))
	require.Contains(s.t, p.says("EVAL", suspended, "0"), "Stopped at 1")
	p.says("s")
	p.says("s")
	require.Contains(s.t, p.says("s"), "Stopped at 3")
	return p
}

// says sends words and returns the next reply, or nothing when the connection is closed.
func (p *typist) says(words ...string) string {
	p.t.Helper()
	_, err := p.conn.Write(resp.AppendWords(nil, words...))
	require.NoError(p.t, err)
	return p.hears()
}

// hearsAfter does something until a reply comes: a signal that arrives before Redis reads is missed by the read.
func (p *typist) hearsAfter(do func()) (heard string) {
	require.Eventually(p.t, func() bool {
		do()
		_ = p.conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
		heard = p.hears()
		return heard != ""
	}, patience, time.Millisecond)
	return heard
}

// hears is the next reply; nothing when there is none.
func (p *typist) hears() string {
	buf := make([]byte, 4096)
	for {
		if v, used, _ := p.replies.Next(); used > 0 {
			return v.Text + fmt.Sprint(v.List)
		}
		n, err := p.conn.Read(buf)
		if p.replies.Feed(buf[:n]); err != nil {
			return ""
		}
	}
}

// debugged ends a server in the middle of sessions, and tells what their clients hear and what the log says.
func debugged(s *running, sync bool, end func()) (heard []string, log string) {
	require.Eventually(s.t, func() bool { return strings.Contains(s.out.String(), "Ready to accept") }, patience, time.Millisecond)
	copied := follows(s, "YES")
	if sync {
		real := follows(s, "SYNC")
		heard = append(heard, real.hearsAfter(end))
	} else {
		heard = append(heard, s.ask("SCRIPT", "KILL"))
		end()
	}
	heard = append(heard, copied.hears())
	_, err := io.ReadAll(copied.conn)
	require.NoError(s.t, err, "it is closed in good order")
	require.Eventually(s.t, func() bool { return strings.Contains(s.out.String(), "bye bye") }, patience, time.Millisecond)
	lines := strings.SplitAfter(s.out.String(), "\n")
	for _, line := range lines {
		if keeps := debugLines.FindString(line); keeps != "" {
			log += numbered.ReplaceAllString(keeps, "N") + "\n"
		}
	}
	return heard, log
}

var (
	debugLines = regexp.MustCompile(`(Redis (forked|synch)|Lua debugging|Killing|User requested|Redis is now ready).*`)
	numbered   = regexp.MustCompile(`\d+`)
)

// TestTheEndOfAServerEndsItsSessionsAsInRedis leaves nothing behind either: goleak looks for what still stands.
func TestTheEndOfAServerEndsItsSessionsAsInRedis(t *testing.T) {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("redis-server is not installed")
	}
	for _, way := range []struct {
		name string
		sync bool
		end  func(s *running, signal func())
	}{
		{"a signal", false, func(_ *running, signal func()) { signal() }},
		{"a signal while nobody is served", true, func(_ *running, signal func()) { signal() }},
		{"SHUTDOWN", false, func(s *running, _ func()) { require.Empty(s.t, s.ask("SHUTDOWN", "NOSAVE")) }},
	} {
		t.Run(way.name, func(t *testing.T) {
			theirs, port := &running{t: t, out: &output{}}, free(t)
			theirs.addr = "127.0.0.1:" + port
			cmd := exec.Command(path, "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir())
			cmd.Stdout = theirs.out
			require.NoError(t, cmd.Start())
			t.Cleanup(func() {
				_ = cmd.Process.Kill()
				_ = cmd.Wait()
			})
			want, wantLog := debugged(theirs, way.sync, func() { way.end(theirs, func() { _ = cmd.Process.Signal(syscall.SIGTERM) }) })
			ours := serve(t, "")
			got, gotLog := debugged(&ours.running, way.sync, func() { way.end(&ours.running, func() { ours.signals <- syscall.SIGTERM }) })
			require.Equal(t, want, got)
			require.Equal(t, wantLog, gotLog)
			require.Zero(t, ours.ended())
		})
	}
}
