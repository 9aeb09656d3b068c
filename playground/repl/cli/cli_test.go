package cli

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"clusterplay/node/berth"
)

// patience bounds every wait for something that must happen. It is no goal.
const patience = time.Minute

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// redis starts a real server and returns its port; the test is skipped where there is none.
func redis(t *testing.T, options ...string) string {
	t.Helper()
	for _, program := range []string{"redis-server", "redis-cli"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program + " is not installed")
		}
	}
	port := berth.Ports(1)
	text := fmt.Sprint(port)
	server := exec.Command("redis-server", append([]string{"--save", "", "--port", text, "--dir", t.TempDir()}, options...)...)
	require.NoError(t, server.Start())
	t.Cleanup(func() { _, _ = server.Process.Kill(), server.Wait() })
	require.Eventually(t, func() bool { return !free(port) }, patience, 5*time.Millisecond)
	return text
}

// free reports whether nobody listens at a port.
func free(port int) bool {
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	return err == nil && l.Close() == nil
}

// result is everything that a program leaves behind.
type result struct {
	Out, Err string
	Code     int
}

// theirs runs the real redis-cli.
func theirs(t *testing.T, port, input string, args []string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var out, wrong bytes.Buffer
	cmd := exec.CommandContext(ctx, "redis-cli", append([]string{"-p", port}, args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &wrong
	_ = cmd.Run()
	return result{out.String(), wrong.String(), cmd.ProcessState.ExitCode()}.without(port)
}

// ours runs playground cli.
func ours(t *testing.T, port, input string, args []string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var out, wrong bytes.Buffer
	p := Program{
		In: strings.NewReader(input), Out: &out, Err: &wrong,
		Env: func(string) string { return "" }, DefaultPort: func() int { return 0 }, Version: "test",
	}
	code := p.Run(ctx, append([]string{"-p", port}, args...))
	return result{out.String(), wrong.String(), code}.without(port)
}

// without hides the port, in which the two servers differ.
func (r result) without(port string) result {
	r.Out, r.Err = strings.ReplaceAll(r.Out, port, "PORT"), strings.ReplaceAll(r.Err, port, "PORT")
	return r
}

// same compares two results and shows the first line in which they differ.
func same(t *testing.T, want, got result, about ...any) {
	t.Helper()
	theirs, ours := strings.SplitAfter(want.Out, "\n"), strings.SplitAfter(got.Out, "\n")
	for i := range min(len(theirs), len(ours)) {
		require.Equal(t, theirs[i], ours[i], about...)
	}
	require.Len(t, ours, len(theirs), about...)
	require.Equal(t, want.Err, got.Err, about...)
	require.Equal(t, want.Code, got.Code, about...)
}

// lines are piped into both programs, and given to both as arguments.
var lines = []string{
	"set a 1", "get a", "get nokey", "incr a", "incrby a 10", "decr a", "append a x", "getrange a 0 1", "strlen a", "incr a",
	"mset k1 v1 k2 v2", "mget k1 k2 nokey", "del k1 nokey", "exists a k1", "expire a 100", "persist a", "type a", "type nokey",
	"rpush l a b c d e f g h i j k", "lrange l 0 -1", "lpop l", "llen l", "lindex l 99", "lrange nokey 0 -1", "linsert l before b z",
	"hset h f 1 g 2", "hgetall h", "hget h nofield", "hincrbyfloat h f 1.5", "hkeys h", "hgetall nokey", "hmget h f x",
	"sadd s 1", "smembers s", "sismember s 1", "smembers nokey", "zadd z 1 a 2.5 b", "zrange z 0 -1 withscores", "zscore z b",
	"zscore z nobody", "zrank z b", "geoadd g 13.36 38.11 p", "geopos g p q", "geodist g p p", "pfadd pf a b", "pfcount pf",
	"setbit bits 7 1", "bitcount bits", "xadd st 1-1 f v", "xrange st - +", "xread count 1 streams st 0", "xlen st",
	"eval 'return {1,{2,3,{}},{ok=ARGV[1]},false}' 0 x", "eval 'return redis.error_reply(ARGV[1])' 0 MYERR", "ping", "ping hello", "echo x",
	"foo bar", "get", "get a b", "lpush a x", "set a", "config get maxmemory", "config get nosuch", "command count", "command info get nosuch",
	"object encoding a", "object help", "memory doctor", "latency doctor", "client getname", "client setname x", "client id x",
	"select 1", "select 99", "dbsize", "multi", "exec", "discard", "cluster info", "cluster nodes", "wait 0 0", "time x", "info nosuch",
	"script exists abc", "publish ch x", "pubsub channels", "debug jmap", "hello 9", "auth x", "scan 0 match nothing count 1000", "help get", "help @hash", "help nosuch",
	"set e \"a\\x00\\xff\\n\\t\\\"é\\\\\"", "get e", "copy e e2", "rename nokey x", "dump nokey", "object freq a", "lolwut version 1 x",
}

// styles are the ways to print; a pipe and an argument list are tried with each.
var styles = [][]string{
	{}, {"--no-raw"}, {"--raw", "-3"}, {"--no-raw", "-3"}, {"--csv"}, {"--csv", "-3"}, {"--json"}, {"--json", "-2"}, {"--quoted-json"}, {"-d", ";", "-D", "|"},
}

func TestAPipeGetsWhatRedisCLIGives(t *testing.T) {
	require.Greater(t, len(lines), 60)
	input := strings.Join(lines, "\n") + "\n\n  \nget \"unbalanced\n3 incr n\n0 incr n\n:set hints\n:set foo\n:x\n" +
		"connect 127.0.0.1 1\nping\nselect 2\nquit\nnever\n"
	for _, style := range styles {
		t.Run(strings.Join(style, " "), func(t *testing.T) {
			left, right := redis(t), redis(t)
			want := theirs(t, left, input, style)
			require.Greater(t, len(want.Out), 4000)
			same(t, want, ours(t, right, input, style))
		})
	}
}

func TestACommandGetsWhatRedisCLIGives(t *testing.T) {
	left, right := redis(t), redis(t)
	for _, line := range lines {
		if strings.ContainsAny(line, `"'`) {
			continue // the shell's quoting is not ours; the pipe has them
		}
		for _, style := range styles[:7] {
			args := append(append([]string{}, style...), strings.Fields(line)...)
			same(t, theirs(t, left, "", args), ours(t, right, "", args), "%q", args)
		}
	}
}

func TestOptionsDoWhatThoseOfRedisCLIDo(t *testing.T) {
	left, right := redis(t), redis(t)
	for _, row := range []struct {
		input string
		args  []string
	}{
		{"", []string{"-e", "foo"}}, {"", []string{"-e", "--no-raw", "foo"}}, {"", []string{"-e", "--json", "foo"}}, {"", []string{"-e", "ping"}},
		{"", []string{"-r", "3", "incr", "n"}}, {"", []string{"-r", "2", "-i", "0.01", "ping"}}, {"", []string{"-r", "0", "ping"}}, {"", []string{"-r", "x", "ping"}},
		{"", []string{"-r", "2", "foo"}}, {"", []string{"-r", "3", "-e", "foo"}}, {"", []string{"-i", "x", "ping"}},
		{"value\n", []string{"-x", "set", "k"}}, {"", []string{"-x", "set", "k"}}, {"hi", []string{"-X", "T", "set", "T", "v"}}, {"hi", []string{"-X", "T", "set", "k", "v"}},
		{"", []string{"get", "k"}}, {"", []string{"-n", "3", "set", "x", "1"}}, {"", []string{"-n", "3", "dbsize"}}, {"", []string{"-n", "99", "ping"}}, {"", []string{"-n", "x", "ping"}},
		{"", []string{"-a", "pw", "ping"}}, {"", []string{"--pass", "pw", "--no-auth-warning", "ping"}}, {"", []string{"--user", "u", "-a", "pw", "ping"}},
		{"", []string{"--quoted-input", "set", `"a\x01"`, "'b'"}}, {"", []string{"--quoted-input", "get", `"a`}}, {"", []string{"--quoted-input", "get", "plain"}},
		{"", []string{"--nosuch", "ping"}}, {"", []string{"-n"}}, {"", []string{"--show-pushes", "maybe", "ping"}}, {"", []string{"-u", "nosuch", "ping"}},
		{"", []string{"-h", "127.0.0.1", "ping"}}, {"", []string{"-p", "1", "ping"}}, {"", []string{"-p", "1"}}, {"ping\nping\n", []string{"-p", "1"}},
		{"", []string{"quit"}}, {"", []string{"exit"}}, {"", []string{"connect", "a", "b"}}, {"", []string{"2", "ping"}}, {"", []string{":set", "hints"}}, {"", []string{"clear"}},
		{"", []string{"client", "kill", "type", "normal", "skipme", "no"}}, {"", []string{"-3", "client", "tracking", "on"}},
		{"client tracking on\nget x\nset x 1\nping\n", []string{"-3", "--no-raw", "--show-pushes", "yes"}},
		{"client tracking on\nget x\nset x 1\nping\n", []string{"-3", "--no-raw"}}, {"client tracking on\nget x\nset x 1\nping\n", []string{"-3", "--show-pushes", "y"}},
		{"", []string{"--csv", "-d", ";", "lrange", "l", "0", "-1"}}, {"", []string{"-D", "", "ping"}}, {"", []string{"--no-raw", "-D", "|", "ping"}},
		{"ping\nexit\nping\n", nil}, {"QUIT now\nping\n", nil}, {"ping", nil}, {"", nil}, {"\n\n", nil},
	} {
		same(t, theirs(t, left, row.input, row.args), ours(t, right, row.input, row.args), "%q", row.args)
	}
}

func TestWhatOnlyRedisCLICanIsSaidSo(t *testing.T) {
	r := ours(t, "7000", "", []string{"--cluster", "check", "127.0.0.1:7000"})
	require.Equal(t, result{"", "playground cli does not know --cluster; redis-cli does, and talks to these nodes as well\n", 1}, r)
	r = ours(t, "7000", "", []string{"--help"})
	require.Equal(t, 0, r.Code)
	for name := range table {
		if name != "-v" && name != "--verbose" {
			require.Contains(t, r.Out, name, "an option that --help does not name")
		}
	}
}

func TestTheURIAndTheEnvironmentGiveWhatIsMissing(t *testing.T) {
	port := redis(t, "--requirepass", "pw")
	var out, wrong bytes.Buffer
	env := map[string]string{"REDISCLI_AUTH": "pw"}
	p := Program{In: strings.NewReader(""), Out: &out, Err: &wrong, Env: func(n string) string { return env[n] }, DefaultPort: func() int { return 0 }}
	require.Zero(t, p.Run(t.Context(), []string{"-p", port, "ping"}))
	delete(env, "REDISCLI_AUTH")
	require.Zero(t, p.Run(t.Context(), []string{"-p", port, "ping"}))
	require.Zero(t, p.Run(t.Context(), []string{"--no-auth-warning", "-u", "redis://default:pw@127.0.0.1:" + port + "/5", "set", "k", "v"}))
	require.Zero(t, p.Run(t.Context(), []string{"--no-auth-warning", "-u", "redis://pw@127.0.0.1:" + port, "info", "keyspace"}))
	require.Equal(t, "", wrong.String())
	require.Equal(t, "PONG\nNOAUTH Authentication required.\n\nOK\n# Keyspace\r\ndb5:keys=1,expires=0,avg_ttl=0\r\n", out.String())
}
