package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"clusterplay/scenarios"
	"clusterplay/web/api"
)

// ListLessons lists the lessons in a language.
func (s rest) ListLessons(c echo.Context, q api.ListLessonsParams) error {
	return c.JSON(http.StatusOK, s.cfg.Lessons.List(q.Lang))
}

// lesson finds a lesson and fits it to the ports of this lab.
func (s *Server) lesson(id, lang string) (*scenarios.Lesson, error) {
	l := s.cfg.Lessons.Get(id, lang)
	if l == nil {
		return nil, refuse(http.StatusNotFound, "lesson", "there is no lesson "+strconv.Quote(id), "GET /api/lessons lists them")
	}
	return l.Rebase(s.cfg.Lab.BasePort()), nil
}

// ShowLesson serves one lesson.
func (s rest) ShowLesson(c echo.Context, id string, q api.ShowLessonParams) error {
	l, err := s.lesson(id, q.Lang)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, l)
}

// RunLesson runs one fence, or all of them from a reset. It answers when the fence has ended;
// the steps are told to every viewer while it runs.
func (s rest) RunLesson(c echo.Context, id string, q api.RunLessonParams) error {
	l, err := s.lesson(id, q.Lang)
	if err != nil {
		return err
	}
	var args api.RunRequest
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
		run = func(ctx context.Context) error { return runner.RunFence(ctx, fence, 0) }
	}
	err := run(c.Request().Context())
	var check *scenarios.CheckError
	switch {
	case errors.As(err, &check):
		return refuse(http.StatusUnprocessableEntity, "fence", check.Error(), "look at the stage, or reset and run the lesson from its start")
	case err != nil:
		return refuse(http.StatusUnprocessableEntity, "fence", err.Error(), "")
	}
	return c.JSON(http.StatusOK, api.Done{Ok: true, Command: "playground lesson run " + l.ID})
}
