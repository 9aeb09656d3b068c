package tracking

import (
	"strings"
	"testing"

	"clusterplay/node/resp"

	"github.com/stretchr/testify/require"
)

// peer is a connection of the test's.
type peer struct {
	resp.Writer
	id      uint64
	tracker Tracker
}

func (p *peer) ID() uint64       { return p.id }
func (p *peer) Tracks() *Tracker { return &p.tracker }

// heard takes what a connection was told.
func (p *peer) heard() string {
	text := strings.ReplaceAll(string(p.Buf), "\r\n", "|")
	p.Buf = nil
	return text
}

// town is a Host of connections that are all there; nobody's command runs.
type town []*peer

func (h town) To(c *peer) *resp.Writer { return &c.Writer }
func (h town) ByID(id uint64) (*peer, bool) {
	if id == 0 || id > uint64(len(h)) {
		return nil, false
	}
	return h[id-1], true
}
func (h town) Subscribed(*peer) bool  { return false }
func (h town) Running() (*peer, bool) { return nil, false }
func (h town) All() []*peer           { return h }
func (h town) Rand(n int) int         { return n - 1 }

func newTown() (Table[*peer], *peer, *peer) {
	a, b := &peer{id: 1}, &peer{id: 2}
	a.Proto, b.Proto = 3, 3
	return New[*peer](town{a, b}), a, b
}

func words(line string) (out [][]byte) {
	for _, w := range strings.Fields(line) {
		out = append(out, []byte(w))
	}
	return out
}

func TestAReaderIsToldOnceThatAKeyChanged(t *testing.T) {
	table, a, b := newTown()
	require.True(t, table.Idle())
	table.Set(a, words("ON"))
	require.Equal(t, "+OK|", a.heard())
	table.Remember(a, []byte("k"))
	table.Remember(a, []byte("k"))
	require.Equal(t, 1, table.Items())
	table.Changed([]byte("k"))
	table.Changed([]byte("k"))
	require.Equal(t, ">2|$10|invalidate|*1|$1|k|", a.heard())
	require.Empty(t, b.heard())
	table.Set(a, words("OFF"))
	require.True(t, table.Idle())
}

func TestTooManyKeysAreGivenUp(t *testing.T) {
	table, a, _ := newTown()
	table.Set(a, words("ON"))
	for _, key := range []string{"x", "y", "z"} {
		table.Remember(a, []byte(key))
	}
	a.heard()
	table.Limit(1)
	require.Equal(t, 1, table.Keys())
	require.Equal(t, ">2|$10|invalidate|*1|$1|z|>2|$10|invalidate|*1|$1|y|", a.heard())
}

func TestPrefixesOfOneConnectionDoNotOverlap(t *testing.T) {
	table, a, _ := newTown()
	table.Set(a, words("ON BCAST PREFIX x PREFIX ab PREFIX a"))
	require.Contains(t, a.heard(), "-ERR Prefix 'ab' overlaps with another provided prefix 'a'.")
	require.Zero(t, table.Clients(), "7.0.15 refuses and tracks all the same")
	table.Set(a, words("ON BCAST PREFIX ab"))
	table.Set(a, words("ON BCAST PREFIX a"))
	require.Contains(t, a.heard(), "-ERR Prefix 'a' overlaps with an existing prefix 'ab'.")
	table.Changed([]byte("abc"))
	table.Changed([]byte("b"))
	table.Broadcast()
	require.Equal(t, ">2|$10|invalidate|*1|$3|abc|", a.heard())
}
