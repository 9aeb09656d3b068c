package web

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"clusterplay/playground"
	"clusterplay/web/api"
)

// RunIncident puts labs through the same incident at the same time, and answers when all have recovered
// or have been watched for long enough.
func (s rest) RunIncident(c echo.Context) error {
	var args api.Incident
	if err := readArgs(c, &args); err != nil {
		return err
	}
	booths, err := s.named(args.Labs)
	if err != nil {
		return err
	}
	incident := playground.Incident{Within: time.Duration(args.WithinMs) * time.Millisecond}
	for _, act := range args.Acts {
		incident.Acts = append(incident.Acts, playground.Act{Line: act.Line, After: time.Duration(act.AfterMs) * time.Millisecond})
	}
	if err := incident.Check(); err != nil {
		return err
	}
	courses := make([]playground.Course, len(booths))
	var group sync.WaitGroup
	for i, b := range booths {
		group.Go(func() { courses[i] = b.undergo(c.Request().Context(), incident) })
	}
	group.Wait()
	return c.JSON(http.StatusOK, api.Courses{Courses: courses})
}

// undergo puts the booth's lab through an incident. What goes wrong with one lab is that one's course.
func (b *booth) undergo(ctx context.Context, incident playground.Incident) (course playground.Course) {
	defer func() {
		if r := recover(); r != nil {
			slog.Error("console", "in", "incident "+b.lab.ID(), "panic", r, "stack", string(debug.Stack()))
			course = playground.Course{Lab: b.lab.ID(), Acts: []playground.ActDone{}, Error: "the console failed; its log says why"}
		}
	}()
	course, err := b.lab.Undergo(ctx, incident)
	if err != nil {
		return playground.Course{Lab: b.lab.ID(), Acts: []playground.ActDone{}, Error: err.Error()}
	}
	return course
}

// named are the booths of some labs, each once; without names those of all.
func (s *Server) named(names []string) ([]*booth, error) {
	if len(names) == 0 {
		return s.booths.all(), nil
	}
	var chosen []*booth
	seen := map[string]bool{}
	for _, name := range names {
		b, err := s.booth(name)
		if err != nil {
			return nil, err
		}
		if id := b.lab.ID(); !seen[id] {
			seen[id], chosen = true, append(chosen, b)
		}
	}
	return chosen, nil
}
