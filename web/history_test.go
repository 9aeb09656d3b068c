package web

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/playground"
)

// answer asks as a program and requires the answer that the contract promises.
func answer(t *testing.T, s *Server, path, query string, into any) {
	t.Helper()
	resp := ask{method: "GET", path: "/api/labs/main" + path + query, header: map[string]string{"Authorization": "Bearer " + testToken}}.send(t, s)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	data, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	fits(t, "GET /api/labs/{lab}"+path, resp.StatusCode, data)
	require.NoError(t, json.Unmarshal(data, into))
}

func TestEveryLabIsRecordedAndItsPastCanBeAskedFor(t *testing.T) {
	s := console(t)
	var span playground.Span
	require.Eventually(t, func() bool {
		answer(t, s, "/history/range", "", &span)
		return span.To > span.From
	}, dayPatience, 20*time.Millisecond)
	require.False(t, span.Kept)
	require.NotEmpty(t, span.Flags, "the forming of the cluster is one")

	var past playground.Snapshot
	answer(t, s, "/history/at", fmt.Sprintf("?t=%d", span.To), &past)
	require.Len(t, past.Nodes, 6)
	require.Equal(t, span.To, past.Now)

	var stretch playground.Stretch
	answer(t, s, "/history/between", fmt.Sprintf("?from=%d&to=%d", span.To-1000, span.To), &stretch)
	require.Equal(t, []int64{span.To - 1000, span.To}, []int64{stretch.From, stretch.To})
	require.GreaterOrEqual(t, stretch.End, span.To)

	answer(t, s, "/history/between", fmt.Sprintf("?from=%d", span.To-time.Hour.Milliseconds()), &stretch)
	require.Equal(t, 30*time.Second.Milliseconds(), stretch.To-stretch.From, "one answer is bounded")
}
