package server

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"clusterplay/node/command"
	"clusterplay/node/rdb"

	"github.com/stretchr/testify/require"
)

// largeKeys are made by scripts: one key of each kind that is written in parts.
var largeKeys = map[string]string{
	"list": "for i=1,20000 do redis.call('RPUSH',KEYS[1],'element:'..i) end",
	"set":  "for i=1,9000 do redis.call('SADD',KEYS[1],'member:'..i) end",
	"zset": "for i=1,5000 do redis.call('ZADD',KEYS[1],i%700,'member:'..i) end",
	"hash": "for i=1,5000 do redis.call('HSET',KEYS[1],'field:'..i,'value:'..i) end",
	"stream": "for i=1,5000 do redis.call('XADD',KEYS[1],i..'-1','field','value:'..i) end " +
		"redis.call('XGROUP','CREATE',KEYS[1],'g','0') redis.call('XREADGROUP','GROUP','g','c','COUNT','4000','STREAMS',KEYS[1],'>') " +
		"redis.call('XREADGROUP','GROUP','g','d','COUNT','700','STREAMS',KEYS[1],'>') redis.call('XGROUP','CREATECONSUMER',KEYS[1],'g','e') " +
		"redis.call('XGROUP','CREATE',KEYS[1],'h','17-1')",
	"string": "redis.call('SET',KEYS[1],string.rep('abcdefgh',160000)) redis.call('EXPIREAT',KEYS[1],'9999999999')",
}

type writer struct {
	name, command string
	settings      []string
}

// writers are the ways in which such a key comes into a file.
var writers = []writer{
	{"RDB file", "BGSAVE", nil},
	{"base of the log", "BGREWRITEAOF", []string{"appendonly", "yes"}},
	{"base of commands", "BGREWRITEAOF", []string{"appendonly", "yes", "aof-use-rdb-preamble", "no"}},
}

// largeDriver is a server with such a key, and small ones in two databases.
func largeDriver(t *testing.T, kind string, settings ...string) *driver {
	d := newDriver(t, settings...)
	d.call("a", "EVAL", largeKeys[kind], "1", "large")
	for i := range 100 {
		d.do("a", fmt.Sprintf("SET key:%d %d", i, i))
		d.do("b", "SELECT 5")
		d.do("b", fmt.Sprintf("RPUSH l:%d %d", i, i))
	}
	return d
}

// untilPart goes on with a save until a part of the large key is in it.
func (d *driver) untilPart() {
	d.t.Helper()
	for turns := 0; d.s.saves.running == nil || d.s.saves.running.large == nil; turns++ {
		require.Less(d.t, turns, 1000, "the key is written in parts")
		d.perform(d.s.BeforeSleep(d.now))
	}
}

// manyChanges changes, adds and takes away many elements of a key of any kind.
const manyChanges = `local key, kind = KEYS[1], redis.call("TYPE", KEYS[1]).ok
for i = 1, 6000, 3 do
	local j = i + 1
	if kind == "list" then redis.call("LSET", key, i, "new") redis.call("RPUSH", key, "new") redis.call("LPOP", key)
	elseif kind == "set" then redis.call("SREM", key, "member:" .. i) redis.call("SADD", key, "new:" .. i)
	elseif kind == "zset" then redis.call("ZREM", key, "member:" .. i) redis.call("ZADD", key, i, "new:" .. i, -i, "member:" .. j)
	elseif kind == "hash" then redis.call("HDEL", key, "field:" .. i) redis.call("HSET", key, "new:" .. i, i, "field:" .. j, i)
	elseif kind == "stream" then redis.call("XDEL", key, i .. "-1") redis.call("XADD", key, "*", "new", i) redis.call("XACK", key, "g", j .. "-1")
		redis.call("XCLAIM", key, "g", "e", 0, j + 1 .. "-1")
	else redis.call("SETRANGE", key, i, "new") redis.call("APPEND", key, "new") end
end`

// TestALargeValueIsSavedAsItWas changes things in the middle of such a value. The file has what there was when the
// save began.
func TestALargeValueIsSavedAsItWas(t *testing.T) {
	changes := map[string][]string{
		"nothing happens":        nil,
		"it is changed":          {"EVAL 'redis.call(\"DEL\",KEYS[1]) redis.call(\"RPUSH\",KEYS[1],\"x\")' 1 large", "RPUSH large y"},
		"it is changed much":     {"EVAL '" + manyChanges + "' 1 large"},
		"it gets a time to live": {"EXPIRE large 100"},
		"it gets another name":   {"RENAME large new", "COPY new large"},
		"it goes elsewhere":      {"MOVE large 3", "SWAPDB 0 5", "SET large small"},
		"it goes":                {"UNLINK large"},
		"everything goes":        {"FLUSHDB ASYNC", "SET key:1 new"},
		"others change":          {"SET key:1 new", "DEL key:2", "EVAL 'for i=3,90 do redis.call(\"INCR\",\"key:\"..i) end' 0", "SET other new"},
	}
	for _, writer := range []writer{writers[0], writers[2]} {
		for kind := range largeKeys {
			for change, lines := range changes {
				t.Run(writer.name+", "+kind+", "+change, func(t *testing.T) {
					d := largeDriver(t, kind, writer.settings...)
					before := d.s.Digest()
					d.s.Call(d.now, d.client("a"), asBytes([]string{writer.command}))
					d.heard("a")
					d.untilPart()
					for _, line := range lines {
						d.s.Call(d.now, d.client("a"), asBytes(split(line)))
						require.NotContains(t, d.heard("a"), "ERR")
						d.perform(d.s.BeforeSleep(d.now))
					}
					d.do("b", "SET m n")
					d.do("b", "DEL l:7")
					d.rest()
					require.Equal(t, before, d.digestOfBase(writer.settings...))
				})
			}
		}
	}
}

// digestOfBase is that of a server which finds the file just written, and of a log nothing behind its base.
func (d *driver) digestOfBase(settings ...string) string {
	for name := range d.files {
		if strings.HasSuffix(name, ".incr.aof") {
			d.files[name] = []byte{}
		}
	}
	again := bornDriver(d.t, Config{Port: 7001, Files: d.files, Settings: pairs(settings)})
	return again.s.Digest()
}

// TestALargeValueKeepsNobodyWaiting: no turn of a save writes more than a part.
func TestALargeValueKeepsNobodyWaiting(t *testing.T) {
	for kind := range largeKeys {
		for _, writer := range writers {
			t.Run(kind+", "+writer.name, func(t *testing.T) {
				d := largeDriver(t, kind, append(writer.settings, "rdbcompression", "no")...)
				d.s.Call(d.now, d.client("a"), asBytes([]string{writer.command}))
				for d.s.saves.running == nil {
					d.perform(d.s.BeforeSleep(d.now))
				}
				turns := turnByTurn(d, func(written int, _ time.Duration) {
					require.Less(t, written, 2*sliceSize)
				})
				require.Greater(t, turns, 1)
			})
		}
	}
}

// TestAValueInPartsIsTheSameValue reads what was written in parts of any size.
func TestAValueInPartsIsTheSameValue(t *testing.T) {
	for kind := range largeKeys {
		for _, size := range []int{1, 5000, 1 << 30} {
			t.Run(fmt.Sprint(kind, ", ", size), func(t *testing.T) {
				d := largeDriver(t, kind)
				e := d.s.space.DB(0).Peek(0, []byte("large"))
				var enc rdb.Encoder
				enc.Header(rdb.Meta{})
				enc.Select(0)
				w := command.NewLarge(&enc, []byte("large"), e.Value, 0)
				for !w.Write(size) {
					continue
				}
				enc.End()
				in := rdb.NewDecoder(enc.Take())
				require.True(t, in.Next())
				got, want := in.Entry(), command.ToRDB(e.Value)
				width := map[string]int{"set": 1, "hash": 2}[kind] // of an element whose place says nothing
				require.Equal(t, inOrder(want.Items, width), inOrder(got.Value.Items, width))
				require.Equal(t, want.Scores, got.Value.Scores)
				require.Equal(t, want.Str, got.Value.Str)
				require.Equal(t, want.Log, got.Value.Log)
				require.False(t, in.Next())
				require.NoError(t, in.Err())
			})
		}
	}
}

// inOrder sorts the elements of a value, of so many items each; of 0 it leaves them as they are.
func inOrder(items [][]byte, width int) [][][]byte {
	elements := slices.Collect(slices.Chunk(items, max(width, 1)))
	if width > 0 {
		slices.SortFunc(elements, func(a, b [][]byte) int { return bytes.Compare(a[0], b[0]) })
	}
	return elements
}
