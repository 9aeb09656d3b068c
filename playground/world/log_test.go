package world

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// crashes is a plan in which processes die and come back, with or without the power.
func crashes(kinds ...FaultKind) Plan {
	p := only(kinds[0])
	p.Kinds = kinds
	return p
}

// judgeLogged runs seeds of clusters that keep an append only file and adds up what became of the writes.
func judgeLogged(t *testing.T, seeds uint64, settings map[string]string, plan Plan) (sum Ledger) {
	t.Helper()
	for seed := range seeds {
		v, err := JudgePlan(Config{Seed: seed + 1, NodeTimeout: 2 * time.Second, Settings: settings}, plan)
		require.NoError(t, err, "seed %d", seed+1)
		sum.Add(v.Ledger)
	}
	require.Positive(t, sum.Acked)
	return sum
}

func TestNothingAcknowledgedUnderAlwaysIsLostWithThePower(t *testing.T) {
	sum := judgeLogged(t, 8, map[string]string{
		"appendonly": "yes", "appendfsync": "always", "cluster-replica-no-failover": "yes", "auto-aof-rewrite-min-size": "1kb",
	}, crashes(CrashLoseUnsynced, CrashKeepDisk))
	require.Zero(t, sum.Lost, "%v", sum)
}

func TestNothingThatReachedTheFileIsLostWithTheProcess(t *testing.T) {
	sum := judgeLogged(t, 8, map[string]string{
		"appendonly": "yes", "appendfsync": "no", "cluster-replica-no-failover": "yes", "auto-aof-rewrite-min-size": "1kb",
	}, crashes(CrashKeepDisk))
	require.Zero(t, sum.Lost, "%v", sum)
}

func TestPowerLossUnderEverysecLosesSomething(t *testing.T) {
	sum := judgeLogged(t, 8, map[string]string{
		"appendonly": "yes", "appendfsync": "everysec", "cluster-replica-no-failover": "yes",
	}, crashes(CrashLoseUnsynced))
	require.Positive(t, sum.Through[Restarted], "if nothing is lost, the test above proves nothing: %v", sum)
}

func TestLogAndFailoversTogetherExplainEveryLoss(t *testing.T) {
	judgeLogged(t, 8, map[string]string{"appendonly": "yes", "appendfsync": "always"},
		crashes(CrashLoseUnsynced, CrashKeepDisk, Partition, ManualFailover, Reshard))
}
