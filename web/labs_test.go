package web

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"clusterplay/playground"
	"clusterplay/web/api"
)

// byToken is what a program sends beside its request.
var byToken = map[string]string{"Authorization": "Bearer " + testToken, "Content-Type": "application/json"}

// newLab asks for a lab and requires an answer of a kind.
func newLab(t *testing.T, s *Server, body string, want int) []byte {
	t.Helper()
	resp := ask{method: "POST", path: "/api/labs", body: body, header: byToken}.send(t, s)
	data, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, want, resp.StatusCode, "%s", data)
	fits(t, "POST /api/labs", resp.StatusCode, data)
	return data
}

// beside opens another lab on a console; it ends with the console.
func beside(t *testing.T, s *Server, id string) playground.Standing {
	t.Helper()
	body := fmt.Sprintf(`{"id":%q,"topology":{"masters":1,"replicas":1,"links":"memory","cluster-node-timeout":2000}}`, id)
	var opened playground.Standing
	require.NoError(t, json.Unmarshal(newLab(t, s, body, http.StatusOK), &opened))
	return opened
}

// formed waits until a lab is ok.
func formed(t *testing.T, s *Server, id string) *playground.Lab {
	t.Helper()
	lab, err := s.lab(id)
	require.NoError(t, err)
	require.NoError(t, lab.Until(t.Context(), "the lab to form", func(playground.Snapshot) bool { return lab.Standing().State == "ok" }))
	return lab
}

func listLabs(t *testing.T, s *Server) api.Labs {
	t.Helper()
	return fetched[api.Labs](t, s, "/api/labs")
}

func TestALabIsOpenedListedUsedAndClosed(t *testing.T) {
	s := console(t)
	opened := beside(t, s, "b")
	require.Equal(t, playground.Cluster, opened.Kind)
	require.Equal(t, "forming", opened.State)
	require.Equal(t, 2, opened.Nodes)
	lab := formed(t, s, "b")
	all := listLabs(t, s)
	require.Len(t, all.Labs, 2)
	require.Equal(t, []string{"main", "b"}, []string{all.Labs[0].ID, all.Labs[1].ID})
	require.Equal(t, lab.BasePort(), all.Labs[1].First)
	require.EqualValues(t, 8, all.Machine.Nodes.Used)

	before := s.cfg.Lab.Snapshot().Seq
	resp := ask{method: "POST", path: "/api/labs/b/actions/mark", body: `{"text":"only here"}`, header: byToken}.send(t, s)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, before, s.cfg.Lab.Snapshot().Seq)
	require.Equal(t, "b", fetched[playground.Snapshot](t, s, "/api/labs/b").Lab)

	resp = ask{method: "DELETE", path: "/api/labs/b", header: byToken}.send(t, s)
	data, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, resp.StatusCode, "%s", data)
	fits(t, "DELETE /api/labs/{lab}", resp.StatusCode, data)
	require.Len(t, listLabs(t, s).Labs, 1)
	resp = ask{method: "GET", path: "/api/labs/b", header: byToken}.send(t, s)
	require.Equal(t, http.StatusNotFound, resp.StatusCode)
	require.Equal(t, "there is main", problemOf(t, resp).Hint)
}

func TestTheMainLabCannotBeClosed(t *testing.T) {
	s := console(t)
	resp := ask{method: "DELETE", path: "/api/labs/main", header: byToken}.send(t, s)
	require.Equal(t, http.StatusConflict, resp.StatusCode)
	require.Contains(t, problemOf(t, resp).Hint, "reset")
	require.Len(t, listLabs(t, s).Labs, 1)
}

func TestALabThatCannotBeIsRefusedByField(t *testing.T) {
	s := console(t)
	tests := []struct{ name, body, field string }{
		{"a name with a slash", `{"id":"../x"}`, "id"},
		{"the name of the first", `{"id":"main"}`, "id"},
		{"a field that no topology has", `{"topology":{"nodes":3}}`, "topology"},
		{"no topology", `{"topology":[]}`, "topology"},
		{"masters that cannot be", `{"topology":{"masters":-1}}`, "masters"},
		{"a folder", `{"topology":{"data-dir":"/tmp/x"}}`, "data-dir"},
		{"a port of the system", `{"topology":{"port":80}}`, "port"},
		{"less than no load", `{"load":-1}`, "load"},
		{"a field that is none", `{"name":"x"}`, "body"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var p problem
			require.NoError(t, json.Unmarshal(newLab(t, s, tt.body, http.StatusBadRequest), &p))
			require.Equal(t, tt.field, p.Field, p.Error)
		})
	}
	require.Len(t, listLabs(t, s).Labs, 1)
}

func TestAFullComputerIsAConflictThatSaysHowMuchRoomThereIs(t *testing.T) {
	s := console(t)
	var p problem
	require.NoError(t, json.Unmarshal(newLab(t, s, `{"topology":{"masters":999,"replicas":0,"port":1100}}`, http.StatusConflict), &p))
	require.EqualValues(t, "nodes", p.Full)
	require.Equal(t, 994, p.Room)
	require.Equal(t, "masters", p.Field)
	require.NoError(t, json.Unmarshal(newLab(t, s, `{"topology":{"masters":1001}}`, http.StatusConflict), &p))
	require.Equal(t, 994, p.Room)
	require.Len(t, listLabs(t, s).Labs, 1)
}

func TestEachLabHasItsOwnStreamAndClosingItEndsThatOneOnly(t *testing.T) {
	s := console(t)
	beside(t, s, "b")
	formed(t, s, "b")
	addr := serve(t, s)
	labOf := func(socket *websocket.Conn) string {
		var m struct{ Snapshot struct{ Lab string } }
		require.NoError(t, socket.ReadJSON(&m))
		return m.Snapshot.Lab
	}
	first, second := dial(t, s, addr, "/ws"), dial(t, s, addr, "/ws?lab=b")
	require.Equal(t, "main", labOf(first))
	require.Equal(t, "b", labOf(second))
	header := http.Header{"Authorization": {"Bearer " + testToken}, "Sec-WebSocket-Protocol": {offered(s.tickets.issue(""))}}
	require.Equal(t, http.StatusNotFound, upgradeAt(t, addr, "/ws?lab=c", header))

	req, err := http.NewRequest(http.MethodDelete, "http://"+addr+"/api/labs/b", nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+testToken)
	resp, err := http.DefaultTransport.RoundTrip(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusOK, resp.StatusCode)
	for {
		if _, _, err := second.ReadMessage(); err != nil {
			require.True(t, websocket.IsCloseError(err, websocket.CloseGoingAway), err)
			break
		}
	}
	for { // the first goes on, and hears of it
		_, data, err := first.ReadMessage()
		require.NoError(t, err)
		if string(data) == `{"type":"labs"}` {
			break
		}
	}
}

func TestALessonIsGivenInTheLabThatIsNamed(t *testing.T) {
	s := console(t)
	beside(t, s, "b")
	formed(t, s, "b")
	resp := ask{method: "POST", path: "/api/lessons/first-look/start?lab=c", header: byToken}.send(t, s)
	require.Equal(t, http.StatusNotFound, resp.StatusCode)
	lesson := s.cfg.Lessons.List("en")[0].ID
	resp = ask{method: "POST", path: "/api/lessons/" + lesson + "/start?lab=b", header: byToken}.send(t, s)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, lesson, fetched[api.LessonNow](t, s, "/api/lesson?lab=b").Id)
	require.Empty(t, fetched[api.LessonNow](t, s, "/api/lesson").Id)
}

func TestTheMetricsSayWhichLab(t *testing.T) {
	s := console(t)
	opened := beside(t, s, "b")
	formed(t, s, "b")
	up := byLabel(scrape(t, s, "/metrics/nodes")["redis_up"], "lab")
	require.Equal(t, map[string]float64{"main": 1, "b": 1}, up)
	require.Len(t, scrape(t, s, "/metrics")["playground_slots_covered"].GetMetric(), 2)
	scrape(t, s, fmt.Sprintf("/scrape?target=127.0.0.1:%d", opened.First))
	found := fetched[[]api.Targets](t, s, "/discover-cluster-nodes")
	require.Equal(t, map[string]string{"lab": "b"}, found[1].Labels)
	require.Len(t, found[1].Targets, 2)
}

func TestThePageOfALabTellsNobodyWhetherThereIsSuchALab(t *testing.T) {
	s := console(t)
	page := func(path string) string {
		resp := ask{method: "GET", path: path}.send(t, s)
		require.Equal(t, http.StatusOK, resp.StatusCode)
		data, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return string(data)
	}
	require.Equal(t, page("/"), page("/labs/main"))
	require.Equal(t, page("/"), page("/labs/"+strings.Repeat("x", 99)))
}

func TestSEC05AViewerSeesTheLabsAndOpensAndClosesNone(t *testing.T) {
	s := classroom(t)
	beside(t, s, "b")
	session := joinClass(t, s, "Ada")
	for _, a := range []ask{
		{method: "POST", path: "/api/labs", body: `{}`},
		{method: "DELETE", path: "/api/labs/b"},
		{method: "POST", path: "/api/labs/b/actions/mark", body: `{"text":"x"}`},
	} {
		a.session = session
		require.Equal(t, http.StatusForbidden, a.own().send(t, s).StatusCode, a.path)
	}
	resp := ask{method: "GET", path: "/api/labs", session: session}.send(t, s)
	require.Equal(t, http.StatusOK, resp.StatusCode)
}

func TestTheSameIncidentIsDoneToSeveralLabsAtOnce(t *testing.T) {
	s := console(t)
	beside(t, s, "b")
	formed(t, s, "b")
	run := func(body string) (int, []byte) {
		resp := ask{method: "POST", path: "/api/incident", body: body, header: byToken}.send(t, s)
		data, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		fits(t, "POST /api/incident", resp.StatusCode, data)
		return resp.StatusCode, data
	}
	status, data := run(`{"labs":["b","main","b"],"acts":[{"line":"freeze replica 1"},{"line":"thaw replica 1","afterMs":50}],"withinMs":1000}`)
	require.Equal(t, http.StatusOK, status, "%s", data)
	var answer api.Courses
	require.NoError(t, json.Unmarshal(data, &answer))
	require.Len(t, answer.Courses, 2)
	for i, id := range []string{"b", "main"} {
		c := answer.Courses[i]
		require.Equal(t, id, c.Lab)
		require.Empty(t, c.Error)
		require.Len(t, c.Acts, 2)
		lab, err := s.lab(id)
		require.NoError(t, err)
		require.Contains(t, c.Acts[0].Command, "freeze "+replicaOf(t, lab))
		require.Nil(t, c.Harmed)
	}
	for body, field := range map[string]string{
		`{"acts":[]}`: "acts", `{"labs":["c"],"acts":[{"line":"heal"}]}`: "lab", `{"acts":[{"line":"explode"}]}`: "acts", `{"acts":[{"line":"heal"}],"withinMs":-1}`: "within",
	} {
		status, data := run(body)
		require.GreaterOrEqual(t, status, 400)
		var p problem
		require.NoError(t, json.Unmarshal(data, &p))
		require.Equal(t, field, p.Field, body)
	}
}

// replicaOf is a lab's first replica.
func replicaOf(t *testing.T, lab *playground.Lab) string {
	t.Helper()
	for _, n := range lab.Nodes() {
		if n.Role == "replica" {
			return n.Name
		}
	}
	require.Fail(t, "no replica")
	return ""
}
