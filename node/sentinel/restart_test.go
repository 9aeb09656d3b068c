package sentinel

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestARestartedSentinelKnowsWhatItKnew(t *testing.T) {
	w := group(t)
	w.nodes[0].die()
	h := w.sentinels[0]
	h.wait("+switch-master")
	w.run(5 * time.Second)
	id, epoch, m := h.id, h.currentEpoch, h.mymaster()
	h.kill()
	w.run(time.Second)
	h.events = nil
	h.start(nil)
	require.Equal(t, id, h.id)
	require.Equal(t, epoch, h.currentEpoch)
	require.Equal(t, []string{"+monitor master mymaster 127.0.0.1 7001 quorum 2"}, h.heard())
	now := h.mymaster()
	require.Equal(t, m.configEpoch, now.configEpoch)
	require.Equal(t, m.vote.epoch, now.vote.epoch)
	require.Len(t, now.replicas, 2)
	require.Len(t, now.sentinels, 2)
	h.events = nil
	w.run(10 * time.Second)
	require.Equal(t, []string{"+sdown"}, h.names(), "only the old master is down, and nobody is a stranger")
}

func TestThereIsNoSecondVoteAfterARestart(t *testing.T) {
	w, h := alone(t)
	h.ask(7000, 5, idA)
	h.kill()
	w.run(time.Second)
	h.start(nil)
	require.Equal(t, answer(false, "*", 5), h.ask(7000, 5, idB))
	require.Equal(t, answer(false, idB, 6), h.ask(7000, 6, idB))
}

func TestAVoteThatWasNotKeptIsGivenTwice(t *testing.T) {
	w, h := alone(t, func(s *Sentinel) { s.cfg.Mutants.VoteNotPersisted = true })
	file := h.file
	h.ask(7000, 5, idA)
	h.file = file // the epoch alone reached the disk
	h.kill()
	w.run(time.Second)
	h.start(nil)
	require.Equal(t, answer(false, idB, 5), h.ask(7000, 5, idB))
}
