package alone

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/event"
)

func TestEachEventOfAClusterHasRedisSentence(t *testing.T) {
	a, b := event.Node{ID: "aaaa", Addr: "127.0.0.1:7000"}, event.Node{ID: "bbbb", Addr: "127.0.0.1:7001"}
	for want, e := range map[string]event.Event{
		". *** NODE aaaa possibly failing":                                              event.PFail{Node: a},
		"* Marking node aaaa as failing (quorum reached).":                              event.Fail{Node: a, Votes: 2},
		"* FAIL message received from bbbb about aaaa":                                  event.Fail{Node: a, From: b},
		"* Clear FAIL state for node aaaa: replica is reachable again.":                 event.FailCleared{Node: a, Reason: "replica"},
		"- Node bbbb reported node aaaa as not reachable.":                              event.FailReported{Node: a, By: b},
		"- Node bbbb reported node aaaa is back online.":                                event.FailReportWithdrawn{Node: a, By: b},
		"# Cluster state changed: ok":                                                   event.ClusterState{State: "ok"},
		"# Failover auth granted to aaaa for epoch 7":                                   event.Vote{For: a, Epoch: 7},
		"# Failover auth denied to aaaa: already voted for epoch 7":                     event.VoteRefused{For: a, Epoch: 7, Reason: "already-voted"},
		"# Failover auth denied to aaaa: its master is up":                              event.VoteRefused{For: a, Reason: "master-up"},
		"# Start of election delayed for 700 milliseconds (rank #1, offset 9).":         event.ElectionScheduled{Delay: 700, Rank: 1, Offset: 9},
		"# Replica rank updated to #2, added 1000 milliseconds of delay.":               event.ElectionDelayed{Added: 1000, Rank: 2},
		"# Starting a failover election for epoch 8.":                                   event.ElectionStarted{Epoch: 8},
		"# Currently unable to failover: Failover attempt expired.":                     event.ElectionExpired{},
		"# configEpoch set to 8 after successful failover":                              event.Epoch{Kind: "config", Epoch: 8, Reason: "elected"},
		"# New configEpoch set to 9":                                                    event.Epoch{Kind: "config", Epoch: 9, Reason: "bump"},
		"- WARNING: configEpoch collision with node aaaa. configEpoch set to 4":         event.EpochCollision{With: a, New: 4},
		"# Manual failover requested by replica aaaa.":                                  event.ManualFailover{Step: "paused", With: a},
		"# Manual failover timed out.":                                                  event.ManualFailover{Step: "timeout"},
		"# Configuration change detected. Reconfiguring myself as a replica of aaaa":    event.Demoted{Primary: a, Reason: "lost-slots"},
		"# Migrating to orphaned master aaaa":                                           event.ReplicaMigration{To: a},
		"# Address updated for node aaaa, now 127.0.0.1:7000":                           event.AddressChanged{Node: a},
		"- Node aaaa has old slots configuration, sending an UPDATE message about bbbb": event.UpdateSent{To: a, About: b},
	} {
		mark, line, said := clusterLine(e)
		require.True(t, said, want)
		require.Equal(t, want, string(mark)+" "+line)
	}
	for _, e := range []event.Event{
		event.VoteRefused{For: a, Reason: "not-a-voter"}, event.NoElection{Reason: "waiting"}, event.Demoted{Primary: a, Reason: "replicate"},
		event.AddressChanged{Node: event.Node{ID: "aaaa"}}, event.Epoch{Kind: "current", Reason: "heard"}, event.LinkUp{Node: a},
	} {
		_, line, said := clusterLine(e)
		require.False(t, said, line)
	}
}

// What differs between the logs of two servers that do the same: when, who and where, and lines about the system.
var (
	ownLines = regexp.MustCompile(`(?m)^.*(?:monotonic clock|overcommit|pid=).*\n`)
	ownWords = regexp.MustCompile(`(?m)^\d+:(\w) \d\d \w+ \d{4} [\d:.]+ |[0-9a-f]{40}|port=\d+`)
)

// lifeOf is what a cluster of one node writes to its log while it is set up and reset.
func lifeOf(s *running) string {
	for _, command := range []string{"CLUSTER ADDSLOTSRANGE 0 16383", "CLUSTER BUMPEPOCH"} {
		require.NotContains(s.t, s.ask(strings.Fields(command)...), "ERR")
	}
	require.Eventually(s.t, func() bool { return strings.Contains(s.out.String(), "state changed: ok") }, patience, 10*time.Millisecond)
	require.Equal(s.t, "OK", s.ask("CLUSTER", "RESET", "HARD"))
	require.Equal(s.t, "OK", s.ask("CLUSTER", "SET-CONFIG-EPOCH", "5"))
	require.Eventually(s.t, func() bool {
		return strings.Contains(s.out.String(), "state changed: fail") && strings.Contains(s.out.String(), "SET-CONFIG-EPOCH")
	}, patience, 10*time.Millisecond)
	return ownWords.ReplaceAllString(ownLines.ReplaceAllString(s.out.String(), ""), "$1 ")
}

func TestANodesLogReadsAsRedis(t *testing.T) {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("redis-server is not installed")
	}
	theirs := &running{t: t, out: &output{}}
	port := free(t)
	theirs.addr = "127.0.0.1:" + port
	dir := t.TempDir()
	cmd := exec.Command(path, "--port", port, "--cluster-enabled", "yes", "--cluster-port", free(t), "--bind", "127.0.0.1", "--save", "", "--dir", dir)
	cmd.Stdout = theirs.out
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	ours := serve(t, "cluster-enabled yes\ncluster-port "+free(t)+"\n")
	require.Equal(t, lifeOf(theirs), lifeOf(&ours.running))
	require.FileExists(t, filepath.Join(dir, "nodes.conf"))
	_, err = os.Stat(filepath.Join(ours.dir, "nodes.conf"))
	require.NoError(t, err)
}
