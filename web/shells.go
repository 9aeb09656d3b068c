package web

import (
	"bytes"
	"context"
	"net/http"
	"sync"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"clusterplay/playground/words"
)

// shells are the console's pages, each rendered once in a language: they hold nothing of a request, are
// served to strangers, and making one takes a hundred times as long as sending it.
type shells struct {
	mu   sync.Mutex
	made map[string][]byte // by name and language
}

func newShells() *shells { return &shells{made: map[string][]byte{}} }

// serve answers with a page in the language of the request.
func (p *shells) serve(c echo.Context, name string, render func(*words.Words) (templ.Component, error)) error {
	spoken := chooseLanguage(c)
	body, err := p.of(name, spoken, render)
	if err != nil {
		return err
	}
	return c.HTMLBlob(http.StatusOK, body)
}

// of is a page in a language.
func (p *shells) of(name string, spoken *words.Words, render func(*words.Words) (templ.Component, error)) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := name + " " + spoken.Language()
	if body, ok := p.made[key]; ok {
		return body, nil
	}
	page, err := render(spoken)
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	if err := page.Render(words.With(context.Background(), spoken), &body); err != nil { // not the request's: who asked may be gone
		return nil, err
	}
	p.made[key] = body.Bytes()
	return body.Bytes(), nil
}
