package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"clusterplay/playground/words"
)

func TestAPageIsMadeOnceInEachLanguage(t *testing.T) {
	s := newShells()
	made := map[string]int{}
	render := func(spoken *words.Words) (templ.Component, error) {
		made[spoken.Language()]++
		return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			_, err := io.WriteString(w, words.From(ctx).Language())
			return err
		}), nil
	}
	for range 3 {
		for _, language := range words.Languages {
			body, err := s.of("page", words.In(language), render)
			require.NoError(t, err)
			require.Equal(t, language, string(body))
		}
	}
	require.Equal(t, map[string]int{"en": 1, "zh": 1}, made)
	body, err := s.of("another", words.In("zh"), func(*words.Words) (templ.Component, error) { return templ.NopComponent, nil })
	require.NoError(t, err)
	require.Empty(t, body)
	_, err = s.of("broken", words.In("zh"), func(*words.Words) (templ.Component, error) { return nil, errors.New("no words") })
	require.Error(t, err, "what went wrong is not kept as a page")
}

func TestWhoeverLeavesBeforeTheAnswerIsNoFaultOfOurs(t *testing.T) {
	var log bytes.Buffer
	was := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(was)
	gone, leave := context.WithCancel(t.Context())
	leave()
	for _, tt := range []struct {
		name string
		ctx  context.Context
		want int
		told bool
	}{
		{"gone", gone, http.StatusServiceUnavailable, false},
		{"there", t.Context(), http.StatusInternalServerError, true},
	} {
		log.Reset()
		rec := httptest.NewRecorder()
		answerError(context.Canceled, echo.New().NewContext(httptest.NewRequest(http.MethodGet, "/", nil).WithContext(tt.ctx), rec))
		require.Equal(t, tt.want, rec.Code, tt.name)
		require.Equal(t, tt.told, log.Len() > 0, tt.name)
	}
}
