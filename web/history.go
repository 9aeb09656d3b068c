package web

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"clusterplay/playground"
	"clusterplay/web/api"
)

// ShowHistory lists recorded events between from and to, both in virtual milliseconds. One answer
// is bounded; ask again from the last event's time for more.
func (s rest) ShowHistory(c echo.Context, name string, q api.ShowHistoryParams) error {
	lab, err := s.lab(name)
	if err != nil {
		return err
	}
	record := lab.History()
	if record == nil {
		return refuse(http.StatusNotFound, "", "nothing is recorded: this lab keeps no files", "start it with --data DIR")
	}
	to := lab.Clock().Now()
	if q.To != 0 {
		to = time.UnixMilli(q.To)
	}
	events, err := record.Events(c.Request().Context(), time.UnixMilli(q.From), to)
	if err != nil {
		return err
	}
	lines := make([]playground.Line, len(events))
	for i, e := range events {
		lines[i] = playground.Line{Seq: e.Seq, T: e.T.UnixMilli(), Node: e.Node, Name: e.Name, Line: e.Line, Caption: e.Caption, Level: e.Level}
	}
	return c.JSON(http.StatusOK, api.History{Events: lines, Dropped: record.Dropped()})
}
