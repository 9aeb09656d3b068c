package cluster

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/machine"
	"clusterplay/node/slot"
)

// loaded makes a State from a nodes.conf.
func loaded(conf string) (*State, error) {
	next := machine.LinkID(1)
	cfg := Config{Conf: []byte(conf), Port: 7000, AnnounceIP: "127.0.0.1", NextLink: func() machine.LinkID { next += 2; return next }}
	return New(cfg, &fakeHost{keys: map[slot.Slot]int{}}, rand.New(rand.NewPCG(1, 2)))
}

const (
	idA = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	idB = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	idC = "cccccccccccccccccccccccccccccccccccccccc"
)

const confText = idA + ` 127.0.0.1:7000@17000 myself,master - 0 0 10 connected 2-4747 4749-5460 [93->-` + idB + `] [9000-<-` + idB + `]
` + idB + ` 127.0.0.1:7001@17001,b.example.com master - 0 0 7 disconnected 5461-16383
` + idC + ` 127.0.0.1:7002@17002 slave,nofailover ` + idB + ` 0 0 7 disconnected
vars currentEpoch 12 lastVoteEpoch 9
`

func TestNodesConfIsReadAndWrittenBack(t *testing.T) {
	s, err := loaded(confText)
	require.NoError(t, err)
	require.NoError(t, s.Verify())
	require.Equal(t, confText, string(s.Conf()))
	require.Equal(t, Epoch(12), s.currentEpoch)
	require.Equal(t, Epoch(9), s.lastVote)
	require.Equal(t, idB, s.slots.migrating[93].id.String())
	require.Equal(t, idB, s.slots.importing[9000].id.String())
	replicas, err := s.ReplicaLines(idB)
	require.NoError(t, err)
	require.Equal(t, []string{idC + " 127.0.0.1:7002@17002 slave,nofailover " + idB + " 0 0 7 disconnected"}, replicas)
}

func TestNodesConfOfOtherVersionsIsUnderstood(t *testing.T) {
	conf := strings.NewReplacer("@17001", "", ",b.example.com", ",b.example.com,shard-id=abc,tcp-port=1", "lastVoteEpoch 9", "lastVoteEpoch 9 later 3").Replace(confText)
	s, err := loaded("\n" + conf + "\n")
	require.NoError(t, err)
	require.Equal(t, confText, string(s.Conf()))
}

func TestLinkTimesStartAfreshAfterLoading(t *testing.T) {
	s, err := loaded(strings.Replace(confText, "master - 0 0 7", "master,fail - 1795188703000 1795188703000 7", 1))
	require.NoError(t, err)
	now := time.Unix(1_800_000_000, 0)
	s.Cron(now)
	n := s.find(idB)
	require.Equal(t, instantOf(now), n.troubles().failed)
	require.Equal(t, instantOf(now), n.pongReceived)
}

func TestEpochOfAReplicaOfNobodyIsKept(t *testing.T) {
	conf := strings.Replace(confText, "slave,nofailover "+idB+" 0 0 7", "slave,nofailover - 0 0 8", 1)
	s, err := loaded(conf)
	require.NoError(t, err)
	require.Equal(t, conf, string(s.Conf()))
}

// A replica's line tells its primary's epoch. One that is a replica itself tells its own primary's, so
// that its own stands nowhere and is 0 after a restart, as it is with Redis.
func TestEpochOfAReplicaWithAReplicaIsForgotten(t *testing.T) {
	s, err := loaded(strings.Replace(confText, "myself,master - 0 0 10 connected 2-4747 4749-5460 [93->-"+idB+"] [9000-<-"+idB+"]",
		"myself,slave "+idB+" 0 0 7 connected", 1))
	require.NoError(t, err)
	s.find(idC).primary = s.myself
	s.myself.configEpoch = 3
	require.Contains(t, string(s.Conf()), "nofailover "+idA+" 0 0 3 ")
	again, err := loaded(string(s.Conf()))
	require.NoError(t, err)
	require.Contains(t, string(again.Conf()), "nofailover "+idA+" 0 0 0 ")
	require.Equal(t, lasting(s), lasting(again))
}

func TestUnreadableNodesConfIsRefusedWithItsLine(t *testing.T) {
	for _, tt := range []struct{ name, old, with, want string }{
		{"torn in the last line", "lastVoteEpoch 9\n", "lastVoteEpoch", "incomplete"},
		{"torn before the last line", "vars currentEpoch 12 lastVoteEpoch 9\n", "", "incomplete"},
		{"two myself", "slave,nofailover", "myself,slave", "line 3: a second line"},
		{"no myself", "myself,master", "master", "no line describes the node itself"},
		{"unknown flag", "nofailover", "nofail", `line 3: unknown flag: "nofail"`},
		{"bad id", idC, strings.ToUpper(idC), "line 3: not a node id"},
		{"a node twice", idC, idA, "line 3: node " + idA + " appears twice"},
		{"too few fields", " 7 disconnected 5461-16383", "", "line 2: only 6 fields"},
		{"slot twice", "5461-16383", "5460-16383", "line 2: slot 5460 has two owners"},
		{"slot 16384", "16383", "16384", "line 2: slots"},
		{"slots of a replica", "7 disconnected\nvars", "7 disconnected 0\nvars", "line 3: slots"},
		{"epoch is text", "- 0 0 10", "- 0 0 ten", "line 1: epoch is not a number"},
		{"vars is text", "currentEpoch 12", "currentEpoch x", "line 4: currentEpoch is not a number"},
		{"unknown master", "nofailover " + idB, "nofailover " + strings.Repeat("d", 40), "line 3: not a master"},
		{"address without port", "127.0.0.1:7002@17002", "127.0.0.1", "line 3: not an address"},
		{"host name with a newline's cousin", "b.example.com", "b_example", "line 2: not an address"},
		{"open slot to nobody", "[93->-" + idB, "[93->-" + idB[1:], "line 1: not an open slot"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Contains(t, confText, tt.old)
			_, err := loaded(strings.Replace(confText, tt.old, tt.with, 1))
			require.ErrorContains(t, err, "load nodes.conf: ")
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestEveryTornNodesConfIsRefused(t *testing.T) {
	for end := 1; end < len(confText); end++ {
		_, err := loaded(confText[:end])
		require.Error(t, err, "%d bytes", end)
	}
}

func TestKeysFoundAtTheStartDecideAboutTheirSlots(t *testing.T) {
	s, err := loaded(confText)
	require.NoError(t, err)
	h := s.host.(*fakeHost)
	h.keys[0], h.keys[5461], h.keys[100] = 1, 1, 1
	s.AdoptKeys(time.Time{})
	require.True(t, s.Mine(0), "nobody's slot becomes ours")
	require.True(t, s.Importing(5461), "somebody else's is being imported")
	require.False(t, s.Importing(100))
	require.NoError(t, s.Verify())
}

func TestFirstBootMakesAMasterWithoutAnything(t *testing.T) {
	s, err := loaded("")
	require.NoError(t, err)
	id := s.Myself()
	require.True(t, id.Valid())
	require.Equal(t, id.String()+" 127.0.0.1:7000@17000 myself,master - 0 0 0 connected\nvars currentEpoch 0 lastVoteEpoch 0\n", string(s.Conf()))
}
