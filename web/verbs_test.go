package web

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"clusterplay/playground"
)

func TestEveryVerbMeansTheSameByWordsAndByREST(t *testing.T) {
	for _, spec := range playground.Verbs() {
		t.Run(spec.Verb, func(t *testing.T) {
			words := strings.Fields(spec.Example)
			require.Equal(t, spec.Verb, words[0])
			typed, err := playground.Parse(words[0], words[1:])
			require.NoError(t, err)
			body, err := json.Marshal(typed)
			require.NoError(t, err)
			require.NoError(t, checkJSON(body))
			sent, err := playground.Decode(spec.Verb, body)
			require.NoError(t, err)
			require.Equal(t, typed, sent)
		})
	}
}

func TestTheListOfVerbsIsServed(t *testing.T) {
	s := console(t)
	var verbs []playground.Spec
	get(t, s, "/api/verbs", &verbs)
	require.Len(t, verbs, len(playground.Verbs()))
}

// get reads JSON as a program with the token.
func get(t *testing.T, s *Server, path string, into any) {
	t.Helper()
	resp := ask{method: "GET", path: path, header: map[string]string{"Authorization": "Bearer " + testToken}}.send(t, s)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	data, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, into))
}

// dayPatience bounds what one deed may take on a computer that does other things as well.
const dayPatience = time.Minute

// deed is one action of the day below.
type deed struct {
	verb, body string
	until      func(playground.Snapshot) bool // what holds a while later; nil for nothing to wait for
}

func TestEveryVerbIsDoneOverREST(t *testing.T) {
	s := console(t)
	var day playground.Snapshot
	get(t, s, "/api/labs/main", &day)
	a, b, heir := day.Nodes[0].Name, day.Nodes[1].Name, day.Nodes[4].Name
	added := fmt.Sprint(day.Nodes[5].Port + 1)
	left := map[string]bool{}
	for _, spec := range playground.Verbs() {
		left[spec.Verb] = true
	}
	for _, d := range aDay(a, b, heir, added) {
		if d.verb == "release" || d.verb == "drop" && d.body == "" {
			d.body = fmt.Sprintf(`{"frame":%d}`, someHeld(t, s))
		}
		resp := ask{method: "POST", path: "/api/labs/main/actions/" + d.verb, body: d.body, session: ""}.own().
			with(map[string]string{"Authorization": "Bearer " + testToken}).send(t, s)
		data, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, resp.StatusCode, "%s %s: %s", d.verb, d.body, data)
		require.Contains(t, string(data), `"command":"playground ctl `+d.verb)
		fits(t, "POST /api/labs/{lab}/actions/"+d.verb, resp.StatusCode, data)
		delete(left, d.verb)
		if d.until != nil {
			holds(t, s, d)
		}
	}
	require.Empty(t, left, "verbs that the day did not need")
}

// aDay uses every verb once, in an order in which each makes sense.
func aDay(a, b, heir, added string) []deed {
	node := func(name string) string { return `{"node":"` + name + `"}` }
	ok := func(s playground.Snapshot) bool { return s.State == "ok" }
	moved := func(s playground.Snapshot) bool { return len(s.Moves) == 0 || s.Moves[len(s.Moves)-1].State == "done" }
	return []deed{
		{"mark", `{"text":"<b>morning</b>"}`, nil},
		{"speed", `{"factor":5}`, nil},
		{"load", `{"rate":50}`, func(s playground.Snapshot) bool { return s.Load.Acked > 0 }},
		{"config-set", `{"node":"*","name":"slowlog-max-len","value":"64"}`, nil},
		{"move-slots", `{"from":"` + a + `","to":"` + b + `","count":3,"mode":"step"}`, nil},
		{"move-step", ``, nil},
		{"move-run", ``, moved},
		{"move-slots", `{"from":"` + b + `","to":"` + a + `","count":50,"mode":"step"}`, nil},
		{"move-abort", ``, nil},
		{"add-replica", `{"of":"` + a + `"}`, nil},
		{"remove", node(added), nil},
		{"add-master", ``, nil},
		{"delay", `{"from":"` + a + `","to":"` + b + `","delayMs":20,"jitterMs":5}`, nil},
		{"hold", `{"from":"*","to":"*","type":"PING","count":4}`, func(s playground.Snapshot) bool { return len(s.Held) > 1 }},
		{"release", ``, nil},
		{"drop", ``, nil},
		{"partition", `{"groups":[["` + a + `"],["rest"]]}`, nil},
		{"heal", ``, ok},
		{"freeze", node(b), nil},
		{"thaw", node(b), ok},
		{"disk", `{"node":"` + b + `","state":"full"}`, func(s playground.Snapshot) bool { return diskOf(s, b) == "full" }},
		{"disk", `{"node":"` + b + `","state":"ok"}`, func(s playground.Snapshot) bool { return diskOf(s, b) == "" }},
		{"failover", node(heir), func(s playground.Snapshot) bool { return roleOf(s, heir) == "master" }},
		{"kill", node(a), nil},
		{"restart", node(a), nil},
		{"rebalance", ``, func(s playground.Snapshot) bool { return slotsMoved(s) > 10 }}, // it is under way; to see its end is not this day's business
		{"pause", ``, func(s playground.Snapshot) bool { return s.Clock.Paused }},
		{"step", ``, nil},
		{"resume", ``, nil},
		{"reset", ``, ok},
		{"setup", `{"masters":4,"replicas":0,"nodeTimeoutMs":5000,"settings":"maxmemory=10mb"}`, func(s playground.Snapshot) bool { return s.State == "ok" && len(s.Nodes) == 4 }},
		{"setup", `{"topology":"replication","replicaOf":"0,1"}`, func(s playground.Snapshot) bool { return s.State == "ok" && len(s.Nodes) == 3 }},
		{"replicaof", `{"node":"` + b + `","of":"no-one"}`, func(s playground.Snapshot) bool { return roleOf(s, b) == "master" }},
		{"rewire", `{"of":"` + b + `"}`, func(s playground.Snapshot) bool { return s.Load.Target == b }},
		{"setup", `{"topology":"sentinel","sentinels":2}`, func(s playground.Snapshot) bool { return s.State == "ok" && len(s.Sentinels) == 2 }},
		{"add-sentinel", ``, func(s playground.Snapshot) bool { return len(s.Sentinels) == 3 }},
		{"setup", `{}`, func(s playground.Snapshot) bool { return s.State == "ok" && len(s.Nodes) == 6 }},
	}
}

func diskOf(s playground.Snapshot, name string) string {
	for _, n := range s.Nodes {
		if n.Name == name {
			return n.Disk
		}
	}
	return "gone"
}

func slotsMoved(s playground.Snapshot) (n int) {
	for _, m := range s.Moves {
		n += m.Done
	}
	return n
}

func roleOf(s playground.Snapshot, name string) string {
	for _, n := range s.Nodes {
		if n.Name == name {
			return n.Role
		}
	}
	return ""
}

// holds waits until what a deed promises is so.
func holds(t *testing.T, s *Server, d deed) {
	t.Helper()
	met := func() bool { return d.until(s.cfg.Lab.Snapshot()) }
	if !assert.Eventually(t, met, dayPatience, 20*time.Millisecond, "after %s", d.verb) {
		snapshot := s.cfg.Lab.Snapshot()
		data, err := json.Marshal(snapshot.Moves)
		require.NoError(t, err)
		for _, line := range snapshot.Story[max(0, len(snapshot.Story)-30):] {
			t.Log(line.Node, line.Line)
		}
		require.FailNow(t, "the day ends here", "%s, %d slots; moves: %.2000s", snapshot.State, snapshot.SlotsCovered, data)
	}
}

// someHeld is the number of a frame that waits.
func someHeld(t *testing.T, s *Server) uint64 {
	t.Helper()
	var id uint64
	require.Eventually(t, func() bool {
		held := s.cfg.Lab.Snapshot().Held
		if len(held) > 0 {
			id = held[0].ID
		}
		return id != 0
	}, dayPatience, 10*time.Millisecond)
	return id
}

func TestTextOfOutsideIsDataAndNothingElse(t *testing.T) {
	s := console(t)
	hostile := `</script><img src=x onerror=alert(1)> & "quotes"`
	body, err := json.Marshal(map[string]string{"node": hostile})
	require.NoError(t, err)
	resp := ask{method: "POST", path: "/api/labs/main/actions/kill", body: string(body)}.own().
		with(map[string]string{"Authorization": "Bearer " + testToken}).send(t, s)
	require.Equal(t, http.StatusBadRequest, resp.StatusCode)
	require.Equal(t, "application/json", strings.Split(resp.Header.Get("Content-Type"), ";")[0])
	data, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NotContains(t, string(data), "<img", "JSON in which no browser finds an element")
	resp = ask{method: "GET", path: "/?x=" + "%3Cimg%20src=x%3E"}.send(t, s)
	data, err = io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NotContains(t, string(data), "<img src=x>")
}
