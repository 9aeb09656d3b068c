package sentinel

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// born makes a Sentinel and returns it with the file it writes first, "" when it writes none.
func born(t *testing.T, conf string, seed uint64) (*Sentinel, string) {
	t.Helper()
	s, err := New(Config{Port: 26379, Conf: []byte(conf)}, rand.New(rand.NewPCG(seed, 0)))
	require.NoError(t, err)
	todo := s.BeforeSleep(time.Unix(1_000_000, 0))
	if len(todo.Save) == 0 {
		return s, ""
	}
	require.Len(t, todo.Save, 1)
	require.True(t, todo.Save[0].Sync)
	return s, string(todo.Save[0].Data)
}

func TestASentinelChoosesItsNameOnceAndKeepsIt(t *testing.T) {
	first, file := born(t, "sentinel monitor mymaster 127.0.0.1 7000 2\n", 1)
	require.Contains(t, file, "sentinel myid "+first.id)
	second, again := born(t, file, 2)
	require.Equal(t, first.id, second.id)
	require.Empty(t, again, "there is nothing new to write")
	require.Len(t, second.masters, 1)
	require.Equal(t, 2, second.masters[0].quorum)
}

func TestWhatASentinelKnowsComesBackWithItsFile(t *testing.T) {
	_, file := born(t, `port 26379
sentinel monitor mymaster 127.0.0.1 7000 2
sentinel failover-timeout mymaster 9000
sentinel rename-command mymaster CONFIG GUESSME
sentinel config-epoch mymaster 3
sentinel leader-epoch mymaster 4
sentinel known-replica mymaster 127.0.0.1 7001
sentinel known-sentinel mymaster 127.0.0.1 26380 `+strings.Repeat("a", 40)+`
sentinel announce-port 1234
`, 1)
	s, _ := born(t, file, 2)
	m := s.masters[0]
	require.Equal(t, 9*time.Second, m.failoverTimeout)
	require.Equal(t, "GUESSME", m.spelled("config"))
	require.EqualValues(t, 3, m.configEpoch)
	require.EqualValues(t, 4, m.vote.epoch)
	require.EqualValues(t, 4, s.currentEpoch, "no epoch is larger than the group's")
	require.Equal(t, "127.0.0.1:7001", m.replicas[0].name)
	require.Equal(t, strings.Repeat("a", 40), m.sentinels[0].runID)
	require.Equal(t, 1234, s.announcePort)
	c, err := ParseConf([]byte(file))
	require.NoError(t, err)
	c.CurrentEpoch = 4
	require.Equal(t, c, s.conf())
}

func TestAfterAPromotionTheOldMasterIsAReplicaInTheFile(t *testing.T) {
	s, _ := born(t, `sentinel monitor mymaster 127.0.0.1 7000 2
sentinel known-replica mymaster 127.0.0.1 7001
sentinel known-replica mymaster 127.0.0.1 7002
`, 1)
	m := s.masters[0]
	m.flags.set(flagFailover)
	m.failover.state, m.failover.promoted = stateReconfSlaves, m.replicas[0]
	file := string(s.file())
	require.Contains(t, file, "sentinel monitor mymaster 127.0.0.1 7001 2\n")
	require.Contains(t, file, "sentinel known-replica mymaster 127.0.0.1 7000\n")
	require.Contains(t, file, "sentinel known-replica mymaster 127.0.0.1 7002\n")
}
