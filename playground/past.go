package playground

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"clusterplay/playground/history"
	"clusterplay/playground/network"
)

const (
	// maxStretch bounds how much of the past one answer tells, in the lab's time.
	maxStretch = 30 * time.Second
	// longestFlight is how long a frame may be on its way and still be found by when it was sent: it
	// is recorded when it arrives.
	longestFlight = 10 * time.Second
	// longestLook is how much later than an event the picture that shows it may have been taken.
	longestLook = 2 * time.Second
	// maxFlags bounds the story's flags on a time line; the latest are kept.
	maxFlags = 3000
)

// ErrNothingRecorded says that there is no past to be seen.
var ErrNothingRecorded = errors.New("nothing is recorded")

// flagged are the events that a time line marks.
var flagged = []string{
	"+killed", "+crashed", "+frozen", "+stopped", "+up", "+pfail", "+fail", "-fail", "+election-start", "+vote", "+promoted",
	"-vote", "+cluster-state", "+move-ended", "+formed", "+replica-migration", "+psync-full", "mark", "input",
	"+sdown", "+odown", "+tilt", "+try-failover", "+vote-for-leader", "-vote-for-leader", "+elected-leader", "+switch-master",
	"-failover-abort-not-elected", "-failover-abort-no-good-slave", "-failover-abort-slave-timeout", "+convert-to-slave",
}

// Span is what is recorded: from when to when, and how much. Times are the lab's, in milliseconds
// since 1970.
type Span struct {
	From    int64  `json:"from"`
	To      int64  `json:"to"`
	Began   int64  `json:"began"` // when this lab was launched; what lies before is an earlier one's
	Bytes   int64  `json:"bytes"`
	Cap     int64  `json:"cap"`  // bytes; the oldest part gives way
	Kept    bool   `json:"kept"` // in a file that outlives the lab
	Dropped uint64 `json:"dropped"`
	Why     string `json:"why,omitempty"` // why nothing is recorded at present
	Flags   []Line `json:"flags"`         // what a time line marks, oldest first
}

// Stretch is a piece of the past: what changed, what was told, and the frames on their way.
type Stretch struct {
	From    int64       `json:"from"`
	To      int64       `json:"to"`  // how far this answer goes: less than was asked for, when that was too much
	End     int64       `json:"end"` // how far the record goes
	Changes []Change    `json:"changes"`
	Events  []Line      `json:"events"`
	Frames  []FrameView `json:"frames"`
	Shown   int         `json:"shown"` // frames recorded; with Total, the ratio of the sample
	Total   int         `json:"total"`
}

// FrameView is a recorded frame. Nodes are named by their client ports; 0 is a foreign process.
type FrameView struct {
	ID      uint32  `json:"id"`
	Kind    uint8   `json:"kind"`
	From    uint16  `json:"from"`
	To      uint16  `json:"to"`
	Bytes   uint32  `json:"bytes"`
	Sent    float64 `json:"sent"`
	Arrived float64 `json:"arrived"` // 0 when it was dropped
	Dropped bool    `json:"dropped"`
	Held    bool    `json:"held"`
}

// Recorded tells what there is of the past.
func (l *Lab) Recorded(ctx context.Context) (Span, error) {
	if l.history == nil {
		return Span{}, ErrNothingRecorded
	}
	from, to, err := l.history.Span(ctx)
	if err != nil {
		return Span{}, err
	}
	events, err := l.history.EventsNamed(ctx, flagged, maxFlags)
	if err != nil {
		return Span{}, err
	}
	size, err := l.history.Size()
	if err != nil {
		return Span{}, err
	}
	s := Span{
		To: max(l.filmEnd(), milli(to)), Began: l.began.UnixMilli(), Bytes: size, Cap: l.history.Cap(),
		Kept: !l.history.Passing(), Dropped: l.history.Dropped(), Flags: recordedLines(events),
	}
	s.From = s.To
	if !from.IsZero() {
		s.From = from.UnixMilli()
	}
	if err := l.history.Err(); err != nil {
		s.Why = err.Error()
	}
	return s, nil
}

func milli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// filmEnd is how far the record goes, in milliseconds of the lab's time.
func (l *Lab) filmEnd() int64 { return time.UnixMicro(l.filmed.Load()).UnixMilli() }

// RecordedEvents lists the recorded events of a stretch of time, details and all.
func (l *Lab) RecordedEvents(ctx context.Context, from, to time.Time) ([]Line, error) {
	if l.history == nil {
		return nil, ErrNothingRecorded
	}
	events, err := l.history.Events(ctx, from, to)
	return recordedLines(events), err
}

// Past is the whole lab as it was at a moment. Before the first recorded moment it is as it was then.
// The picture shows everything that its story tells, if need be by being a little younger.
func (l *Lab) Past(ctx context.Context, t time.Time) (Snapshot, error) {
	if l.history == nil {
		return Snapshot{}, ErrNothingRecorded
	}
	l.awaitFilm(t)
	events, err := l.history.EventsBefore(ctx, t, Detail, storyLength)
	if err != nil {
		return Snapshot{}, err
	}
	pictures, err := l.history.Pictures(ctx, t, t.Add(longestLook))
	if err != nil {
		return Snapshot{}, err
	}
	if len(pictures) == 0 {
		return Snapshot{}, ErrNothingRecorded
	}
	film, err := develop(pictures)
	if err != nil {
		return Snapshot{}, err
	}
	story := recordedLines(events)
	s, err := film.at(t.UnixMilli(), lastOf(story))
	s.Story = story
	return s, err
}

// lastOf is the number of a story's last line.
func lastOf(story []Line) uint64 {
	if len(story) == 0 {
		return 0
	}
	return story[len(story)-1].Seq
}

// Between is what happened after one moment up to and with another.
func (l *Lab) Between(ctx context.Context, from, to time.Time) (Stretch, error) {
	if l.history == nil {
		return Stretch{}, ErrNothingRecorded
	}
	if to.Sub(from) > maxStretch {
		to = from.Add(maxStretch)
	}
	l.awaitFilm(to)
	out := Stretch{From: from.UnixMilli(), To: to.UnixMilli(), End: l.filmEnd()}
	out.To = min(out.To, out.End)
	events, err := l.history.Events(ctx, from.Add(time.Microsecond), to)
	if err != nil {
		return out, err
	}
	out.Events = recordedLines(told(events))
	pictures, err := l.history.Pictures(ctx, from, to)
	if err != nil {
		return out, err
	}
	film, err := develop(pictures)
	if err != nil {
		return out, err
	}
	out.Changes = film.after(out.From)
	chunks, err := l.history.FramesBetween(ctx, from, to.Add(longestFlight))
	if err != nil {
		return out, err
	}
	return out, out.addFrames(chunks)
}

// awaitFilm waits until the record holds what has been filmed, when the question is about that.
func (l *Lab) awaitFilm(t time.Time) {
	if t.UnixMilli() >= l.filmEnd()-time.Second.Milliseconds() {
		l.history.Sync()
	}
}

// addFrames adds the frames that are on their way in the stretch.
func (s *Stretch) addFrames(chunks []history.Frames) error {
	s.Frames = []FrameView{}
	for _, c := range chunks {
		frames, total, err := network.DecodeFrames(c.Data)
		if err != nil {
			return err
		}
		for _, f := range frames {
			view := frameView(f)
			if view.Sent > float64(s.To) || max(view.Sent, view.Arrived) < float64(s.From) {
				continue
			}
			s.Frames = append(s.Frames, view)
		}
		s.Shown += len(frames)
		s.Total += total
	}
	return nil
}

func frameView(f network.Recorded) FrameView {
	v := FrameView{
		ID: f.ID, Kind: f.Type, From: f.From, To: f.To, Bytes: f.Bytes,
		Sent: float64(f.Sent.UnixMicro()) / 1000, Dropped: f.Dropped, Held: f.Held,
	}
	if !f.Arrived.IsZero() {
		v.Arrived = float64(f.Arrived.UnixMicro()) / 1000
	}
	return v
}

// told leaves out the details, which no story tells.
func told(events []history.Event) []history.Event {
	kept := events[:0]
	for _, e := range events {
		if e.Level != Detail {
			kept = append(kept, e)
		}
	}
	return kept
}

// recordedLines are recorded events as people read them.
func recordedLines(events []history.Event) []Line {
	lines := make([]Line, len(events))
	for i, e := range events {
		lines[i] = Line{Seq: e.Seq, T: e.T.UnixMilli(), Node: e.Node, Name: e.Name, Line: e.Line, Caption: e.Caption, Level: e.Level}
		if e.Say != nil {
			_ = json.Unmarshal(e.Say, &lines[i].Say) // without it the English caption is shown
		}
		if e.Level == Detail {
			lines[i].Caption = lines[i].Say.English()
		}
	}
	return lines
}
