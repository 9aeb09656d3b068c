package playground

// Standing is a lab in a line: what a list of labs tells of each.
type Standing struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"`  // the topology's mode
	Nodes int    `json:"nodes"` // how many there are
	Up    int    `json:"up"`    // how many of them run
	State string `json:"state"` // "forming", "failed", or as in a Snapshot
	Why   string `json:"why,omitempty"`
	First int    `json:"first"` // the ports of its nodes
	Last  int    `json:"last"`
	Links string `json:"links"`
	// What closing the lab would free, beside its nodes.
	Files  int64 `json:"files"`
	Memory int64 `json:"memory"`
}

// The states of a lab that no node can tell.
const (
	stateForming = "forming"
	stateFailed  = "failed"
)

// phase is how the making of a lab's present shape went; err is nil as long as nothing went wrong.
type phase struct {
	over bool
	err  error
}

// shape makes the lab what it is to be, and remembers how that went. The caller holds stage, and may
// have waited for it until the lab was closed: then there are no nodes to form, and none must start.
func (l *Lab) shape(make func() error) error {
	if l.ctx.Err() != nil {
		return errClosed()
	}
	l.shaping.Store(&phase{})
	err := make()
	l.shaping.Store(&phase{over: true, err: err})
	return err
}

// shaped tells whether the lab has its present shape, or will not get it.
func (l *Lab) shaped() bool {
	p := l.shaping.Load()
	return p != nil && p.over
}

// ID is the lab's name among the labs of this process.
func (l *Lab) ID() string { return l.id }

// Standing tells how the lab stands.
func (l *Lab) Standing() Standing {
	t, nodes := l.Topology(), l.Nodes()
	s := Standing{ID: l.id, Kind: t.Mode, Links: l.links(), First: l.BasePort(), Files: l.Files(), Memory: l.Memory()}
	for _, m := range l.all() {
		s.Nodes++
		s.Last = max(s.Last, m.port)
		if m.up() {
			s.Up++
		}
	}
	s.State, _, _ = summary(nodes)
	switch p := l.shaping.Load(); {
	case p == nil, !p.over:
		s.State = stateForming
	case p.err != nil:
		s.State, s.Why = stateFailed, p.err.Error()
	}
	return s
}
