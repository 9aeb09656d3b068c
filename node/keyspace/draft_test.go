package keyspace

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestADraftIsNotSeenBeforeItIsAdopted(t *testing.T) {
	s := NewSpace(Config{Databases: 2})
	s.DB(0).SetString(0, []byte("k"), []byte("old"))
	used := s.UsedMemory()
	d := s.NewDraft()
	require.Nil(t, d.DB(2))
	d.DB(0).SetString(0, []byte("k"), []byte("new"))
	d.DB(1).SetString(0, []byte("other"), []byte("new"))
	d.DB(1).Expire([]byte("other"), 50)
	require.EqualValues(t, "old", s.DB(0).Read(0, []byte("k")).Value.(*StringValue).Bytes(nil))
	require.Equal(t, 1, s.Keys())
	require.Equal(t, used, s.UsedMemory())

	s.Adopt(d)
	require.EqualValues(t, "new", s.DB(0).Read(0, []byte("k")).Value.(*StringValue).Bytes(nil))
	require.Equal(t, 2, s.Keys())
	require.Equal(t, 1, s.DB(1).Volatile())
	require.Greater(t, s.UsedMemory(), used)
}

func TestADraftBringsItsKeysOfEachSlot(t *testing.T) {
	s := NewSpace(Config{Cluster: true})
	s.DB(0).SetString(0, []byte("06S"), []byte("old")) // slot 0
	d := s.NewDraft()
	d.DB(0).SetString(0, []byte("foo"), []byte("new")) // slot 12182
	s.Adopt(d)
	require.Equal(t, 0, s.DB(0).CountInSlot(0))
	require.Equal(t, 1, s.DB(0).CountInSlot(12182))
}

func TestASnapshotTakenAfterADraftWasAdoptedHasIt(t *testing.T) {
	s := NewSpace(Config{})
	d := s.NewDraft()
	d.DB(0).SetString(0, []byte("a"), []byte("1"))
	s.Adopt(d)
	got := map[string]string{}
	snap, err := s.Begin(func(_ int, key string, e *Entry, _ int64) Rest {
		got[key] = string(e.Value.(*StringValue).Bytes(nil))
		return nil
	})
	require.NoError(t, err)
	require.Panics(t, func() { s.Adopt(s.NewDraft()) })
	s.DB(0).SetString(0, []byte("a"), []byte("2"))
	for !snap.Step(10) {
	}
	require.Equal(t, map[string]string{"a": "1"}, got)
}
