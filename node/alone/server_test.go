package alone

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// served is a server that runs in this process.
type served struct {
	running
	dir     string
	signals chan os.Signal
	errors  *output
}

// serve runs a server in a directory of its own with a redis.conf, in which PORT becomes a free port.
func serve(t *testing.T, conf string, options ...string) *served {
	t.Helper()
	dir := t.TempDir()
	port := free(t)
	s := &served{dir: dir, signals: make(chan os.Signal, 2), errors: &output{}}
	s.t, s.addr, s.out, s.exit = t, "127.0.0.1:"+port, &output{}, make(chan int, 1)
	s.file = filepath.Join(dir, "redis.conf")
	text := "bind 127.0.0.1\nport PORT\nsave \"\"\ndir " + dir + "\n" + conf
	require.NoError(t, os.WriteFile(s.file, []byte(strings.ReplaceAll(text, "PORT", port)), 0o600))
	p := Process{Args: append([]string{s.file}, options...), In: strings.NewReader(""), Out: s.out, Err: s.errors, Signals: s.signals}
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		s.exit <- Server(p)
	}()
	t.Cleanup(func() {
		s.signals <- syscall.SIGTERM
		<-gone
	})
	return s
}

func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

func TestAServerServesUntilASignalAndKeepsItsData(t *testing.T) {
	s := serve(t, "save 3600 1\npidfile s.pid\nappendonly no # a comment is no comment here\n")
	require.Equal(t, exitFailure, s.ended(), "as in Redis, words after a value are one too many")
	require.Contains(t, s.errors.String(), "at line 7\n>>> 'appendonly no # a comment is no comment here'\nwrong number of arguments")

	s = serve(t, "save 3600 1\npidfile s.pid\n")
	require.Equal(t, "OK", s.ask("SET", "k", "v"))
	pid, err := os.ReadFile(filepath.Join(s.dir, "s.pid"))
	require.NoError(t, err)
	require.Equal(t, strconv.Itoa(os.Getpid())+"\n", string(pid))
	s.signals <- syscall.SIGTERM
	require.Zero(t, s.ended())
	require.NoFileExists(t, filepath.Join(s.dir, "s.pid"))
	require.FileExists(t, filepath.Join(s.dir, "dump.rdb"))
	require.Regexp(t, `(?m)^\d+:signal-handler \(\d+\) Received SIGTERM scheduling shutdown\.\.\.$`, s.out)
	for _, line := range []string{"Server initialized", "Ready to accept connections",
		"User requested shutdown...", "Saving the final RDB snapshot before exiting.", "Redis is now ready to exit, bye bye..."} {
		require.Regexp(t, `(?m)^\d+:M \d\d \w{3} \d{4} \d\d:\d\d:\d\d\.\d{3} [*#] `+line+`$`, s.out)
	}

	again := serve(t, "", "--dir", s.dir)
	require.Equal(t, "v", again.ask("GET", "k"))
	require.Empty(t, again.ask("SHUTDOWN", "NOSAVE"))
	require.Zero(t, again.ended())
	require.Regexp(t, `(?s)Configuration loaded\n.*Loading RDB produced by version 7\.0\.15\n.*`+
		`Done loading RDB, keys loaded: 1, keys expired: 0\.\n.*DB loaded from disk: \d+\.\d{3} seconds\n.*Ready to accept`, again.out)
}

func TestItsLogSaysWhichFilesItKeepsAndWhyItCannotStart(t *testing.T) {
	s := serve(t, "appendonly yes\n")
	require.Equal(t, "OK", s.ask("SET", "k", "v"))
	require.Empty(t, s.ask("SHUTDOWN"))
	require.Zero(t, s.ended())
	require.Regexp(t, `(?s):C [^\n]+ Configuration loaded\n\d+:M .*Creating AOF base file appendonly\.aof\.1\.base\.rdb on server start\n.*`+
		`Creating AOF incr file appendonly\.aof\.1\.incr\.aof on server start\n.*Calling fsync\(\) on the AOF file\.\n`, s.out)

	again := serve(t, "appendonly yes\n", "--dir", s.dir)
	require.Equal(t, "v", again.ask("GET", "k"))
	require.Empty(t, again.ask("SHUTDOWN"))
	require.Zero(t, again.ended())
	require.Regexp(t, `(?s)RDB is base AOF\n.*DB loaded from append only file: \d+\.\d{3} seconds\n.*`+
		`Opening AOF incr file appendonly\.aof\.1\.incr\.aof on server start\n`, again.out)
	require.NotContains(t, again.out.String(), "Creating")

	require.NoError(t, os.Remove(filepath.Join(s.dir, "appendonlydir", "appendonly.aof.1.incr.aof")))
	bad := filepath.Join(t.TempDir(), "bad.rdb")
	require.NoError(t, os.WriteFile(bad, []byte("REDIS0009xx"), 0o600))
	for _, row := range []struct{ name, conf, want string }{
		{"a file of the log is gone", "appendonly yes\ndir " + s.dir, "Fatal error: can't open the append log file appendonly.aof.1.incr.aof for reading: No such file or directory"},
		{"no ACL file", "aclfile none.acl", "Aborting Redis startup because of ACL errors: Error loading ACLs, opening file 'none.acl': No such file or directory"},
		{"an RDB file that ends too early", "dir " + filepath.Dir(bad) + "\ndbfilename bad.rdb",
			"Fatal error loading the DB: load bad.rdb: rdb: byte 11: unexpected end of data: 1 wanted, 0 bytes left. Exiting."},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := serve(t, row.conf+"\n")
			require.Equal(t, exitFailure, s.ended())
			require.Contains(t, s.out.String(), "# "+row.want+"\n")
		})
	}
}

func TestAServerOpensTheDoorsOfItsFile(t *testing.T) {
	s := serve(t, "bind 127.0.0.1 -::1\nunixsocket s.sock\nunixsocketperm 700\nenable-protected-configs yes\n")
	require.Equal(t, "PONG", s.ask("PING"))
	tcp := s.addr
	info, err := os.Stat(filepath.Join(s.dir, "s.sock"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	conn, err := net.Dial("unix", filepath.Join(s.dir, "s.sock"))
	require.NoError(t, err)
	defer conn.Close()
	_, err = conn.Write([]byte("CLIENT INFO\r\n"))
	require.NoError(t, err)
	buf := make([]byte, 4096)
	n, err := conn.Read(buf)
	require.NoError(t, err)
	require.Contains(t, string(buf[:n]), "addr="+filepath.Join(s.dir, "s.sock")+":0 ")

	_, port, _ := net.SplitHostPort(tcp)
	require.Equal(t, "OK", s.ask("CONFIG", "SET", "bind", "127.0.0.2"))
	s.addr = "127.0.0.2:" + port
	require.Equal(t, "PONG", s.ask("PING"))
	_, err = net.Dial("tcp", tcp)
	require.Error(t, err, "the former door is shut")
	require.Contains(t, s.ask("CONFIG", "SET", "bind", "203.0.113.1"), "Failed to bind to specified addresses.")
	require.Equal(t, "PONG", s.ask("PING"), "it is still where it was")

	other := free(t)
	require.Equal(t, "OK", s.ask("CONFIG", "SET", "port", other))
	s.addr = "127.0.0.2:" + other
	require.Contains(t, s.ask("INFO", "server"), "tcp_port:"+other)
	require.Contains(t, s.ask("CONFIG", "SET", "maxclients", "1000000000"), "The operating system is not able to handle")
	sub := filepath.Join(s.dir, "sub")
	require.NoError(t, os.Mkdir(sub, 0o700))
	require.Equal(t, "OK", s.ask("CONFIG", "SET", "dir", sub))
	require.Equal(t, "OK", s.ask("SAVE"))
	require.FileExists(t, filepath.Join(sub, "dump.rdb"))
}

func TestWhatAServersFileSaysIsCheckedLineByLine(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		return file
	}
	part := write("part.conf", "maxmemory 1x\n")
	for name, c := range map[string]struct {
		conf, says string
		args       []string
	}{
		"unknown":         {"port 0\nfoo 1\n", "at line 2\n>>> 'foo 1'\nBad directive or wrong number of arguments", nil},
		"too many words":  {"port 1 2\n", "wrong number of arguments", nil},
		"a bad value":     {"appendfsync sometimes\n", "argument(s) must be one of the following: ", nil},
		"quotes":          {"requirepass \"x\n", "Unbalanced quotes in configuration line", nil},
		"an included one": {"include " + part + "\n", "at line 1\n>>> 'maxmemory 1x'\nargument must be a memory value", nil},
		"a missing one":   {"include " + dir + "/none.conf\n", "can't open config file", nil},
		"itself":          {"include " + filepath.Join(dir, "itself") + "\n", "too many files include one another", nil},
		"an option":       {"", ">>> 'maxmemory \"1x\"'\nargument must be a memory value", []string{"--maxmemory", "1x"}},
		"no such command": {"rename-command NONE x\n", "No such command in rename-command", nil},
		"a taken name":    {"rename-command GET set\n", "Target command name already exists", nil},
		"a replica":       {"cluster-enabled yes\nreplicaof 127.0.0.1 1\n", "replicaof directive not allowed in cluster mode", nil},
		"a Sentinel's":    {"sentinel monitor m 127.0.0.1 1 2\n", "sentinel directive while not in sentinel mode", nil},
		"a module":        {"loadmodule x.so\n", "Can't load module from x.so: server aborting", nil},
		"no door":         {"port 0\n", "Configured to not listen anywhere, exiting.", nil},
		"a directory":     {"dir /nowhere/at/all\n", "Can't chdir to '/nowhere/at/all'", nil},
	} {
		t.Run(name, func(t *testing.T) {
			var out output
			file := write(strings.ReplaceAll(name, " ", "-"), c.conf)
			require.Equal(t, exitFailure, Server(Process{Args: append([]string{file}, c.args...), Out: &out, Err: &out}))
			require.Contains(t, out.String(), c.says)
		})
	}
}

func TestOptionsAndTheStandardInputComeAfterTheFile(t *testing.T) {
	for line, want := range map[string]string{
		"--port 6380":                     `port "6380" `,
		"--save --port 1":                 "save \"\"\nport \"1\" ",
		"--port 1 --save":                 "port \"1\" \nsave \"\"",
		"--replicaof 127.0.0.1 1 --dir x": "replicaof \"127.0.0.1\" \"1\" \ndir \"x\" ",
		"--requirepass --x":               `requirepass "--x" `,
	} {
		a, err := parse(strings.Fields(line))
		require.NoError(t, err)
		require.Equal(t, want, string(a.options), line)
	}
	a, err := parse([]string{"x.conf", "--port 1", "-"})
	require.NoError(t, err)
	require.True(t, a.stdin)
	require.Equal(t, "port 1 ", string(a.options))
}

func TestCommandsHaveTheNamesOfTheFile(t *testing.T) {
	s := serve(t, "rename-command GET fetch\nrename-command FLUSHALL \"\"\nrename-command fetch GRAB\nprotected-mode no\n")
	require.Equal(t, "OK", s.ask("SET", "k", "v"))
	require.Equal(t, "v", s.ask("grab", "k"))
	require.Contains(t, s.ask("GET", "k"), "ERR unknown command 'GET'")
	require.Contains(t, s.ask("FLUSHALL"), "ERR unknown command 'FLUSHALL'")
}

func TestASecondInterruptEndsAtOnce(t *testing.T) {
	s := serve(t, "shutdown-on-sigint save\n")
	require.Equal(t, "PONG", s.ask("PING"))
	require.NoError(t, os.RemoveAll(s.dir)) // nothing can be saved any more
	s.signals <- syscall.SIGINT
	require.Eventually(t, func() bool { return strings.Contains(s.out.String(), "can't exit") }, patience, time.Millisecond)
	require.Equal(t, "PONG", s.ask("PING"), "it goes on")
	s.signals <- syscall.SIGINT
	require.Equal(t, exitFailure, s.ended())
}

func TestALinkComesFromTheAddressThatWasAsked(t *testing.T) {
	master := serve(t, "repl-diskless-sync-delay 0\n")
	require.Equal(t, "PONG", master.ask("PING"))
	_, port, _ := net.SplitHostPort(master.addr)
	replica := serve(t, "replicaof 127.0.0.1 "+port+"\nbind-source-addr 127.0.0.3\n")
	require.Eventually(t, func() bool { return strings.Contains(master.ask("INFO", "replication"), "ip=127.0.0.3,") }, patience, 10*time.Millisecond)
	require.Eventually(t, func() bool {
		return strings.Contains(replica.out.String(), "MASTER <-> REPLICA sync: Finished with success")
	}, patience, 10*time.Millisecond)
	require.Contains(t, master.out.String(), "Starting BGSAVE for SYNC with target: replicas sockets")
	list := master.ask("CLIENT", "LIST")
	require.Regexp(t, `qbuf=[1-9]\d* .* cmd=client\|list`, list, "what is being executed is in the buffer")
}
