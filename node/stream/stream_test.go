package stream

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"clusterplay/node/listpack"
)

// entry is an entry of the model: a plain list of them is what a stream must be equal to.
type entry struct {
	id    ID
	words []string
}

// model is a stream and what it ought to be.
type model struct {
	s       Stream
	entries []entry
	last    ID
	added   int64
	lim     Limits
}

func words(pairs ...string) (out [][]byte) {
	for _, p := range pairs {
		out = append(out, []byte(p))
	}
	return out
}

// read returns what the stream has between two IDs.
func read(s *Stream, from, to ID, back bool) (out []entry) {
	c := s.Range(from, to, back)
	for c.Next() {
		e := entry{id: c.ID}
		for range c.Fields {
			name, value := c.Pair()
			e.words = append(e.words, string(name.Append(nil)), string(value.Append(nil)))
		}
		out = append(out, e)
	}
	return out
}

func (m *model) add(t *rapid.T) {
	id := ID{m.last.Ms + uint64(rapid.IntRange(0, 3).Draw(t, "ms")), uint64(rapid.IntRange(0, 5).Draw(t, "seq"))}
	text := rapid.SampledFrom([]string{"a", "b", "12", "-3000", "", strings.Repeat("x", 70)})
	pairs := rapid.SliceOfN(text, 1, 3).Draw(t, "names")
	var both []string
	for _, name := range pairs {
		both = append(both, name, text.Draw(t, "value"))
	}
	err := m.s.Add(id, words(both...), m.lim)
	if id.Compare(m.last) <= 0 {
		require.ErrorIs(t, err, ErrNotAfter)
		return
	}
	require.NoError(t, err)
	m.last = id
	m.added++
	m.entries = append(m.entries, entry{id, both})
}

func (m *model) anID(t *rapid.T) ID {
	if len(m.entries) > 0 && rapid.Bool().Draw(t, "known") {
		return m.entries[rapid.IntRange(0, len(m.entries)-1).Draw(t, "which")].id
	}
	return ID{uint64(rapid.IntRange(0, int(m.last.Ms)+1).Draw(t, "ms")), uint64(rapid.IntRange(0, 5).Draw(t, "seq"))}
}

func (m *model) delete(t *rapid.T) {
	id := m.anID(t)
	i := slices.IndexFunc(m.entries, func(e entry) bool { return e.id == id })
	want := 0
	if i >= 0 {
		m.entries, want = slices.Delete(m.entries, i, i+1), 1
	}
	require.Equal(t, want, m.s.Delete(id))
}

func (m *model) trim(t *rapid.T) {
	trim := Trim{ByID: rapid.Bool().Draw(t, "by id"), Approx: rapid.Bool().Draw(t, "approx")}
	trim.ID, trim.Length = m.anID(t), uint64(rapid.IntRange(0, 20).Draw(t, "length"))
	exact := max(0, len(m.entries)-int(trim.Length))
	if trim.ByID {
		exact = len(m.entries)
		if i := slices.IndexFunc(m.entries, func(e entry) bool { return e.id.Compare(trim.ID) >= 0 }); i >= 0 {
			exact = i
		}
	}
	went := int(trim.Apply(&m.s))
	if trim.Approx {
		require.LessOrEqual(t, went, exact)
	} else {
		require.Equal(t, exact, went)
	}
	m.entries = m.entries[went:]
}

func (m *model) rangeOf(t *rapid.T) {
	from, to := m.anID(t), m.anID(t)
	var want []entry
	for _, e := range m.entries {
		if e.id.Compare(from) >= 0 && e.id.Compare(to) <= 0 {
			want = append(want, e)
		}
	}
	require.Equal(t, want, read(&m.s, from, to, false))
	slices.Reverse(want)
	require.Equal(t, want, read(&m.s, from, to, true))
}

// check compares everything, also with what a copy and a loaded stream are.
func (m *model) check(t *rapid.T) {
	require.Equal(t, len(m.entries), m.s.Len())
	require.Equal(t, m.last, m.s.LastID())
	require.Equal(t, m.added, m.s.Added())
	require.Equal(t, m.entries, append([]entry{}, read(&m.s, ID{}, MaxID, false)...))
	first := ID{}
	if len(m.entries) > 0 {
		first = m.entries[0].id
	}
	require.Equal(t, first, m.s.FirstID())
	sum := 0
	for i := range m.s.Nodes() {
		_, pack := m.s.Node(i)
		sum += len(pack)
	}
	require.Equal(t, sum, m.s.bytes)
	require.Equal(t, m.s.RadixNodes(), radixBySearch(&m.s))
	loaded := reload(t, &m.s)
	require.Equal(t, read(&m.s, ID{}, MaxID, false), read(loaded, ID{}, MaxID, false))
	require.Equal(t, m.s.Facts(), loaded.Facts())
}

// reload carries a stream through its bytes.
func reload(t require.TestingT, s *Stream) *Stream {
	loaded := new(Stream)
	for i := range s.Nodes() {
		require.NoError(t, loaded.LoadNode(s.Node(i)))
	}
	require.NoError(t, loaded.Load(s.Facts(), false))
	return loaded
}

// radixBySearch counts the nodes of the tree by building it: of each prefix of a key that is an end, a
// fork, or the beginning of a piece between those.
func radixBySearch(s *Stream) int {
	children := map[string]map[byte]bool{}
	for i := range s.nodes {
		key := string(s.nodes[i].id.Bytes(nil))
		for k := range key {
			if children[key[:k]] == nil {
				children[key[:k]] = map[byte]bool{}
			}
			children[key[:k]][key[k]] = true
		}
	}
	total := max(1, len(s.nodes))
	for prefix, next := range children {
		fork := len(next) > 1
		begins := prefix == "" || len(children[prefix[:len(prefix)-1]]) > 1
		if fork || begins {
			total++
		}
	}
	if len(s.nodes) == 0 {
		return 1
	}
	return total
}

func TestAStreamIsTheListOfItsEntries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &model{lim: Limits{
			Bytes:   int64(rapid.SampledFrom([]int{0, 60, 200, 4096}).Draw(t, "bytes")),
			Entries: int64(rapid.SampledFrom([]int{0, 1, 4, 100}).Draw(t, "entries")),
		}, entries: []entry{}}
		t.Repeat(map[string]func(*rapid.T){
			"add": m.add, "add again": m.add, "and again": m.add, "delete": m.delete, "trim": m.trim, "range": m.rangeOf, "": m.check,
		})
	})
}

func TestACopyGoesItsOwnWay(t *testing.T) {
	var s Stream
	for i := range uint64(10) {
		require.NoError(t, s.Add(ID{1 + i, 0}, words("f", "v"), Limits{Entries: 3}))
	}
	g := s.NewGroup([]byte("g"), ID{}, 0)
	reader := g.NewConsumer([]byte("c"), 5)
	g.Deliver(ID{1, 0}, reader, 7)
	dup := s.Clone()
	before := read(&s, ID{}, MaxID, false)
	require.Equal(t, 1, dup.Delete(ID{1, 0}))
	require.True(t, dup.Group([]byte("g")).Acknowledge(ID{1, 0}))
	require.NoError(t, dup.Add(ID{99, 0}, words("f", "v"), Limits{}))
	require.Equal(t, before, read(&s, ID{}, MaxID, false))
	require.Equal(t, 1, g.PendingLen())
	require.Equal(t, 1, reader.PendingLen())
	require.Zero(t, dup.Group([]byte("g")).Consumer([]byte("c")).PendingLen())
}

func TestIDsAreReadAsRedisReadsThem(t *testing.T) {
	for _, tt := range []struct {
		text string
		id   ID
		form Form
		ok   bool
	}{
		{"5-1", ID{5, 1}, Whole, true}, {"5", ID{5, 77}, NoSeq, true}, {"5-*", ID{5, 0}, AutoSeq, true}, {"-", ID{}, Edge, true},
		{"+", MaxID, Edge, true}, {"+5-1", ID{5, 1}, Whole, true}, {" 5- -1", ID{5, 1<<64 - 1}, Whole, true}, {"007-01", ID{7, 1}, Whole, true},
		{"5-", ID{}, Whole, false}, {"-5", ID{}, Whole, false}, {"5--1", ID{}, Whole, false}, {"18446744073709551616", ID{}, Whole, false},
		{"18446744073709551615-18446744073709551615", MaxID, Whole, true}, {"5\x00x", ID{5, 77}, NoSeq, true}, {"", ID{}, Whole, false},
		{"*", ID{}, Whole, false}, {strings.Repeat("0", 127), ID{0, 77}, NoSeq, true}, {strings.Repeat("0", 128), ID{}, Whole, false},
	} {
		t.Run(fmt.Sprintf("%.40q", tt.text), func(t *testing.T) {
			id, form, ok := Parse([]byte(tt.text), 77)
			require.Equal(t, tt.ok, ok)
			if ok {
				require.Equal(t, tt.id, id)
				require.Equal(t, tt.form, form)
			}
		})
	}
}

func TestIDsHaveNeighbours(t *testing.T) {
	next, ok := ID{4, 1<<64 - 1}.Next()
	require.True(t, ok)
	require.Equal(t, ID{5, 0}, next)
	back, ok := next.Previous()
	require.True(t, ok)
	require.Equal(t, ID{4, 1<<64 - 1}, back)
	_, ok = MaxID.Next()
	require.False(t, ok)
	_, ok = ID{}.Previous()
	require.False(t, ok)
	require.Equal(t, "18446744073709551615-0", ID{1<<64 - 1, 0}.String())
}

// FuzzLoadNode requires of every node that is taken that the stream can be walked, cut and dumped.
func FuzzLoadNode(f *testing.F) {
	var s Stream
	for i := range uint64(5) {
		_ = s.Add(ID{10 + i, i}, words("f", "v", fmt.Sprint("g", i/3), "12"), Limits{})
	}
	s.Delete(ID{11, 1})
	for i := range s.Nodes() {
		id, pack := s.Node(i)
		f.Add(id.Ms, id.Seq, pack)
	}
	f.Add(uint64(1), uint64(0), listpack.Close(listpack.Open(nil), 0))
	f.Fuzz(func(t *testing.T, ms, seq uint64, pack []byte) {
		loaded := new(Stream)
		if loaded.LoadNode(ID{ms, seq}, pack) != nil {
			return
		}
		require.NoError(t, loaded.Load(Facts{Length: uint64(loaded.Len()), Last: loaded.LastID()}, true))
		all := read(loaded, ID{}, MaxID, false)
		require.Len(t, all, loaded.Len())
		back := read(loaded, ID{}, MaxID, true)
		slices.Reverse(back)
		require.Equal(t, all, back)
		reload(t, loaded)
		half := all[len(all)/2].id
		require.Equal(t, 1, loaded.Delete(half))
		trim := Trim{Length: uint64(loaded.Len() / 2)}
		trim.Apply(loaded)
		require.Len(t, read(loaded, ID{}, MaxID, false), loaded.Len())
		reload(t, loaded)
	})
}

// Redis keeps the node as well, and RDB files of both hold such.
func TestANodeWhoseEntriesAllWentOneByOneIsLoaded(t *testing.T) {
	s := new(Stream)
	for ms := range uint64(2) {
		require.NoError(t, s.Add(ID{ms + 1, 0}, words("a", "1"), Limits{}))
	}
	require.Equal(t, 1, s.Delete(ID{2, 0}))
	trim := Trim{ByID: true, ID: ID{2, 0}}
	require.EqualValues(t, 1, trim.Apply(s))
	require.Equal(t, 1, s.Nodes())
	loaded := reload(t, s)
	require.Zero(t, loaded.Len())
	require.Equal(t, s.Facts(), loaded.Facts())
}
