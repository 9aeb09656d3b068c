package web

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/playground"
	"clusterplay/web/api"
)

// leaving sends what a teacher's program sends, that may leave before the answer; its status comes when
// the handler is done.
func leaving(t *testing.T, s *Server, path, body string) (status <-chan int, leave context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	req := httptest.NewRequestWithContext(ctx, http.MethodPost, path, strings.NewReader(body))
	req.Host = testHost
	req.Header.Set("Authorization", "Bearer "+testToken)
	req.Header.Set("Content-Type", "application/json")
	answered := make(chan int, 1)
	go func() {
		rec := httptest.NewRecorder()
		s.Handler().ServeHTTP(rec, req)
		answered <- rec.Code
	}()
	return answered, cancel
}

// untilNow waits until the lesson stands as it should.
func untilNow(t *testing.T, s *Server, as func(api.LessonNow) bool) {
	t.Helper()
	require.Eventually(t, func() bool { return as(s.main().lectern.standsAt()) }, dayPatience, time.Millisecond)
}

func waits(n api.LessonNow) bool { return n.Running && n.Fences["2"] == "waiting" }

func TestARunOutlivesWhoAskedForIt(t *testing.T) {
	s := bringSmall(t)
	answered, leave := leaving(t, s, runSmall, `{"fence":"2"}`)
	untilNow(t, s, waits)
	leave()
	<-answered
	require.True(t, waits(lessonNow(t, s)), "the run goes on")
	require.Equal(t, http.StatusOK, post(t, s, "/api/lesson/end", `{}`).StatusCode, "the end stops it")
	require.Len(t, s.cfg.Lab.Nodes(), 6)
	require.Equal(t, 1.0, s.cfg.Lab.Snapshot().Clock.Speed)
}

func TestAStartCanBeStoppedAndMadeAgain(t *testing.T) {
	s := bringSmall(t)
	answered, leave := leaving(t, s, "/api/lessons/brought-small/start", `{}`)
	defer leave()
	untilNow(t, s, func(n api.LessonNow) bool { return n.Running && n.Id == "" })
	require.Equal(t, http.StatusOK, post(t, s, "/api/lesson/stop", `{}`).StatusCode)
	require.Equal(t, http.StatusConflict, <-answered)
	require.Empty(t, lessonNow(t, s).Id)
	require.Equal(t, http.StatusConflict, post(t, s, runSmall, `{"fence":"1"}`).StatusCode, "the lab is not set for it")
	require.Equal(t, http.StatusOK, post(t, s, "/api/lessons/brought-small/start", `{}`).StatusCode)
	require.Equal(t, http.StatusOK, post(t, s, "/api/lesson/end", `{}`).StatusCode)
	require.NoError(t, s.cfg.Lab.Until(t.Context(), "the lab to be whole", func(l playground.Snapshot) bool { return len(l.Nodes) == 6 }))
}

func TestAClosingConsoleStopsTheLesson(t *testing.T) {
	s := bringSmall(t)
	answered, leave := leaving(t, s, runSmall, `{"fence":"2"}`)
	defer leave()
	untilNow(t, s, waits)
	s.Close()
	require.Equal(t, http.StatusConflict, <-answered)
	require.Empty(t, s.main().lectern.standsAt().Id)
	_, err := s.cfg.Lab.Do(t.Context(), playground.Setup{})
	require.NoError(t, err)
}

// climbing are names that are none, or lead out of where they are.
var climbing = []string{
	"../x.md", "..", ".", "./x.md", ".hidden.md", "a/b.md", `a\b.md`, `..\x.md`, "/etc/passwd", `C:\x.md`, "C:x.md", "a\x00b.md",
	"a\nb.md", "\x1b[31m.md", "x\u202emd.exe", "\u2066x.md", "x\ufeff.md", "\xff\xfe.md", strings.Repeat("x", 4096), "..%2fx.md/",
}

func TestAFilesNameIsNoPath(t *testing.T) {
	s := console(t)
	for _, name := range climbing {
		resp := teach(t, s, "POST", "/api/lessons?name="+url.QueryEscape(name), "text/markdown", "x")
		require.Equal(t, http.StatusBadRequest, resp.StatusCode, "%q", name)
		require.Equal(t, "name", problemOf(t, resp).Field, "%q", name)
	}
	for _, name := range []string{"主节点宕机.md", "my lesson (2).en.md", "été.md", "NUL"} {
		resp := teach(t, s, "POST", "/api/lessons?name="+url.QueryEscape(name), "text/markdown", "x")
		require.Equal(t, "lesson", problemOf(t, resp).Field, "%q is read", name)
	}
}

func TestWhatIsWrongInALessonIsToldByPlaces(t *testing.T) {
	s := console(t)
	text := strings.NewReplacer("wait fail", "weit fail", "> ECHO hi", "> SHUTDOWN").Replace(small)
	resp := teach(t, s, "POST", "/api/lessons?name=small.en.md&lang=zh", "text/markdown", text)
	data, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	fits(t, "POST /api/lessons", resp.StatusCode, data)
	var p problem
	require.NoError(t, json.Unmarshal(data, &p))
	require.Len(t, p.Problems, 2)
	require.Equal(t, 12, p.Problems[0].Line)
	require.Equal(t, "small.en.md", p.Problems[1].File)
	require.Equal(t, [2]int{17, 1}, [2]int{p.Problems[1].Line, p.Problems[1].Column})
	require.Contains(t, p.Problems[1].Hint, "wait")
}

func TestAnotherLanguageOfALessonJoinsIt(t *testing.T) {
	s := console(t)
	for _, lang := range []string{"en", "zh"} {
		resp := teach(t, s, "POST", "/api/lessons?lang="+lang, "text/markdown", strings.Replace(small, "# Small", "# Small "+lang, 1))
		require.Equal(t, http.StatusOK, resp.StatusCode)
	}
	for _, lang := range []string{"en", "zh"} {
		require.Equal(t, "Small "+lang, s.cfg.Lessons.Get("brought-small", lang).Title)
	}
}
