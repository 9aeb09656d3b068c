package main_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/slot"
	"clusterplay/playground"
)

// reply is what a client says about itself; each request fills a part.
type reply struct {
	Proto                      int
	Server, Version, Mode      string
	Wrong, Acked, Lost, Errors int
	Broken                     int // lost although it was acknowledged before the mark
	Ready, Writing, Survived   bool
	Last, Error                string
}

// rider is a client library that does what the test asks: hello, pipeline, write TAG…, count, mark (what
// is acknowledged so far must last), stop (and read everything again), insist KEY.
type rider interface {
	name() string
	ask(t *testing.T, request string) reply
}

const (
	// movingSlots is how many slots move from a to b while all clients write into them.
	movingSlots = 200
	// enough acknowledged writes of one client while a slot is open show that it follows ASK.
	enough = 25
)

// TestClientLibrariesLiveThroughAReshardAPartitionAndAFailover has all libraries ride on one lab at once, each with
// both versions of the protocol.
func TestClientLibrariesLiveThroughAReshardAPartitionAndAFailover(t *testing.T) {
	t.Parallel()
	l := launchLab(t, playground.Topology{Masters: 3, Replicas: 1, NodeTimeout: 5000})
	nodes := members(l)
	riders := ridersOf(t, clustered, nodes[0])
	for _, step := range []struct {
		name string
		do   func(*testing.T, *playground.Lab, []rider)
	}{
		{"they speak their protocol", speakTheirs},
		{"they pipeline", pipelineAll},
		{"no acknowledged write is lost in a reshard", reshardUnderLoad},
		{"they survive a partition", survivePartition},
		{"they survive a failover", surviveFailover},
	} {
		if !t.Run(step.name, func(t *testing.T) { step.do(t, l, riders) }) {
			return
		}
	}
}

func speakTheirs(t *testing.T, _ *playground.Lab, riders []rider) { speak(t, riders, "cluster") }

// speak has each rider tell what HELLO answers it.
func speak(t *testing.T, riders []rider, mode string) {
	t.Helper()
	for _, r := range riders {
		proto, err := strconv.Atoi(r.name()[len(r.name())-1:])
		require.NoError(t, err, r.name())
		require.Equal(t, reply{Proto: proto, Server: "redis", Version: "7.0.15", Mode: mode}, r.ask(t, "hello"), r.name())
	}
}

func pipelineAll(t *testing.T, _ *playground.Lab, riders []rider) {
	for _, r := range riders {
		require.Zero(t, r.ask(t, "pipeline").Wrong, r.name())
	}
}

// tagsOf is a hash tag for each slot of [first, last].
func tagsOf(first, last int) []string {
	tags := make([]string, last-first+1)
	for i, left := 0, len(tags); left > 0; i++ {
		tag := "t" + strconv.Itoa(i)
		if s := int(slot.OfString(tag)); s >= first && s <= last && tags[s-first] == "" {
			tags[s-first] = tag
			left--
		}
	}
	return tags
}

// errorsOf is how often a node answered with an error.
func errorsOf(p port, code string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(p.field("errorstat_"+code, "INFO", "errorstats"), "count="))
	return n
}

func reshardUnderLoad(t *testing.T, l *playground.Lab, riders []rider) {
	a, b := members(l)[0], members(l)[1]
	request := "write " + strings.Join(tagsOf(0, movingSlots-1), " ")
	for _, r := range riders {
		require.True(t, r.ask(t, request).Writing, r.name())
	}
	followASK(t, l, riders, a, b)
	act(t, l, fmt.Sprintf("move-slots %v %v 1-%d", a, b, movingSlots-1))
	until(t, l, "the slots to be moved", func(s playground.Snapshot) bool { return allMoved(t, s) })
	act(t, l, fmt.Sprintf("move-slots %v %v 0-%d", b, a, movingSlots/2))
	until(t, l, "half of them to be back", func(s playground.Snapshot) bool { return allMoved(t, s) })
	progress(t, riders)
	require.Positive(t, errorsOf(a, "MOVED"))
	for _, r := range riders {
		got := r.ask(t, "stop")
		t.Logf("%s: %d acknowledged writes, %d errors %s", r.name(), got.Acked, got.Errors, got.Last)
		require.Zero(t, got.Lost, "%s lost acknowledged writes", r.name())
		require.Zero(t, got.Errors, "%s: %s", r.name(), got.Last)
		require.Greater(t, got.Acked, 2*enough, r.name())
	}
}

func allMoved(t *testing.T, s playground.Snapshot) bool {
	for _, m := range s.Moves {
		require.NotEqual(t, playground.Failed, m.State, m.Why)
		if m.State != playground.Done {
			return false
		}
	}
	return true
}

// followASK leaves slot 0 open until every client has written new keys into all slots, of which
// that one answers ASK.
func followASK(t *testing.T, l *playground.Lab, riders []rider, a, b port) {
	t.Helper()
	before := errorsOf(a, "ASK")
	act(t, l, fmt.Sprintf("move-slots %v %v 0-0 step", a, b))
	act(t, l, "move-step") // IMPORTING
	act(t, l, "move-step") // MIGRATING
	until(t, l, "the slot to be open", func(s playground.Snapshot) bool { return len(nodeOf(s, a).Migrating) == 1 })
	eventually(t, "clients to be sent on with ASK", func() bool { return errorsOf(a, "ASK") >= before+2*len(riders) })
	progress(t, riders)
	act(t, l, "move-run")
	until(t, l, "the slot to be moved", func(s playground.Snapshot) bool { return allMoved(t, s) })
}

// progress waits until every client has had enough new writes acknowledged.
func progress(t *testing.T, riders []rider) {
	t.Helper()
	for _, r := range riders {
		before := r.ask(t, "count").Acked
		eventually(t, r.name()+" to go on", func() bool { return r.ask(t, "count").Acked >= before+enough })
	}
}

// survivePartition cuts a master off the others while every client writes, and reaches it all the same. What
// its replica had when the cut was made must last; what the lonely master acknowledged afterwards does not
// (window W2), and is counted.
func survivePartition(t *testing.T, l *playground.Lab, riders []rider) {
	nodes := members(l)
	lonely, heir := nodes[1], nodes[4]
	tags := tagsOf(8000, 8020)
	for _, r := range riders {
		require.True(t, r.ask(t, "write "+strings.Join(tags, " ")).Writing)
	}
	progress(t, riders)
	marked(t, riders, lonely, heir)
	act(t, l, "partition "+lonely.String()+" / rest")
	act(t, l, "speed 5")
	until(t, l, "the replica to be promoted", func(s playground.Snapshot) bool { return nodeOf(s, heir).Role == "master" })
	act(t, l, "speed 1")
	act(t, l, "heal")
	until(t, l, "the lonely master to follow", func(s playground.Snapshot) bool {
		return nodeOf(s, lonely).Role == "replica" && s.State == "ok"
	})
	for _, r := range riders {
		got := r.ask(t, "insist {"+tags[0]+"}reunited:"+r.name())
		require.True(t, got.Survived, "%s: %s", r.name(), got.Last)
	}
	progress(t, riders)
	for _, r := range riders {
		got := r.ask(t, "stop")
		t.Logf("%s: %d acknowledged writes, %d lost, %d errors, last %s", r.name(), got.Acked, got.Lost, got.Errors, got.Last)
		require.Zero(t, got.Broken, "%s lost writes that the replica had before the cut", r.name())
	}
}

// marked marks what is acknowledged now, and waits until a master's replicas have it: it must last.
func marked(t *testing.T, riders []rider, master port, replicas ...port) {
	t.Helper()
	for _, r := range riders {
		require.Positive(t, r.ask(t, "mark").Acked, r.name())
	}
	reached := offsetOf(master, "master_repl_offset")
	for _, p := range replicas {
		eventually(t, "the replica to have what is marked", func() bool { return offsetOf(p, "slave_repl_offset") >= reached })
	}
}

// offsetOf is an offset of INFO replication.
func offsetOf(p port, name string) int {
	n, _ := strconv.Atoi(p.field(name, "INFO", "replication"))
	return n
}

func surviveFailover(t *testing.T, l *playground.Lab, riders []rider) {
	nodes := members(l)
	victim, heir := nodes[2], nodes[5]
	tags := tagsOf(12000, 12020)
	for _, r := range riders {
		require.True(t, r.ask(t, "write "+strings.Join(tags, " ")).Writing)
	}
	progress(t, riders)
	marked(t, riders, victim, heir)
	act(t, l, "kill "+victim.String())
	act(t, l, "speed 5")
	until(t, l, "the replica to be promoted", func(s playground.Snapshot) bool {
		return nodeOf(s, heir).Role == "master" && s.State == "ok"
	})
	act(t, l, "speed 1")
	for _, r := range riders {
		got := r.ask(t, "insist {"+tags[0]+"}insist:"+r.name())
		require.True(t, got.Survived, "%s: %s", r.name(), got.Last)
	}
	progress(t, riders)
	for _, r := range riders {
		got := r.ask(t, "stop")
		t.Logf("%s: %d acknowledged writes, %d lost, %d errors, last %s", r.name(), got.Acked, got.Lost, got.Errors, got.Last)
		require.Zero(t, got.Broken, "%s lost writes that the replica had before the kill", r.name())
	}
}
