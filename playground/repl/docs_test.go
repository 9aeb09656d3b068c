package repl

import (
	"context"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHelpEqualsThatOfRedisCLI(t *testing.T) {
	port := redis(t)
	s := New("127.0.0.1:"+port, false)
	defer func() { _ = s.Close() }()
	topics := [][]string{{"config"}, {"client", "kill"}, {"CLIENT", "k"}, {"@nosuch"}, {"nosuch"}, {"get", "a"}}
	seen := map[string]bool{}
	for _, c := range s.Commands(context.Background()) {
		if !seen[c.Group] {
			topics = append(topics, []string{"@" + c.Group})
			seen[c.Group] = true
		}
	}
	require.Len(t, topics, 6+16, "groups of commands")
	for _, topic := range topics {
		want, err := exec.Command("redis-cli", append([]string{"-p", port, "help"}, topic...)...).Output()
		require.NoError(t, err)
		require.Equal(t, string(want), s.help(context.Background(), topic), topic)
	}
}

// table is enough of a node's commands.
var table = []Command{
	{Name: "CLIENT", Group: "connection"}, {Name: "CLIENT KILL", Syntax: "[ip:port] [ID id]"}, {Name: "CLIENT LIST"},
	{Name: "CLUSTER NODES", Group: "cluster"}, {Name: "GET", Syntax: "key", Group: "string"},
	{Name: "MSET", Syntax: "key value [key value ...]"}, {Name: "SET", Syntax: "key value [NX|XX] [GET]"},
}

func TestHintsNameWhatMayFollow(t *testing.T) {
	for _, row := range []struct{ line, want string }{
		{"", ""}, {"se", ""}, {"nosuch a", ""}, {"get", " key"}, {"get ", "key"}, {"get a", ""}, {"get a ", ""},
		{"set", " key value [NX|XX] [GET]"}, {"SET k", " value [NX|XX] [GET]"}, {"set k ", "value [NX|XX] [GET]"},
		{"set k v", " [NX|XX] [GET]"}, {"set k v NX ", "[NX|XX] [GET]"}, {`set "a b" `, "value [NX|XX] [GET]"},
		{`set "a`, ""}, {"client kill", " [ip:port] [ID id]"}, {"client ", ""}, {"5 get ", "key"}, {"5", ""},
		{"mset a 1 b", " [key value ...]"},
	} {
		require.Equal(t, row.want, hint(table, row.line), "%q", row.line)
	}
}

func TestTabCompletesAWordAtATime(t *testing.T) {
	for _, row := range []struct {
		line string
		want []string
	}{
		{"cl", []string{"clear", "client", "cluster"}},
		{"CL", []string{"CLEAR", "CLIENT", "CLUSTER"}},
		{"client ", []string{"client kill", "client list"}},
		{"CLIENT K", []string{"CLIENT KILL"}},
		{"client list", nil},
		{"nosuch", nil},
		{"help cli", []string{"help client"}},
		{"help @", []string{"help @cluster", "help @connection", "help @string"}},
		{"HELP G", []string{"HELP GET"}},
		{":set n", []string{":set nocluster", ":set nohints"}},
		{"get user", nil},
	} {
		require.Equal(t, row.want, completions(table, row.line), "%q", row.line)
	}
}

func TestPasswordsAreNotRemembered(t *testing.T) {
	for _, line := range []string{"auth pw", "AUTH user pw", `"auth" pw`, "5 auth pw", "acl setuser ada >pw", "config set requirepass pw",
		"CONFIG SET masterauth pw", "config set maxmemory 1 requirepass pw", "hello 3 auth u p", "migrate h 1 k 0 1 AUTH pw", "migrate h 1 k 0 1 auth2 u p"} {
		require.True(t, secret(line), line)
	}
	for _, line := range []string{"", "get auth", "acl whoami", "config get requirepass", "hello 3", "set a b", `auth "unbalanced`} {
		require.False(t, secret(line), line)
	}
}
