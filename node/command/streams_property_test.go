package command

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/keyspace"
	"clusterplay/node/rdb"
	"clusterplay/node/stream"
)

// TestStreamsReachReplicas gives a replica, whose nodes fill up elsewhere, what is propagated. What
// Redis does not propagate is not compared: how often and when something was delivered again, how
// much a group has read, and consumers who have nothing.
func TestStreamsReachReplicas(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			h, replica := newTestHost(), newTestHost()
			h.context.NoBlock, replica.context.Master = true, true
			h.settings["stream-node-max-entries"], replica.settings["stream-node-max-entries"] = "4", "7"
			lateIDs = 0
			g := &gen{rand.New(rand.NewPCG(seed, 3))}
			for range 1500 {
				args := g.fill(g.pick(streamTemplates...), g.streamWord)
				if len(args) > 1 && args[0] != "debug" && !slices.Contains(args, overflowing) {
					parseReply(t, h.do(args...))
					h.context.Now += 3
				}
			}
			replica.context.Now = h.context.Now
			for _, args := range h.stream {
				parseReply(t, replica.do(args...))
			}
			require.Equal(t, logsOf(h.context.DB), logsOf(replica.context.DB))
		})
	}
}

// overflowing is a number of entries after which counting goes wrong in Redis too.
const overflowing = "9223372036854775807"

// logsOf returns what is the same on a master and its replicas.
func logsOf(db *keyspace.DB) map[string][]string {
	all := map[string][]string{}
	for key, e := range db.All() {
		s, ok := e.Value.(*keyspace.StreamValue)
		if !ok {
			continue
		}
		facts := s.Facts()
		lines := []string{fmt.Sprint(facts.Length, facts.Last, facts.First, facts.MaxDeleted, facts.Added)}
		for c := s.Range(stream.ID{}, stream.MaxID, false); c.Next(); {
			line := c.ID.String()
			for range c.Fields {
				name, value := c.Pair()
				line += fmt.Sprintf(" %q %q", name.Append(nil), value.Append(nil))
			}
			lines = append(lines, line)
		}
		for _, g := range s.Groups() {
			lines = append(lines, fmt.Sprintf("group %q at %s", g.Name, g.Last))
			g.PendingFrom(stream.ID{}, func(p *stream.Pending) bool {
				lines = append(lines, fmt.Sprintf("%s is pending for %q", p.ID, p.Owner.Name))
				return true
			})
		}
		all[key] = lines
	}
	return all
}

// TestALogMakesStreamsAgain gives an empty server the commands a rewritten log is made of. It loses
// what Redis' own loses: what is pending of entries that were deleted.
func TestALogMakesStreamsAgain(t *testing.T) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			h, loaded := newTestHost(), newTestHost()
			h.context.NoBlock, loaded.context.Master = true, true
			lateIDs = 0
			g := &gen{rand.New(rand.NewPCG(seed, 4))}
			for range 1500 {
				args := g.fill(g.pick(streamTemplates...), g.streamWord)
				if len(args) > 1 && args[0] != "debug" && args[0] != "xdel" && args[0] != "xtrim" && !slices.Contains(args, overflowing) {
					parseReply(t, h.do(args...))
				}
			}
			h.do("xtrim", "t2", "maxlen", "0")
			for _, key := range []string{"t1", "t2", "fut"} {
				h.do("xautoclaim", key, "g", "bob", "0", "0", "count", "1000", "justid") // forgets what was deleted
				h.do("xautoclaim", key, "h", "bob", "0", "0", "count", "1000", "justid")
				h.do("xautoclaim", key, "", "bob", "0", "0", "count", "1000", "justid")
			}
			for key, e := range h.context.DB.All() {
				var enc rdb.Encoder
				Rebuild(&enc, []byte(key), e.Value, 0)
				in := bufio.NewReader(bytes.NewReader(enc.Buf))
				for in.Buffered() > 0 || peeks(in) {
					var words []string
					for _, word := range readReply(t, in).list {
						words = append(words, word.text)
					}
					require.NotEqual(t, byte('-'), loaded.do(words...)[0], "%q", words)
				}
			}
			require.Equal(t, logsOf(h.context.DB), logsOf(loaded.context.DB))
		})
	}
}

func peeks(in *bufio.Reader) bool {
	_, err := in.Peek(1)
	return err == nil
}

// sampleStream is the payload of a stream with everything a stream can have.
func sampleStream(t testing.TB) []byte {
	h := newTestHost()
	h.settings["stream-node-max-entries"] = "3"
	for _, line := range []string{
		"xadd s 1-1 f v g 12", "xadd s 2-1 f v g 13", "xadd s 2-2 other -700", "xadd s 3-1 f v", "xadd s 4-1 f v", "xdel s 2-1",
		"xgroup create s g 0", "xgroup create s h 2-2 entriesread 2", "xreadgroup group g alice count 2 streams s >",
		"xreadgroup group g bob streams s >", "xgroup createconsumer s h carol",
	} {
		require.NotContains(t, h.do(strings.Fields(line)...), "-ERR")
	}
	payload := h.do("dump", "s")
	return []byte(parseReply(t, payload).text)
}

// FuzzRestoreStream gives RESTORE payloads of damaged streams whose checksum is right. Whatever is
// taken can be used in every way.
func FuzzRestoreStream(f *testing.F) {
	payload := sampleStream(f)
	f.Add(payload[:len(payload)-10])
	f.Fuzz(func(t *testing.T, body []byte) {
		payload := append(append([]byte(nil), body...), rdb.Version, 0)
		payload = binary.LittleEndian.AppendUint64(payload, rdb.Checksum(0, payload))
		h := newTestHost()
		if !strings.HasPrefix(h.do("restore", "s", "0", string(payload)), "+OK") || !strings.Contains(h.do("type", "s"), "stream") {
			return
		}
		again := parseReply(t, h.do("dump", "s")).text
		require.Equal(t, "+OK\r\n", h.do("restore", "s", "0", again, "replace"))
		for _, line := range []string{
			"xinfo stream s full count 0", "xinfo groups s", "xrange s - +", "xrevrange s + -", "xpending s g", "xpending s g - + 9 alice",
			"xreadgroup group g alice streams s 0", "xreadgroup group g eve streams s >", "xautoclaim s g eve 0 0", "xadd s * f v",
			"xtrim s maxlen 2", "xack s g 1-1 2-2", "copy s t", "xgroup delconsumer s g alice", "memory usage s", "xtrim s maxlen 0", "dump s",
		} {
			parseReply(t, h.do(strings.Fields(line)...))
		}
	})
}

func TestEachDamagedByteOfAStreamIsBorne(t *testing.T) {
	payload := sampleStream(t)
	body := payload[:len(payload)-10]
	for i := range body {
		for _, flip := range []byte{1, 0x80, 0xFF} {
			damaged := append([]byte(nil), body...)
			damaged[i] ^= flip
			damaged = append(damaged, rdb.Version, 0)
			damaged = binary.LittleEndian.AppendUint64(damaged, rdb.Checksum(0, damaged))
			h := newTestHost()
			if strings.HasPrefix(h.do("restore", "s", "0", string(damaged)), "+OK") {
				parseReply(t, h.do("xinfo", "stream", "s", "full", "count", "0"))
				parseReply(t, h.do("xtrim", "s", "maxlen", "1"))
			}
		}
	}
}

// oldStream turns the payload of sampleStream into what Redis 5 and 6 wrote: without the first ID, the
// greatest deleted one, the number added and what groups have read.
func oldStream(t *testing.T, payload []byte) []byte {
	v, err := rdb.DecodeDump(payload)
	require.NoError(t, err)
	l := v.Log
	e := rdb.Encoder{Buf: []byte{byte(rdb.TypeStream1)}}
	id := func(id rdb.LogID) []byte {
		return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, id.Ms), id.Seq)
	}
	e.Len(uint64(len(l.Nodes)))
	for _, n := range l.Nodes {
		e.String(id(n.ID))
		e.String(n.Pack)
	}
	e.Len(l.Length)
	e.Len(l.Last.Ms)
	e.Len(l.Last.Seq)
	e.Len(uint64(len(l.Groups)))
	for _, g := range l.Groups {
		e.String(g.Name)
		e.Len(g.Last.Ms)
		e.Len(g.Last.Seq)
		e.Len(uint64(len(g.Pending)))
		for _, p := range g.Pending {
			e.Buf = binary.LittleEndian.AppendUint64(append(e.Buf, id(p.ID)...), uint64(p.Delivered))
			e.Len(p.Deliveries)
		}
		e.Len(uint64(len(g.Consumers)))
		for _, c := range g.Consumers {
			e.String(c.Name)
			e.Buf = binary.LittleEndian.AppendUint64(e.Buf, uint64(c.Seen))
			e.Len(uint64(len(c.Pending)))
			for _, pending := range c.Pending {
				e.Buf = append(e.Buf, id(pending)...)
			}
		}
	}
	body := append(e.Buf, 9, 0)
	return binary.LittleEndian.AppendUint64(body, rdb.Checksum(0, body))
}

func TestStreamsOfOldReleasesBecomeThoseThatRedisMakesOfThem(t *testing.T) {
	old := string(oldStream(t, sampleStream(t)))
	redis, ours := startRedis(t, 2), newTestHost()
	require.Equal(t, "OK", redis.do("restore", "s", "0", old).text)
	require.Equal(t, "+OK\r\n", ours.do("restore", "s", "0", old))
	for _, line := range []string{"dump s", "xinfo stream s", "xinfo groups s", "xpending s g"} {
		require.Equal(t, redis.do(strings.Fields(line)...), parseReply(t, ours.do(strings.Fields(line)...)), line)
	}
}
