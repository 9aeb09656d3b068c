package playground

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"clusterplay/playground/network"
)

// Pause stops the lab's clock and holds every frame between nodes. Clients are still served.
type Pause struct{}

// Verb is "pause".
func (Pause) Verb() string { return "pause" }

// Do pauses.
func (Pause) Do(_ context.Context, l *Lab) (Result, error) {
	l.setPaused(true)
	return said("The lab stands still; step lets one thing happen."), nil
}

// setPaused stops or starts time and frames together.
func (l *Lab) setPaused(paused bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.paused = paused
	if paused {
		l.clock.Pause()
		l.net.Pause()
		return
	}
	l.net.Resume()
	l.clock.Resume()
}

func (l *Lab) isPaused() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.paused
}

// Resume lets time and frames go on.
type Resume struct{}

// Verb is "resume".
func (Resume) Verb() string { return "resume" }

// Do resumes.
func (Resume) Do(_ context.Context, l *Lab) (Result, error) {
	l.setPaused(false)
	return said("The lab goes on."), nil
}

// Speed sets how fast the lab's time runs.
type Speed struct {
	Factor float64 `json:"factor"`
}

// Verb is "speed".
func (Speed) Verb() string { return "speed" }

// Do sets the speed.
func (a Speed) Do(_ context.Context, l *Lab) (Result, error) {
	if err := l.clock.SetSpeed(a.Factor); err != nil {
		return Result{}, wrong("factor", "0.01 to 100; pause stops it", "%v", err)
	}
	return said(fmt.Sprintf("The lab's time runs %v times as fast as ours.", a.Factor)), nil
}

// Step lets the earliest thing happen while the lab is paused: one frame or one timer.
type Step struct{}

// Stepped is what a step let happen.
type Stepped struct {
	What string `json:"what"` // "timer" or the frame's type
	From string `json:"from,omitempty"`
	Who  string `json:"who"` // whose timer, or who received the frame
	At   int64  `json:"at"`
}

const (
	// stepLimit bounds the wait for one node to handle one thing, in the computer's time.
	stepLimit = 2 * time.Second
	// settleLimit bounds the wait for what that caused to come to rest.
	settleLimit = 300 * time.Millisecond
)

// Verb is "step".
func (Step) Verb() string { return "step" }

// Do lets one thing happen and returns when everything that it caused waits for its own turn.
func (Step) Do(ctx context.Context, l *Lab) (Result, error) {
	if !l.isPaused() {
		return Result{}, wrong("", "pause first", "the lab is not paused")
	}
	l.turn.Lock()
	defer l.turn.Unlock()
	stepped, err := l.step(ctx)
	if err != nil {
		return Result{}, err
	}
	settle, cancel := context.WithTimeout(ctx, settleLimit)
	defer cancel()
	_ = l.net.Settle(settle) // what does not come to rest is shown by the next look
	text := fmt.Sprintf("The timer of %s fired.", stepped.Who)
	if stepped.What != "timer" {
		text = fmt.Sprintf("%s from %s arrived at %s.", stepped.What, orForeign(stepped.From), orForeign(stepped.Who))
	}
	return Result{Text: text, Data: stepped}, nil
}

// step carries out what next announces.
func (l *Lab) step(ctx context.Context) (Stepped, error) {
	frame, haveFrame := l.net.Next()
	timer, haveTimer := l.clock.Next()
	switch {
	case !haveFrame && !haveTimer:
		return Stepped{}, wrong("", "restart a node, or heal the network", "nothing is due")
	case haveFrame && (!haveTimer || !timer.At.Before(frame.Due)):
		return l.stepFrame(ctx, frame)
	}
	fired, ok := l.clock.Step()
	if !ok {
		return Stepped{}, wrong("", "", "nothing is due")
	}
	return Stepped{What: "timer", Who: fired.Who, At: fired.At.UnixMilli()}, nil
}

func (l *Lab) stepFrame(ctx context.Context, frame network.Waiting) (Stepped, error) {
	l.clock.Advance(frame.Due)
	ctx, cancel := context.WithTimeout(ctx, stepLimit)
	defer cancel()
	if err := l.net.StepFrame(ctx, frame.ID); err != nil {
		return Stepped{}, wrong("", "", "%v", err)
	}
	return Stepped{What: network.TypeName(frame.Type), From: frame.From, Who: frame.To, At: frame.Due.UnixMilli()}, nil
}

// next is what a step would let happen in a lab that is paused.
func (l *Lab) next() (what, who string, at time.Time, ok bool) {
	timer, haveTimer := l.clock.Next()
	if frame, have := l.net.Next(); have && (!haveTimer || !timer.At.Before(frame.Due)) {
		return network.TypeName(frame.Type), frame.To, frame.Due, true
	}
	return "timer", timer.Who, timer.At, haveTimer
}

func orForeign(name string) string {
	if name == "" {
		return "a foreign process"
	}
	return name
}

// SetMark marks the present moment.
type SetMark struct {
	Text string `json:"text"`
}

// maxMark bounds the text of a mark: a caption's length.
const maxMark = 200

// Verb is "mark".
func (SetMark) Verb() string { return "mark" }

// Do marks.
func (a SetMark) Do(_ context.Context, l *Lab) (Result, error) {
	a.Text = strings.Map(inOneLine, a.Text)
	if strings.TrimSpace(a.Text) == "" {
		return Result{}, wrong("text", "mark before the kill", "a mark needs a text to find it by")
	}
	if len(a.Text) > maxMark {
		return Result{}, wrong("text", "", "the text has %d bytes, more than %d", len(a.Text), maxMark)
	}
	l.publish("", l.clock.Now(), Mark(a))
	return said("Marked: " + a.Text), nil
}

// inOneLine takes from a text what would end its line or command the terminal that shows it.
func inOneLine(r rune) rune {
	if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
		return ' '
	}
	return r
}
