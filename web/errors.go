package web

import (
	"errors"
	"log/slog"
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
		slog.Error("console", "request", c.Request().Method+" "+c.Path(), "error", err)
	}
	_ = c.JSON(status, p)
}
