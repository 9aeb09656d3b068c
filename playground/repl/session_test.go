package repl

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// redis starts a real server and returns its port; the test is skipped where there is none.
func redis(t *testing.T, options ...string) string {
	t.Helper()
	for _, program := range []string{"redis-server", "redis-cli"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program + " is not installed")
		}
	}
	// The bus port, 10000 above, must lie below those that outgoing connections get.
	for port := 21000 + time.Now().Nanosecond()%1700; ; port++ {
		if !free(port) || !free(port+10000) {
			continue
		}
		text := fmt.Sprint(port)
		server := exec.Command("redis-server", append([]string{"--save", "", "--port", text, "--dir", t.TempDir()}, options...)...)
		require.NoError(t, server.Start())
		t.Cleanup(func() { _, _ = server.Process.Kill(), server.Wait() })
		require.Eventually(t, func() bool {
			c, err := net.Dial("tcp", "127.0.0.1:"+text)
			if err == nil {
				_ = c.Close()
			}
			return err == nil
		}, patience, 5*time.Millisecond)
		return text
	}
}

// free reports whether nobody listens at a port.
func free(port int) bool {
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	return err == nil && l.Close() == nil
}

// script is typed into the real program and into ours.
var script = []string{
	"set a 1", "get a", "get nokey", "incr a", "lrange x 0 -1", "rpush l a b c d e f g h i j k", "lrange l 0 -1",
	"command info get set nosuch", "config get maxm*", "get a b", "foo bar", "", "   ",
	`eval "return {1,{2,3,{}},{ok=[[x]]},false}" 0`, `eval "return redis.error_reply('MY ERR')" 0`,
	`set b "a\x00\"\n\t\r\\é\a\b"`, "get b", `set 'it''s' x`, `get "unbalanced`, `echo 'a\'b'`,
	"2 incr a", "0 incr a", "select 3", "get a", "select 0", "multi", "get a", "foo", "exec", "multi", "get a", "exec",
	"zadd z 1 a 2.5 b", "zrange z 0 -1 withscores", "zscore z b", "hset h f 1 g 2", "hgetall h", "sadd s 1", "smembers s",
	"cluster nodes", "client list type bad", "object encoding a", "memory doctor", "command docs get", "xinfo help",
	"type a", "dump nokey", "geoadd g 13.36 38.11 p", "geopos g p q", "config get nosuch", "hello 9", "time x",
}

func TestOutputEqualsThatOfRedisCLI(t *testing.T) {
	for _, row := range []struct {
		name  string
		flags []string
		set   func(*Session)
	}{
		{"terminal", []string{"--no-raw"}, plain},
		{"pipe", []string{"--raw"}, func(s *Session) { s.Style = Raw }},
		{"terminal RESP3", []string{"-3", "--no-raw"}, func(s *Session) { s.RESP3 = true }},
		{"pipe RESP3", []string{"-3", "--raw"}, func(s *Session) { s.Style, s.RESP3 = Raw, true }},
	} {
		t.Run(row.name, func(t *testing.T) {
			port := redis(t)
			cli := exec.Command("redis-cli", append([]string{"-p", port}, row.flags...)...)
			cli.Stdin = strings.NewReader(strings.Join(script, "\n") + "\n")
			want, err := cli.Output()
			require.NoError(t, err)
			evalFresh(t, port, plain, "flushall")
			require.Equal(t, string(want), evalFresh(t, port, row.set, script...))
		})
	}
}

func plain(*Session) {}

func evalFresh(t *testing.T, port string, set func(*Session), lines ...string) string {
	t.Helper()
	s := New("127.0.0.1:"+port, false)
	set(s)
	defer func() { _ = s.Close() }()
	var all strings.Builder
	for _, line := range lines {
		out, _, err := s.Eval(context.Background(), line)
		require.NoError(t, err)
		all.WriteString(out)
	}
	return all.String()
}

func TestThePromptFollowsTheConversation(t *testing.T) {
	at := "127.0.0.1:" + redis(t)
	s := New(at, false)
	defer func() { _ = s.Close() }()
	require.Equal(t, "not connected> ", s.Prompt())
	for _, row := range []struct{ line, output, prompt string }{
		{"select 3", "OK\n", at + "[3]> "},
		{"multi", "OK\n", at + "[3](TX)> "},
		{"get a", "QUEUED\n", at + "[3](TX)> "},
		{"foo", "(error) ERR unknown command 'foo', with args beginning with: \n", at + "[3](TX)> "},
		{"exec", "(error) EXECABORT Transaction discarded because of previous errors.\n", at + "[3]> "},
		{"reset", "RESET\n", at + "> "},
		{"select 999", "(error) ERR DB index is out of range\n", at + "> "},
		{"connect 127.0.0.1 1", "Could not connect to Redis at 127.0.0.1:1: Connection refused\n", "not connected> "},
		{"ping", "Could not connect to Redis at 127.0.0.1:1: Connection refused\n", "not connected> "},
		{"connect " + strings.Replace(at, ":", " ", 1), "", at + "> "},
		{"client kill type normal skipme no", "(integer) 1\n", at + "> "},
		{"ping", "Error: Server closed the connection\n", "not connected> "},
		{"ping", "PONG\n", at + "> "},
	} {
		output, prompt, err := s.Eval(context.Background(), row.line)
		require.NoError(t, err)
		// Whether a killed connection ends or is reset is a matter of who is quicker.
		output = strings.Replace(output, "Connection reset by peer", "Server closed the connection", 1)
		require.Equal(t, row.output, output, row.line)
		require.Equal(t, row.prompt, prompt, row.line)
	}
	_, _, err := s.Eval(context.Background(), "quit")
	require.ErrorIs(t, err, ErrQuit)
}

func TestRedirectionsAreFollowedAndShown(t *testing.T) {
	left, right := twoMasters(t)
	s := New("127.0.0.1:"+left, true)
	defer func() { _ = s.Close() }()
	for _, row := range []struct{ line, output, port string }{
		{"set user:1 ada", "-> Redirected to slot [10778] located at 127.0.0.1:" + right + "\nOK\n", right},
		{"multi", "OK\n", right},
		{"set b 1", "-> Redirected to slot [3300] located at 127.0.0.1:" + left + "\nOK\n", left},
		{"exec", "(error) ERR EXEC without MULTI\n", left},
		{"set b 2", "OK\n", left},
	} {
		output, _, err := s.Eval(context.Background(), row.line)
		require.NoError(t, err)
		require.Equal(t, row.output, output, row.line)
		require.Equal(t, "127.0.0.1:"+row.port, s.Addr())
	}
	require.Equal(t, "(error) MOVED 10778 127.0.0.1:"+right+"\n", evalFresh(t, left, plain, "get user:1"))
}

// twoMasters joins two real servers, each with half of the slots.
func twoMasters(t *testing.T) (left, right string) {
	t.Helper()
	conf := filepath.Join(t.TempDir(), "nodes-")
	left = redis(t, "--cluster-enabled", "yes", "--cluster-config-file", conf+"l.conf")
	right = redis(t, "--cluster-enabled", "yes", "--cluster-config-file", conf+"r.conf")
	evalFresh(t, left, plain, "cluster addslotsrange 0 8191")
	evalFresh(t, right, plain, "cluster addslotsrange 8192 16383", "cluster set-config-epoch 2", "cluster meet 127.0.0.1 "+left)
	require.Eventually(t, func() bool {
		both := evalFresh(t, left, plain, "cluster info") + evalFresh(t, right, plain, "cluster info")
		return strings.Count(both, "cluster_state:ok") == 2
	}, patience, 50*time.Millisecond)
	return left, right
}

func TestSubscribedMessagesGoToPush(t *testing.T) {
	port := redis(t)
	s := New("127.0.0.1:"+port, false)
	messages := make(chan string, 10)
	s.Push = func(text string) { messages <- text }
	defer func() { _ = s.Close() }()
	output, _, err := s.Eval(context.Background(), "subscribe news")
	require.NoError(t, err)
	require.Equal(t, "Reading messages... (press Ctrl-C to quit)\n1) \"subscribe\"\n2) \"news\"\n3) (integer) 1\n", output)
	require.Equal(t, "(integer) 1\n", evalFresh(t, port, plain, "publish news hello"))
	require.Equal(t, "1) \"message\"\n2) \"news\"\n3) \"hello\"\n", <-messages)
	output, _, err = s.Eval(context.Background(), "ping")
	require.NoError(t, err)
	require.Equal(t, "PONG\n", output, "the next line ends the listening")
	s.Push = nil
	output, _, err = s.Eval(context.Background(), "monitor")
	require.NoError(t, err)
	require.Contains(t, output, "(error) MONITOR needs")
}

func TestAnEndedContextEndsABlockedCommand(t *testing.T) {
	s := New("127.0.0.1:"+redis(t), false)
	defer func() { _ = s.Close() }()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	_, _, err := s.Eval(ctx, "blpop nothing 0")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Equal(t, "not connected> ", s.Prompt())
}
