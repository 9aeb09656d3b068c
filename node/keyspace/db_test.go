package keyspace

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"clusterplay/node/slot"
)

func text(e *Entry) string {
	if e == nil {
		return "(none)"
	}
	return string(e.Value.(*StringValue).Bytes(nil))
}

func TestExpiredKeyIsTreatedAsTheRoleDemands(t *testing.T) {
	const at, after = 1000, 1001
	for _, test := range []struct {
		name   string
		expiry Expiry
		use    func(db *DB) bool // whether the key was seen
		seen   bool
		kept   bool
		told   bool
	}{
		{"a master's read deletes it", DeleteExpired, func(db *DB) bool { return db.Read(after, []byte("k")) != nil }, false, false, true},
		{"a master's write deletes it", DeleteExpired, func(db *DB) bool { return db.ForWrite(after, []byte("k")) != nil }, false, false, true},
		{"a master's DEL finds nothing", DeleteExpired, func(db *DB) bool { return db.Delete(after, []byte("k")) }, false, false, true},
		{"in its last millisecond it lives", DeleteExpired, func(db *DB) bool { return db.Read(at, []byte("k")) != nil }, true, true, false},
		{"a replica's read does not see it", HideExpired, func(db *DB) bool { return db.Read(after, []byte("k")) != nil }, false, true, false},
		{"a writable replica's write deletes it", HideExpired, func(db *DB) bool { return db.ForWrite(after, []byte("k")) != nil }, false, false, true},
		{"the master's stream sees it", ShowExpired, func(db *DB) bool { return db.ForWrite(after, []byte("k")) != nil }, true, true, false},
		{"the master's stream deletes it", ShowExpired, func(db *DB) bool { return db.Delete(after, []byte("k")) }, true, false, false},
		{"Has only looks", DeleteExpired, func(db *DB) bool { return db.Has(after, []byte("k")) }, false, true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			space := NewSpace(Config{})
			told := false
			space.OnExpired = func(_ *DB, key string, active bool) {
				require.Equal(t, "k", key)
				require.False(t, active)
				told = true
			}
			db := space.DB(0)
			db.SetString(0, []byte("k"), []byte("v"))
			db.Expire([]byte("k"), at)
			space.Expiry = test.expiry
			require.Equal(t, test.seen, test.use(db))
			require.Equal(t, test.kept, db.Len() == 1)
			require.Equal(t, test.told, told)
			require.Equal(t, db.Len(), db.Volatile())
		})
	}
}

func TestSettingAnExpiredKeyTellsOfItsEndFirst(t *testing.T) {
	space := NewSpace(Config{})
	var told []string
	space.OnExpired = func(_ *DB, key string, _ bool) { told = append(told, key) }
	db := space.DB(0)
	db.SetString(0, []byte("k"), []byte("v"))
	db.Expire([]byte("k"), 10)
	db.SetString(11, []byte("k"), []byte("w"))
	require.Equal(t, []string{"k"}, told)
	require.Equal(t, "w", text(db.Read(11, []byte("k"))))
	require.Equal(t, uint64(1), space.Stats.Expired)
}

func TestExpireCycleDeletesTheLongestDeadFirst(t *testing.T) {
	space := NewSpace(Config{Databases: 3})
	var told []string
	space.OnExpired = func(db *DB, key string, active bool) {
		require.True(t, active)
		told = append(told, fmt.Sprint(db.Number, key))
	}
	for i, key := range []string{"c", "a", "b", "later"} {
		for _, db := range []int{0, 2} {
			space.DB(db).SetString(0, []byte(key), nil)
			space.DB(db).Expire([]byte(key), []int64{30, 10, 20, 1000}[i])
		}
	}
	require.Equal(t, int64(10), space.NextExpiry())
	require.Equal(t, 4, space.ExpireCycle(100, 4))
	require.Equal(t, []string{"0a", "0b", "0c", "2a"}, told)
	require.Equal(t, 2, space.ExpireCycle(100, 4))
	require.Zero(t, space.ExpireCycle(100, 4))
	require.Equal(t, int64(900), space.DB(0).AverageTTL(100))
	space.Expiry = HideExpired
	require.Zero(t, space.ExpireCycle(5000, 4))
}

func TestExpiryQueueAlwaysKnowsTheNextToDie(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		db := NewSpace(Config{}).DB(0)
		model := map[string]int64{}
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			key := fmt.Sprint(rapid.IntRange(0, 30).Draw(t, "key"))
			switch rapid.IntRange(0, 4).Draw(t, "op") {
			case 0:
				db.Delete(0, []byte(key))
				delete(model, key)
			case 1:
				db.Persist([]byte(key))
				delete(model, key)
			default:
				at := rapid.Int64Range(1, 1<<62).Draw(t, "at")
				db.SetString(0, []byte(key), nil)
				db.Expire([]byte(key), at)
				model[key] = at
			}
			require.Equal(t, len(model), db.Volatile())
			first := int64(0)
			for _, at := range model {
				if first == 0 || at < first {
					first = at
				}
			}
			require.Equal(t, first, db.space.NextExpiry())
		}
		for key := range model {
			db.Delete(0, []byte(key))
		}
		require.Zero(t, db.data.volatile.sum|db.data.volatile.top)
	})
}

func TestMovingAKeyTakesItsExpiryAndIdleTimeAlong(t *testing.T) {
	space := NewSpace(Config{})
	a, b := space.DB(0), space.DB(1)
	a.SetString(5000, []byte("k"), []byte("v"))
	a.Expire([]byte("k"), 90_000)
	b.SetString(5000, []byte("n"), []byte("old"))
	require.True(t, a.Move(20_000, []byte("k"), b, []byte("n")))
	require.Zero(t, a.Len())
	e := b.Peek(20_000, []byte("n"))
	require.Equal(t, "v", text(e))
	require.Equal(t, int64(90_000), b.Expires(e))
	require.Equal(t, int64(15), e.Idle(20_000))
	require.False(t, a.Move(20_000, []byte("k"), b, []byte("n")))
}

func TestVersionTellsEveryChangeOfAKey(t *testing.T) {
	db := NewSpace(Config{}).DB(0)
	key := []byte("k")
	version := db.SetString(0, key, []byte("v")).Version()
	require.Equal(t, version, db.Read(0, key).Version())
	for name, change := range map[string]func(){
		"overwritten": func() { db.SetString(0, key, []byte("v")) },
		"in place":    func() { db.ForWrite(0, key) },
		"expiry":      func() { db.Expire(key, 10) },
		"new life":    func() { db.Delete(0, key); db.SetString(0, key, []byte("v")) },
	} {
		t.Run(name, func(t *testing.T) {
			before := db.Read(0, key).Version()
			change()
			require.NotEqual(t, before, db.Read(0, key).Version())
		})
	}
}

func TestSlotIndexListsNewestKeysFirst(t *testing.T) {
	space := NewSpace(Config{Cluster: true})
	require.Equal(t, 1, space.Len())
	db := space.DB(0)
	for _, key := range []string{"{t}a", "{t}b", "other", "{t}c"} {
		db.SetString(0, []byte(key), nil)
	}
	db.SetString(0, []byte("{t}a"), nil) // no new key
	s := slot.OfString("t")
	require.Equal(t, []string{"{t}c", "{t}b", "{t}a"}, db.KeysInSlot(s, 10))
	require.Equal(t, []string{"{t}c"}, db.KeysInSlot(s, 1))
	db.Delete(0, []byte("{t}b"))
	require.Equal(t, 2, db.CountInSlot(s))
	var deleted []string
	require.Equal(t, 2, db.DeleteSlot(s, func(key string) { deleted = append(deleted, key) }))
	require.Equal(t, []string{"{t}c", "{t}a"}, deleted)
	require.Zero(t, db.CountInSlot(s))
	require.Equal(t, 1, db.Len())
	require.Zero(t, NewSpace(Config{}).DB(0).CountInSlot(s))
}

func TestUsedMemoryReturnsToNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		space := NewSpace(Config{Databases: 2})
		empty := space.UsedMemory()
		for range rapid.IntRange(1, 300).Draw(t, "steps") {
			db, key := space.DB(rapid.IntRange(0, 1).Draw(t, "db")), fmt.Append(nil, rapid.IntRange(0, 100).Draw(t, "key"))
			switch rapid.IntRange(0, 3).Draw(t, "op") {
			case 0:
				db.Delete(0, key)
			case 1:
				db.SetString(0, key, []byte(strings.Repeat("x", 100)))
			case 2:
				if e := db.ForWrite(0, key); e != nil {
					e.Value.(*StringValue).Append([]byte(strings.Repeat("y", 1000)))
				}
			case 3:
				space.Swap(space.DB(0), space.DB(1))
			}
		}
		want := 0
		for i := range 2 {
			for key := range space.DB(i).All() {
				want += space.DB(i).Footprint([]byte(key)) / 8 * 8
			}
			want += space.DB(i).data.keys.Buckets() * pointerBytes
		}
		require.Equal(t, want, space.UsedMemory())
		space.Flush()
		require.Equal(t, empty, space.UsedMemory())
	})
}

func TestRandomKeyOfAReplicaWithOnlyExpiredKeysStillAnswers(t *testing.T) {
	space := NewSpace(Config{})
	db := space.DB(0)
	for _, key := range []string{"a", "b"} {
		db.SetString(0, []byte(key), nil)
		db.Expire([]byte(key), 1)
	}
	first := func(int) int { return 0 }
	space.Expiry = HideExpired
	_, ok := db.RandomKey(2, first)
	require.True(t, ok)
	space.Expiry = DeleteExpired
	_, ok = db.RandomKey(2, first)
	require.False(t, ok)
	require.Zero(t, db.Len())
}

func TestSettingAnExistingStringDoesNotAllocate(t *testing.T) {
	db := NewSpace(Config{Cluster: true}).DB(0)
	key, value := []byte("key"), []byte("a value of some length")
	db.SetString(0, key, value)
	require.Zero(t, testing.AllocsPerRun(100, func() { db.SetString(0, key, value) }))
	require.Zero(t, testing.AllocsPerRun(100, func() { db.Read(0, key) }))
	require.Zero(t, testing.AllocsPerRun(100, func() { db.ForWrite(0, key) }))
}

func TestScanOfADatabaseSeesExpiredKeys(t *testing.T) {
	db := NewSpace(Config{}).DB(0)
	db.SetString(0, []byte("dead"), nil)
	db.Expire([]byte("dead"), 1)
	db.SetString(0, []byte("alive"), nil)
	var keys []string
	require.Zero(t, db.Scan(0, 100, func(key string, _ *Entry) { keys = append(keys, key) }))
	slices.Sort(keys)
	require.Equal(t, []string{"alive", "dead"}, keys)
}

func TestAKeyFitsTheSizeThatMemoryIsCountedWith(t *testing.T) {
	require.LessOrEqual(t, int(unsafe.Sizeof(item{})), entryBytes)
	require.EqualValues(t, 80, unsafe.Sizeof(stringItem{}), "the allocator's next size is 96")
}

func TestKeysTakeLittleMoreThanTheirText(t *testing.T) {
	const keys = 1 << 17
	for _, row := range []struct {
		cluster bool
		text    int
		most    uint64
	}{{false, 100, 226}, {true, 100, 238}, {false, 10, 130}} { // Redis takes 201 bytes a key, 225, and 96
		space := NewSpace(Config{Cluster: row.cluster})
		before := heapInUse()
		text := make([]byte, row.text)
		for i := range keys {
			space.DB(0).SetString(0, fmt.Appendf(nil, "key:%012d", i), text)
		}
		require.LessOrEqual(t, (heapInUse()-before)/keys, row.most, "values of %d bytes", row.text)
		require.InEpsilon(t, (heapInUse()-before)/keys, space.UsedMemory()/keys, 0.1, "what INFO says is true")
		runtime.KeepAlive(space)
	}
}

// heapInUse is what is alive.
func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestKeysOfASlotComeNewestFirstWhateverWasDeleted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		db := NewSpace(Config{Cluster: true}).DB(0)
		var want []string // the oldest first
		for i := range rapid.IntRange(1, 200).Draw(t, "steps") {
			key := fmt.Sprintf("{tag}%d", i)
			if len(want) > 0 && rapid.Bool().Draw(t, "delete") {
				at := rapid.IntRange(0, len(want)-1).Draw(t, "which")
				require.True(t, db.Delete(0, []byte(want[at])))
				want = slices.Delete(want, at, at+1)
			} else {
				db.SetString(0, []byte(key), nil)
				want = append(want, key)
			}
			got := db.KeysInSlot(slot.OfString(key), 1000)
			slices.Reverse(got)
			require.Equal(t, len(want), db.CountInSlot(slot.OfString(key)))
			require.True(t, slices.Equal(want, got), "want %v, got %v", want, got)
		}
	})
}
