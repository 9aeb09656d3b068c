package main_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/slot"
	"clusterplay/playground/wire"
)

const (
	roundTimeout  = time.Second     // the node timeout of these clusters
	lastWords     = 2 * time.Second // acknowledged so long before a kill, a write may not have reached the replica (window W1)
	failoverLimit = 6 * time.Second // when a CLUSTER FAILOVER has either succeeded or been given up
	roundWriters  = 6               // clients, each with a list of its own
)

// league is a cluster of three processes of ours and three real ones. Each of its three shards has one
// of each kind.
type league struct {
	t       *testing.T
	servers []*foreign
	writers []*writer
	rest    func() // ends the writers
	kills   []kill
}

// kill is the violent end of a master: what was acknowledged by its shard just before may be lost.
type kill struct {
	at    time.Time
	first slot.Slot
	last  slot.Slot
}

// TestOursAndRealServersLiveThroughTwentyRoundsOfKills keeps a mixed cluster under a list-append load
// while processes are killed with SIGKILL, masters and replicas of both kinds, and restarted, and while
// replicas take over by hand and slots with keys of every type move back and forth. Nothing may be lost
// that the named windows do not explain: what WAIT called replicated survives whatever happens.
func TestOursAndRealServersLiveThroughTwentyRoundsOfKills(t *testing.T) {
	if testing.Short() {
		t.Skip("takes two minutes")
	}
	rounds := 20
	l := newLeague(t)
	l.form()
	l.write()
	for round := range rounds {
		switch round % 4 {
		case 0, 2:
			l.strike(round)
		case 1:
			l.byHand(round)
		case 3:
			l.carry(round)
		}
		l.converge(fmt.Sprintf("round %d", round))
		l.shardChannels()
	}
	l.judge()
}

func newLeague(t *testing.T) *league {
	needTool(t, "redis-server")
	l := &league{t: t}
	options := func() []string {
		return []string{
			"--cluster-enabled", "yes", "--cluster-allow-replica-migration", "no", "--repl-ping-replica-period", "1",
			"--cluster-node-timeout", strconv.Itoa(int(roundTimeout.Milliseconds())),
		}
	}
	for range 3 {
		l.servers = append(l.servers, startProcess(t, calledAs(t, "redis-server").Path, options()...), startForeign(t, options()...))
	}
	return l
}

// form makes server 0, 3 and 4 masters, and gives each a replica of the other kind.
func (l *league) form() {
	masters, replicas := []int{0, 3, 4}, []int{1, 2, 5}
	for i, m := range masters {
		l.servers[m].do(l.t, "CLUSTER", "ADDSLOTSRANGE", fmt.Sprint(i*slot.Count/3), fmt.Sprint((i+1)*slot.Count/3-1))
	}
	for i, s := range l.servers {
		s.do(l.t, "CLUSTER", "SET-CONFIG-EPOCH", fmt.Sprint(i+1))
		if i > 0 {
			s.do(l.t, "CLUSTER", "MEET", "127.0.0.1", l.servers[0].String())
		}
	}
	eventually(l.t, "everybody knows everybody", func() bool {
		for _, s := range l.servers {
			if s.field("cluster_known_nodes", "CLUSTER", "INFO") != "6" || strings.Contains(s.text("CLUSTER", "NODES"), "handshake") {
				return false
			}
		}
		return true
	})
	for i, r := range replicas {
		id := l.servers[masters[i]].id(l.t)
		eventually(l.t, "the replica knows its master", func() bool { return l.servers[r].text("CLUSTER", "REPLICATE", id) == "OK" })
	}
	l.converge("at the start")
}

// converge waits until all agree, every slot is served, and each master has its replica up to date.
func (l *league) converge(when string) {
	l.t.Helper()
	eventually(l.t, when+": all are well", func() bool {
		for _, s := range l.servers {
			nodes := s.text("CLUSTER", "NODES")
			if s.field("cluster_state", "CLUSTER", "INFO") != "ok" || strings.Contains(nodes, "fail") || strings.Contains(nodes, "disconnected") {
				return false
			}
			role := s.text("INFO", "replication")
			if !strings.Contains(role, "state=online") && !strings.Contains(role, "master_link_status:up") {
				return false
			}
		}
		return l.agree()
	})
}

// agree reports whether all have the same idea of who serves which slots.
func (l *league) agree() bool {
	first := ""
	for _, s := range l.servers {
		var lines []string
		for line := range strings.Lines(s.text("CLUSTER", "NODES")) {
			if f := strings.Fields(strings.ReplaceAll(line, "myself,", "")); len(f) > 7 {
				lines = append(lines, fmt.Sprint(f[0], f[2], f[3], f[8:]))
			}
		}
		slices.Sort(lines)
		if text := strings.Join(lines, "\n"); first == "" {
			first = text
		} else if text != first {
			return false
		}
	}
	return true
}

// strike kills a process and, when its shard serves again, starts it anew. Both kinds of process and
// both roles get their turn.
func (l *league) strike(round int) {
	victim := l.servers[(round/2)%len(l.servers)]
	if wantMaster := round%3 != 2; wantMaster != l.isMaster(victim) {
		victim = l.partner(victim)
	}
	master := l.isMaster(victim)
	heir := l.partner(victim)
	first, last := l.slotsOf(victim)
	l.t.Logf("round %d: kill %v (%s, master %v)", round, victim, victim.path, master)
	victim.kill()
	if master {
		l.kills = append(l.kills, kill{time.Now(), first, last})
		eventually(l.t, "the replica takes over", func() bool { return l.isMaster(heir) && heir.field("cluster_state", "CLUSTER", "INFO") == "ok" })
	}
	victim.start()
}

// byHand lets a replica take its master's place, which loses nothing.
func (l *league) byHand(round int) {
	replica := l.servers[round%len(l.servers)]
	if l.isMaster(replica) {
		replica = l.partner(replica)
	}
	l.t.Logf("round %d: %v takes over by hand", round, replica)
	asked := time.Time{}
	eventually(l.t, "it took over", func() bool {
		if time.Since(asked) > failoverLimit { // on a busy computer five seconds may be too few
			asked = time.Now()
			require.Equal(l.t, "OK", replica.text("CLUSTER", "FAILOVER"))
		}
		return l.isMaster(replica)
	})
}

// carry moves a slot with keys of every type to another shard and back.
func (l *league) carry(round int) {
	from, to := l.masters()[round%3], l.masters()[(round+1)%3]
	first, _ := l.slotsOf(from)
	tag := tagOf(first)
	if from.text("EXISTS", "{"+tag+"}lbig") == "0" {
		fill(l.t, from.port, tag)
	}
	l.t.Logf("round %d: slot %d goes from %v to %v and back", round, first, from, to)
	began := time.Now()
	before := portrait(l.t, from.port, first)
	require.NotEmpty(l.t, before)
	for range 2 {
		moveSlot(l.t, from.port, to.port, first)
		sameKeys(l.t, began, before, portrait(l.t, to.port, first))
		from, to = to, from
	}
}

// shardChannels sends a message through each shard: published at one of its two nodes, heard at the other.
func (l *league) shardChannels() {
	for _, m := range l.masters() {
		first, _ := l.slotsOf(m)
		channel := "{" + tagOf(first) + "}news"
		for _, pair := range [][2]*foreign{{m, l.partner(m)}, {l.partner(m), m}} {
			hears(l.t, pair[0].port, pair[1].port, channel)
		}
	}
}

// hears subscribes at one node and publishes at another of the shard.
func hears(t *testing.T, listener, speaker port, channel string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, err := wire.Dial(ctx, listener.addr())
	require.NoError(t, err)
	defer conn.Close()
	v, err := conn.Do(ctx, "SSUBSCRIBE", channel)
	require.NoError(t, err)
	require.False(t, v.IsError(), v.Text)
	speaker.do(t, "SPUBLISH", channel, "hello from "+speaker.String())
	v, err = conn.Receive(ctx)
	require.NoError(t, err)
	require.Len(t, v.List, 3)
	require.Equal(t, "hello from "+speaker.String(), v.List[2].Text)
}

func (l *league) isMaster(s *foreign) bool {
	return strings.Contains(s.text("INFO", "replication"), "role:master")
}

func (l *league) masters() (list []*foreign) {
	for _, s := range l.servers {
		if l.isMaster(s) {
			list = append(list, s)
		}
	}
	require.Len(l.t, list, 3)
	return list
}

// partner is the other node of a server's shard.
func (l *league) partner(s *foreign) *foreign {
	at := s.field("master_port", "INFO", "replication")
	for _, other := range l.servers {
		if other != s && (other.String() == at || at == "" && other.field("master_port", "INFO", "replication") == s.String()) {
			return other
		}
	}
	require.Fail(l.t, "no partner", "of %v", s)
	return nil
}

// slotsOf is the range of slots that a server's shard serves.
func (l *league) slotsOf(s *foreign) (first, last slot.Slot) {
	own, count := 0, slot.Count/3
	for line := range strings.Lines(s.text("CLUSTER", "NODES")) {
		if strings.Contains(line, "myself") {
			f := strings.Fields(line)
			if strings.Contains(f[2], "slave") {
				return l.slotsOf(l.partner(s))
			}
			fmt.Sscanf(f[8], "%d", &own)
		}
	}
	i := (own + count/2) / count
	return slot.Slot(i * slot.Count / 3), slot.Slot((i+1)*slot.Count/3 - 1)
}

var foundTags sync.Map // slot.Slot to its shortest hash tag found

// tagOf is a hash tag of a slot.
func tagOf(s slot.Slot) string {
	if tag, ok := foundTags.Load(s); ok {
		return tag.(string)
	}
	for i := 0; ; i++ {
		if tag := "t" + strconv.Itoa(i); slot.OfString(tag) == s {
			foundTags.Store(s, tag)
			return tag
		}
	}
}
