package main_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/resp"
	"clusterplay/node/slot"
	"clusterplay/playground"
)

// mixed is a cluster of six nodes of ours (masters a, b, c with their replicas a2, b2, c2) and two
// real servers, x and y.
type mixed struct {
	lab                 *playground.Lab
	a, b, c, a2, b2, c2 port
	x, y                *foreign
	tagA, tagMoved      string // hash tags of keys in a's slots, and in the slot that moves
	moved               slot.Slot
}

func TestARealServerIsAMemberOfOurCluster(t *testing.T) {
	t.Parallel()
	m := newMixed(t)
	for _, step := range []struct {
		name string
		do   func(*mixed, *testing.T)
	}{
		{"they meet in both directions", (*mixed).meet},
		{"it replicates a master of ours", (*mixed).itReplicatesOurs},
		{"a slot with keys of every type goes to it", (*mixed).slotGoes},
		{"one of ours replicates it", (*mixed).oursReplicatesIt},
		{"it votes in an election of ours", (*mixed).itVotes},
		{"it wins an election when its master is killed", (*mixed).itWins},
		{"it loses its role to ours when it is killed", (*mixed).itLoses},
		{"the slot comes back with its keys", (*mixed).slotReturns},
	} {
		if !t.Run(step.name, func(t *testing.T) { step.do(m, t) }) {
			m.show(t)
			return
		}
	}
}

func newMixed(t *testing.T) *mixed {
	needTool(t, "redis-server")
	m := &mixed{}
	m.lab = launchLab(t, playground.Topology{
		Masters: 3, Replicas: 1, NodeTimeout: int(oracleTimeout.Milliseconds()),
		Settings: map[string]string{"cluster-allow-replica-migration": "no"},
	})
	p := members(m.lab)
	m.a, m.b, m.c, m.a2, m.b2, m.c2 = p[0], p[1], p[2], p[3], p[4], p[5]
	m.x, m.y = startForeign(t, clusterOptions()...), startForeign(t, clusterOptions()...)
	m.tagA = tagIn(t, m.lab, m.a)
	m.tagMoved = tagIn(t, m.lab, m.c)
	m.moved = slot.OfString(m.tagMoved)
	return m
}

// tagIn is a hash tag whose slot belongs to a node.
func tagIn(t *testing.T, l *playground.Lab, owner port) string {
	t.Helper()
	own := nodeOf(l.Snapshot(), owner).Slots
	for i := range 10000 {
		tag := "tag" + strconv.Itoa(i)
		s := int(slot.OfString(tag))
		for _, r := range own {
			if s >= r[0] && s <= r[1] {
				return tag
			}
		}
	}
	t.Fatalf("%v owns nothing", owner)
	return ""
}

// show tells what everybody believes.
func (m *mixed) show(t *testing.T) {
	for _, line := range m.lab.Snapshot().Story {
		t.Log(line.Node, line.Line)
	}
	for _, p := range m.everybody() {
		t.Logf("%v\n%s\n%s", p, p.text("CLUSTER", "NODES"), p.text("INFO", "replication"))
	}
}

func (m *mixed) everybody() []port {
	return []port{m.a, m.b, m.c, m.a2, m.b2, m.c2, m.x.port, m.y.port}
}

func (m *mixed) meet(t *testing.T) {
	m.a.do(t, "CLUSTER", "MEET", "127.0.0.1", m.x.String())
	m.y.do(t, "CLUSTER", "MEET", "127.0.0.1", m.b.String())
	eventually(t, "everybody knows everybody", func() bool {
		for _, p := range m.everybody() {
			nodes := p.text("CLUSTER", "NODES")
			if strings.Count(nodes, "\n") != 8 || strings.Contains(nodes, "handshake") ||
				strings.Contains(nodes, "disconnected") || p.field("cluster_state", "CLUSTER", "INFO") != "ok" {
				return false
			}
		}
		return true
	})
}

// fill writes keys of every type in every encoding, some with a time to live.
func fill(t *testing.T, p port, tag string) {
	t.Helper()
	key := func(name string) string { return "{" + tag + "}" + name }
	long := strings.Repeat("long ", 50)
	p.do(t, "SET", key("int"), "12345")
	p.do(t, "SET", key("embstr"), "short", "PX", "600123")
	p.do(t, "SET", key("raw"), long)
	p.do(t, "SET", key("binary"), "\x00\r\n\xff$6\r\n")
	p.do(t, "SADD", key("intset"), "3", "-1", "2", "70000", "9223372036854775807")
	p.do(t, "ZADD", key("zsmall"), "1.5", "a", "-inf", "b", "+inf", "c", "1.5", "d")
	p.do(t, "HSET", key("hsmall"), "f", "v", "n", "17", "", "")
	p.do(t, "RPUSH", key("lsmall"), "1", "two", "", long)
	p.do(t, append([]string{"PFADD", key("sparse")}, strings.Split("abcdefghijklmnopqrstuvwxyz", "")...)...)
	p.do(t, "GEOADD", key("geo"), "13.361389", "38.115556", "Palermo", "15.087269", "37.502669", "Catania")
	p.do(t, "SETBIT", key("bits"), "800003", "1")
	fillStream(t, p, key("stream"))
	for i := range 600 {
		n := strconv.Itoa(i)
		p.do(t, "PFADD", key("dense"), "a"+n, "b"+n, "c"+n)
		p.do(t, "RPUSH", key("lbig"), long+n)
		p.do(t, "SADD", key("sbig"), "member "+n)
		p.do(t, "ZADD", key("zbig"), strconv.Itoa(i*7919%600)+".25", "member "+n)
		p.do(t, "HSET", key("hbig"), "field "+n, long+n)
	}
	for _, name := range []string{"intset", "lbig", "zbig", "hbig"} {
		p.do(t, "PEXPIRE", key(name), "600456")
	}
}

// fillStream makes a stream of some nodes, entries of it deleted, with a group whose consumers have not
// acknowledged all they read, and one that has read nothing.
func fillStream(t *testing.T, p port, key string) {
	t.Helper()
	for i := range 300 {
		n := strconv.Itoa(i)
		p.do(t, "XADD", key, n+"-7", "temperature", n, "place", "room "+n)
	}
	p.do(t, "XDEL", key, "3-7", "299-7")
	p.do(t, "XTRIM", key, "MINID", "2")
	p.do(t, "XGROUP", "CREATE", key, "readers", "0")
	p.do(t, "XGROUP", "CREATE", key, "late", "$")
	p.do(t, "XREADGROUP", "GROUP", "readers", "ada", "COUNT", "5", "STREAMS", key, ">")
	p.do(t, "XREADGROUP", "GROUP", "readers", "bob", "COUNT", "3", "STREAMS", key, ">")
	p.do(t, "XACK", key, "readers", "4-7", "8-7")
}

// groupsOf is what a stream says of its groups and of what they have not acknowledged.
func groupsOf(t *testing.T, p port, key string) string {
	t.Helper()
	about := spell(p.do(t, "XINFO", "GROUPS", key))
	for _, group := range []string{"readers", "late"} {
		about += spell(p.do(t, "XPENDING", key, group))
	}
	return about
}

// spell writes a reply with everything in it.
func spell(v resp.Value) string {
	if len(v.List) == 0 {
		return v.String()
	}
	var parts []string
	for _, part := range v.List {
		parts = append(parts, spell(part))
	}
	return "[" + strings.Join(parts, " ") + "]"
}

// sameData compares two nodes by Redis' own digest, by their keys' expiry and encodings.
func sameData(t *testing.T, p, q port) {
	t.Helper()
	eventually(t, fmt.Sprintf("%v and %v have the same data", p, q), func() bool {
		digest := p.text("DEBUG", "DIGEST")
		return len(digest) == 40 && digest == q.text("DEBUG", "DIGEST")
	})
}

// keyLook is what a key is, apart from its content, of which it has Redis' digest.
type keyLook struct {
	Type, Encoding, Digest string
	ExpireAt               int64
	Groups                 string // of a stream
}

// portrait describes the keys of a slot.
func portrait(t *testing.T, p port, s slot.Slot) map[string]keyLook {
	t.Helper()
	about := map[string]keyLook{}
	for _, key := range p.do(t, "CLUSTER", "GETKEYSINSLOT", strconv.Itoa(int(s)), "1000").List {
		look := keyLook{
			Type: p.text("TYPE", key.Text), Encoding: p.text("OBJECT", "ENCODING", key.Text),
			Digest:   p.do(t, "DEBUG", "DIGEST-VALUE", key.Text).List[0].Text,
			ExpireAt: p.do(t, "PEXPIRETIME", key.Text).Int,
		}
		if look.Type == "stream" {
			look.Groups = groupsOf(t, p, key.Text)
		}
		about[key.Text] = look
	}
	return about
}

// sameKeys compares what was with what has come since the journey began. MIGRATE carries the time that is
// left, so that the end of a key's life moves by the journey and by what two clocks differ: a second is plenty, and
// who compares a lab with a real server begins earlier by what their clocks are apart.
func sameKeys(t *testing.T, began time.Time, before, after map[string]keyLook) {
	t.Helper()
	most := 1000 + time.Since(began).Milliseconds()
	for key, was := range before {
		is := after[key]
		require.InDelta(t, was.ExpireAt, is.ExpireAt, float64(most), key)
		is.ExpireAt = was.ExpireAt
		require.Equal(t, was, is, key)
	}
	require.Len(t, after, len(before))
}

func (m *mixed) itReplicatesOurs(t *testing.T) {
	fill(t, m.a, m.tagA)
	m.x.do(t, "CLUSTER", "REPLICATE", m.a.id(t))
	eventually(t, "the real server follows", func() bool {
		return m.x.field("master_link_status", "INFO", "replication") == "up"
	})
	sameData(t, m.a, m.x.port)
	m.a.do(t, "RPUSH", "{"+m.tagA+"}later", "a", "b")
	m.a.do(t, "SPOP", "{"+m.tagA+"}sbig", "5")
	m.a.do(t, "PEXPIRE", "{"+m.tagA+"}later", "900000")
	sameData(t, m.a, m.x.port)
}

// moveSlot carries one slot as redis-cli --cluster reshard would.
func moveSlot(t *testing.T, from, to port, s slot.Slot, told ...port) {
	t.Helper()
	n := strconv.Itoa(int(s))
	to.do(t, "CLUSTER", "SETSLOT", n, "IMPORTING", from.id(t))
	from.do(t, "CLUSTER", "SETSLOT", n, "MIGRATING", to.id(t))
	for {
		keys := from.do(t, "CLUSTER", "GETKEYSINSLOT", n, "3").List
		if len(keys) == 0 {
			break
		}
		words := []string{"MIGRATE", "127.0.0.1", to.String(), "", "0", "10000", "KEYS"}
		for _, key := range keys {
			words = append(words, key.Text)
		}
		from.do(t, words...)
	}
	for _, p := range append([]port{to, from}, told...) {
		p.do(t, "CLUSTER", "SETSLOT", n, "NODE", to.id(t))
	}
}

func (m *mixed) slotGoes(t *testing.T) {
	fill(t, m.c, m.tagMoved)
	began, before := time.Now(), portrait(t, m.c, m.moved)
	require.Len(t, before, 17)
	moveSlot(t, m.c, m.y.port, m.moved, m.a, m.b)
	sameKeys(t, began.Add(-time.Since(m.lab.Clock().Now()).Abs()), before, portrait(t, m.y.port, m.moved))
	moved := m.c.text("GET", "{"+m.tagMoved+"}int")
	require.Equal(t, fmt.Sprintf("MOVED %d %s", m.moved, m.y.addr()), moved)
}

func (m *mixed) oursReplicatesIt(t *testing.T) {
	m.a2.do(t, "CLUSTER", "REPLICATE", m.y.id(t))
	eventually(t, "ours follows the real server", func() bool {
		return m.a2.field("master_link_status", "INFO", "replication") == "up"
	})
	sameData(t, m.y.port, m.a2)
	m.y.do(t, "SREM", "{"+m.tagMoved+"}sbig", "member 3")
	m.y.do(t, "HINCRBYFLOAT", "{"+m.tagMoved+"}hsmall", "n", "0.1")
	sameData(t, m.y.port, m.a2)
}

// role is what a node is in the eyes of everybody who runs.
func (m *mixed) role(t *testing.T, id, flag string, without ...port) {
	t.Helper()
	eventually(t, id[:8]+" is a "+flag+" in everybody's eyes", func() bool {
		for _, p := range m.everybody() {
			if !contains(without, p) && !believes(p, id, flag) {
				return false
			}
		}
		return true
	})
}

func contains(list []port, p port) bool {
	for _, q := range list {
		if q == p {
			return true
		}
	}
	return false
}

// believes tells whether a node's view of another one has a flag, and the cluster is ok in it.
func believes(p port, id, flag string) bool {
	if p.field("cluster_state", "CLUSTER", "INFO") != "ok" {
		return false
	}
	for line := range strings.Lines(p.text("CLUSTER", "NODES")) {
		if words := strings.Fields(line); words[0] == id {
			return strings.Contains(","+strings.TrimPrefix(words[2], "myself,")+",", ","+flag+",") &&
				!strings.Contains(words[2], "fail")
		}
	}
	return false
}

// itVotes: four masters, one of them dead, need three votes; the real server's is one of them.
func (m *mixed) itVotes(t *testing.T) {
	require.Empty(t, m.y.field("cluster_stats_messages_auth-ack_sent", "CLUSTER", "INFO"))
	act(t, m.lab, "kill "+m.b.String())
	m.role(t, m.b2.id(t), "master", m.b)
	require.Equal(t, "1", m.y.field("cluster_stats_messages_auth-ack_sent", "CLUSTER", "INFO"))
}

func (m *mixed) itWins(t *testing.T) {
	act(t, m.lab, "kill "+m.a.String())
	m.role(t, m.x.id(t), "master", m.a, m.b)
	require.Equal(t, "12345", m.x.text("GET", "{"+m.tagA+"}int"))
	m.x.do(t, "SET", "{"+m.tagA+"}reign", "of x")
	act(t, m.lab, "restart "+m.a.String())
	m.role(t, m.a.id(t), "slave", m.b)
	eventually(t, "ours follows its former replica", func() bool {
		return m.a.field("master_link_status", "INFO", "replication") == "up"
	})
	sameData(t, m.x.port, m.a)
}

func (m *mixed) itLoses(t *testing.T) {
	id := m.x.id(t)
	m.x.kill()
	m.role(t, m.a.id(t), "master", m.x.port, m.b)
	require.Equal(t, "of x", m.a.text("GET", "{"+m.tagA+"}reign"))
	m.x.start()
	m.role(t, id, "slave", m.b)
	sameData(t, m.a, m.x.port)
}

func (m *mixed) slotReturns(t *testing.T) {
	began, before := time.Now(), portrait(t, m.y.port, m.moved)
	moveSlot(t, m.y.port, m.c, m.moved, m.a, m.b2)
	sameKeys(t, began.Add(-time.Since(m.lab.Clock().Now()).Abs()), before, portrait(t, m.c, m.moved))
	sameData(t, m.c, m.c2)
}
