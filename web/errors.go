package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"clusterplay/playground"
)

// problem is every refusal of the REST interface: what is wrong, in which field, and what to do.
type problem struct {
	Error string `json:"error"`
	Field string `json:"field,omitempty"`
	Hint  string `json:"hint,omitempty"`
}

// fail is an error with a status, for handlers to return.
type fail struct {
	status int
	problem
}

// Error is the problem's sentence.
func (f *fail) Error() string { return f.problem.Error }

func refuse(status int, field, message, hint string) error {
	return &fail{status, problem{message, field, hint}}
}

// answerError writes any error as JSON. A fault of ours says so and names nothing of the inside.
func answerError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	status, p := http.StatusInternalServerError, problem{Error: "the console failed; its log says why"}
	var f *fail
	var wrong *playground.Error
	var he *echo.HTTPError
	switch {
	case errors.As(err, &f):
		status, p = f.status, f.problem
	case errors.As(err, &wrong):
		status, p = http.StatusBadRequest, problem{wrong.Message, wrong.Field, wrong.Hint}
	case errors.As(err, &he):
		status, p = he.Code, problem{Error: strings.ToLower(http.StatusText(he.Code))}
	default:
		c.Logger().Error(err)
	}
	_ = c.JSON(status, p)
}

// maxBody bounds what a request may carry: an action is a few words.
const maxBody = 64 << 10

// maxDepth bounds the nesting of a JSON body.
const maxDepth = 16

// readBody reads a JSON object within the bounds; an empty body is an empty object.
func readBody(c echo.Context) (json.RawMessage, error) {
	req := c.Request()
	if enc := req.Header.Get("Content-Encoding"); enc != "" && enc != "identity" {
		return nil, refuse(http.StatusUnsupportedMediaType, "Content-Encoding", "encoded bodies are not read", "send plain JSON")
	}
	data, err := io.ReadAll(io.LimitReader(req.Body, maxBody+1))
	switch {
	case err != nil:
		return nil, refuse(http.StatusBadRequest, "body", "the body could not be read", "")
	case len(data) > maxBody:
		return nil, refuse(http.StatusRequestEntityTooLarge, "body", "the body is larger than 64 KiB", "")
	case len(strings.TrimSpace(string(data))) == 0:
		return json.RawMessage("{}"), nil
	}
	if err := checkJSON(data); err != nil {
		return nil, refuse(http.StatusBadRequest, "body", err.Error(), `send a JSON object, such as {"node":"7001"}`)
	}
	return data, nil
}

// checkJSON accepts one object, not nested deeper than maxDepth.
func checkJSON(data []byte) error {
	dec := json.NewDecoder(strings.NewReader(string(data)))
	depth := 0
	for first := true; ; first = false {
		token, err := dec.Token()
		if err == io.EOF && !first {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the body is not JSON: %w", err)
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if first && token != json.Delim('{') {
			return errors.New("the body is not a JSON object")
		}
		if depth > maxDepth {
			return errors.New("the body is nested too deeply")
		}
	}
}
