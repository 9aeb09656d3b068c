package web

import (
	"errors"
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
	lines, err := lab.RecordedEvents(c.Request().Context(), time.UnixMilli(q.From), moment(lab, q.To))
	if err != nil {
		return unrecorded(err)
	}
	return c.JSON(http.StatusOK, api.History{Events: lines, Dropped: lab.History().Dropped()})
}

// ShowRecorded tells what is recorded.
func (s rest) ShowRecorded(c echo.Context, name string) error {
	lab, err := s.lab(name)
	if err != nil {
		return err
	}
	span, err := lab.Recorded(c.Request().Context())
	if err != nil {
		return unrecorded(err)
	}
	return c.JSON(http.StatusOK, span)
}

// ShowPast shows the whole lab as it was.
func (s rest) ShowPast(c echo.Context, name string, q api.ShowPastParams) error {
	lab, err := s.lab(name)
	if err != nil {
		return err
	}
	past, err := lab.Past(c.Request().Context(), moment(lab, q.T))
	if err != nil {
		return unrecorded(err)
	}
	return c.JSON(http.StatusOK, past)
}

// ShowStretch tells what happened in a piece of the past.
func (s rest) ShowStretch(c echo.Context, name string, q api.ShowStretchParams) error {
	lab, err := s.lab(name)
	if err != nil {
		return err
	}
	stretch, err := lab.Between(c.Request().Context(), time.UnixMilli(q.From), moment(lab, q.To))
	if err != nil {
		return unrecorded(err)
	}
	return c.JSON(http.StatusOK, stretch)
}

// moment is a time of the lab that somebody asked for; without one it is now.
func moment(lab *playground.Lab, asked int64) time.Time {
	if asked == 0 {
		return lab.Clock().Now()
	}
	return time.UnixMilli(asked)
}

// unrecorded tells that there is nothing to be seen from other errors.
func unrecorded(err error) error {
	if errors.Is(err, playground.ErrNothingRecorded) {
		return refuse(http.StatusNotFound, "", "nothing is recorded yet", "ask again in a second")
	}
	return err
}
