package world

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAnAgendaGivesItsItemsInOrderHoweverTheyCameIn(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var a agenda
	var now time.Duration
	added, taken := 0, 0
	last := item{at: -1}
	for range 10000 {
		switch after := time.Duration(rng.IntN(50)); rng.IntN(5) {
		case 0, 1:
			a.add(now+after, nil)
			added++
		case 2:
			a.addLate(now+40, nil) // they come in order
			added++
		case 3:
			a.addLate(now+after, nil) // they do not
			added++
		default:
			if a.len() == 0 {
				continue
			}
			next := a.next()
			x := a.pop()
			taken++
			require.Equal(t, next, x.at)
			require.True(t, last.before(&x), "%v after %v", x.at, last.at)
			last, now = x, x.at
		}
		require.Equal(t, added-taken, a.len())
	}
	for ; a.len() > 0; taken++ {
		x := a.pop()
		require.True(t, last.before(&x), "%v after %v", x.at, last.at)
		last = x
	}
	require.Equal(t, added, taken)
}
