package web

import (
	"net/http"
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
		group.Go(func() {
			course, err := b.lab.Undergo(c.Request().Context(), incident)
			if err != nil {
				course = playground.Course{Lab: b.lab.ID(), Acts: []playground.ActDone{}, Error: err.Error()}
			}
			courses[i] = course
		})
	}
	group.Wait()
	return c.JSON(http.StatusOK, api.Courses{Courses: courses})
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
