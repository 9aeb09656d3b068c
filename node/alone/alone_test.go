package alone

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"clusterplay/node/berth"
	"clusterplay/node/event"
	"clusterplay/node/resp"
	"clusterplay/node/sentinel"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = time.Minute

// output is what a process said, for several goroutines.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// running is a Sentinel that runs in this process.
type running struct {
	t    *testing.T
	addr string
	file string
	out  *output
	stop context.CancelFunc
	exit chan int
}

// start runs a Sentinel on a file; PORT in it becomes a free port.
func start(t *testing.T, conf string, options ...string) *running {
	t.Helper()
	port := strconv.Itoa(berth.Ports(1))
	r := &running{t: t, addr: "127.0.0.1:" + port, file: filepath.Join(t.TempDir(), "sentinel.conf"), out: &output{}, exit: make(chan int, 1)}
	require.NoError(t, os.WriteFile(r.file, []byte(strings.ReplaceAll(conf, "PORT", port)), 0o600))
	ctx, stop := context.WithCancel(t.Context())
	r.stop = stop
	args := []string{r.file}
	for _, o := range options {
		args = append(args, strings.ReplaceAll(o, "PORT", port))
	}
	go func() { r.exit <- Sentinel(ctx, args, r.out) }()
	t.Cleanup(stop)
	return r
}

// ask sends one command on a connection of its own; the reply may be the end of the connection.
func (r *running) ask(words ...string) string { return r.reply(words...).String() }

// reply is ask for a reply that is not one text.
func (r *running) reply(words ...string) resp.Value {
	r.t.Helper()
	var conn net.Conn
	require.Eventually(r.t, func() (ok bool) {
		var err error
		conn, err = net.Dial("tcp", r.addr)
		return err == nil
	}, patience, 5*time.Millisecond)
	defer conn.Close()
	require.NoError(r.t, conn.SetDeadline(time.Now().Add(patience)))
	_, err := conn.Write(resp.AppendWords(nil, words...))
	require.NoError(r.t, err)
	var replies resp.Replies
	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		replies.Feed(buf[:n])
		if v, used, _ := replies.Next(); used > 0 {
			return v
		}
		if err != nil {
			return resp.Value{}
		}
	}
}

func (r *running) ended() int {
	r.t.Helper()
	select {
	case code := <-r.exit:
		return code
	case <-time.After(patience):
		r.t.Fatal("it does not end")
		return 0
	}
}

const aConf = "port PORT\nsentinel monitor mymaster 127.0.0.1 1 2\n"

func TestASentinelServesUntilItIsToldToEnd(t *testing.T) {
	r := start(t, aConf)
	id := r.ask("SENTINEL", "MYID")
	text, err := os.ReadFile(r.file)
	require.NoError(t, err)
	require.Contains(t, string(text), "sentinel myid "+id+"\n", "its name is on the disk before anybody hears it")
	require.Equal(t, "OK", r.ask("SENTINEL", "SET", "mymaster", "quorum", "1"))
	text, err = os.ReadFile(r.file)
	require.NoError(t, err)
	require.Contains(t, string(text), "sentinel monitor mymaster 127.0.0.1 1 1\n")
	r.stop()
	require.Zero(t, r.ended())
	for _, line := range strings.Split(strings.TrimSpace(r.out.String()), "\n") {
		require.Regexp(t, `^\d+:X \d\d \w{3} \d{4} \d\d:\d\d:\d\d\.\d{3} [.*#-] \S`, line)
	}
	require.Regexp(t, regexp.MustCompile(`# \+monitor master mymaster 127\.0\.0\.1 1 quorum 2\n`), r.out)
	require.Contains(t, r.out.String(), "# Sentinel ID is "+id+"\n")
	require.True(t, strings.HasSuffix(r.out.String(), "# Sentinel is now ready to exit, bye bye...\n"))
}

func TestASentinelWhoseFileCannotBeWrittenSaysSoAndGoesOn(t *testing.T) {
	r := start(t, aConf)
	require.Equal(t, "OK", r.ask("SENTINEL", "FLUSHCONFIG"))
	kept := r.file + ".kept"
	require.NoError(t, os.Rename(r.file, kept))
	require.NoError(t, os.Mkdir(r.file, 0o700)) // a directory cannot be replaced by a file
	require.Equal(t, "ERR Failed to save config file. Check server logs.", r.ask("SENTINEL", "SET", "mymaster", "quorum", "1"))
	require.Contains(t, r.out.String(), "# WARNING: Sentinel was not able to save the new configuration on disk!!!: ")
	require.NoFileExists(t, r.file+".part")
	require.NoError(t, os.Remove(r.file))
	require.NoError(t, os.Rename(kept, r.file))
	require.Eventually(t, func() bool {
		text, err := os.ReadFile(r.file)
		return err == nil && strings.Contains(string(text), "sentinel monitor mymaster 127.0.0.1 1 1\n")
	}, patience, 20*time.Millisecond, "it is tried again")
	r.stop()
	require.Zero(t, r.ended())
}

func TestShutdownEndsItToo(t *testing.T) {
	r := start(t, aConf)
	require.Empty(t, r.ask("SHUTDOWN"))
	require.Zero(t, r.ended())
}

func TestOptionsOfTheCommandLineWinOverTheFile(t *testing.T) {
	r := start(t, "sentinel monitor m 127.0.0.1 1 2\nport 1\n", "--port", "PORT", "--loglevel", "warning")
	require.Equal(t, "PONG", r.ask("PING"))
	r.stop()
	require.Zero(t, r.ended())
	require.NotContains(t, r.out.String(), "Running mode")
	a, err := parse([]string{"x.conf", "--port", "26380", "--sentinel monitor m 127.0.0.1 1 2", "--requirepass", "a b"})
	require.NoError(t, err)
	require.Equal(t, "port \"26380\" \nsentinel monitor m 127.0.0.1 1 2 \nrequirepass \"a b\" ", string(a.options))
}

func TestItLogsToTheFileThatItsFileNames(t *testing.T) {
	dir := t.TempDir()
	r := start(t, aConf+"logfile s.log\ndir "+dir+"\n")
	r.ask("PING")
	r.stop()
	require.Zero(t, r.ended())
	require.Empty(t, r.out.String())
	text, err := os.ReadFile(filepath.Join(dir, "s.log"))
	require.NoError(t, err)
	require.Contains(t, string(text), "+monitor master mymaster")
}

func TestASymbolicLinkIsFollowedToTheFile(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "real.conf"), filepath.Join(t.TempDir(), "sentinel.conf")
	require.NoError(t, os.WriteFile(target, []byte(aConf), 0o600))
	require.NoError(t, os.Symlink(target, link))
	s, err := prepare(arguments{file: link}, &output{})
	require.ErrorContains(t, err, "port PORT", "the file was read")
	require.Nil(t, s)
	require.NoError(t, os.WriteFile(target, []byte("port 0\n"), 0o600))
	s, err = prepare(arguments{file: link}, &output{})
	require.NoError(t, err)
	require.Equal(t, target, s.file)
}

func TestWhatCannotStartSaysWhyAndEndsWithOne(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		return file
	}
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"no file":        {nil, "Sentinel needs config file on disk to save state. Exiting..."},
		"a missing file": {[]string{filepath.Join(dir, "none")}, "can't open config file"},
		"two files":      {[]string{write("one", ""), "b"}, "Bad directive or wrong number of arguments"},
		"a bad line":     {[]string{write("bad", "sentinel monitor m 127.0.0.1 1 0\n")}, "FATAL CONFIG FILE ERROR (Redis 7.0.15) ***\nReading the configuration file, at line 1\n>>> 'sentinel monitor m 127.0.0.1 1 0'\nQuorum must be 1 or greater."},
		"two addresses":  {[]string{write("two", "bind 127.0.0.1 127.0.0.2\n")}, "one address is supported"},
		"a bad address":  {[]string{write("addr", "bind nowhere\n")}, "bind nowhere"},
		"a bad dir":      {[]string{write("dir", "dir /nowhere/at/all\n")}, "Can't chdir to '/nowhere/at/all'"},
	} {
		t.Run(name, func(t *testing.T) {
			var out output
			require.Equal(t, exitFailure, Sentinel(t.Context(), c.args, &out))
			require.Contains(t, out.String(), c.says)
		})
	}
	for _, flag := range []string{"--help", "--version"} {
		var out output
		require.Zero(t, Sentinel(t.Context(), []string{flag}, &out))
		require.NotEmpty(t, out.String())
	}
}

func TestALineOfTheLogIsOneLineAtItsLevel(t *testing.T) {
	var out output
	l := &log{pid: 4711, role: func() byte { return 'X' }, least: markNotice, now: func() time.Time { return time.Date(2026, 11, 29, 5, 59, 9, 333e6, time.UTC) }, out: &out}
	l.event(event.SDown{Monitored: event.Monitored{Kind: "master", Label: "a\nb", IP: "127.0.0.1", Port: 7000}})
	l.event(event.RoleReported{Monitored: event.Monitored{Kind: "master", Label: "m"}, Role: "slave"})
	l.event(event.ReplicaReconfTimeout{Monitored: event.Monitored{Kind: "slave", Label: "r", IP: "::1", Port: 1}})
	l.event(event.NoFailoverYet{Why: event.InTilt})
	require.Equal(t, "4711:X 29 Nov 2026 05:59:09.333 # +sdown master a b 127.0.0.1 7000\n"+
		"4711:X 29 Nov 2026 05:59:09.333 * -slave-reconf-sent-timeout slave r ::1 1\n", out.String())
}

func TestProtectedModeWithoutAPasswordServesThisComputerOnly(t *testing.T) {
	for conf, want := range map[string]string{
		"":                                   "127.0.0.1:26379",
		"bind 0.0.0.0\n":                     "0.0.0.0:26379",
		"bind * -::*\n":                      "0.0.0.0:26379",
		"bind ::1\nport 1\n":                 "[::1]:1",
		"bind 0.0.0.0\nprotected-mode yes\n": "127.0.0.1:26379",
		"bind *\nprotected-mode yes\nrequirepass x": "0.0.0.0:26379",
	} {
		c, err := sentinel.ParseConf([]byte(conf))
		require.NoError(t, err)
		got, err := address(c.Server)
		require.NoError(t, err)
		require.Equal(t, want, got.String(), conf)
	}
}

func TestItSaysWhichSettingsMeanNothingHere(t *testing.T) {
	r := start(t, aConf+"hz 20\nmaxclients 1\n")
	require.Equal(t, "PONG", r.ask("PING"))
	r.stop()
	require.Zero(t, r.ended())
	require.Contains(t, r.out.String(), "# The file has settings that mean nothing here: hz\n")
}
