package server

import (
	"bufio"
	"fmt"
	"net"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"clusterplay/node/berth"
	"clusterplay/node/resp"

	"github.com/stretchr/testify/require"
)

// patience bounds every wait for something that must happen. It is no goal.
const patience = time.Minute

// realServer is a redis-server of its own on this computer.
type realServer struct {
	t    *testing.T
	conn net.Conn
	port int
	in   []byte
}

// startReal starts redis-server, or skips the test when there is none.
func startReal(t *testing.T, options ...string) *realServer {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("redis-server is not installed")
	}
	port := berth.Ports(1)
	args := append([]string{
		"--port", fmt.Sprint(port), "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir(), "--enable-debug-command", "yes",
	}, options...)
	cmd := exec.Command(path, args...)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	waitReady(t, bufio.NewScanner(out))
	conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", port), patience)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return &realServer{t: t, conn: conn, port: port}
}

// again is another connection to the same server.
func (r *realServer) again() *realServer {
	r.t.Helper()
	conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", r.port), 5*time.Second)
	require.NoError(r.t, err)
	r.t.Cleanup(func() { _ = conn.Close() })
	return &realServer{t: r.t, conn: conn, port: r.port}
}

// waitReady reads the log up to the line that says that connections are accepted.
func waitReady(t *testing.T, log *bufio.Scanner) {
	t.Helper()
	for log.Scan() {
		if strings.Contains(log.Text(), "Ready to accept connections") {
			go func() {
				for log.Scan() {
					continue
				}
			}()
			return
		}
	}
	t.Fatal("redis-server did not start")
}

// call returns the raw reply with CRLF as |, as driver.call does.
func (r *realServer) call(words ...string) string {
	r.t.Helper()
	return strings.ReplaceAll(r.raw(words...), "\r\n", "|")
}

// raw returns the bytes of the reply.
func (r *realServer) raw(words ...string) string {
	r.t.Helper()
	w := resp.Writer{}
	w.Array(len(words))
	for _, word := range words {
		w.BulkString(word)
	}
	_, err := r.conn.Write(w.Buf)
	require.NoError(r.t, err)
	return r.next()
}

// next reads one more reply, or what was pushed.
func (r *realServer) next() string {
	r.t.Helper()
	require.NoError(r.t, r.conn.SetReadDeadline(time.Now().Add(patience)))
	buf := make([]byte, 64<<10)
	for {
		_, n, err := resp.ReadReply(r.in)
		require.NoError(r.t, err)
		if n > 0 {
			text := string(r.in[:n])
			r.in = r.in[n:]
			return text
		}
		got, err := r.conn.Read(buf)
		require.NoError(r.t, err)
		r.in = append(r.in, buf[:got]...)
	}
}

// fields are the lines of INFO without their values, sections included.
func fields(text string) []string {
	var names []string
	for _, line := range strings.Split(text, "|") {
		name, _, _ := strings.Cut(line, ":")
		varies := strings.HasPrefix(name, "cmdstat_") || strings.HasPrefix(name, "latency_percentiles") ||
			strings.HasPrefix(name, "errorstat_") || strings.HasPrefix(name, "$")
		if !varies {
			names = append(names, name)
		}
	}
	return names
}

func TestInfoHasTheFieldsOfRedisInItsOrder(t *testing.T) {
	for _, row := range []struct {
		name, section string
		cluster       bool
	}{
		{"default", "default", false}, {"everything", "everything", false}, {"cluster", "everything", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			ours, options := newDriver(t), []string{}
			if row.cluster {
				ours, options = newClusterDriver(t), []string{"--cluster-enabled", "yes"}
			}
			redis := startReal(t, options...)
			require.Equal(t, fields(redis.call("INFO", row.section)), fields(ours.call("a", "INFO", row.section)))
		})
	}
}

func TestInfoReplicationOfAReplicaHasTheFieldsOfRedis(t *testing.T) {
	redis, ours := startReal(t), newDriver(t)
	for _, call := range []func(...string) string{redis.call, func(w ...string) string { return ours.call("a", w...) }} {
		require.Equal(t, "+OK|", call("REPLICAOF", "127.0.0.1", "1"))
	}
	require.Equal(t, fields(redis.call("INFO", "replication")), fields(ours.call("a", "INFO", "replication")))
}

func TestConfigHasTheParametersAndDefaultsOfRedis(t *testing.T) {
	redis, ours := startReal(t), newDriver(t, "repl-diskless-sync-delay", "5") // Redis' default, which other tests do not wait for
	want, got := configOf(t, redis.call("CONFIG", "GET", "*")), configOf(t, ours.call("a", "CONFIG", "GET", "*"))
	for _, own := range []string{"port", "dir", "bind", "daemonize", "pidfile", "proc-title-template", "logfile"} {
		require.Contains(t, got, own)
		delete(want, own)
		delete(got, own)
	}
	require.Equal(t, want, got)
}

func configOf(t *testing.T, reply string) map[string]string {
	t.Helper()
	v, n, err := resp.ReadReply([]byte(strings.ReplaceAll(reply, "|", "\r\n")))
	require.NoError(t, err)
	require.NotZero(t, n)
	m := map[string]string{}
	for i := 0; i+1 < len(v.List); i += 2 {
		m[v.List[i].Text] = v.List[i+1].Text
	}
	return m
}

func TestConfigSetRefusesAsRedisDoes(t *testing.T) {
	redis, ours := startReal(t), newDriver(t)
	for _, p := range parameters {
		if p.fixity == live && p.name != "requirepass" {
			for _, value := range []string{"@@bad", "-99999999999999", "maybe"} {
				want := redis.call("CONFIG", "SET", p.name, value)
				require.Equal(t, want, ours.call("a", "CONFIG", "SET", p.name, value), "%s %s", p.name, value)
			}
		}
	}
}

// sameReplies runs a conversation on both servers.
func sameReplies(t *testing.T, redis *realServer, ours *driver, script string) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSpace(script), "\n") {
		words := split(strings.TrimSpace(line))
		if len(words) > 0 {
			if want, got := redis.call(words...), ours.call("a", words...); got != want {
				t.Errorf("%s\nwant %s\ngot  %s", line, want, got)
			}
		}
	}
}

func TestServerCommandsAnswerWhatRedisAnswers(t *testing.T) {
	redis, ours := startReal(t), newDriver(t)
	sameReplies(t, redis, ours, wrongCalls)
	ours.call("a", "HELLO", "3")
	redis.call("HELLO", "3")
	sameReplies(t, redis, ours, wrongCalls)
}

func TestClusterCommandsAnswerWhatRedisAnswers(t *testing.T) {
	redis, ours := startReal(t, "--cluster-enabled", "yes"), newClusterDriver(t)
	sameReplies(t, redis, ours, wrongClusterCalls)
}

func TestDigestIsTheOneRedisComputes(t *testing.T) {
	redis, ours := startReal(t), newDriver(t)
	sameReplies(t, redis, ours, `
SET s text
SET n 12345
SET e soon PX 10000000
RPUSH l a b c
SADD set x y z
SADD ints 1 2 3
XADD stream 1-1 f v 12 007
XADD stream 2-5 f 9223372036854775807
XDEL stream 1-1
XADD stream 18446744073709551615-3 g -5
ZADD z 1 one 2.5 two inf three 1e30 four -0.1 five
HSET h f v g w
DEBUG DIGEST-VALUE s n e l set ints z h stream none
DEBUG DIGEST
SELECT 3
SET third db
DEBUG DIGEST
`)
}

// notes are prose in Redis' key specifications, which we do not repeat.
var notes = regexp.MustCompile(`%4\|\$5\|notes\|\$\d+\|[^|]*\|`)

func TestCommandTableIsDescribedAsRedisDoes(t *testing.T) {
	redis, ours := startReal(t), newDriver(t)
	redis.call("HELLO", "3")
	ours.call("a", "HELLO", "3")
	for _, cmd := range ours.s.table.Commands() {
		want := redis.call("COMMAND", "INFO", cmd.Name)
		got := ours.call("a", "COMMAND", "INFO", cmd.Name)
		if len(cmd.Subcommands) == 0 {
			want = notes.ReplaceAllString(want, "%3|")
			require.Equal(t, want, got, cmd.Name)
		}
	}
}

func TestCommandGetKeysAgreesWithRedis(t *testing.T) {
	redis, ours := startReal(t), newDriver(t)
	for _, line := range []string{
		"GET a", "MSET a 1 b 2", "ZUNIONSTORE d 2 a b WEIGHTS 1 2", "SORT a BY w* GET g STORE d", "MIGRATE h 1 '' 0 1 KEYS a b",
		"LMPOP 2 a b LEFT", "BLPOP a b 0", "OBJECT ENCODING a", "RENAME a b", "SUBSCRIBE a", "PING a", "NOPE a", "SPUBLISH c m",
		"XREAD COUNT 2 STREAMS a b 0 0", "XREADGROUP GROUP STREAMS c STREAMS a b > >", "XADD s * f v", "XGROUP CREATE s g 0",
		"XINFO STREAM s",
	} {
		for _, sub := range []string{"GETKEYS", "GETKEYSANDFLAGS"} {
			words := append([]string{"COMMAND", sub}, split(line)...)
			require.Equal(t, redis.call(words...), ours.call("a", words...), line)
		}
	}
}

func TestClientListHasTheFieldsOfRedis(t *testing.T) {
	names := func(line string) (out []string) {
		_, line, _ = strings.Cut(line, "|")
		for _, field := range strings.Fields(line) {
			name, _, _ := strings.Cut(field, "=")
			out = append(out, name)
		}
		return out
	}
	redis, ours := startReal(t), newDriver(t)
	want := names(redis.call("CLIENT", "INFO"))
	require.True(t, slices.Contains(want, "laddr"))
	require.Equal(t, want, names(ours.call("a", "CLIENT", "INFO")))
}
