package main_test

import (
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	// syncKeys of syncSize bytes is what a replica is sent as a whole.
	syncKeys, syncSize = 1_000_000, 100
	// cutTime is how long a replica's link is cut for a partial synchronisation.
	cutTime = time.Second
)

// syncPair is a master and a replica, whose processes stay the same in all rounds.
type syncPair struct {
	name            string
	master, replica port
	took            []float64 // ms, of a full synchronisation
	stall           []float64 // ms, the longest that a client of the master waited meanwhile
	resumed         []float64 // ms from the end of a cut until the link is up again
}

// full makes the replica fetch everything and drops it again.
func (s *syncPair) full(t *testing.T, keys int) {
	t.Helper()
	stop, worst := make(chan struct{}), make(chan time.Duration, 1)
	go func() {
		w, err := s.master.ask(stop)
		if err != nil {
			w = 0
		}
		worst <- w
	}()
	began := time.Now()
	s.replica.do(t, "REPLICAOF", "127.0.0.1", s.master.String())
	eventually(t, s.name+": the replica has all", func() bool { return s.inStep(keys) })
	s.took = append(s.took, milliseconds(time.Since(began)))
	close(stop)
	s.stall = append(s.stall, milliseconds(<-worst))
	s.part(t)
}

// part makes a master without keys of the replica again.
func (s *syncPair) part(t *testing.T) {
	t.Helper()
	s.replica.do(t, "REPLICAOF", "NO", "ONE")
	s.replica.do(t, "FLUSHALL")
}

func (s *syncPair) inStep(keys int) bool {
	return s.replica.field("master_link_status", "INFO", "replication") == "up" && s.replica.text("DBSIZE") == fmt.Sprint(keys)
}

// partial lets the replica follow through a cable, cuts it for a while and measures how soon after its
// mending the link is up again.
func (s *syncPair) partial(t *testing.T, keys int) {
	t.Helper()
	c := lay(t, s.master.addr())
	_, at, err := net.SplitHostPort(c.Addr)
	require.NoError(t, err)
	s.replica.do(t, "REPLICAOF", "127.0.0.1", at)
	eventually(t, s.name+": the replica has all", func() bool { return s.inStep(keys) })
	before := s.master.field("sync_partial_ok", "INFO", "stats")
	for range rounds() {
		c.sever()
		eventually(t, s.name+": the link is down", func() bool { return !s.inStep(keys) })
		time.Sleep(cutTime) // that is the cut
		c.mend()
		mended := time.Now()
		eventually(t, s.name+": the link is up", func() bool { return s.inStep(keys) })
		s.resumed = append(s.resumed, milliseconds(time.Since(mended)))
	}
	require.NotEqual(t, before, s.master.field("sync_partial_ok", "INFO", "stats"), "it was a partial one")
	s.part(t)
}

// ask sends PING after PING until stop and tells the longest time an answer took.
func (p port) ask(stop <-chan struct{}) (worst time.Duration, err error) {
	conn, err := net.Dial("tcp", p.addr())
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	answer := make([]byte, 256)
	for {
		select {
		case <-stop:
			return worst, nil
		default:
		}
		began := time.Now()
		if _, err := conn.Write([]byte("PING\r\n")); err != nil {
			return worst, err
		}
		if _, err := conn.Read(answer); err != nil { // PONG or, from a replica that loads, LOADING
			return worst, err
		}
		worst = max(worst, time.Since(began))
		time.Sleep(time.Millisecond) // a client that asks now and then, not one that keeps the computer busy
	}
}

// populate gives a server many keys at once.
func populate(t *testing.T, p port, keys int) {
	t.Helper()
	p.do(t, "DEBUG", "POPULATE", fmt.Sprint(keys), "key", fmt.Sprint(syncSize))
	require.Equal(t, fmt.Sprint(keys), p.text("DBSIZE"))
}

// TestBenchReplication lets each kind of server send a million keys to each kind.
func TestBenchReplication(t *testing.T) {
	needBench(t)
	keys := scaled(syncKeys)
	program := calledAs(t, "redis-server").Path
	real, realReplica := startForeign(t), startForeign(t)
	ours, ourReplica := startProcess(t, program), startProcess(t, program)
	populate(t, real.port, keys)
	populate(t, ours.port, keys)
	pairs := []*syncPair{
		{name: "Redis to Redis", master: real.port, replica: realReplica.port},
		{name: "ours to ours", master: ours.port, replica: ourReplica.port},
		{name: "ours to Redis", master: ours.port, replica: realReplica.port},
		{name: "Redis to ours", master: real.port, replica: ourReplica.port},
	}
	for range rounds() {
		for _, s := range pairs {
			s.full(t, keys)
		}
	}
	rows := head("from and to", "full sync ms (least–most)", "of Redis to Redis", "a client waits at most ms", "link up after a cut ms")
	for _, s := range pairs {
		s.partial(t, keys)
		rows = append(rows, row(s.name, span(s.took), ratio(median(s.took), median(pairs[0].took)), span(s.stall), span(s.resumed)))
	}
	chapter{
		title:  "Replication",
		target: "a full sync from ours takes at most 1.0 of Redis to Redis; no client waits longer than 50 ms; after a cut the link is up again within 600 ms.",
		how: fmt.Sprintf("A million keys of %d bytes, repl-diskless-sync-delay 0, a process for each server, from REPLICAOF until the replica has all keys. "+
			"Meanwhile a client of the master sends a PING every millisecond. Then the replica's connection is cut for a second: a partial sync.", syncSize),
		rows: rows,
	}.publish(t)
}
