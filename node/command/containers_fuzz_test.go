package command

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/keyspace"
)

// FuzzContainerCommands runs commands, one a line, and demands of each exactly one reply, of the
// data that no empty container stays, and of a replica that gets what is propagated that it ends
// with the same data.
func FuzzContainerCommands(f *testing.F) {
	f.Add("rpush l a b c\nlpos l a rank -1 count 0\nlmove l l left right\nltrim l 1 0\nlrange l 0 -1")
	f.Add("sadd s 1 2 3\nsadd s x\nspop s 2\nsrandmember s -5\nsdiffstore d s s\nsscan s 0 count 1")
	f.Add("hset h f 1\nhincrby h f 9223372036854775806\nhincrbyfloat h g 1e300\nhrandfield h -3 withvalues\nhdel h f g")
	f.Add("zadd z 1 a inf b\nzincrby z -inf b\nzrange z (1 +inf byscore rev limit 1 1\nzunionstore d 2 z z weights 0 inf\nzpopmax d 9")
	f.Add("zadd z 0 a 0 b\nzrangestore d z - (b bylex\nzremrangebylex z [a +\nbzmpop 0 1 d min count 9")
	f.Add("lmpop 9223372036854775807 l left\nzrandmember z -9223372036854775807 withscores\nlpop l 9223372036854775807")
	mine := map[string]bool{}
	for _, family := range [][]binding{listCommands, setCommands, hashCommands, zsetCommands, zrangeCommands, zalgebraCommands} {
		for _, b := range family {
			mine[b.name] = true
		}
	}
	f.Fuzz(func(t *testing.T, script string) {
		h, replica := newTestHost(), newTestHost()
		for line := range strings.Lines(script) {
			args := strings.Split(strings.TrimSuffix(line, "\n"), " ")
			if !mine[strings.ToLower(args[0])] {
				continue
			}
			parseReply(t, h.do(args...))
		}
		for key, e := range h.context.DB.All() {
			require.NotZero(t, e.Value.Len(), "%q is empty", key)
			require.Positive(t, e.Value.Footprint())
		}
		for _, args := range h.stream {
			parseReply(t, replica.do(args...))
		}
		require.Equal(t, contentsOf(h.context.DB), contentsOf(replica.context.DB))
	})
}

// contentsOf returns the kind, encoding and length of all values.
func contentsOf(db *keyspace.DB) map[string]string {
	all := map[string]string{}
	for key, e := range db.All() {
		all[key] = e.Value.Kind().String() + " " + e.Value.Encoding() + " " + string(decimal(e.Value.Len()))
	}
	return all
}
