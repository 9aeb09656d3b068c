package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"clusterplay/playground"
)

// showHistory lists recorded events between from and to, both in virtual milliseconds. One answer
// is bounded; ask again from the last event's time for more.
func (s *Server) showHistory(c echo.Context) error {
	lab, err := s.lab(c)
	if err != nil {
		return err
	}
	record := lab.History()
	if record == nil {
		return refuse(http.StatusNotFound, "", "nothing is recorded: this lab keeps no files", "start it with --data DIR")
	}
	from, err := milliseconds(c, "from", 0)
	if err != nil {
		return err
	}
	to, err := milliseconds(c, "to", lab.Clock().Now().UnixMilli())
	if err != nil {
		return err
	}
	events, err := record.Events(c.Request().Context(), from, to)
	if err != nil {
		return err
	}
	lines := make([]playground.Line, len(events))
	for i, e := range events {
		lines[i] = playground.Line{Seq: e.Seq, T: e.T.UnixMilli(), Node: e.Node, Name: e.Name, Line: e.Line, Caption: e.Caption, Level: e.Level}
	}
	return c.JSON(http.StatusOK, map[string]any{"events": lines, "dropped": record.Dropped()})
}

// milliseconds reads a query parameter that is a time in milliseconds since 1970.
func milliseconds(c echo.Context, name string, absent int64) (time.Time, error) {
	text := c.QueryParam(name)
	if text == "" {
		return time.UnixMilli(absent), nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, refuse(http.StatusBadRequest, name, name+" is not a number of milliseconds since 1970", name+"=1767225600000")
	}
	return time.UnixMilli(n), nil
}
