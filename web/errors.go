package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"clusterplay/playground"
	"clusterplay/web/api"
)

// problem is every refusal of the REST interface: what is wrong, in which field, and what to do.
type problem = api.Problem

// fail is an error with a status, for handlers to return.
type fail struct {
	status int
	problem
}

// Error is the problem's sentence.
func (f *fail) Error() string { return f.problem.Error }

func refuse(status int, field, message, hint string) error {
	return &fail{status, problem{Error: message, Field: field, Hint: hint}}
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
		status, p = http.StatusBadRequest, problem{Error: wrong.Message, Field: wrong.Field, Hint: wrong.Hint, Full: api.ProblemFull(wrong.Full), Room: wrong.Room}
		if wrong.Full != "" {
			status = http.StatusConflict // the same may be asked again when there is room
		}
	case errors.As(err, &he):
		status, p = he.Code, httpProblem(he)
	case errors.Is(err, context.Canceled) && c.Request().Context().Err() != nil: // whoever asked is gone, or the console is going
		status, p = http.StatusServiceUnavailable, problem{Error: "the request was ended"}
	default:
		slog.Error("console", "request", c.Request().Method+" "+c.Path(), "error", err)
	}
	_ = c.JSON(status, p)
}

// badParameter is how the generated code begins its complaint about a parameter of a path or query.
const badParameter = "Invalid format for parameter "

// httpProblem names the parameter that could not be read, or the status.
func httpProblem(he *echo.HTTPError) problem {
	text, _ := he.Message.(string)
	if rest, ok := strings.CutPrefix(text, badParameter); ok {
		name, _, _ := strings.Cut(rest, ":")
		return problem{Error: name + " is not what it should be", Field: name, Hint: "GET /api/openapi.yaml says what it should be"}
	}
	return problem{Error: strings.ToLower(http.StatusText(he.Code))}
}
