package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"clusterplay/playground"
	"clusterplay/scenarios"
	"clusterplay/web/api"
)

// ListLessons lists the lessons in a language.
func (s rest) ListLessons(c echo.Context, q api.ListLessonsParams) error {
	return c.JSON(http.StatusOK, s.cfg.Lessons.List(q.Lang))
}

// lesson finds a lesson and fits it to the ports of a lab.
func (s *Server) lesson(lab *playground.Lab, id, lang string) (*scenarios.Lesson, error) {
	l := s.cfg.Lessons.Get(id, lang)
	if l == nil {
		return nil, refuse(http.StatusNotFound, "lesson", "there is no lesson "+strconv.Quote(id), "GET /api/lessons lists them")
	}
	return l.Rebase(lab.BasePort()), nil
}

// ShowLesson serves one lesson.
func (s rest) ShowLesson(c echo.Context, id string, q api.ShowLessonParams) error {
	lab, err := s.lab(q.Lab)
	if err != nil {
		return err
	}
	l, err := s.lesson(lab, id, q.Lang)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, l)
}

// StartLesson gives the lab what a lesson wants; a lesson under way ends.
func (s rest) StartLesson(c echo.Context, id string, q api.StartLessonParams) error {
	b, err := s.booth(q.Lab)
	if err != nil {
		return err
	}
	l, err := s.lesson(b.lab, id, q.Lang)
	if err != nil {
		return err
	}
	if err := readArgs(c, &struct{}{}); err != nil {
		return err
	}
	result, err := b.lectern.start(c.Request().Context(), l)
	if err != nil {
		return stepFailed(err)
	}
	return c.JSON(http.StatusOK, api.Done{Ok: true, Command: result.Command, Text: result.Text})
}

// RunLesson runs a fence of the lesson that has been started, a line of it, or all fences. It answers
// when that has ended; the steps are told to every viewer while it runs.
func (s rest) RunLesson(c echo.Context, id string, q api.RunLessonParams) error {
	b, err := s.booth(q.Lab)
	if err != nil {
		return err
	}
	if s.cfg.Lessons.Get(id, "") == nil {
		return refuse(http.StatusNotFound, "lesson", "there is no lesson "+strconv.Quote(id), "GET /api/lessons lists them")
	}
	var args api.RunRequest
	if err := readArgs(c, &args); err != nil {
		return err
	}
	if (args.Fence == "") == !args.All {
		return refuse(http.StatusBadRequest, "fence", "say which fence to run, or all", `{"fence":"1"} or {"all":true}`)
	}
	err = b.lectern.run(c.Request().Context(), id, func(ctx context.Context, r *scenarios.Runner) error {
		switch {
		case args.All:
			return r.Run(ctx)
		case args.Step:
			return r.Step(ctx, args.Fence, args.Line)
		}
		return r.RunFence(ctx, args.Fence, args.Line)
	})
	if err != nil {
		return stepFailed(err)
	}
	return c.JSON(http.StatusOK, api.Done{Ok: true, Command: "playground lesson run " + id})
}

// ShowLessonNow says which lesson the lab is set for and how far it is.
func (s rest) ShowLessonNow(c echo.Context, q api.ShowLessonNowParams) error {
	b, err := s.booth(q.Lab)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, b.lectern.standsAt())
}

// StopLesson ends the step that runs.
func (s rest) StopLesson(c echo.Context, q api.StopLessonParams) error {
	b, err := s.booth(q.Lab)
	if err != nil {
		return err
	}
	if err := readArgs(c, &struct{}{}); err != nil {
		return err
	}
	b.lectern.stop()
	return c.JSON(http.StatusOK, api.Done{Ok: true})
}

// EndLesson gives the lab its first shape back.
func (s rest) EndLesson(c echo.Context, q api.EndLessonParams) error {
	b, err := s.booth(q.Lab)
	if err != nil {
		return err
	}
	if err := readArgs(c, &struct{}{}); err != nil {
		return err
	}
	result, err := b.lectern.end(c.Request().Context())
	if err != nil {
		return stepFailed(err)
	}
	return c.JSON(http.StatusOK, api.Done{Ok: true, Command: result.Command, Text: result.Text})
}

// longestFileName is how many letters the name of a file may have that somebody brings.
const longestFileName = 128

// fileName reports whether a file that somebody brings may be called so. The name stands in messages and
// tells the language; it is no path. unicode.C are signs that cannot be seen, among them those that
// turn the direction of writing.
func fileName(name string) bool {
	odd := func(r rune) bool { return unicode.Is(unicode.C, r) || strings.ContainsRune(`/\:`, r) }
	return name != "" && utf8.ValidString(name) && utf8.RuneCountInString(name) <= longestFileName &&
		name[0] != '.' && !strings.ContainsFunc(name, odd)
}

// BringLesson adds a lesson that somebody brought; the body is its text.
func (s rest) BringLesson(c echo.Context, q api.BringLessonParams) error {
	name := cmp.Or(q.Name, "lesson.md")
	if !fileName(name) {
		return refuse(http.StatusBadRequest, "name", "a lesson's file cannot be called so", "a name without its folders, such as talk.en.md")
	}
	source, err := readText(c, "text/markdown", scenarios.MaxBrought)
	if err != nil {
		return err
	}
	l, err := s.cfg.Lessons.Bring(name, q.Lang, source)
	if err != nil {
		return unreadable(err)
	}
	return c.JSON(http.StatusOK, api.Brought{Id: l.ID, Title: l.Title})
}

// unreadable is the refusal of a text: all that is wrong with it, to read and by its places.
func unreadable(err error) error {
	p := problem{Error: err.Error(), Field: "lesson", Hint: "mend it and bring it again; playground lesson lint says the same"}
	var all scenarios.Problems
	if errors.As(err, &all) {
		for _, one := range all {
			p.Problems = append(p.Problems, *one)
		}
	}
	return &fail{http.StatusBadRequest, p}
}
