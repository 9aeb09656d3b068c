package playground

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"clusterplay/node"
	"clusterplay/node/slot"
)

const (
	// maxActs bounds an incident, and maxIncident how long it and the recovery may take in the lab's time.
	maxActs     = 64
	maxIncident = 10 * time.Minute
	// longestWatch bounds an incident in the computer's time: in a paused lab none would end by itself.
	longestWatch = 2 * maxIncident
	// usualWithin is how long recovery is waited for when nobody says so.
	usualWithin = time.Minute
	// settled is how long, beyond two node timeouts, a lab is watched that nothing seems to have harmed:
	// nodes that are cut off notice it after one.
	settled = 2 * time.Second
)

// Incident is what is done to a lab, one line after the other, to see how it comes through. When the
// lines name nodes by their roles, the same incident fits every lab.
type Incident struct {
	Acts   []Act
	Within time.Duration // of the lab's time, from the first act on; 0 is a minute
}

// Act is one line of an incident, such as "kill master", and how long after the one before it is done.
type Act struct {
	Line  string
	After time.Duration
}

// Course is how a lab came through an incident. Times are milliseconds of the lab's time since the
// first act; a lab that was harmed and has no time of recovery had not recovered when it was left.
type Course struct {
	Lab       string    `json:"lab"`
	Acts      []ActDone `json:"acts"`
	Harmed    *int64    `json:"harmedMs,omitempty"`    // when it first could not serve everything
	Recovered *int64    `json:"recoveredMs,omitempty"` // when it could again, for good
	Watched   int64     `json:"watchedMs"`             // how long it was watched
	Error     string    `json:"error,omitempty"`       // which act was refused, and why; those after it are not done
}

// ActDone is an act of an incident that was done.
type ActDone struct {
	At      int64  `json:"atMs"`
	Command string `json:"command"`
	Text    string `json:"text"`
}

// Check refuses an incident that no lab could be put through.
func (in Incident) Check() error {
	if len(in.Acts) == 0 || len(in.Acts) > maxActs {
		return wrong("acts", `such as "kill master"`, "an incident has 1 to %d acts, not %d", maxActs, len(in.Acts))
	}
	total := time.Duration(0)
	for i, act := range in.Acts {
		if _, err := parseLine(act.Line); err != nil {
			e := AsError(err)
			return wrong("acts", e.Hint, "act %d, %q: %s", i+1, act.Line, e.Message)
		}
		if total += act.After; act.After < 0 || total > maxIncident {
			return wrong("acts", "", "act %d: an incident takes no less than no time, and %v at most", i+1, maxIncident)
		}
	}
	if in.Within < 0 || in.Within > maxIncident {
		return wrong("within", "such as 60s", "within %v is outside 0 to %v", in.Within, maxIncident)
	}
	return nil
}

// parseLine reads a command line.
func parseLine(line string) (Action, error) {
	words := strings.Fields(line)
	if len(words) == 0 {
		return nil, wrong("", "kill master", "the line is empty")
	}
	return Parse(words[0], words[1:])
}

// Undergo puts the lab through an incident and watches it until it has recovered, or for as long as the
// incident says.
func (l *Lab) Undergo(ctx context.Context, in Incident) (Course, error) {
	if err := in.Check(); err != nil {
		return Course{}, err
	}
	if in.Within == 0 {
		in.Within = usualWithin
	}
	ctx, cancel := context.WithTimeout(ctx, longestWatch)
	defer cancel()
	defer context.AfterFunc(l.ctx, cancel)()
	if err := l.until(ctx, "the lab to form", l.shaped); err != nil {
		return Course{}, wrong("", "", "%v", err)
	}
	began := l.clock.Now()
	defer l.clock.At(began.Add(in.Within), "", cancel)()
	w := &witness{began: began, patience: settled + 2*l.Topology().nodeTimeout()}
	var acting sync.WaitGroup
	acting.Go(func() {
		defer node.Recover("", l.panicked)
		w.done(l.perform(ctx, in.Acts, w))
	})
	_ = l.until(ctx, "the lab to recover", func() bool { return w.look(l.clock.Now(), l.servesAll()) })
	cancel() // an act that waits for its time waits no longer
	acting.Wait()
	return w.course(l), nil
}

// perform does the acts in their time, up to the first that is refused.
func (l *Lab) perform(ctx context.Context, acts []Act, w *witness) error {
	cast := cast{}
	due := w.began
	for _, act := range acts {
		if due = due.Add(act.After); l.clock.Now().Before(due) {
			if err := l.clock.Wait(ctx, due); err != nil {
				return fmt.Errorf("%s: the incident was over before its time came", act.Line)
			}
		}
		action, err := parseLine(act.Line)
		if err == nil {
			action, err = cast.bind(l, action)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", act.Line, err)
		}
		at := l.clock.Now()
		result, err := l.Do(ctx, action)
		if err != nil {
			return fmt.Errorf("%s: %w", act.Line, err)
		}
		w.note(ActDone{At: at.Sub(w.began).Milliseconds(), Command: result.Command, Text: result.Text})
	}
	return nil
}

// cast says who plays which role: a role means the same node from its first mention to the end of the
// incident, whatever becomes of that node.
type cast map[string]string

// bind puts the nodes in the place of the roles of an action.
func (c cast) bind(l *Lab, a Action) (Action, error) {
	spec, err := specOf(a.Verb())
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	var given map[string]any
	if err := json.Unmarshal(body, &given); err != nil {
		return nil, err
	}
	for _, arg := range spec.Args {
		if arg.Kind == KindNode || arg.Kind == KindGroups {
			given[arg.Name] = c.name(l, given[arg.Name])
		}
		if given[arg.Name] == nil {
			delete(given, arg.Name)
		}
	}
	if body, err = json.Marshal(given); err != nil {
		return nil, err
	}
	return Decode(a.Verb(), body)
}

// name is what stands for a value, which is a node or lists of them. A role that nobody plays stays as it
// is: the action says so.
func (c cast) name(l *Lab, value any) any {
	switch v := value.(type) {
	case []any:
		for i := range v {
			v[i] = c.name(l, v[i])
		}
	case string:
		if _, _, ok := readRole(v); !ok {
			return v
		}
		if c[v] == "" {
			if m, err := l.find("", v); err == nil {
				c[v] = m.Name()
			}
		}
		if c[v] != "" {
			return c[v]
		}
	}
	return value
}

// servesAll tells whether clients can be served with everything: in a cluster every slot has a running
// master that thinks the cluster is ok; elsewhere the node whose address the clients use is a master
// that runs.
func (l *Lab) servesAll() bool {
	var owned [slot.Count]bool
	if m, err := l.find("", l.target()); !l.Topology().clustered() {
		return err == nil && m.leads()
	}
	covered := 0
	for _, n := range l.Nodes() {
		if n.State != "up" || n.Role != "master" {
			continue
		}
		if n.ClusterState != "ok" {
			continue
		}
		for _, r := range n.Slots {
			for s := r[0]; s <= r[1]; s++ {
				if !owned[s] {
					owned[s], covered = true, covered+1
				}
			}
		}
	}
	return covered == slot.Count
}

// witness watches a lab go through an incident.
type witness struct {
	began    time.Time
	patience time.Duration // how long a lab is watched that is not harmed

	mu        sync.Mutex
	acts      []ActDone
	err       error
	over      time.Time // when the last act was done, if it was
	harmed    time.Time
	recovered time.Time
	last      time.Time
}

// note writes an act down.
func (w *witness) note(a ActDone) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.acts = append(w.acts, a)
}

// done says that no act follows.
func (w *witness) done(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.err, w.over = err, w.last
	if w.over.IsZero() {
		w.over = w.began
	}
}

// look notes how the lab is and tells whether there is nothing more to see.
func (w *witness) look(now time.Time, serves bool) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = now
	switch {
	case len(w.acts) == 0 && w.err == nil:
		return false // it has not begun
	case !serves:
		if w.harmed.IsZero() {
			w.harmed = now
		}
		w.recovered = time.Time{}
	case !w.harmed.IsZero() && w.recovered.IsZero():
		w.recovered = now
	}
	switch {
	case w.over.IsZero():
		return false
	case w.err != nil:
		return true
	case w.harmed.IsZero():
		return now.Sub(w.over) >= w.patience
	}
	return !w.recovered.IsZero()
}

// course is what was seen.
func (w *witness) course(l *Lab) Course {
	w.mu.Lock()
	defer w.mu.Unlock()
	since := func(t time.Time) *int64 {
		if t.IsZero() {
			return nil
		}
		ms := t.Sub(w.began).Milliseconds()
		return &ms
	}
	c := Course{Lab: l.id, Acts: w.acts, Harmed: since(w.harmed), Recovered: since(w.recovered), Watched: l.clock.Now().Sub(w.began).Milliseconds()}
	if w.acts == nil {
		c.Acts = []ActDone{}
	}
	if w.err != nil {
		c.Error = w.err.Error()
	}
	return c
}
