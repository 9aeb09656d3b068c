package main_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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
	killRounds    = 20              // each of them with a process killed
	mostBefore    = 200             // so many writes are acknowledged in a round at most before its kill
)

// league is a cluster of three processes of ours and three real ones. Each of its three shards has one
// of each kind.
type league struct {
	t       *testing.T
	servers []*foreign
	writers []*writer
	acked   atomic.Int64 // writes of all of them
	rest    func()       // ends the writers
	kills   []kill
	chance  *rand.Rand
	deck    []prey // whom to kill, in the order in which they are drawn
}

// prey is a kind of process in a role.
type prey struct{ ours, master bool }

// kill is the violent end of a master: what was acknowledged by its shard just before may be lost.
type kill struct {
	at    time.Time
	first slot.Slot
	last  slot.Slot
}

// TestOursAndRealServersLiveThroughTwentyRoundsOfKills keeps a mixed cluster under a list-append load
// while in each round a process is killed with SIGKILL at some moment, a master or a replica of either kind, and
// restarted; in between replicas take over by hand and slots with keys of every type move to and fro. Nothing may be
// lost that the named windows do not explain: what WAIT called replicated survives whatever happens.
func TestOursAndRealServersLiveThroughTwentyRoundsOfKills(t *testing.T) {
	if testing.Short() {
		t.Skip("takes two minutes")
	}
	l := newLeague(t)
	l.form()
	l.write()
	killed := map[prey]int{}
	for round := range killRounds {
		killed[l.strike(round)]++
		l.converge(fmt.Sprintf("round %d", round))
		switch round % 4 {
		case 1:
			l.byHand(round)
			l.converge(fmt.Sprintf("by hand in round %d", round))
		case 3:
			l.carry(round)
			l.converge(fmt.Sprintf("slots in round %d", round))
		}
		l.shardChannels()
	}
	t.Logf("killed: %v", killed)
	require.Len(t, killed, 4, "both kinds of process in both roles")
	l.judge()
}

func newLeague(t *testing.T) *league {
	needTool(t, "redis-server")
	l := &league{t: t, chance: rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))}
	for range killRounds / 4 {
		l.deck = append(l.deck, prey{true, true}, prey{true, false}, prey{false, true}, prey{false, false})
	}
	l.chance.Shuffle(len(l.deck), func(i, j int) { l.deck[i], l.deck[j] = l.deck[j], l.deck[i] })
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

// strike kills a process after some more writes and, when its shard serves again, starts it anew.
func (l *league) strike(round int) prey {
	more := l.acked.Load() + 1 + l.chance.Int64N(mostBefore)
	eventually(l.t, "some more writes", func() bool { return l.acked.Load() >= more })
	victim, as := l.draw()
	heir := l.partner(victim)
	first, last := l.slotsOf(victim)
	l.t.Logf("round %d: kill %v (%s, master %v) after %d writes", round, victim, victim.path, as.master, l.acked.Load())
	victim.kill()
	if as.master {
		l.kills = append(l.kills, kill{time.Now(), first, last})
		eventually(l.t, "the replica takes over", func() bool { return l.isMaster(heir) && heir.field("cluster_state", "CLUSTER", "INFO") == "ok" })
	}
	victim.start()
	return as
}

// draw takes the next of the deck of which there is one now; when there is none, whoever chance wants.
func (l *league) draw() (*foreign, prey) {
	now := map[prey][]*foreign{}
	for i, s := range l.servers {
		as := prey{i%2 == 0, l.isMaster(s)}
		now[as] = append(now[as], s)
	}
	next := slices.IndexFunc(l.deck, func(p prey) bool { return len(now[p]) > 0 })
	if next < 0 {
		next = 0
		for as := range now {
			l.deck[0] = as
		}
	}
	as := l.deck[next]
	l.deck = slices.Delete(l.deck, next, next+1)
	return now[as][l.chance.IntN(len(now[as]))], as
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
