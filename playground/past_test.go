package playground

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/playground/history"
)

// nodeIn finds a node of a snapshot.
func nodeIn(t *testing.T, s Snapshot, name string) Node {
	t.Helper()
	for _, n := range s.Nodes {
		if n.Name == name {
			return n
		}
	}
	require.Fail(t, "no node "+name)
	return Node{}
}

func TestThePastShowsTheMasterAliveBeforeItWasKilled(t *testing.T) {
	l := launch(t, hasty())
	victim := l.Nodes()[0].Name
	filmed(t, l)
	before := l.Clock().Now()
	act(t, l, "kill", victim)
	eventually(t, l, "a replica is promoted", func(s Snapshot) bool {
		return strings.Contains(names(s.Story), "+promoted")
	})
	filmed(t, l)
	after := l.Clock().Now()

	then, err := l.Past(t.Context(), before)
	require.NoError(t, err)
	require.Equal(t, "up", nodeIn(t, then, victim).State)
	require.Equal(t, "master", nodeIn(t, then, victim).Role)
	require.Equal(t, "ok", then.State)
	require.NotContains(t, names(then.Story), "+killed")
	require.Equal(t, before.UnixMilli(), then.Now)

	filmed(t, l)
	now, err := l.Past(t.Context(), after)
	require.NoError(t, err)
	require.Equal(t, "killed", nodeIn(t, now, victim).State)
	require.Contains(t, names(now.Story), "+promoted")

	story, err := l.Between(t.Context(), before, after)
	require.NoError(t, err)
	require.Contains(t, names(story.Events), "+killed")
	require.Contains(t, names(story.Events), "+promoted")
	require.NotEmpty(t, story.Frames)
	require.NotEmpty(t, story.Events[len(story.Events)-1].Say.ID, "the story can be told in any language")
	require.Positive(t, story.Total)
	for _, f := range story.Frames {
		require.NotZero(t, f.From)
		require.True(t, f.Dropped || f.Arrived >= f.Sent)
	}

	for _, line := range story.Events { // the picture shows what the story tells, at that very moment
		if line.Name == "+killed" || line.Name == "+promoted" {
			shown, err := l.Past(t.Context(), time.UnixMilli(line.T+1))
			require.NoError(t, err)
			n := nodeIn(t, shown, line.Node)
			require.True(t, n.State == "killed" || n.Role == "master" && line.Name == "+promoted", "%s: %s %s", line.Line, n.State, n.Role)
		}
	}

	span, err := l.Recorded(t.Context())
	require.NoError(t, err)
	require.LessOrEqual(t, span.From, before.UnixMilli())
	require.GreaterOrEqual(t, span.To, after.UnixMilli())
	require.Contains(t, names(span.Flags), "+killed")
	require.False(t, span.Kept)
	require.Positive(t, span.Bytes)
}

// names are the names of a story's lines.
func names(story []Line) string {
	var all []string
	for _, line := range story {
		all = append(all, line.Name)
	}
	return strings.Join(all, " ")
}

// filmed waits until everything up to now is recorded.
func filmed(t *testing.T, l *Lab) {
	t.Helper()
	now := l.Clock().Now().UnixMilli()
	require.Eventually(t, func() bool { return l.filmEnd() > now }, patience, 5*time.Millisecond)
	l.history.Sync()
}

func TestThePictureMadeOfChangesIsThePictureAsItWas(t *testing.T) {
	sample := func(keys int, gone bool) Snapshot {
		s := Snapshot{Seq: uint64(keys), Now: int64(keys), State: "ok", Rules: []RuleView{}, Held: []HeldView{}, Moves: []MoveView{}}
		for port := 7000; port < 7004; port++ {
			n := sampleNode()
			n.Port, n.Keys, n.Name = port, keys+port, itoa(port)
			if !gone || port != 7002 {
				s.Nodes = append(s.Nodes, n)
			}
		}
		if keys > 1 {
			s.Rules = append(s.Rules, RuleView{From: "7000", To: "7001", Cut: true})
		}
		return s
	}
	first := sample(1, false)
	pictures := []history.Picture{}
	var picture Picture
	picture.Advance(&first, 1, LookAll)
	text, err := json.Marshal(first)
	require.NoError(t, err)
	pictures = append(pictures, history.Picture{Whole: true, Data: newPacker().pack(text, nil)})
	like, p := text, newPacker()
	want := first
	for keys := 2; keys < 6; keys++ {
		want = sample(keys, keys > 3)
		text, err := json.Marshal(picture.Advance(&want, uint64(keys), LookChanged))
		require.NoError(t, err)
		pictures = append(pictures, history.Picture{Data: p.pack(text, like)})
	}
	f, err := develop(pictures)
	require.NoError(t, err)
	got, err := f.at(99, 0)
	require.NoError(t, err)
	want.Now = 99
	require.Equal(t, want, got)
	for seq, now := range map[uint64]int{0: 2, 4: 4} { // everything up to event 4 happened at 4
		f, err := develop(pictures)
		require.NoError(t, err)
		got, err := f.at(2, seq)
		require.NoError(t, err)
		require.Equal(t, now, int(got.Seq))
		require.EqualValues(t, 2, got.Now)
	}

	// A change was lost: what follows is a whole picture, told as a change with who is gone.
	last, err := json.Marshal(want)
	require.NoError(t, err)
	f, err = develop(append(pictures[:2], history.Picture{Whole: true, Data: p.pack(last, nil)}))
	require.NoError(t, err)
	require.Equal(t, []string{"7002"}, f.changes[1].Gone)
}

func TestPackedTextIsShortAndComesBack(t *testing.T) {
	whole := []byte(strings.Repeat(`{"node":"7000","beliefs":[1,2,3]}`, 100) + `{"node":"7001","keys":17}`)
	change := []byte(`{"node":"7001","keys":18}`)
	p := newPacker()
	for range 3 { // one packer packs many changes
		packed := p.pack(change, whole)
		require.Less(t, len(packed), len(change))
		text, err := unpack(packed, whole)
		require.NoError(t, err)
		require.Equal(t, change, text)
	}
	long := bytes.Repeat(whole, 20) // longer than what is remembered of it
	require.Greater(t, len(long), packWindow)
	text, err := unpack(p.pack(whole, long), long)
	require.NoError(t, err)
	require.Equal(t, whole, text)
	text, err = unpack(p.pack(change, long), long) // of which the end was looked through
	require.NoError(t, err)
	require.Equal(t, change, text)
	_, err = unpack([]byte("nonsense"), nil)
	require.Error(t, err)
}

func TestTheRecordOfADataDirectoryGoesOnAfterARestart(t *testing.T) {
	topology := six()
	topology.DataDir = filepath.Join(t.TempDir(), "data")
	l := launch(t, topology)
	filmed(t, l)
	before := l.Clock().Now()
	span, err := l.Recorded(t.Context())
	require.NoError(t, err)
	require.True(t, span.Kept)
	l.Close()
	again := launch(t, topology)
	filmed(t, again)
	now, err := again.Recorded(t.Context())
	require.NoError(t, err)
	require.Equal(t, span.From, now.From)
	require.Greater(t, now.Began, before.UnixMilli(), "the lab's time never runs over what is recorded")
	then, err := again.Past(t.Context(), before)
	require.NoError(t, err)
	require.Len(t, then.Nodes, 6)
}
