package web

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/scenarios"
	"clusterplay/web/api"
)

// small is a lesson as somebody may bring it: a line that passes, one that waits for what never comes.
const small = `---
id: small
level: 1
minutes: 1
cluster: {masters: 3, replicas: 1, cluster-node-timeout: 2000}
---
# Small

` + "```redis {node=7000}\n127.0.0.1:7000> PING\nPONG\n127.0.0.1:7000> ECHO hi\n\"hi\"\n```\n\n```play\nwait fail 7001 within 500s\n```\n\n```redis {node=7000}\n127.0.0.1:7000> PING\nPING\n```\n"

// teach sends what a teacher's program sends.
func teach(t *testing.T, s *Server, method, path, kind, body string) *http.Response {
	t.Helper()
	header := map[string]string{"Authorization": "Bearer " + testToken, "Content-Type": kind}
	return ask{method: method, path: path, body: body, header: header}.own().send(t, s)
}

func post(t *testing.T, s *Server, path, body string) *http.Response {
	t.Helper()
	return teach(t, s, "POST", path, "application/json", body)
}

// lessonNow is what GET /api/lesson says.
func lessonNow(t *testing.T, s *Server) api.LessonNow {
	t.Helper()
	var n api.LessonNow
	require.NoError(t, json.NewDecoder(teach(t, s, "GET", "/api/lesson", "", "").Body).Decode(&n))
	return n
}

// bringSmall brings the small lesson and starts it.
func bringSmall(t *testing.T) *Server {
	t.Helper()
	s := console(t)
	resp := teach(t, s, "POST", "/api/lessons?name=small.en.md", "text/markdown", small)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	var b api.Brought
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&b))
	require.Equal(t, api.Brought{Id: "brought-small", Title: "Small"}, b)
	require.Equal(t, http.StatusOK, post(t, s, "/api/lessons/brought-small/start", `{}`).StatusCode)
	return s
}

const runSmall = "/api/lessons/brought-small/run"

func TestALessonIsStartedRunSteppedAndEnded(t *testing.T) {
	s := bringSmall(t)
	require.Equal(t, api.LessonNow{Id: "brought-small", Fences: map[string]string{}}, lessonNow(t, s))
	require.Equal(t, http.StatusOK, post(t, s, runSmall, `{"fence":"1","step":true}`).StatusCode)
	n := lessonNow(t, s)
	require.Equal(t, map[string]string{"1": "ready"}, n.Fences)
	require.Equal(t, 2, n.Line, "the second command is the next")
	require.Equal(t, http.StatusOK, post(t, s, runSmall, `{"fence":"1","line":2}`).StatusCode)
	require.Equal(t, map[string]string{"1": "passed"}, lessonNow(t, s).Fences)

	resp := post(t, s, runSmall, `{"fence":"3"}`)
	require.Equal(t, http.StatusUnprocessableEntity, resp.StatusCode)
	require.Contains(t, problemOf(t, resp).Error, "PONG")
	n = lessonNow(t, s)
	require.Equal(t, "failed", n.Fences["3"])
	require.Equal(t, []api.FailedStep{{Fence: "3", Expected: []string{"PING"}, Got: []string{"PONG"}}}, n.Failed, "for a browser that comes later")

	require.Equal(t, http.StatusOK, post(t, s, "/api/lesson/end", `{}`).StatusCode)
	require.Equal(t, api.LessonNow{Fences: map[string]string{}}, lessonNow(t, s))
	require.Equal(t, http.StatusConflict, post(t, s, "/api/lesson/end", `{}`).StatusCode)
}

func TestAStepIsStoppedAndAnotherWaitsForNobody(t *testing.T) {
	s := bringSmall(t)
	ended := make(chan *http.Response, 1)
	go func() { ended <- post(t, s, runSmall, `{"fence":"2"}`) }()
	require.Eventually(t, func() bool { return lessonNow(t, s).Fences["2"] == "waiting" }, dayPatience, time.Millisecond)
	require.True(t, lessonNow(t, s).Running)
	busy := post(t, s, runSmall, `{"fence":"1"}`)
	require.Equal(t, http.StatusConflict, busy.StatusCode, "one at a time")
	require.Equal(t, "the lesson brought-small is running: fence 2, line 1", problemOf(t, busy).Error)
	require.Equal(t, http.StatusOK, post(t, s, "/api/lesson/stop", `{}`).StatusCode)
	require.False(t, lessonNow(t, s).Running, "it has ended when the answer comes")
	require.Equal(t, http.StatusConflict, (<-ended).StatusCode)
	require.Equal(t, "stopped", lessonNow(t, s).Fences["2"])

	go func() { ended <- post(t, s, runSmall, `{"fence":"2"}`) }()
	require.Eventually(t, func() bool { return lessonNow(t, s).Running }, dayPatience, time.Millisecond)
	require.Equal(t, http.StatusOK, post(t, s, "/api/lessons/brought-small/start", `{}`).StatusCode, "back to the start from anywhere")
	<-ended
	require.Equal(t, api.LessonNow{Id: "brought-small", Fences: map[string]string{}}, lessonNow(t, s))
	require.Equal(t, http.StatusOK, post(t, s, "/api/lesson/end", `{}`).StatusCode)
}

func TestALessonThatWasNotStartedIsNotRun(t *testing.T) {
	s := console(t)
	for path, status := range map[string]int{
		"/api/lessons/a-master-dies/run": http.StatusConflict,
		"/api/lessons/none/run":          http.StatusNotFound,
		"/api/lessons/none/start":        http.StatusNotFound,
	} {
		resp := post(t, s, path, `{"fence":"1"}`)
		require.Equal(t, status, resp.StatusCode, path)
		require.Equal(t, "lesson", problemOf(t, resp).Field)
	}
}

func TestALessonThatCannotBeReadIsRefusedWithItsPlace(t *testing.T) {
	s := console(t)
	for name, row := range map[string]struct {
		kind, body string
		status     int
		says       string
	}{
		"a mistyped verb":   {"text/markdown", strings.Replace(small, "wait fail", "weit fail", 1), 400, "small.en.md:17:1: weit is not a verb (wait"},
		"no front matter":   {"text/markdown", "# Hello\n", 400, "small.en.md:1:1"},
		"nothing":           {"text/markdown", "", 400, "small.en.md:1:1"},
		"a shell":           {"text/markdown", strings.Replace(small, "wait fail 7001 within 500s", "exec rm -rf /", 1), 400, "exec is not a verb"},
		"a dangerous word":  {"text/markdown", strings.Replace(small, "> PING", "> SHUTDOWN", 1), 400, "SHUTDOWN"},
		"too large":         {"text/markdown", small + strings.Repeat("x", scenarios.MaxBrought), 413, "64 KiB"},
		"declared as JSON":  {"application/json", "{}", 415, "text/markdown"},
		"not said what":     {"", small, 415, "text/markdown"},
		"bytes, not text":   {"text/markdown", small + "\xff\xfe", 400, "UTF-8"},
		"front matter bomb": {"text/markdown", "---\na: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n---\n# x\n", 400, "small.en.md"},
	} {
		t.Run(name, func(t *testing.T) {
			resp := teach(t, s, "POST", "/api/lessons?name=small.en.md", row.kind, row.body)
			require.Equal(t, row.status, resp.StatusCode)
			require.Contains(t, problemOf(t, resp).Error, row.says)
		})
	}
	list, err := io.ReadAll(teach(t, s, "GET", "/api/lessons", "", "").Body)
	require.NoError(t, err)
	require.NotContains(t, string(list), "brought-")
}
