package keyspace

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAKeyIsLoadedOnceAndNobodyIsToldOfIt(t *testing.T) {
	space := NewSpace(Config{Seed: NewSeed(1)})
	space.OnNew = func(*DB, []byte) { t.Error("a key of a file is not new") }
	db := space.DB(0)
	require.NotNil(t, db.LoadString(0, []byte("text"), []byte("value")))
	require.NotNil(t, db.Load(0, []byte("list"), NewList()))
	require.Nil(t, db.LoadString(0, []byte("list"), nil))
	require.Nil(t, db.Load(0, []byte("text"), NewList()))
	require.Equal(t, "value", text(db.Read(0, []byte("text"))))
	require.Equal(t, 2, db.Len())
}

func TestATableIsMadeForTheKeysThatAreExpected(t *testing.T) {
	db := NewSpace(Config{Seed: NewSeed(1)}).DB(0)
	db.Expect(1000)
	for i := range 1000 {
		db.LoadString(0, fmt.Append(nil, "key:", i), nil)
		require.Equal(t, 1024, db.data.keys.Buckets(), "it need not grow")
	}
	db.Expect(1 << 19)
	require.Equal(t, 1024, db.data.keys.Buckets(), "there are keys already")
	db.Flush()
	db.Expect(1 << 60)
	require.Equal(t, mostExpected, db.data.keys.Buckets(), "nobody's word costs more")
}
