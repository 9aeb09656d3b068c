package server

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestKeysThatMovedAwayDoNotComeBackFromTheLog loses no newer value to an older copy: of a slot that moved
// and came back, the next life must have what came back last.
func TestKeysThatMovedAwayDoNotComeBackFromTheLog(t *testing.T) {
	l := newLab(t)
	source := l.add(Config{Port: 7000, Settings: map[string]string{"appendonly": "yes"}})
	target := l.add(Config{Port: 7001})
	l.do(source, "SET a 1")
	l.do(source, "SET b 2")
	l.do(source, "SET stays 3")
	require.Equal(t, "+OK|", l.do(source, "MIGRATE 127.0.0.1 7001 '' 0 1000 KEYS a b"))
	require.Equal(t, ":2|", l.do(target, "DBSIZE"))
	require.Equal(t, ":1|", l.do(source, "DBSIZE"))
	l.pass(2 * time.Second)
	require.Equal(t, source.s.Digest(), reborn(t, source).s.Digest())
}

func TestEvictedKeysDoNotComeBackFromTheLog(t *testing.T) {
	d := newDriver(t, "appendonly", "yes")
	room(d, "allkeys-random", 2000, "SET k#")
	d.pass(2 * time.Second)
	require.NotZero(t, d.s.space.Stats.Evicted)
	require.Equal(t, d.s.Digest(), reborn(t, d).s.Digest())
}
