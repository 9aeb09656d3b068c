package sentinel

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"os"

	"github.com/stretchr/testify/require"
)

const monitored = "sentinel monitor m 127.0.0.1 7000 2\n"

// refusedLines are files that no Sentinel starts with.
var refusedLines = []struct{ name, conf, reason string }{
	{"quorum zero", "sentinel monitor m 127.0.0.1 7000 0", errConfQuorum},
	{"quorum no number", "sentinel monitor m 127.0.0.1 7000 x", errConfQuorum},
	{"port too large", "sentinel monitor m 127.0.0.1 65536 1", errConfPort},
	{"port negative", "sentinel monitor m 127.0.0.1 -1 1", errConfPort},
	{"a name for an address", "sentinel monitor m localhost 7000 1", errConfHost},
	{"bad port and bad name", "sentinel monitor m localhost 70000 1", errConfPort},
	{"the same master twice", monitored + "sentinel monitor m 127.0.0.1 7001 1", errConfDuplicate},
	{"monitor with too few words", "sentinel monitor m 127.0.0.1 7000", errConfUnknown},
	{"an unknown statement", "sentinel what m 1", errConfUnknown},
	{"a password in two words", monitored + "sentinel auth-pass m a b", errConfUnknown},
	{"an unknown master", "sentinel auth-pass m a", errConfNoMaster},
	{"down-after zero", monitored + "sentinel down-after-milliseconds m 0", errConfTime},
	{"failover-timeout negative", monitored + "sentinel failover-timeout m -1", errConfTime},
	{"reboot period negative", monitored + "sentinel master-reboot-down-after-period m -1", errConfReboot},
	{"an id too short", "sentinel myid abc", errConfMyID},
	{"deny-scripts maybe", "sentinel deny-scripts-reconfig maybe", errConfDenyScripts},
	{"resolve maybe", "sentinel resolve-hostnames maybe", errConfResolve},
	{"announce maybe", "sentinel announce-hostnames maybe", errConfAnnounce},
	{"a replica twice", monitored + "sentinel known-replica m 127.0.0.1 7001\nsentinel known-slave m 127.0.0.1 7001", errConfSameReplica},
	{"a replica by name", monitored + "sentinel known-replica m localhost 7001", errConfHost},
	{"a sentinel twice", monitored + "sentinel known-sentinel m 127.0.0.1 26380 " + goldenID + "\nsentinel known-sentinel m 127.0.0.1 26381 " + goldenID, errConfSamePeer},
	{"a command renamed twice", monitored + "sentinel rename-command m INFO a\nsentinel rename-command m info b", errConfRename},
	{"a directive of nobody", "what 1", errConfDirective},
	{"port of a server", "port 70000", "argument must be between 0 and 65535 inclusive"},
	{"port no number", "port x", "argument couldn't be parsed into an integer"},
	{"protected-mode", "protected-mode maybe", "argument must be 'yes' or 'no'"},
	{"maxclients", "maxclients 0", "argument must be between 1 and 4294967295 inclusive"},
	{"loglevel", "loglevel loud", "argument(s) must be one of the following: debug, verbose, notice, warning"},
	{"unbalanced quotes", "dir \"/tmp", "Unbalanced quotes in configuration line"},
}

func TestAFileThatRedisRefusesIsRefusedInItsWords(t *testing.T) {
	for _, c := range refusedLines {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParseConf([]byte(c.conf))
			var refused *ConfError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, c.reason, refused.Reason)
			require.Equal(t, strings.Count(c.conf, "\n")+1, refused.Line)
		})
	}
}

// TestRedisRefusesTheSame asks a real Sentinel about each of them.
func TestRedisRefusesTheSame(t *testing.T) {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("redis-server is not installed")
	}
	for _, c := range refusedLines {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "sentinel.conf")
			require.NoError(t, os.WriteFile(file, []byte(c.conf+"\n"), 0o600))
			cmd := exec.Command(program, file, "--sentinel", "--port", freePort(), "--dir", dir)
			said, err := cmd.CombinedOutput()
			require.Error(t, err, "it starts")
			require.Contains(t, string(said), c.reason)
		})
	}
}

func TestUserLinesThatNobodyCanFollowAreRefused(t *testing.T) {
	for _, line := range []string{
		"user alice on nope", "user", "user default +nope", "user bob (+@all", "user carl on\nuser carl on", `user "a b" on`,
		"user default on #" + strings.Repeat("A", 64),
	} {
		_, err := ParseConf([]byte(line))
		require.Error(t, err, line)
	}
}

func TestAPasswordHoldsWhereAUserLineHasNone(t *testing.T) {
	for text, wanted := range map[string]bool{
		"": false, "requirepass x": true, "requirepass x\nuser default on nopass +@all": true, "user default on nopass +@all": false, "user default on >y +@all": true,
		"user default off nopass +@all": true, "user alice on >y": false,
	} {
		c, err := ParseConf([]byte(text))
		require.NoError(t, err)
		require.Equal(t, wanted, c.Server.WantsPassword(), text)
	}
}
