package server

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestARewrittenFileKeepsWhatSomebodyWrote(t *testing.T) {
	d := newDriver(t, "maxmemory", "1mb")
	d.s.config.ConfigFile = "redis.conf"
	old := "# mine\n\nport 7000\nrename-command A B\nslave-priority 7\nsave 60 1\nsave 30 2\ntimeout 5\nmaxmemory 2mb"
	d.s.config.ReadFile = func(string) ([]byte, bool, error) { return []byte(old), true, nil }
	d.do("a", "CONFIG SET save 99:1 timeout 0")
	require.Equal(t, "+OK|", d.do("a", "CONFIG SET timeout 0 hz 20"))
	text := string(d.s.configText(false))
	require.True(t, strings.HasPrefix(text, "# mine\n\nport 7000\nrename-command A B\n"), text)
	require.Contains(t, text, "\nreplica-priority 100\n", "in its place, under its name")
	require.Contains(t, text, "\ntimeout 0\nmaxmemory 1048576\n")
	require.Contains(t, text, "\n"+signature+"\nenable-debug-command yes\nhz 20\n")
	require.NotContains(t, text, "tcp-backlog")
	require.Equal(t, 1, strings.Count(string(d.s.configText(true)), "\ntcp-backlog 511\n"))
	again := readRewriting([]byte(text), false)
	require.True(t, again.signed)
	conf, err := ParseConf([]byte(strings.ReplaceAll(text, "rename-command A B", "")), nil)
	require.NoError(t, err)
	require.Equal(t, "1048576", conf.Settings["maxmemory"])
}
