package web

import (
	"slices"

	"clusterplay/scenarios"
	"clusterplay/web/api"
)

// standing is how far a lesson has come: what a browser needs that comes later.
type standing struct {
	last    scenarios.Progress
	results []scenarios.Progress // the last of each fence, in the order in which they ran
	focus   []string
	caption string
	panel   string
}

// note takes a step over.
func (s *standing) note(p scenarios.Progress) {
	s.last = p
	switch {
	case p.Focus != nil:
		s.focus = p.Focus
	case p.Caption != "":
		s.caption = p.Caption
	case p.Panel != "":
		s.panel = p.Panel
	}
	at := slices.IndexFunc(s.results, func(other scenarios.Progress) bool { return other.Fence == p.Fence })
	if at >= 0 {
		s.results[at] = p
		return
	}
	s.results = append(s.results, p)
}

// tell is the standing in the words of the contract.
func (s *standing) tell() api.LessonNow {
	n := api.LessonNow{
		Fence: s.last.Fence, Line: s.last.Line, Fences: map[string]string{}, Focus: s.focus, Caption: s.caption, Panel: s.panel,
	}
	for _, p := range s.results {
		n.Fences[p.Fence] = string(p.State)
		if p.State == scenarios.StateFailed {
			n.Failed = append(n.Failed, api.FailedStep{Fence: p.Fence, Line: p.Line, Text: p.Text, Expected: p.Expected, Got: p.Got})
		}
	}
	return n
}
