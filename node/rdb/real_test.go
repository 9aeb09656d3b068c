package rdb

import (
	"bufio"
	"fmt"
	"io"
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
)

// patience bounds every wait for something that must happen. It is no goal.
const patience = time.Minute

// realServer is a redis-server of the test's own.
type realServer struct {
	t    *testing.T
	dir  string
	port int
	conn net.Conn
	r    *bufio.Reader
}

// startReal starts a redis-server that loads what is in dir.
func startReal(t *testing.T, dir string) *realServer {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("redis-server is not installed")
	}
	port := berth.Ports(1)
	cmd := exec.Command(path, "--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--save", "", "--dir", dir, "--enable-debug-command", "yes")
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	s := &realServer{t: t, dir: dir, port: port}
	deadline := time.Now().Add(patience)
	for s.conn, err = net.Dial("tcp", s.addr()); err != nil; s.conn, err = net.Dial("tcp", s.addr()) {
		require.True(t, time.Now().Before(deadline), "redis-server does not start")
		time.Sleep(20 * time.Millisecond) // polls a foreign process
	}
	t.Cleanup(func() { _ = s.conn.Close() })
	s.r = bufio.NewReader(s.conn)
	return s
}

func (s *realServer) addr() string { return "127.0.0.1:" + strconv.Itoa(s.port) }

// do sends a command and returns its reply: the text of a line, or the bytes of a bulk string.
func (s *realServer) do(args ...string) string {
	s.t.Helper()
	require.NoError(s.t, s.conn.SetDeadline(time.Now().Add(patience)))
	fmt.Fprintf(s.conn, "*%d\r\n", len(args))
	for _, a := range args {
		fmt.Fprintf(s.conn, "$%d\r\n%s\r\n", len(a), a)
	}
	line, err := s.r.ReadString('\n')
	require.NoError(s.t, err)
	line = strings.TrimSpace(line)
	if line[0] != '$' {
		return line
	}
	n, err := strconv.Atoi(line[1:])
	require.NoError(s.t, err)
	if n < 0 {
		return ""
	}
	b := make([]byte, n+2)
	_, err = io.ReadFull(s.r, b)
	require.NoError(s.t, err)
	return string(b[:n])
}

// fill writes entry into the server, leaving the layout to it.
func (s *realServer) fill(e *Entry) {
	s.do("SELECT", strconv.Itoa(e.DB))
	key, v := string(e.Key), &e.Value
	for i := 0; i < max(1, len(v.Items)); i++ {
		switch v.Kind {
		case String:
			s.do("SET", key, string(v.Str))
		case List:
			s.do("RPUSH", key, string(v.Items[i]))
		case Set:
			s.do("SADD", key, string(v.Items[i]))
		case ZSet:
			s.do("ZADD", key, strconv.FormatFloat(v.Scores[i], 'g', 17, 64), string(v.Items[i]))
		case Hash:
			s.do("HSET", key, string(v.Items[i]), string(v.Items[i+1]))
			i++
		}
	}
	if e.Expire != 0 {
		s.do("PEXPIREAT", key, strconv.FormatInt(e.Expire, 10))
	}
}

func TestRealServerLoadsOurFileAndWeLoadIts(t *testing.T) {
	want := sample()
	dir := t.TempDir()
	file := encodeFile(want, Meta{RedisVersion: "7.0.15"})
	require.NoError(t, os.WriteFile(filepath.Join(dir, "dump.rdb"), file, 0o600))
	if check, err := exec.LookPath("redis-check-rdb"); err == nil {
		out, err := exec.Command(check, filepath.Join(dir, "dump.rdb")).CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Contains(t, string(out), "\\o/ RDB looks OK! \\o/")
	}
	loaded := startReal(t, dir)
	filled := startReal(t, t.TempDir())
	for i := range want {
		filled.fill(&want[i])
	}
	require.Equal(t, filled.do("DEBUG", "DIGEST"), loaded.do("DEBUG", "DIGEST"))

	require.Equal(t, "+OK", filled.do("SAVE"))
	theirs, err := os.ReadFile(filepath.Join(filled.dir, "dump.rdb"))
	require.NoError(t, err)
	got, meta, err := decodeFile(theirs)
	require.NoError(t, err)
	require.Equal(t, "7.0.15", meta.RedisVersion)
	require.Len(t, got, len(want))
	again := startReal(t, t.TempDir())
	for i := range got {
		again.fill(&got[i])
	}
	require.Equal(t, filled.do("DEBUG", "DIGEST"), again.do("DEBUG", "DIGEST"))
}

func TestRealServerRestoresOurPayloadsAndWritesTheSameBytes(t *testing.T) {
	s := startReal(t, t.TempDir())
	entries := sample()
	var e Encoder
	for i := range entries {
		v := &entries[i].Value
		s.do("SELECT", "0")
		e.Dump(v)
		payload := string(e.Take())
		require.Equal(t, "+OK", s.do("RESTORE", "copy", "0", payload, "REPLACE"), "%s", entries[i].Key)
		theirs := s.do("DUMP", "copy")
		got, err := DecodeDump([]byte(theirs))
		require.NoError(t, err)
		require.Equal(t, v.Kind, got.Kind)
		if v.Kind == String || v.Packed || len(v.Items) < 25 {
			require.Equal(t, payload, theirs, "%.40s", entries[i].Key)
		}
		require.ElementsMatch(t, v.Items, got.Items)
	}
}

func TestCompressedStringsHaveRedisBytes(t *testing.T) {
	s := startReal(t, t.TempDir())
	var e Encoder
	for i := range 400 {
		var b strings.Builder
		for j := 0; b.Len() < 21+i*7; j++ {
			switch {
			case (i+j)%5 == 0:
				fmt.Fprintf(&b, "%d", i*j*7919%1000)
			case i%3 == 0:
				b.WriteString(strings.Repeat(string(rune('a'+j%3)), j%300))
			default:
				fmt.Fprintf(&b, "user:%d:name ", j%(1+i%40))
			}
		}
		text := b.String()
		s.do("SET", "k", text)
		v := str(text)
		e.Dump(&v)
		require.Equal(t, s.do("DUMP", "k"), string(e.Take()), "%q", text)
	}
}
