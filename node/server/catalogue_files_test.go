package server

import (
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"clusterplay/node/event"
	"clusterplay/node/hostile"

	"github.com/stretchr/testify/require"
)

// born tries to begin a life with files, in cluster mode or not.
func born(files map[string][]byte, cluster bool, settings ...string) error {
	config := Config{Port: 7000, AnnounceIP: "127.0.0.1", ClusterEnabled: cluster, Files: files, Settings: pairs(append(settings, "save", ""))}
	_, err := New(config, rand.New(rand.NewPCG(1, 1)))
	return err
}

const lastOfLog = "appendonlydir/appendonly.aof.2.incr.aof"

// logFiles are a base, two logs and their manifest.
func logFiles(t *testing.T) map[string][]byte {
	d := newDriver(t, "appendonly", "yes")
	d.do("a", "SET k v")
	d.do("a", "BGREWRITEAOF")
	d.pass(1e9)
	d.do("a", "SET k w")
	d.do("a", "SET l x")
	return d.files
}

// TestDamagedLogsKeepAServerFromStartingWithHalfOfThem has the rows E about the append only file.
func TestDamagedLogsKeepAServerFromStartingWithHalfOfThem(t *testing.T) {
	good := logFiles(t)
	manifest := string(good[manifestName])
	const base = "appendonlydir/appendonly.aof.2.base.rdb"
	for _, tt := range []struct{ name, file, data, want string }{
		{"E1 empty log", lastOfLog, "", ""},
		{"E2 log without its end", lastOfLog, string(good[lastOfLog][:len(good[lastOfLog])-3]), ""},
		{"E3 file in the middle without its end", manifestName, strings.Replace(manifest, "file appendonly.aof.2.incr.aof seq 2 type i", "file cut seq 1 type i\nfile appendonly.aof.2.incr.aof seq 2 type i", 1), "Fatal error: the truncated file is not the last file: cut ends within a command behind byte 0"},
		{"E4 turned bit", lastOfLog, "*" + string(good[lastOfLog][0]^1) + string(good[lastOfLog][2:]), "it is in appendonly.aof.2.incr.aof at byte 0"},
		{"E5 empty manifest", manifestName, "", "Found an empty AOF manifest"},
		{"E6 number twice", manifestName, manifest + "file appendonly.aof.2.incr.aof seq 2 type i\n", "Found a non-monotonic sequence number"},
		{"E7 path in the manifest", manifestName, "file ../appendonly.aof.2.base.rdb seq 2 type b\n", "File can't be a path, just a filename"},
		{"E8 two bases", manifestName, manifest + "file other seq 3 type b\n", "Found duplicate base file information"},
		{"E9 base without its end", base, string(good[base][:len(good[base])-12]), "Error reading the RDB base file"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := maps.Clone(good)
			files["appendonlydir/cut"] = []byte("*2\r\n$3\r\nDEL\r\n$1\r\n")
			files[tt.file] = []byte(tt.data)
			err := born(files, false, "appendonly", "yes")
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tt.want)
		})
	}
	t.Run("E5 files without a manifest", func(t *testing.T) {
		files := maps.Clone(good)
		delete(files, manifestName)
		d := bornDriver(t, Config{Port: 7000, Files: files, Settings: pairs([]string{"appendonly", "yes"})})
		require.Equal(t, ":0|", d.do("a", "DBSIZE"), "as Redis: what no manifest names is nobody's")
		require.Equal(t, good[lastOfLog], d.files[lastOfLog], "and is left alone")
	})
}

// snapshotFile is a file around entries: type byte, key, value.
func snapshotFile(version string, rest ...string) []byte {
	return []byte("REDIS" + version + strings.Join(rest, "") + "\xff" + strings.Repeat("\x00", 8))
}

// TestDamagedSnapshotsKeepAServerFromStarting has the rows E about RDB files.
func TestDamagedSnapshotsKeepAServerFromStarting(t *testing.T) {
	d := newDriver(t)
	d.do("a", "SET k v")
	d.do("a", "SAVE")
	good := d.files["dump.rdb"]
	flipped := append([]byte(nil), good...)
	flipped[len(flipped)-1] ^= 1
	for _, tt := range []struct {
		name    string
		file    []byte
		cluster bool
		want    string
	}{
		{"E10 not a snapshot", []byte("RADIS0010"), false, "load dump.rdb: rdb: byte "},
		{"E11 version 99", snapshotFile("0099"), false, "load dump.rdb: rdb: byte "},
		{"E12 without its end", good[:len(good)-9], false, "load dump.rdb: rdb: byte "},
		{"E13 checksum", flipped, false, "load dump.rdb: rdb: byte "},
		{"E14 length of 2^63", snapshotFile("0010", "\x00\x01k", "\x81\x7f\xff\xff\xff\xff\xff\xff\xff"), false, "load dump.rdb: rdb: byte "},
		{"E15 ten bytes that unpack to 4 GB", snapshotFile("0010", "\x00\x01k", "\xc3\x0a\x80\xff\xff\xff\xff", strings.Repeat("\xff", 10)), false, "load dump.rdb: rdb: byte "},
		{"E16 key twice", snapshotFile("0010", "\x00\x01k\x01v", "\x00\x01k\x01w"), false, `key "k" is there twice`},
		{"E17 key of somebody's slot", snapshotFile("0010", "\x00\x01k\x01v"), true, ""},
		{"E18 second database of a cluster", snapshotFile("0010", "\xfe\x01", "\x00\x01k\x01v"), true, "database 1 does not exist here"},
		{"E18 database of nobody", snapshotFile("0010", "\xfe\x20", "\x00\x01k\x01v"), false, "database 32 does not exist here"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var err error
			hostile.Bound(t, len(tt.file)+16<<20/hostile.PerByte, func() { err = born(map[string][]byte{"dump.rdb": tt.file}, tt.cluster) })
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestTheLogSaysWhichKeyOfAFileIsDamaged(t *testing.T) {
	var lines []string
	config := Config{
		Port: 7000, Settings: map[string]string{"save": ""},
		Files: map[string][]byte{"dump.rdb": snapshotFile("0010", "\x00\x01k\x01v", "\x0d\x03bad\x04ABCD")},
		Log:   func(_ event.Level, line string) { lines = append(lines, line) },
	}
	_, err := New(config, rand.New(rand.NewPCG(1, 1)))
	require.Error(t, err)
	require.Equal(t, []string{
		"Internal error in RDB reading offset 19 -> Hash ziplist integrity check failed.", "--- RDB ERROR DETECTED ---",
		"Internal error in RDB reading offset 19 -> Hash ziplist integrity check failed.",
		"[additional info] While doing: read-object-value", "[additional info] Reading key 'bad'", "[additional info] Reading type 13 (hash-ziplist)",
		"[info] 1 keys read", "Terminating server after rdb file reading failure.",
	}, lines)
}

func TestTheLogSaysThatAPayloadHasAFieldTwice(t *testing.T) {
	d := newDriver(t)
	require.Equal(t, "+OK|", d.do("a", "DEBUG SET-SKIP-CHECKSUM-VALIDATION 1"))
	pack := "\x13\x00\x00\x00\x04\x00" + "\x81f\x02\x811\x02" + "\x81f\x02\x812\x02" + "\xff"
	require.Equal(t, "-ERR Bad data format|", d.call("a", "RESTORE", "k", "0", "\x10\x13"+pack+"\x0a\x00"+strings.Repeat("\x00", 8)))
	require.Contains(t, d.log, "Internal error in RDB reading offset 0 -> Hash listpack integrity check failed. (Hash listpack with dup elements)")
}

// TestDamagedNodesConfKeepsAServerFromStarting has the rows E about nodes.conf.
func TestDamagedNodesConfKeepsAServerFromStarting(t *testing.T) {
	d := servingNode(t)
	good := string(d.files["nodes.conf"])
	require.Contains(t, good, "0-16383")
	line, vars, _ := strings.Cut(good, "\n")
	other := strings.Repeat("e", 40) + " 127.0.0.1:7009@17009 master - 0 0 9 connected"
	for _, tt := range []struct{ name, conf, want string }{
		{"E19 empty", "", ""},
		{"E20 torn", good[:len(good)-5], "load nodes.conf"},
		{"E21 two selves", line + "\n" + strings.Replace(other, "master", "myself,master", 1) + "\n" + vars, "line 2: a second line describes the node itself"},
		{"E22 slot twice", line + "\n" + other + " 7\n" + vars, "line 2: slot 7 has two owners"},
		{"E23 slot 16384", strings.Replace(good, "0-16383", "0-16384", 1), "line 1: slots"},
		{"E24 epoch in words", strings.Replace(good, "currentEpoch ", "currentEpoch x", 1), "line 2: currentEpoch is not a number"},
		{"E25 line of 8 MB", strings.Repeat("x", 8<<20) + "\n" + good, "line 1: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := born(map[string][]byte{"nodes.conf": []byte(tt.conf)}, true)
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tt.want)
			require.Less(t, len(err.Error()), 4<<10, "the message is for people")
		})
	}
}
