package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"clusterplay/scenarios"
)

func (s *Server) listLessons(c echo.Context) error {
	return c.JSON(http.StatusOK, s.cfg.Lessons.List(c.QueryParam("lang")))
}

// lesson finds a lesson and fits it to the ports of this lab.
func (s *Server) lesson(c echo.Context) (*scenarios.Lesson, error) {
	id := c.Param("lesson")
	l := s.cfg.Lessons.Get(id, c.QueryParam("lang"))
	if l == nil {
		return nil, refuse(http.StatusNotFound, "lesson", "there is no lesson "+strconv.Quote(id), "GET /api/lessons lists them")
	}
	return l.Rebase(s.cfg.Lab.BasePort()), nil
}

func (s *Server) showLesson(c echo.Context) error {
	l, err := s.lesson(c)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, l)
}

// runLesson runs one fence, or all of them from a reset. It answers when the fence has ended;
// the steps are told to every viewer while it runs.
func (s *Server) runLesson(c echo.Context) error {
	l, err := s.lesson(c)
	if err != nil {
		return err
	}
	var args struct {
		Fence string `json:"fence"`
		All   bool   `json:"all"`
	}
	if err := readArgs(c, &args); err != nil {
		return err
	}
	if args.Fence == "" && !args.All {
		return refuse(http.StatusBadRequest, "fence", "say which fence to run", `{"fence":"1"} or {"all":true}`)
	}
	if !s.lessonMu.TryLock() {
		return refuse(http.StatusConflict, "", "a lesson is running", "wait until its fence has ended")
	}
	defer s.lessonMu.Unlock()
	return s.runFences(c, l, args.Fence)
}

func (s *Server) runFences(c echo.Context, l *scenarios.Lesson, fence string) error {
	runner := scenarios.NewRunner(s.cfg.Lab, l, func(p scenarios.Progress) {
		s.hub.Tell(struct {
			Type string `json:"type"`
			scenarios.Progress
		}{"lesson", p})
	})
	defer runner.Close()
	run := runner.Run
	if fence != "" {
		run = func(ctx context.Context) error { return runner.RunFence(ctx, fence) }
	}
	err := run(c.Request().Context())
	var check *scenarios.CheckError
	switch {
	case errors.As(err, &check):
		return refuse(http.StatusUnprocessableEntity, "fence", check.Error(), "look at the stage, or reset and run the lesson from its start")
	case err != nil:
		return refuse(http.StatusUnprocessableEntity, "fence", err.Error(), "")
	}
	return c.JSON(http.StatusOK, done{OK: true, Command: "playground lesson run " + l.ID})
}
