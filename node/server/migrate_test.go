package server

import (
	"errors"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/machine"
)

// mover is a server that moves keys to a target which the test plays.
type mover struct {
	*driver
	link machine.LinkID
}

// newMover has a connection to its target on which database 0 is selected.
func newMover(t *testing.T) *mover {
	d := newDriver(t)
	d.do("a", "MSET one 1 two 2 three 3 four 4 five 5")
	d.do("a", "MIGRATE 127.0.0.1 7001 five 0 1000")
	m := &mover{driver: d, link: d.dialled[0].Link}
	m.connect()
	require.Contains(t, m.underway(), "SELECT")
	m.answer("+OK +OK")
	require.Equal(t, "+OK|", d.heard("a"))
	return m
}

func (m *mover) connect() {
	m.s.Connected(m.now, m.link, netip.MustParseAddrPort("127.0.0.1:40000"), netip.MustParseAddrPort("127.0.0.1:7001"))
	m.rest()
}

// underway takes what was sent since the last time, a word a space.
func (m *mover) underway() string {
	text := string(m.sent[m.link])
	m.sent[m.link] = nil
	return strings.ReplaceAll(text, "\r\n", " ")
}

func (m *mover) answer(replies string) {
	m.s.Receive(m.now, m.link, []byte(strings.ReplaceAll(replies, " ", "\r\n")+"\r\n"))
	m.rest()
}

func TestMigratesToOneTargetAreUnderWayTogether(t *testing.T) {
	m := newMover(t)
	m.ask("a", split("MIGRATE 127.0.0.1 7001 one 0 1000")...)
	m.ask("b", split("MIGRATE 127.0.0.1 7001 '' 0 1000 KEYS two three")...)
	sent := m.underway()
	for _, key := range []string{"one", "two", "three"} {
		require.Contains(t, sent, key, "nobody has answered yet")
	}
	require.NotContains(t, sent, "SELECT")
	m.answer("+OK -BUSYKEY")
	require.Equal(t, "+OK|", m.heard("a"))
	require.Empty(t, m.heard("b"))
	m.answer("+OK")
	require.Equal(t, "-ERR Target instance replied with error: BUSYKEY|", m.heard("b"))
	require.Equal(t, ":1|", m.do("c", "EXISTS one two three"), "the key that was refused stays")
}

func TestAMigrateThatAsksForMoreThanKeysWaitsForThoseBefore(t *testing.T) {
	for _, words := range []string{"two 1 1000", "two 0 1000 AUTH secret"} {
		t.Run(words, func(t *testing.T) {
			m := newMover(t)
			m.ask("a", split("MIGRATE 127.0.0.1 7001 one 0 1000")...)
			m.ask("b", split("MIGRATE 127.0.0.1 7001 "+words)...)
			m.ask("c", split("MIGRATE 127.0.0.1 7001 three 0 1000")...)
			require.NotContains(t, m.underway(), "two")
			m.answer("+OK")
			sent := m.underway()
			require.Contains(t, sent, "two")
			require.NotContains(t, sent, "three", "it is not known which database it would go to")
			m.answer("+OK +OK")
			require.Contains(t, m.underway(), "three")
		})
	}
}

func TestMuchUnderWayMakesTheNextMigrateWait(t *testing.T) {
	m := newMover(t)
	random := make([]byte, migratesAhead) // cannot be compressed
	for chance, i := rand.NewPCG(1, 2), 0; i < len(random); i++ {
		random[i] = byte(chance.Uint64())
	}
	m.call("a", "SET", "large", string(random))
	m.ask("a", split("MIGRATE 127.0.0.1 7001 large 0 1000")...)
	m.ask("b", split("MIGRATE 127.0.0.1 7001 one 0 1000")...)
	sent := m.underway()
	require.Contains(t, sent, "large")
	require.NotContains(t, sent, "one")
	m.answer("+OK")
	require.Contains(t, m.underway(), "one")
}

func TestMigratesUnderWayTryAgainWhenTheirConnectionDies(t *testing.T) {
	m := newMover(t)
	m.ask("a", split("MIGRATE 127.0.0.1 7001 one 0 1000")...)
	m.ask("b", split("MIGRATE 127.0.0.1 7001 two 0 1000")...)
	m.s.Hangup(m.now, m.link, errors.New("reset"))
	m.rest()
	m.link = m.dialled[len(m.dialled)-1].Link
	m.connect()
	require.Contains(t, m.underway(), "SELECT")
	m.answer("+OK +OK")
	require.Equal(t, "+OK|", m.heard("a"))
	require.Contains(t, m.underway(), "two")
	m.s.Hangup(m.now, m.link, errors.New("reset"))
	m.rest()
	require.Equal(t, "-IOERR error or timeout reading from target instance|", m.heard("b"), "once is enough")
	require.Equal(t, ":1|", m.do("c", "EXISTS one two"))
}
