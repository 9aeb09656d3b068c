package replication

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// patience bounds every wait for something that must happen. It is no goal.
const patience = time.Minute

// wire drives one State over real sockets. Everything about the State happens on the test's
// goroutine; readers only post what they read.
type wire struct {
	*peerNode
	t       *testing.T
	l       net.Listener
	inbox   chan func()
	links_  map[machine.LinkID]net.Conn
	clients map[*machine.Client]net.Conn
}

// smallRDB is a snapshot of text values, with a checksum of 0.
func smallRDB(data map[string]string) []byte {
	b := []byte("REDIS0010\xfe\x00")
	for k, v := range data {
		_, k, _ = strings.Cut(k, ":")
		b = append(append(append(b, 0, byte(len(k))), k...), byte(len(v)))
		b = append(b, v...)
	}
	return append(b, 0xff, 0, 0, 0, 0, 0, 0, 0, 0)
}

// BeginSnapshot delivers a real RDB file.
func (w *wire) BeginSnapshot(now time.Time, id SnapshotID, want Contents) {
	data := w.data
	if !want.Data {
		data = nil
	}
	w.SnapshotChunk(id, smallRDB(data))
	w.SnapshotDone(now, id)
}

// StreamLoad wants whole files.
func (w *wire) StreamLoad(time.Time, bool) (reads, keeps bool) { return false, false }

// LoadAhead wants whole files.
func (w *wire) LoadAhead(time.Time) bool { return false }

// BeginLoad looks at the file's frame only.
func (w *wire) BeginLoad(now time.Time, payload []byte) {
	require.True(w.t, bytes.HasPrefix(payload, []byte("REDIS0010")))
	require.Equal(w.t, byte(0xff), payload[len(payload)-9])
	w.loading = payload
	w.Loaded(now, 0, nil)
}

func newWire(t *testing.T) *wire {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	n := &peerNode{port: l.Addr().(*net.TCPAddr).Port, data: map[string]string{}}
	w := &wire{peerNode: n, t: t, l: l, inbox: make(chan func(), 64), links_: map[machine.LinkID]net.Conn{}, clients: map[*machine.Client]net.Conn{}}
	cfg := DefaultConfig()
	cfg.Port = n.port
	cfg.NewLink = func() machine.LinkID { n.links += 2; return n.links - 1 }
	n.State = New(cfg, w, rand.New(rand.NewPCG(1, 2)))
	done := make(chan struct{})
	t.Cleanup(func() {
		close(done)
		_ = l.Close()
		for _, c := range w.links_ {
			_ = c.Close()
		}
		for _, c := range w.clients {
			_ = c.Close()
		}
	})
	go w.accept(done)
	return w
}

func (w *wire) accept(done chan struct{}) {
	for {
		conn, err := w.l.Accept()
		if err != nil {
			return
		}
		c := &machine.Client{Addr: conn.RemoteAddr().String()}
		guard := &resp.Guard{}
		w.post(done, func() { w.clients[c] = conn })
		go w.read(done, conn, func(b []byte) { w.request(c, guard, b) }, func(error) {
			w.Gone(time.Now(), c)
			delete(w.clients, c)
			_ = conn.Close()
		})
	}
}

func (w *wire) post(done chan struct{}, f func()) {
	select {
	case w.inbox <- f:
	case <-done:
	}
}

func (w *wire) read(done chan struct{}, conn net.Conn, data func([]byte), end func(error)) {
	for {
		b := make([]byte, 16<<10)
		n, err := conn.Read(b)
		if n > 0 {
			w.post(done, func() { data(b[:n]) })
		}
		if err != nil {
			w.post(done, func() { end(err) })
			return
		}
	}
}

func (w *wire) request(c *machine.Client, guard *resp.Guard, b []byte) {
	guard.Feed(b)
	for {
		before := guard.Buffered()
		args, ok, err := guard.Next(nil)
		if err != nil || !ok || guard.Buffered() == before {
			return
		}
		now, out := time.Now(), resp.Writer{}
		if len(args) == 0 {
			w.Alive(now, c)
			continue
		}
		switch strings.ToLower(string(args[0])) {
		case "replconf":
			w.Replconf(now, c, args, &out)
		case "psync", "sync":
			w.Psync(now, c, args, &out)
		case "ping":
			out.Status("PONG")
		default:
			out.Error("ERR unknown command '" + string(args[0]) + "'")
		}
		c.Out = append(c.Out, out.Buf...)
		w.write(c)
	}
}

func (w *wire) write(c *machine.Client) {
	if conn := w.clients[c]; conn != nil {
		_, _ = conn.Write(c.Out)
		if c.Closing {
			_ = conn.Close()
		}
	}
	c.Out = nil
}

// until runs the State until ok, which must not take long.
func (w *wire) until(what string, ok func() bool) {
	w.t.Helper()
	deadline := time.After(patience)
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for !ok() {
		w.perform()
		select {
		case f := <-w.inbox:
			f()
		case <-ticker.C:
			w.Cron(time.Now())
		case <-deadline:
			w.t.Fatalf("not in time: %s\n%s", what, w.AppendInfo(nil, time.Now()))
		}
	}
	w.perform()
}

func (w *wire) perform() {
	todo := w.BeforeSleep(time.Now())
	for _, d := range todo.Dial {
		conn, err := net.Dial("tcp", d.Addr.String())
		if err != nil {
			w.inbox <- func() { w.Hangup(time.Now(), d.Link, err) }
			continue
		}
		w.links_[d.Link] = conn
		w.inbox <- func() { w.Connected(time.Now(), d.Link) }
		go w.read(nil, conn, func(b []byte) { w.Receive(time.Now(), d.Link, b) }, func(err error) { w.Hangup(time.Now(), d.Link, err) })
	}
	for _, s := range todo.Send {
		if conn := w.links_[s.Link]; conn != nil {
			_, _ = conn.Write(s.Data)
		}
	}
	for _, link := range todo.Close {
		if conn := w.links_[link]; conn != nil {
			_ = conn.Close()
		}
	}
	for _, c := range todo.Flush {
		w.write(c)
	}
}

// realRedis is a redis-server of the test's own.
type realRedis struct {
	t    *testing.T
	port int
	conn net.Conn
	r    *bufio.Reader

	process *os.Process
}

func startRedis(t *testing.T, extra ...string) *realRedis {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("redis-server is not installed")
	}
	s := &realRedis{t: t, port: berth.Ports(1)}
	args := append([]string{"--port", strconv.Itoa(s.port), "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir()}, extra...)
	cmd := exec.Command(path, args...)
	require.NoError(t, cmd.Start())
	s.process = cmd.Process
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	require.Eventually(t, func() bool {
		s.conn, err = net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(s.port))
		return err == nil
	}, patience, 20*time.Millisecond)
	t.Cleanup(func() { _ = s.conn.Close() })
	s.r = bufio.NewReader(s.conn)
	return s
}

func (s *realRedis) do(args ...string) string {
	_ = s.conn.SetDeadline(time.Now().Add(patience))
	_, err := s.conn.Write(command(args...))
	require.NoError(s.t, err)
	line, err := s.r.ReadString('\n')
	require.NoError(s.t, err)
	line = strings.TrimSpace(line)
	n, err := strconv.Atoi(line[1:])
	if line[0] == '*' {
		for range n {
			_, err = s.r.ReadString('\n') // statuses, in what we ask
			require.NoError(s.t, err)
		}
	}
	if line[0] != '$' || err != nil || n < 0 {
		return line
	}
	b := make([]byte, n+2)
	_, err = io.ReadFull(s.r, b)
	require.NoError(s.t, err)
	return string(b[:n])
}

// info returns one field of INFO.
func (s *realRedis) info(field string) string {
	for line := range strings.Lines(s.do("INFO", "everything")) {
		if value, ok := strings.CutPrefix(line, field+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func (s *realRedis) caughtUp(w *wire) bool {
	return s.info("master_link_status") == "up" && s.info("master_repl_offset") == itoa(int64(w.offset)) && s.info("master_replid") == w.id
}

func TestRealReplicaFollowsUsAndHandsBack(t *testing.T) {
	r := startRedis(t)
	w := newWire(t)
	w.set("before", "1")
	require.Equal(t, "+OK", r.do("REPLICAOF", "127.0.0.1", strconv.Itoa(w.port)))
	w.until("full synchronisation", func() bool { return r.caughtUp(w) && w.Replicas() == 1 })
	require.Equal(t, "1", r.do("GET", "before"))
	w.set("a", "1", "b", "2")
	w.RequestAcks()
	target := w.offset
	w.until("an acknowledgement", func() bool { return w.AckedAt(target) == 1 })
	for i := range 5 {
		for _, conn := range w.clients {
			_ = conn.Close()
		}
		w.set("k", fmt.Sprint(i))
		w.until("coming back", func() bool { return w.stats.SyncPartialOK == int64(i+1) && r.caughtUp(w) })
	}
	require.Equal(t, "4", r.do("GET", "k"))
	require.Equal(t, int64(1), w.stats.SyncFull)

	// The replica is promoted; we, its old master, continue under it.
	require.Equal(t, "+OK", r.do("REPLICAOF", "NO", "ONE"))
	w.SetMaster(time.Now(), "127.0.0.1", r.port)
	r.do("SET", "theirs", "1")
	r.do("MULTI")
	r.do("SET", "x", "1")
	r.do("SET", "y", "2")
	r.do("EXEC")
	w.until("following", func() bool {
		return w.LinkState() == Connected && itoa(int64(w.offset)) == r.info("master_repl_offset")
	})
	require.Equal(t, r.info("master_replid"), w.id)
	require.Equal(t, r.info("master_replid2"), w.id2)
	require.Equal(t, r.info("second_repl_offset"), itoa(int64(w.second)))
	require.Equal(t, "0", r.info("sync_full"))
	require.Equal(t, []string{"1", "1", "2"}, []string{w.data["0:theirs"], w.data["0:x"], w.data["0:y"]})
	_, err := r.conn.Write(command("WAIT", "1", "2000"))
	require.NoError(t, err)
	replied := make(chan string, 1)
	go func() { line, _ := r.r.ReadString('\n'); replied <- line }()
	w.until("WAIT", func() bool { return len(replied) == 1 })
	require.Equal(t, ":1\r\n", <-replied)
}

// fields are the names in an INFO text, in order; slave lines without their number.
func fields(text string) (names []string) {
	for line := range strings.Lines(text) {
		if name, _, ok := strings.Cut(line, ":"); ok {
			names = append(names, name)
		}
	}
	return names
}

func TestInfoHasTheFieldsOfARealServerInItsOrder(t *testing.T) {
	r := startRedis(t, "--min-replicas-to-write", "1")
	w := newWire(t)
	cfg := w.Config()
	cfg.MinReplicas = 1
	w.Configure(cfg)
	require.Equal(t, fields(r.do("INFO", "replication")), fields(string(w.AppendInfo(nil, time.Now()))))
	w.SetMaster(time.Now(), "127.0.0.1", 1)
	r.do("REPLICAOF", "127.0.0.1", "1")
	require.Equal(t, fields(r.do("INFO", "replication")), fields(string(w.AppendInfo(nil, time.Now()))))
	w.Promote(time.Now())
	r.do("REPLICAOF", "127.0.0.1", strconv.Itoa(w.port))
	w.until("synchronisation", func() bool { return r.caughtUp(w) && w.Replicas() == 1 })
	require.Equal(t, fields(r.do("INFO", "replication")), func() []string {
		w2 := newWire(t)
		w2.master = &master{state: Connected}
		w2.Configure(cfg)
		return fields(string(w2.AppendInfo(nil, time.Now())))
	}())
	require.Contains(t, string(w.AppendInfo(nil, time.Now())), fmt.Sprintf("slave0:ip=127.0.0.1,port=%d,state=online,offset=", r.port))
}

func TestWeFollowARealMasterWithEitherTransfer(t *testing.T) {
	for _, diskless := range []string{"yes", "no"} {
		t.Run("diskless "+diskless, func(t *testing.T) {
			r := startRedis(t, "--repl-diskless-sync", diskless, "--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1")
			r.do("SET", "a", "1")
			w := newWire(t)
			w.SetMaster(time.Now(), "127.0.0.1", r.port)
			w.until("synchronisation", func() bool { return w.LinkState() == Connected })
			require.Contains(t, string(w.loading), "\x00\x01a\xc0\x01")
			r.do("SELECT", "5")
			r.do("SET", "b", "2")
			r.do("PUBLISH", "c", "m")
			end := time.Now().Add(2500 * time.Millisecond)
			w.until("a few pings", func() bool {
				return time.Now().After(end) && itoa(int64(w.offset)) == r.info("master_repl_offset")
			})
			require.Equal(t, "2", w.data["5:b"])
			require.Contains(t, r.info("slave0"), fmt.Sprintf("port=%d,state=online", w.port))
			r.do("CLIENT", "KILL", "TYPE", "replica")
			w.until("coming back", func() bool {
				return w.LinkState() == Connected && r.info("sync_partial_ok") == "1"
			})
			r.do("SET", "b", "3")
			w.until("the stream", func() bool { return w.data["5:b"] == "3" })
			require.Equal(t, "1", r.info("sync_full"))
		})
	}
}

func TestRedisCliFetchesSnapshots(t *testing.T) {
	cli, err := exec.LookPath("redis-cli")
	if err != nil {
		t.Skip("redis-cli is not installed")
	}
	for _, option := range []string{"--rdb", "--functions-rdb"} {
		t.Run(option, func(t *testing.T) {
			w := newWire(t)
			w.set("a", "1")
			file := filepath.Join(t.TempDir(), "got.rdb")
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			cmd := exec.CommandContext(ctx, cli, "-p", strconv.Itoa(w.port), option, file)
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			require.NoError(t, cmd.Start())
			end := make(chan error, 1)
			go func() { end <- cmd.Wait() }()
			w.until("redis-cli", func() bool { return len(end) == 1 })
			require.NoError(t, <-end, "%s", out.String())
			want := smallRDB(w.data)
			if option == "--functions-rdb" {
				want = smallRDB(nil)
			}
			got, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, want, got[:len(want)])
		})
	}
	t.Run("--replica", func(t *testing.T) {
		w := newWire(t)
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		cmd := exec.CommandContext(ctx, cli, "-p", strconv.Itoa(w.port), "--replica")
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		lines := make(chan string, 100)
		go func() {
			for s := bufio.NewScanner(out); s.Scan(); {
				lines <- s.Text()
			}
		}()
		w.until("attached", func() bool { return w.Replicas() == 1 })
		w.set("a", "1")
		seen := ""
		w.until("the command", func() bool {
			for len(lines) > 0 {
				seen += <-lines
			}
			return strings.Contains(seen, `"SET","a","1"`)
		})
		require.NoError(t, cmd.Process.Kill())
		var exit *exec.ExitError
		require.True(t, errors.As(cmd.Wait(), &exit))
	})
}
