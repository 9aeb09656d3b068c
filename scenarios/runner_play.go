package scenarios

import (
	"fmt"
	"strings"

	"clusterplay/playground"
)

// play does one line of a play fence. After ! it must not succeed.
func (r *Runner) play(f *fenceRun, d *deed, line string) error {
	r.report(f, StateRunning, strings.TrimSpace(line))
	err := r.deed(f, d)
	switch {
	case !d.not || f.ctx.Err() != nil:
		return err
	case err == nil:
		return fmt.Errorf("%s was not to succeed, and did", strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "!")))
	}
	r.report(f, StateRunning, "as it must be: "+err.Error())
	return nil
}

func (r *Runner) deed(f *fenceRun, d *deed) error {
	p := r.progress(f, StateRunning, "")
	switch d.verb {
	case verbWait:
		return r.wait(f, d)
	case verbExpect:
		s := r.lab.Snapshot()
		if m := (moment{&s, f.since}); !d.condition.holds(m) {
			return d.condition.failure(m)
		}
		return nil
	case verbFocus:
		p.Focus = texts(d.words)
	case verbShow:
		p.Panel = d.words[0].text
	case verbCaption:
		p.Caption = strings.Join(texts(d.words), " ")
	default:
		return r.act(f, d.action)
	}
	r.tell(p)
	return nil
}

// wait goes on when the condition holds.
func (r *Runner) wait(f *fenceRun, d *deed) error {
	r.report(f, StateWaiting, d.condition.text)
	var last moment
	held, err := r.until(f.ctx, d.within, func(s *playground.Snapshot) bool {
		last = moment{s, f.since}
		return d.condition.holds(last)
	})
	if err == nil && !held {
		return fmt.Errorf("%s did not come to hold within %v: %w", d.condition.text, d.within, d.condition.failure(last))
	}
	return err
}

// act does one of the lab's actions. In a hurry the lab's time keeps its proportions.
func (r *Runner) act(f *fenceRun, action playground.Action) error {
	if speed, ok := action.(playground.Speed); ok {
		action = playground.Speed{Factor: r.scaled(speed.Factor)}
	}
	result, err := r.lab.Do(f.ctx, action)
	if err == nil {
		r.report(f, StateRunning, "$ "+result.Command)
	}
	return err
}

// scaled is a speed in a hurry, within what a clock can do.
func (r *Runner) scaled(factor float64) float64 { return min(max(factor*r.scale, 0.01), 100) }
