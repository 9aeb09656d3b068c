package workload

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnAcknowledgedWriteThatIsGoneIsLost(t *testing.T) {
	l := newLedger(2)
	for range 5 {
		l.acked(0, l.next(0))
	}
	l.seenOnReplica(0, 3)
	require.Equal(t, Counts{Acked: 5, Replicated: 3}, l.sum())
	require.Zero(t, l.seenOnMaster(0, 5, 5))
	require.Equal(t, 2, l.seenOnMaster(0, 3, 5), "a replica with 3 was promoted")
	require.Equal(t, Counts{Acked: 5, Replicated: 3, Lost: 2}, l.sum())
	require.Zero(t, l.seenOnMaster(0, 3, 5), "a loss is counted once")
	require.EqualValues(t, 3, l.lastAcked(0))
	require.EqualValues(t, 6, l.next(0), "numbers are never used twice")
}

func TestAWriteAcknowledgedAfterTheQuestionIsNotLost(t *testing.T) {
	l := newLedger(1)
	l.acked(0, l.next(0))
	asked := l.lastAcked(0)
	l.acked(0, l.next(0))
	require.Zero(t, l.seenOnMaster(0, 1, asked))
	require.Zero(t, l.sum().Lost)
}

func TestAnUnknownWriteThatArrivedAfterAllIsNoLoss(t *testing.T) {
	l := newLedger(1)
	l.acked(0, l.next(0))
	l.next(0)
	l.failed(true)
	require.Zero(t, l.seenOnMaster(0, 2, 1))
	require.Equal(t, Counts{Acked: 1, Unknown: 1}, l.sum())
}

func TestTheLedgerRemembersABoundedNumberOfWritesPerKey(t *testing.T) {
	l := newLedger(1)
	for range 3 * remembered {
		l.acked(0, l.next(0))
	}
	require.Len(t, l.keys[0].promises, remembered)
	require.Equal(t, remembered, l.seenOnMaster(0, 0, 3*remembered))
}
