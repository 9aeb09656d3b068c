package seats

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestASessionHasSoManySeatsAndOthersHaveTheirs(t *testing.T) {
	s := New(Limits{All: 100, Each: 3})
	for range 3 {
		require.NoError(t, s.Take("ada", false))
	}
	require.EqualError(t, s.Take("ada", false), "3 of this session are open; close one")
	require.NoError(t, s.Take("bob", false))
	s.Free("ada")
	require.NoError(t, s.Take("ada", false))
	for range 5 {
		require.NoError(t, s.Take("", true), "programs")
	}
}

func TestAClassThatTakesAllItCanLeavesSeatsForTheTeacher(t *testing.T) {
	s := New(Limits{All: 10, Each: 1, Kept: 2})
	for i := range 8 {
		require.NoError(t, s.Take(fmt.Sprint(i), false))
	}
	require.EqualError(t, s.Take("one more", false), "8 are open; there is no room for another")
	require.NoError(t, s.Take("t", true))
	require.NoError(t, s.Take("", true))
	require.Error(t, s.Take("", true))
}

func TestSeatsThatAreGivenBackAreForgotten(t *testing.T) {
	s := New(Limits{All: 50, Each: 1})
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			for range 100 {
				if s.Take(fmt.Sprint(i), false) == nil {
					s.Free(fmt.Sprint(i))
				}
			}
		})
	}
	all.Wait()
	require.Empty(t, s.taken)
	require.Zero(t, s.all)
}
