package command

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
)

// reply is a parsed RESP reply of either protocol version.
type reply struct {
	kind byte
	text string
	list []reply
}

// String writes the reply on one line, with quotes and brackets.
func (r reply) String() string {
	if r.list == nil {
		return fmt.Sprintf("%c%q", r.kind, r.text)
	}
	parts := make([]string, len(r.list))
	for i, part := range r.list {
		parts[i] = part.String()
	}
	return fmt.Sprintf("%c[%s]", r.kind, strings.Join(parts, " "))
}

func readReply(t testing.TB, in *bufio.Reader) reply {
	line, err := in.ReadString('\n')
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(line), 3, "reply %q", line)
	r := reply{kind: line[0], text: strings.TrimSuffix(line[1:], "\r\n")}
	n, _ := strconv.Atoi(r.text)
	switch r.kind {
	case '$', '=':
		if n >= 0 {
			body := make([]byte, n+2)
			_, err := io.ReadFull(in, body)
			require.NoError(t, err)
			r.text = string(body[:n])
		} else {
			r.kind, r.text = '_', "nil"
		}
	case '*', '~', '>', '%':
		if n < 0 {
			return reply{kind: '_', text: "nil array"}
		}
		if r.kind == '%' {
			n *= 2
		}
		r.list = make([]reply, 0, n)
		for range n {
			r.list = append(r.list, readReply(t, in))
		}
	}
	return r
}

func parseReply(t testing.TB, text string) reply {
	in := bufio.NewReader(strings.NewReader(text))
	r := readReply(t, in)
	require.Zero(t, in.Buffered(), "more than one reply: %q", text)
	return r
}

// realRedis is a redis-server of our own on this machine, with one client and one connection that
// pretends to be a replica.
type realRedis struct {
	t       testing.TB
	addr    string
	conn    net.Conn
	in      *bufio.Reader
	replica *bufio.Reader
}

const replyPatience = time.Minute

// startRedis starts a redis-server for the duration of the test; without one installed the test
// is skipped.
func startRedis(t testing.TB, proto int, options ...string) *realRedis {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("redis-server is not installed")
	}
	port := strconv.Itoa(berth.Ports(1))
	r := &realRedis{t: t, addr: "127.0.0.1:" + port}
	args := append([]string{"--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir(), "--repl-diskless-sync-delay", "0",
		"--enable-debug-command", "yes"}, options...)
	server := exec.Command(program, args...)
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	r.conn, r.in = r.dial()
	if proto == 3 {
		r.do("HELLO", "3")
	}
	return r
}

func (r *realRedis) dial() (net.Conn, *bufio.Reader) {
	for deadline := time.Now().Add(replyPatience); ; {
		conn, err := net.Dial("tcp", r.addr)
		if err == nil {
			r.t.Cleanup(func() { _ = conn.Close() })
			return conn, bufio.NewReader(conn)
		}
		require.True(r.t, time.Now().Before(deadline), "redis-server does not answer: %v", err)
		time.Sleep(10 * time.Millisecond) // a real process needs real time to start
	}
}

func send(t testing.TB, conn net.Conn, args ...string) {
	var out strings.Builder
	fmt.Fprintf(&out, "*%d\r\n", len(args))
	for _, arg := range args {
		fmt.Fprintf(&out, "$%d\r\n%s\r\n", len(arg), arg)
	}
	require.NoError(t, conn.SetDeadline(time.Now().Add(replyPatience)))
	_, err := io.WriteString(conn, out.String())
	require.NoError(t, err)
}

// do executes one command on the real server.
func (r *realRedis) do(args ...string) reply {
	send(r.t, r.conn, args...)
	return readReply(r.t, r.in)
}

// follow begins to read the replication stream from here on.
func (r *realRedis) follow() {
	conn, in := r.dial()
	send(r.t, conn, "SYNC")
	line := ""
	for line = "\n"; strings.TrimSpace(line) == ""; {
		var err error
		line, err = in.ReadString('\n')
		require.NoError(r.t, err)
	}
	size, err := strconv.Atoi(strings.TrimSpace(line)[1:])
	require.NoError(r.t, err)
	_, err = in.Discard(size)
	require.NoError(r.t, err)
	r.replica = in
}

// stream returns what was propagated since follow or the last stream.
func (r *realRedis) stream() (out [][]string) {
	const marker = "end of the stream"
	r.do("PUBLISH", "marker", marker)
	for {
		var words []string
		for _, word := range readReply(r.t, r.replica).list {
			words = append(words, word.text)
		}
		if slices.Contains(words, marker) {
			return out
		}
		if words[0] != "SELECT" && words[0] != "PING" && words[0] != "ping" {
			out = append(out, words)
		}
	}
}
