package keyspace

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// crowd is a space with n keys, k0 used first; every other has an expiry, later for later keys.
func crowd(n int, counting Counting) (*Space, *rand.Rand) {
	rnd := rand.New(rand.NewPCG(1, 1))
	s := NewSpace(Config{Seed: NewSeed(1)})
	counting.Rand = rnd.IntN
	s.Use(counting)
	for i := range n {
		key := fmt.Appendf(nil, "k%d", i)
		s.DB(0).SetString(int64(i)*1000, key, []byte("x"))
		if i%2 == 1 {
			s.DB(0).Expire(key, 1_000_000_000+int64(i))
		}
	}
	return s, rnd
}

// goners evicts n keys and returns their numbers.
func goners(t *testing.T, s *Space, now int64, how Eviction, n int) (numbers []int) {
	for range n {
		db, key := s.Victim(now, how)
		require.NotNil(t, db)
		number := 0
		_, err := fmt.Sscanf(key, "k%d", &number)
		require.NoError(t, err)
		numbers = append(numbers, number)
		require.NotNil(t, db.Look(now, []byte(key)), "a key that is there")
		db.Evict(key)
		require.Nil(t, db.Look(now, []byte(key)))
	}
	require.EqualValues(t, n, s.Stats.Evicted)
	return numbers
}

func mean(numbers []int) int {
	sum := 0
	for _, n := range numbers {
		sum += n
	}
	return sum / len(numbers)
}

func TestKeysUsedLongAgoGoFirst(t *testing.T) {
	s, rnd := crowd(1000, Counting{})
	s.OnExpired = func(*DB, string, bool) { t.Error("an evicted key has not expired") }
	gone := goners(t, s, 1_000_000, Eviction{Order: LeastUsed, Samples: 5, Rand: rnd.IntN}, 300)
	require.Less(t, mean(gone), 250, "with chance it would be 500")
	s, rnd = crowd(1000, Counting{})
	better := goners(t, s, 1_000_000, Eviction{Order: LeastUsed, Samples: 30, Rand: rnd.IntN}, 300)
	require.Less(t, mean(better), mean(gone), "more samples find older keys")
}

func TestKeysUsedSeldomGoFirst(t *testing.T) {
	s, rnd := crowd(200, Counting{ByFrequency: true, LogFactor: 0, Decay: 1})
	for i := range 100 {
		for range 10 {
			s.DB(0).Read(200_000, fmt.Appendf(nil, "k%d", 2*i))
		}
	}
	for _, number := range goners(t, s, 200_000, Eviction{Order: LeastUsed, Samples: 10, Rand: rnd.IntN}, 60) {
		require.Equal(t, 1, number%2, "k%d was used ten times", number)
	}
}

func TestOnlyVolatileKeysGoWhenOnlyTheseMay(t *testing.T) {
	for _, order := range []Order{Anyone, LeastUsed, FirstToDie} {
		s, rnd := crowd(100, Counting{})
		how := Eviction{Order: order, Volatile: true, Samples: 5, Rand: rnd.IntN}
		gone := goners(t, s, 100_000, how, 50)
		for _, number := range gone {
			require.Equal(t, 1, number%2)
		}
		if order == FirstToDie {
			require.IsIncreasing(t, gone)
		}
		db, _ := s.Victim(100_000, how)
		require.Nil(t, db, "there is no volatile key any more")
	}
}

func TestDatabasesTakeTurnsWhenChanceDecides(t *testing.T) {
	s, rnd := crowd(0, Counting{})
	for i := range 40 {
		s.DB(i%2*7).SetString(0, fmt.Appendf(nil, "k%d", i), nil)
	}
	count := map[int]int{}
	for range 20 {
		db, key := s.Victim(0, Eviction{Rand: rnd.IntN})
		count[db.Number]++
		db.Evict(key)
	}
	require.Equal(t, map[int]int{0: 10, 7: 10}, count)
}

func TestAFrequencyRisesMoreSlowlyTheHigherItIsAndFallsWithTime(t *testing.T) {
	s, _ := crowd(1, Counting{ByFrequency: true, LogFactor: 10, Decay: 1})
	db, key := s.DB(0), []byte("k0")
	frequency := func(now int64) int { return s.Frequency(db.Look(now, key), now) }
	require.Equal(t, 5, frequency(0), "a new key")
	for range 10 {
		db.Read(0, key)
	}
	few := frequency(0)
	require.Greater(t, few, 5)
	require.LessOrEqual(t, few, 9)
	for range 1000 {
		db.Read(0, key)
	}
	require.InDelta(t, 18, frequency(0), 5, "redis.conf says 18 after a thousand hits")
	before := frequency(0)
	require.Equal(t, before-3, frequency(3*60_000))
	require.Zero(t, frequency(300*60_000))
}

func TestEveryKeyHasTheSameChanceToBeDrawn(t *testing.T) {
	s, rnd := crowd(100, Counting{})
	count := map[string]int{}
	const draws = 100_000
	for range draws {
		key, _ := s.DB(0).RandomKey(0, rnd.IntN)
		count[key]++
	}
	chi := 0.0
	for _, n := range count {
		off := float64(n) - draws/100
		chi += off * off / (draws / 100)
	}
	require.Len(t, count, 100)
	require.Less(t, chi, 150.0, "99 degrees of freedom: above 148 in one of a thousand fair draws")
}
