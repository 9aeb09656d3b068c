package sentinel

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	idA = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	idB = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
)

// ask asks a house whether its master is down, as another Sentinel would.
func (h *house) ask(port int, epoch uint64, candidate string) string {
	return h.serve(nil, []string{"SENTINEL", "is-master-down-by-addr", "127.0.0.1", itoa(int64(port)), utoa(epoch), candidate})
}

func TestAVoteIsGivenToTheFirstWhoAsksInAnEpoch(t *testing.T) {
	type request struct {
		port      int
		epoch     uint64
		candidate string
		want      string // leader and epoch
	}
	for _, row := range []struct {
		name     string
		requests []request
	}{
		{"the first has it", []request{{7000, 5, idA, idA + " 5"}}},
		{"the second hears who has it", []request{{7000, 5, idA, idA + " 5"}, {7000, 5, idB, idA + " 5"}}},
		{"the first may ask again", []request{{7000, 5, idA, idA + " 5"}, {7000, 5, idA, idA + " 5"}}},
		{"a lower epoch gets the last vote", []request{{7000, 5, idA, idA + " 5"}, {7000, 4, idB, idA + " 5"}}},
		{"a higher epoch is another vote", []request{{7000, 5, idA, idA + " 5"}, {7000, 6, idB, idB + " 6"}}},
		{"whoever only asks gets nothing", []request{{7000, 5, idA, idA + " 5"}, {7000, 5, "*", "* 0"}, {7000, 9, "*", "* 0"}}},
		{"an unknown address is nobody's", []request{{7777, 5, idA, "* 0"}, {7000, 5, idB, idB + " 5"}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, h := alone(t)
			for _, r := range row.requests {
				var leader string
				var epoch uint64
				_, err := fmt.Sscanf(r.want, "%s %d", &leader, &epoch)
				require.NoError(t, err)
				require.Equal(t, answer(false, leader, epoch), h.ask(r.port, r.epoch, r.candidate))
			}
		})
	}
}

func TestAVoteForAnotherKeepsUsPassive(t *testing.T) {
	w, h := alone(t)
	h.events = nil
	h.ask(7000, 7, idA)
	require.Equal(t, []string{"+new-epoch 7", "+vote-for-leader " + idA + " 7"}, h.heard())
	w.nodes[0].die()
	began := w.now
	h.wait("+try-failover")
	require.GreaterOrEqual(t, w.now.Sub(began), 20*time.Second)
}

func TestARefusedVoteIsExplainedOnce(t *testing.T) {
	_, h := alone(t)
	h.ask(7000, 5, idA)
	h.events = nil
	for range 3 {
		h.ask(7000, 5, idB)
	}
	h.ask(7000, 3, idB)
	h.ask(7000, 5, idA)
	m := "master mymaster 127.0.0.1 7000"
	require.Equal(t, []string{
		"-vote-for-leader " + idB + " 5 for " + m + " (already-voted): voted for " + idA + " in 5",
		"-vote-for-leader " + idB + " 3 for " + m + " (old-epoch): voted for " + idA + " in 5",
	}, h.heard())
}

func TestAVoteIsInTheFileBeforeItIsAnswered(t *testing.T) {
	_, h := alone(t)
	before := h.saves
	c := h.client(nil)
	h.Call(h.town.now, c, [][]byte{
		[]byte("SENTINEL"), []byte("is-master-down-by-addr"), []byte("127.0.0.1"), []byte("7000"), []byte("5"), []byte(idA),
	})
	todo := h.BeforeSleep(h.town.now)
	require.Equal(t, answer(false, idA, 5), string(c.Out))
	require.Len(t, todo.Save, 1)
	require.True(t, todo.Save[0].Sync)
	require.Equal(t, before, h.saves)
}

// voters is a house of a quorum that knows n peers, each of which answers as votes says.
func voters(t *testing.T, quorum int, votes ...func([]string) string) (*town, *house, []*fakePeer) {
	w, h := alone(t, func(s *Sentinel) { s.masters[0].quorum = quorum })
	var peers []*fakePeer
	for i, v := range votes {
		p := w.peer(26001 + i)
		p.votes = v
		p.says(h, 0, 0, 7000)
		peers = append(peers, p)
	}
	w.run(3 * time.Second)
	return w, h, peers
}

// never is a peer that does not see the master down and votes for somebody else.
func never(args []string) string {
	if args[5] == "*" {
		return answer(false, "*", 0)
	}
	return answer(false, idB, uint64(number(args[4])))
}

func TestALeaderNeedsTheQuorumAndAMajorityOfAllEverSeen(t *testing.T) {
	dead := func(w *town, peers []*fakePeer, n int) {
		for _, p := range peers[len(peers)-n:] {
			p.dead = true
		}
	}
	for _, row := range []struct {
		name   string
		quorum int
		votes  []func([]string) string
		dead   int
		want   string
	}{
		{"all grant", 2, []func([]string) string{grants, grants}, 0, "+elected-leader"},
		{"one of two grants", 2, []func([]string) string{grants, never}, 0, "+elected-leader"},
		{"nobody grants", 1, []func([]string) string{never, never}, 0, "-failover-abort-not-elected"},
		{"three of five are dead", 1, []func([]string) string{grants, grants, grants, grants}, 3, "-failover-abort-not-elected"},
		{"two of five are dead", 1, []func([]string) string{grants, grants, grants, grants}, 2, "+elected-leader"},
		{"a quorum of all with one dead", 5, []func([]string) string{grants, grants, grants, grants}, 1, ""},
		{"a quorum of all", 5, []func([]string) string{grants, grants, grants, grants}, 0, "+elected-leader"},
		{"a quorum above the majority", 4, []func([]string) string{grants, grants, grants, never}, 0, "+elected-leader"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w, h, peers := voters(t, row.quorum, row.votes...)
			dead(w, peers, row.dead)
			for _, wr := range h.wires {
				if p, ok := wr.to.(*fakePeer); ok && p.dead {
					wr.hangup()
				}
			}
			w.nodes[0].die()
			w.run(20 * time.Second)
			if row.want == "" {
				require.NotContains(t, h.names(), "+odown")
				return
			}
			require.Contains(t, h.names(), row.want)
			if row.want != "+elected-leader" {
				require.NotContains(t, h.names(), "+elected-leader")
			}
		})
	}
}

func TestTheReasonForAnAbortIsTheVotes(t *testing.T) {
	w, h, _ := voters(t, 1, never, never)
	w.nodes[0].die()
	h.wait("+try-failover")
	began := w.now
	h.wait("-failover-abort-not-elected")
	require.InDelta(t, 10.5, w.now.Sub(began).Seconds(), 0.6)
	require.Equal(t, []string{"-failover-abort-not-elected master mymaster 127.0.0.1 7000 #votes 1/2"}, h.heard("-failover-abort-not-elected"))
}

func TestACandidateVotesForTheFrontRunner(t *testing.T) {
	other := func(args []string) string { return answer(true, idB, uint64(number(args[4]))) }
	w, h, _ := voters(t, 2, grants, grants)
	w.run(time.Second)
	for _, p := range w.peers {
		p.votes = other
	}
	w.nodes[0].die()
	h.wait("+try-failover")
	w.run(2 * time.Second)
	require.Equal(t, []string{"+vote-for-leader " + h.id + " 1"}, h.heard("+vote-for-leader"), "it had voted at once")
	require.NotContains(t, h.names(), "+elected-leader")
}

func TestVotesOfAnotherEpochDoNotCount(t *testing.T) {
	late := func(args []string) string {
		if args[5] == "*" {
			return answer(true, "*", 0)
		}
		return answer(true, args[5], uint64(number(args[4]))+7)
	}
	w, h, _ := voters(t, 2, late, late)
	w.nodes[0].die()
	h.wait("-failover-abort-not-elected")
	require.NotContains(t, h.names(), "+elected-leader")
}

func TestTheFirstQuestionIsForNobody(t *testing.T) {
	w, h, peers := voters(t, 3, grants, never)
	w.nodes[0].die()
	h.wait("+sdown")
	w.run(3 * time.Second)
	for _, args := range peers[0].asked {
		require.Equal(t, []string{"SENTINEL", "is-master-down-by-addr", "127.0.0.1", "7000", "0", "*"}, args)
	}
	require.GreaterOrEqual(t, len(peers[0].asked), 3)
	require.LessOrEqual(t, len(peers[0].asked), 4)
	require.NotContains(t, h.names(), "+odown")
}

func TestTheWordOfASilentSentinelExpires(t *testing.T) {
	w, h, peers := voters(t, 2, grants)
	w.nodes[1].priority, w.nodes[2].priority = 0, 0
	w.nodes[0].die()
	h.wait("+odown")
	peers[0].dead = true
	for _, wr := range h.wires {
		if wr.to == resident(peers[0]) {
			wr.hangup()
		}
	}
	began := w.now
	h.wait("-odown")
	require.InDelta(t, 5, w.now.Sub(began).Seconds(), 1.1)
}

func TestWhatWasSaidBeforeATiltDoesNotCountBehindIt(t *testing.T) {
	w, h, peers := voters(t, 2, grants)
	w.nodes[1].priority, w.nodes[2].priority = 0, 0
	w.nodes[0].die()
	h.wait("+odown")
	peers[0].dead = true
	h.frozen = true
	w.run(3 * time.Second)
	h.thaw()
	h.wait("-tilt")
	require.False(t, h.mymaster().flags.is(flagODown))
}

func TestAnAnswerAboutTheFormerAddressComesTooLate(t *testing.T) {
	w, h, peers := voters(t, 3, grants)
	w.nodes[0].die()
	require.True(t, w.until(10*time.Second, func() bool { return len(peers[0].asked) > 0 }), "the answer is on its way")
	peers[0].says(h, 9, 9, 7001)
	require.Equal(t, 7001, h.mymaster().addr.port)
	w.run(3 * hop)
	require.False(t, h.mymaster().sentinels[0].flags.is(flagMasterDown))
}
