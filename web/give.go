package web

import (
	"context"

	"clusterplay/scenarios"
)

// GiveLesson runs a whole lesson on a lab that is what the lesson wants already, as if the teacher had
// pressed every button: whoever watches sees it. hurry is how many times faster than written the
// lab's time runs; also hears every step. The run ends with ctx.
func (s *Server) GiveLesson(ctx context.Context, lesson *scenarios.Lesson, hurry float64, also func(scenarios.Progress)) error {
	l := s.main().lectern
	return l.do(context.WithoutCancel(ctx), func(run context.Context) error {
		run, cancel := context.WithCancel(run)
		defer cancel()
		defer context.AfterFunc(ctx, cancel)()
		runner := scenarios.NewRunner(l.lab, lesson, func(p scenarios.Progress) {
			l.heard(p)
			also(p)
		})
		runner.Hurry(hurry)
		l.forget()
		l.give(lesson, runner)
		return runner.Run(run)
	})
}
