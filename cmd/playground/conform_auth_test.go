package main_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// leastRights are all that a Sentinel needs on a node, as Redis' documentation lists them.
const leastRights = "allchannels +multi +exec +slaveof +replicaof +ping +subscribe +publish +info +role +config|rewrite " +
	"+client|setname +client|kill +script|kill"

// eachKindOfGuard runs a test with a Sentinel of ours and with one of Redis' own.
func eachKindOfGuard(t *testing.T, test func(t *testing.T, real bool)) {
	for _, real := range []bool{true, false} {
		t.Run(kindOfGuard(real), func(t *testing.T) { test(t, real) })
	}
}

func TestASentinelReachesNodesThatWantAPasswordOrAUser(t *testing.T) {
	eachKindOfGuard(t, func(t *testing.T, real bool) {
		secret := []string{"--requirepass", "secret", "--masterauth", "secret"}
		master := startForeign(t, secret...)
		replica := startForeign(t, append(secret, "--replicaof", "127.0.0.1 "+master.String(), "--repl-ping-replica-period", "1")...)
		g := startGuard(t, real, master.port, "sentinel down-after-milliseconds mymaster 60000\n")
		g.hurry()
		eventually(t, "a stranger to be kept out", func() bool { return strings.Contains(g.flags(), "disconnected") })

		require.Equal(t, "OK", g.text("SENTINEL", "SET", "mymaster", "auth-pass", "secret"))
		eventually(t, "the password to be used", func() bool { return g.knows(1, 0) })

		for _, n := range []*foreign{master, replica} {
			said, _ := redisCLI(t, "", append([]string{"-p", n.String(), "-a", "secret", "ACL", "SETUSER", "guard", "on", ">pw"}, strings.Fields(leastRights)...)...)
			require.Contains(t, said, "OK")
		}
		require.Equal(t, "OK", g.text("SENTINEL", "SET", "mymaster", "auth-user", "guard", "auth-pass", "pw"))
		eventually(t, "the user to be used", func() bool {
			said, _ := redisCLI(t, "", "-p", master.String(), "-a", "secret", "CLIENT", "LIST")
			return strings.Count(said, " user=guard ") == 2 && g.knows(1, 0)
		})
		eventually(t, "the replica to be electable", func() bool { return g.text("SENTINEL", "FAILOVER", "mymaster") == "OK" })
		eventually(t, "those rights to be enough for a failover", func() bool {
			said, _ := redisCLI(t, "", "-p", master.String(), "-a", "secret", "ROLE")
			return g.names() == replica.port && strings.Contains(said, replica.String()) && strings.Contains(said, "connected")
		})
	})
}

func TestSentinelsThatWantAPasswordOrAUserKnowEachOther(t *testing.T) {
	for name, c := range map[string]struct {
		conf  string
		login []string
	}{
		"a password of the group": {"requirepass common\n", []string{"common"}},
		"a user of the group": {"user default off\nuser peer on >pw allchannels +@all\n" +
			"sentinel sentinel-user peer\nsentinel sentinel-pass pw\n", []string{"peer", "pw"}},
	} {
		t.Run(name, func(t *testing.T) {
			master := startForeign(t)
			var all []*guard
			for _, real := range []bool{true, false, false} {
				g := startGuard(t, real, master.port, c.conf)
				g.login = c.login
				all = append(all, g)
			}
			for _, g := range all {
				require.Contains(t, g.text("SENTINEL", "MASTERS"), "NOAUTH", "a stranger is told nothing")
				v, err := g.ask("SENTINEL", "DEBUG", "publish-period", "300", "info-period", "500")
				require.NoError(t, err)
				require.Equal(t, "OK", v.Text)
			}
			for _, g := range all {
				eventually(t, "everybody to be known and reached", func() bool { return g.knows(0, 2) })
				v, err := g.ask("SENTINEL", "CKQUORUM", "mymaster")
				require.NoError(t, err)
				require.Contains(t, v.Text, "OK 3 usable Sentinels")
			}
		})
	}
}
