package hub

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"clusterplay/playground"
	"clusterplay/playground/clock"
	"clusterplay/playground/network"
	"clusterplay/web/seats"
)

// patience bounds every wait for something that must happen. It is no goal.
const patience = time.Minute

func TestASessionThatEndsWhileItsSocketOpensIsSentOutAllTheSame(t *testing.T) {
	h := &Hub{viewers: map[*viewer]bool{}}
	ended := false
	g := Guest{Session: "ada", Known: func() bool { return !ended }}
	require.Nil(t, h.refuse(g))
	ended = true
	h.Leave("ada") // finds nothing yet: the socket has not joined
	no := h.refuse(g)
	require.NotNil(t, no)
	require.Equal(t, websocket.ClosePolicyViolation, no.code)
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeLab is a lab with one node whose keys a test sets.
type fakeLab struct {
	net   *network.Network
	clock *clock.Clock

	mu   sync.Mutex
	keys int
	pad  string
	now  int64
	news uint64
}

func newFakeLab(t *testing.T) *fakeLab {
	c := clock.New(clock.Config{Start: time.Unix(0, 0), Speed: 1})
	n := network.New(network.Config{Clock: c, Rand: rand.New(rand.NewPCG(1, 1)), Memory: true})
	t.Cleanup(func() {
		n.Close()
		c.Close()
	})
	return &fakeLab{net: n, clock: c}
}

// set changes the node; pad makes it long.
func (f *fakeLab) set(keys int, pad string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.keys, f.pad = keys, pad
	f.news++
}

// Snapshot is the fake's only node at a time that goes on.
func (f *fakeLab) See(look playground.Look) playground.Snapshot {
	s := f.Snapshot()
	if look == playground.LookAway {
		s.Nodes = nil
	}
	return s
}

// News tells of an event for every change.
func (f *fakeLab) News() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.news
}

func (f *fakeLab) Snapshot() playground.Snapshot {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now++
	node := playground.Node{Name: "7000", Keys: f.keys, Why: f.pad, Beliefs: []playground.Belief{{Node: "7001", PongAge: f.now}}}
	return playground.Snapshot{Now: f.now, Wall: f.now, State: "ok", Nodes: []playground.Node{node}}
}

// Network is silent.
func (f *fakeLab) Network() *network.Network { return f.net }

// openHub serves a hub on a listener.
func openHub(t *testing.T, f *fakeLab) (*Hub, string) {
	t.Helper()
	h := New(f, seats.New(seats.Limits{All: 50, Each: maxOfOne}), func(*http.Request) bool { return true })
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		h.ServeHTTP(rw, From(req, Guest{Session: req.URL.Query().Get("who"), Teacher: req.URL.Query().Has("teacher")}))
	}))
	t.Cleanup(func() {
		h.Close()
		server.Close()
	})
	return h, "ws" + strings.TrimPrefix(server.URL, "http")
}

// watcher is a browser of a test.
type watcher struct {
	*websocket.Conn
	t *testing.T
}

func watch(t *testing.T, address string) *watcher {
	t.Helper()
	socket, resp, err := websocket.DefaultDialer.Dial(address, nil)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	t.Cleanup(func() { _ = socket.Close() })
	require.NoError(t, socket.SetReadDeadline(time.Now().Add(patience)))
	return &watcher{socket, t}
}

// heard is what a watcher reads, of all kinds.
type heard struct {
	Type     string
	Seq      uint64
	Error    any
	Nodes    []playground.Node
	Ages     map[string][]int64
	Counts   map[string]playground.Counts
	Snapshot *playground.Snapshot
	raw      string
}

// next reads one JSON message.
func (w *watcher) next() heard {
	w.t.Helper()
	_, data, err := w.ReadMessage()
	require.NoError(w.t, err)
	var m heard
	require.NoError(w.t, json.Unmarshal(data, &m), string(data))
	m.raw = string(data)
	return m
}

// until reads until a message of a type comes.
func (w *watcher) until(kind string) heard {
	w.t.Helper()
	for {
		if m := w.next(); m.Type == kind {
			return m
		}
	}
}

// closes reads until the socket is closed and requires the code.
func (w *watcher) closes(code int) {
	w.t.Helper()
	for {
		if _, _, err := w.ReadMessage(); err != nil {
			require.True(w.t, websocket.IsCloseError(err, code), err)
			return
		}
	}
}

func TestTwoViewersSeeTheSameNumberedBatches(t *testing.T) {
	f := newFakeLab(t)
	_, address := openHub(t, f)
	a, b := watch(t, address), watch(t, address)
	require.NotNil(t, a.next().Snapshot)
	require.NotNil(t, b.next().Snapshot)
	seen := map[uint64]string{}
	last := uint64(0)
	for i := range 30 {
		f.set(i, "")
		m := a.until("batch")
		require.True(t, last == 0 || m.Seq == last+1, "%d follows %d", m.Seq, last)
		last = m.Seq
		seen[m.Seq] = m.raw
	}
	same := 0
	for i := range 20 {
		f.set(-i, "")
		m := b.until("batch")
		if raw, ok := seen[m.Seq]; ok {
			require.Equal(t, raw, m.raw)
			same++
		}
	}
	require.Positive(t, same)
}

func TestANodeOfWhichOnlyAgesChangeIsToldRarely(t *testing.T) {
	f := newFakeLab(t)
	_, address := openHub(t, f)
	w := watch(t, address)
	for len(w.until("batch").Nodes) == 0 {
		continue // the first look
	}
	for m := w.until("batch"); m.Ages == nil; m = w.until("batch") {
		require.Empty(t, m.Nodes, "a node that is the same is not told again")
	}
	f.set(5, "")
	for m := w.until("batch"); m.Counts == nil; m = w.until("batch") {
		require.Empty(t, m.Nodes, "nor one that only counts")
	}
}

func TestAViewerComesBackWithoutASnapshotWhileSomebodyWatches(t *testing.T) {
	f := newFakeLab(t)
	_, address := openHub(t, f)
	watch(t, address) // keeps the hub awake
	w := watch(t, address)
	at := w.until("batch").Seq
	require.NoError(t, w.Close())
	back := watch(t, address+"?since="+itoa(at))
	m := back.next()
	require.Equal(t, "batch", m.Type)
	require.Equal(t, at+1, m.Seq)
	for _, since := range []string{"0", "-1", "x", itoa(at + 1000000), "99999999999999999999"} {
		require.NotNil(t, watch(t, address+"?since="+since).next().Snapshot, since)
	}
}

func itoa(n uint64) string {
	data, _ := json.Marshal(n)
	return string(data)
}

func TestAViewerThatNeverReadsHoldsUpNobodyAndCostsLittle(t *testing.T) {
	f := newFakeLab(t)
	h, address := openHub(t, f)
	slow, quick := watch(t, address), watch(t, address)
	quick.next()
	lagging := func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		for v := range h.viewers {
			require.LessOrEqual(t, v.behind.Load(), int64(queueBytes+1<<20), "one message over the bound at most")
			if v.lagging {
				return true
			}
		}
		return false
	}
	last := uint64(0)
	for i := 0; !lagging(); i++ {
		require.Less(t, i, 600)                       // what a kernel takes for a reader that does not read is some megabytes
		f.set(i, strings.Repeat("x", queueBytes/3+i)) // a quick viewer may be two of them behind
		m := quick.until("batch")
		require.True(t, last == 0 || m.Seq == last+1, "the quick one misses nothing: %d after %d", m.Seq, last)
		last = m.Seq
	}
	f.set(-1, "")
	slow.until("gap")
	m := slow.next()
	require.Equal(t, "snapshot", m.Type)
	// The first picture may be older than the last change, when the kernel took much at once: then
	// a batch or a further picture brings it.
	shown := m.Snapshot.Nodes[0].Keys
	for shown != -1 {
		switch m = slow.next(); {
		case m.Snapshot != nil:
			shown = m.Snapshot.Nodes[0].Keys
		case len(m.Nodes) > 0:
			shown = m.Nodes[0].Keys
		}
	}
	require.Equal(t, "batch", slow.until("batch").Type)
}

func TestSEC29ABrowserThatMisbehavesIsShownTheDoor(t *testing.T) {
	text := websocket.TextMessage
	tests := []struct {
		name  string
		kind  int
		data  string
		times int
		code  int
	}{
		{"unknown types", text, `{"type":"kill"}`, maxFaults, websocket.ClosePolicyViolation},
		{"no type", text, `{}`, maxFaults, websocket.ClosePolicyViolation},
		{"not JSON", text, `kill 7001`, maxFaults, websocket.ClosePolicyViolation},
		{"the wrong kind", text, `{"type":"ack","seq":"x"}`, maxFaults, websocket.ClosePolicyViolation},
		{"a flood", text, `{"type":"ack"}`, 3*messagesPerSec + maxFaults, websocket.ClosePolicyViolation},
		{"binary", websocket.BinaryMessage, `{"type":"ack"}`, 1, websocket.CloseUnsupportedData},
		{"not UTF-8", text, "{\"type\":\"\xff\"}", 1, websocket.CloseInvalidFramePayloadData},
		{"too long", text, strings.Repeat(" ", readLimit+1), 1, websocket.CloseMessageTooBig},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFakeLab(t)
			_, address := openHub(t, f)
			w := watch(t, address)
			for range tt.times {
				if w.WriteMessage(tt.kind, []byte(tt.data)) != nil {
					break // already shown the door
				}
			}
			w.closes(tt.code)
		})
	}
}

func TestSEC29FewMistakesAreAnsweredAndForgiven(t *testing.T) {
	f := newFakeLab(t)
	_, address := openHub(t, f)
	w := watch(t, address)
	for range maxFaults - 1 {
		require.NoError(t, w.WriteMessage(websocket.TextMessage, []byte(`{"type":"<b>"}`)))
		m := w.until("error")
		require.Contains(t, m.Error, `"<b>"`)
		require.NotContains(t, m.raw, "<b>", "JSON in which no browser finds an element")
	}
	require.NoError(t, w.WriteJSON(request{Type: "ack"}))
	w.until("batch")
}

func TestClosingTellsEveryBrowserAndLeavesNothing(t *testing.T) {
	f := newFakeLab(t)
	h, address := openHub(t, f)
	a, b := watch(t, address), watch(t, address)
	a.next()
	b.next()
	h.Close()
	a.closes(websocket.CloseGoingAway)
	b.closes(websocket.CloseGoingAway)
	require.Zero(t, h.Viewers())
	h.Close() // again is nothing
	w := watch(t, address)
	w.closes(websocket.CloseGoingAway)
}

func TestNobodyWatchesFrames(t *testing.T) {
	f := newFakeLab(t)
	h, address := openHub(t, f)
	w := watch(t, address)
	first := w.until("batch").Seq
	require.NoError(t, w.Close())
	require.Eventually(t, func() bool { return h.Viewers() == 0 }, patience, time.Millisecond)
	back := watch(t, address+"?since="+itoa(first))
	require.NotNil(t, back.next().Snapshot, "while nobody watched no batches were made, so there is nothing to resume")
	back.until("batch")
}

func TestAPanicOfTheLabCostsABatchOnly(t *testing.T) {
	calls := 0
	require.False(t, safely("test", func() { calls++; panic("once") }))
	require.True(t, safely("test", func() { calls++ }))
	require.Equal(t, 2, calls)
}

func TestSEC04NobodyActsOverTheStream(t *testing.T) {
	for _, kind := range []string{"term", "kill", "flushall", "action"} {
		t.Run(kind, func(t *testing.T) {
			f := newFakeLab(t)
			_, address := openHub(t, f)
			w := watch(t, address)
			for range maxFaults {
				if w.WriteJSON(map[string]any{"type": kind, "id": 1, "node": "7000", "line": "FLUSHALL"}) != nil {
					break // already shown the door
				}
			}
			w.closes(websocket.ClosePolicyViolation)
		})
	}
}

// refused opens a socket for which there is no room, and returns why.
func refused(t *testing.T, address string) string {
	t.Helper()
	w := watch(t, address)
	_, _, err := w.ReadMessage()
	var said *websocket.CloseError
	require.ErrorAs(t, err, &said)
	require.Equal(t, closeTooMany, said.Code)
	return said.Text
}

// maxOfOne is how many seats a session has in these tests.
const maxOfOne = 3

func TestSEC29OneSessionOpensSoManySocketsAndHoldsUpNoOther(t *testing.T) {
	f := newFakeLab(t)
	h, address := openHub(t, f)
	var last *watcher
	for range maxOfOne {
		last = watch(t, address+"?who=ada")
		last.next()
	}
	require.Equal(t, "3 of this session are open; close one", refused(t, address+"?who=ada"))
	watch(t, address+"?who=bob").next()
	require.NoError(t, last.Close())
	require.Eventually(t, func() bool { return h.Viewers() == maxOfOne }, patience, time.Millisecond)
	watch(t, address+"?who=ada").next()
	for range maxOfOne + 1 {
		watch(t, address).next() // programs
	}
}

func TestASessionThatIsClosedTakesItsSocketsWithItAndNoOthers(t *testing.T) {
	f := newFakeLab(t)
	h, address := openHub(t, f)
	ada, bob := watch(t, address+"?who=ada"), watch(t, address+"?who=bob")
	ada.next()
	bob.next()
	require.Equal(t, map[string]bool{"ada": true, "bob": true}, h.Sessions())
	h.Leave("ada")
	ada.closes(websocket.ClosePolicyViolation)
	bob.until("batch")
}

func TestWhileNothingChangesNobodyIsToldThatTwentyTimesASecond(t *testing.T) {
	f := newFakeLab(t)
	h := &Hub{source: f, viewers: map[*viewer]bool{}}
	tap := f.net.Watch()
	defer tap.Close()
	ticks := func(n int) (told uint64) {
		before := h.seq
		for range n {
			h.rested = time.Time{}
			h.aged = 0
			h.tick(tap)
		}
		return h.seq - before
	}
	require.EqualValues(t, 1, ticks(1), "the first look is news")
	require.EqualValues(t, 2, ticks(2*stillTicks))
	f.set(7, "")
	require.EqualValues(t, 1, ticks(1), "what changes is told with the next tick")
}
