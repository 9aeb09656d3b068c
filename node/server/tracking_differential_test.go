package server

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// trackedTalk is what connections that track say; ID is another connection's number.
var trackedTalk = strings.Split(strings.TrimSpace(`
CLIENT TRACKING ON
CLIENT TRACKING ON NOLOOP
CLIENT TRACKING ON OPTIN
CLIENT TRACKING ON OPTOUT
CLIENT TRACKING OFF
CLIENT TRACKING ON BCAST
CLIENT TRACKING ON BCAST PREFIX k PREFIX j
CLIENT TRACKING ON BCAST PREFIX k1
CLIENT TRACKING ON BCAST NOLOOP PREFIX k
CLIENT TRACKING ON BCAST PREFIX a PREFIX ab
CLIENT TRACKING ON BCAST OPTIN
CLIENT TRACKING ON OPTIN OPTOUT
CLIENT TRACKING ON PREFIX k
CLIENT TRACKING ON REDIRECT 0
CLIENT TRACKING ON REDIRECT x
CLIENT TRACKING ON REDIRECT ID
CLIENT TRACKING ON NOLOOP REDIRECT ID
CLIENT TRACKING ON REDIRECT ID REDIRECT ID
CLIENT TRACKING ON NOPE
CLIENT TRACKING NOPE
CLIENT CACHING YES
CLIENT CACHING NO
CLIENT CACHING NOPE
CLIENT GETREDIR
CLIENT TRACKINGINFO
CLIENT TRACKINGINFO
HELLO 3
HELLO 3
HELLO 2
RESET
SUBSCRIBE __redis__:invalidate
UNSUBSCRIBE __redis__:invalidate
GET k1
GET k2
MGET k1 k2 j
LRANGE l 0 -1
HGETALL h
GET n
SMEMBERS s
SET k1 v
SET k2 v
SET j v
DEL k1 k2
RPUSH l a
LPOP l
HSET h f v
INCR n
RENAME k1 k2
EXPIRE k1 100
PERSIST k1
COPY k1 j REPLACE
GETDEL k1
GETEX k1 EX 50
APPEND k1 x
SETRANGE j 0 abc
SADD s a
SPOP s
SORT l ALPHA STORE k2
FLUSHDB
FLUSHALL
MULTI
EXEC
EXEC
DISCARD`), "\n")

// TestTrackingTellsWhatRedisTells has three connections track and change keys, and compares all that each
// of them hears.
func TestTrackingTellsWhatRedisTells(t *testing.T) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { playTracking(t, rand.New(rand.NewPCG(seed, 3))) })
	}
}

func playTracking(t *testing.T, rng *rand.Rand) {
	redis, ours := startReal(t), newDriver(t)
	names, theirs := []string{"a", "b", "c"}, []*realServer{redis, redis.again(), redis.again()}
	var ids []string
	for i, name := range names { // both give them the same numbers
		ids = append(ids, strings.Trim(theirs[i].call("CLIENT", "ID"), ":|"))
		n, err := strconv.ParseUint(ids[i], 10, 64)
		require.NoError(t, err)
		ours.lastID = n - 1
		ours.client(name)
	}
	var story []string
	for range 150 {
		i, other := rng.IntN(3), rng.IntN(3)
		line := pick(rng, trackedTalk)
		story = append(story, names[i]+": "+strings.ReplaceAll(line, "ID", names[other]))
		words := strings.Fields(strings.ReplaceAll(line, "ID", ids[other]))
		heard := theirs[i].call(words...)
		ours.ask(names[i], words...)
		for k, name := range names {
			want := theirs[k].upToPing()
			ours.ask(name, "PING", "nothing more")
			if k == i {
				want = heard + want
			}
			require.Equal(t, want, ours.heard(name), "what %s hears after\n%s", name,
				strings.Join(story, "\n"))
		}
	}
}

// upToPing is what a connection hears up to the answer to a PING, which inside MULTI is queued.
func (r *realServer) upToPing() string {
	r.t.Helper()
	all := ""
	for reply := r.call("PING", "nothing more"); ; reply = strings.ReplaceAll(r.next(), "\r\n", "|") {
		if all += reply; strings.Contains(reply, "nothing more") || strings.HasPrefix(reply, "+QUEUED") {
			return all
		}
	}
}
