package alone

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/resp"
)

// ownName is a name of this computer that is looked up: its own if it knows that.
func ownName(t *testing.T) string {
	host, err := os.Hostname()
	if err == nil {
		if ip, err := resolve(t.Context(), host); err == nil && ip.IsLoopback() {
			return host
		}
	}
	return "localhost"
}

// redis starts a server of Redis' own, or skips the test.
func redis(t *testing.T, args ...string) *running {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("redis-server is not installed")
	}
	r := &running{t: t, out: &output{}}
	cmd := exec.Command(path, args...)
	cmd.Stdout = r.out
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return r
}

// list sends a command and returns the elements of its reply, of those inside it too.
func (r *running) list(words ...string) (texts []string) {
	var flat func(v resp.Value)
	flat = func(v resp.Value) {
		if v.List == nil {
			texts = append(texts, v.String())
		}
		for _, inner := range v.List {
			flat(inner)
		}
	}
	flat(r.reply(words...))
	return texts
}

// named is what a Sentinel says of servers that it knows by name, with names announced and without.
func named(s *running, host, port, replica string) (heard []string) {
	hear := func(what ...string) { heard = append(heard, strings.Join(s.list(what...), " ")) }
	hear("SENTINEL", "MONITOR", "lost", "nowhere.invalid", port, "1")
	hear("SENTINEL", "MONITOR", "mymaster", strings.ToUpper(host), port, "1")
	hear("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster")
	require.Eventually(s.t, func() bool {
		return slices.Contains(s.list("SENTINEL", "REPLICAS", "mymaster"), host+":"+replica)
	}, patience, 50*time.Millisecond, "the replica by its name")
	look := func() {
		for _, what := range []string{"MASTERS", "REPLICAS mymaster"} {
			fields := s.list(append([]string{"SENTINEL"}, strings.Fields(what)...)...)
			for _, name := range []string{"name", "ip", "port", "flags"} {
				heard = append(heard, what+" "+name+" "+fields[slices.Index(fields, name)+1])
			}
		}
		hear("SENTINEL", "FLUSHCONFIG")
		text, err := os.ReadFile(s.file)
		require.NoError(s.t, err)
		heard = append(heard, aboutHosts.FindAllString(string(text), -1)...)
	}
	look()
	hear("SENTINEL", "CONFIG", "SET", "announce-hostnames", "no")
	hear("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster")
	look()
	return heard
}

var aboutHosts = regexp.MustCompile(`(?m)^sentinel (monitor|known-replica|resolve-hostnames|announce-hostnames) .*$`)

func TestASentinelKnowsServersByNameAsRedisDoes(t *testing.T) {
	host, port, replica := ownName(t), free(t), free(t)
	for _, args := range [][]string{{port}, {replica, "--replicaof", host, port, "--replica-announce-ip", host}} {
		redis(t, append([]string{"--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir(), "--repl-diskless-sync-delay", "0", "--port"}, args...)...)
	}
	const conf = "sentinel resolve-hostnames yes\nsentinel announce-hostnames yes\n"
	own := free(t)
	file := filepath.Join(t.TempDir(), "sentinel.conf")
	require.NoError(t, os.WriteFile(file, []byte("port "+own+"\n"+conf), 0o600))
	theirs := redis(t, file, "--sentinel")
	theirs.addr, theirs.file = "127.0.0.1:"+own, file
	want := named(theirs, host, port, replica)
	require.Equal(t, want, named(start(t, "port PORT\n"+conf), host, port, replica))
}
