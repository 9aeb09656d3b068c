package playground

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"clusterplay/node"
	"clusterplay/node/event"
	"clusterplay/node/sentinel"
)

// SentinelView is one Sentinel and what it believes. Of one that is not running it shows the last that
// was seen. Times are the lab's, in milliseconds since 1970, 0 for never; nodes are called by their
// names.
type SentinelView struct {
	Name      string   `json:"name"`
	Port      int      `json:"port"`
	State     string   `json:"state"` // as a Node's
	Why       string   `json:"why"`
	ID        string   `json:"id"`
	Epoch     uint64   `json:"epoch"`
	TiltUntil int64    `json:"tiltUntil"` // 0: not in TILT
	Watches   []Watch  `json:"watches"`   // one for each master that it monitors
	Conf      ConfView `json:"conf"`
}

// ConfView is a Sentinel's file, and the lines that its last rewrite took out and put in.
type ConfView struct {
	Text string     `json:"text"`
	At   int64      `json:"at"`
	Diff []ConfLine `json:"diff"`
}

// ConfLine is a changed line of a file.
type ConfLine struct {
	Op   string `json:"op"` // "+" or "-"
	Line string `json:"line"`
}

// Watch is what a Sentinel knows about a master.
type Watch struct {
	Master          string        `json:"master"`  // its name: mymaster
	Node            string        `json:"node"`    // where the Sentinel has it
	Current         string        `json:"current"` // what a client is told that asks for it
	Quorum          int           `json:"quorum"`
	Voters          int           `json:"voters"`
	Needed          int           `json:"needed"` // votes for a leader
	DownAfter       int64         `json:"downAfter"`
	FailoverTimeout int64         `json:"failoverTimeout"`
	ParallelSyncs   int           `json:"parallelSyncs"`
	ConfigEpoch     uint64        `json:"configEpoch"`
	Failover        FailoverState `json:"failover"`
	Instances       []Opinion     `json:"instances"` // the master, its replicas, the other Sentinels
}

// FailoverState is how far a failover is in the eyes of a Sentinel.
type FailoverState struct {
	State     string `json:"state"` // as in SENTINEL MASTER: none, wait_start, …
	Epoch     uint64 `json:"epoch"`
	Changed   int64  `json:"changed"`
	Until     int64  `json:"until"`     // when the state is given up; 0: it is not
	NotBefore int64  `json:"notBefore"` // no other attempt before that
	Votes     []Vote `json:"votes"`     // of the epoch, while they are counted
	Promoted  string `json:"promoted"`  // the chosen replica
}

// Vote is how many votes a Sentinel has.
type Vote struct {
	For   string `json:"for"`
	Count int    `json:"count"`
}

// Opinion is what a Sentinel thinks of an instance, and when it will ask it next.
type Opinion struct {
	Kind      string   `json:"kind"` // "master", "slave" or "sentinel"
	Node      string   `json:"node"`
	Down      string   `json:"down"`  // "", "sdown" or "odown"
	Since     int64    `json:"since"` // of being down
	Flags     []string `json:"flags"`
	Linked    bool     `json:"linked"`
	Silent    int64    `json:"silent"` // for how long it has not answered
	PingDue   int64    `json:"pingDue"`
	HelloDue  int64    `json:"helloDue"`
	InfoDue   int64    `json:"infoDue"` // 0 while a reply is awaited, and for Sentinels
	Role      string   `json:"role"`    // as its INFO says: master or slave
	Follows   string   `json:"follows"`
	LinkUp    bool     `json:"linkUp"`
	Priority  int      `json:"priority"`
	Offset    int64    `json:"offset"`
	Unfit     string   `json:"unfit"` // a replica: the reason code why it may not be promoted
	SaysDown  bool     `json:"saysDown"`
	Leader    string   `json:"leader"` // whom it voted for; of the master: whom this Sentinel did
	LeadEpoch uint64   `json:"leadEpoch"`
}

// Sentinels describes all Sentinels, in the order of their ports.
func (l *Lab) Sentinels() []SentinelView {
	members := l.sentinels()
	if len(members) == 0 {
		return nil
	}
	views := make([]SentinelView, 0, len(members))
	for _, m := range members {
		views = append(views, l.describeSentinel(m))
	}
	return views
}

// describeSentinel looks at one Sentinel, or remembers the last look.
func (l *Lab) describeSentinel(m *member) SentinelView {
	var s SentinelView
	v, found := l.sentinelView(m)
	if found {
		s.read(v, l.sentinelName)
	}
	l.mu.Lock()
	if found {
		l.seenSentinels[m.Name()] = s
	} else {
		s = l.seenSentinels[m.Name()]
	}
	l.mu.Unlock()
	status := m.Status()
	s.Name, s.Port, s.ID, s.State = m.Name(), m.port, cmp.Or(s.ID, m.identity()), status.State.String()
	if status.State != node.Up && status.State != node.Frozen {
		s.Why = status.Why
	}
	if s.Watches == nil {
		s.Watches = []Watch{}
	}
	if s.Conf.Diff == nil {
		s.Conf.Diff = []ConfLine{}
	}
	return s
}

// sentinelName is the name of the Sentinel with a run id.
func (l *Lab) sentinelName(runID string) string {
	if runID == "" {
		return ""
	}
	return l.nameOf(event.Node{ID: runID})
}

// read takes over what a Sentinel tells of itself.
func (s *SentinelView) read(v sentinel.View, nameOf func(string) string) {
	s.ID, s.Epoch, s.TiltUntil = v.ID, v.Epoch, milli(v.TiltUntil)
	s.Conf = ConfView{Text: string(v.Conf.Text), At: milli(v.Conf.At), Diff: diffLines(string(v.Conf.Before), string(v.Conf.Text))}
	for i := range v.Masters {
		s.Watches = append(s.Watches, watchOf(&v.Masters[i], nameOf))
	}
}

func watchOf(m *sentinel.MasterView, nameOf func(string) string) Watch {
	w := Watch{
		Master: m.Name, Node: portOf(m.Addr), Current: portOf(m.Current), Quorum: m.Quorum, Voters: m.Voters, Needed: m.Needed,
		DownAfter: m.DownAfter.Milliseconds(), FailoverTimeout: m.FailoverTimeout.Milliseconds(), ParallelSyncs: m.ParallelSyncs,
		ConfigEpoch: m.ConfigEpoch, Failover: failoverOf(&m.Failover, nameOf),
	}
	w.Instances = append(w.Instances, opinionOf(&m.InstanceView, nameOf))
	for _, list := range [][]sentinel.InstanceView{m.Replicas, m.Sentinels} {
		for i := range list {
			w.Instances = append(w.Instances, opinionOf(&list[i], nameOf))
		}
	}
	return w
}

func failoverOf(f *sentinel.FailoverView, nameOf func(string) string) FailoverState {
	s := FailoverState{
		State: f.State, Epoch: f.Epoch, Changed: milli(f.Changed), Until: milli(f.Until), NotBefore: milli(f.NotBefore),
		Votes: []Vote{}, Promoted: portOf(f.Promoted),
	}
	for id, n := range f.Votes {
		s.Votes = append(s.Votes, Vote{For: nameOf(id), Count: n})
	}
	slices.SortFunc(s.Votes, func(a, b Vote) int { return cmp.Compare(a.For, b.For) })
	return s
}

func opinionOf(i *sentinel.InstanceView, nameOf func(string) string) Opinion {
	o := Opinion{
		Kind: i.Kind, Node: portOf(i.Addr), Flags: i.Flags, Linked: i.Linked, Silent: i.Silent.Milliseconds(),
		PingDue: milli(i.PingDue), HelloDue: milli(i.HelloDue), InfoDue: milli(i.InfoDue),
		Role: i.Role, Follows: portOf(i.Follows), LinkUp: i.LinkUp, Priority: i.Priority, Offset: i.Offset, Unfit: string(i.Unfit),
		SaysDown: i.SaysDown, Leader: nameOf(i.Leader), LeadEpoch: i.LeadEpoch,
	}
	switch {
	case !i.ODownSince.IsZero():
		o.Down, o.Since = "odown", milli(i.ODownSince)
	case !i.SDownSince.IsZero():
		o.Down, o.Since = "sdown", milli(i.SDownSince)
	}
	return o
}

// diffLines is what a rewrite changed: lines that went and lines that came, each once, in the order of
// the files. The order of lines means nothing in a sentinel.conf.
func diffLines(before, after string) []ConfLine {
	old, now := strings.Split(before, "\n"), strings.Split(after, "\n")
	diff := []ConfLine{}
	for _, line := range old {
		if !slices.Contains(now, line) {
			diff = append(diff, ConfLine{"-", line})
		}
	}
	for _, line := range now {
		if !slices.Contains(old, line) {
			diff = append(diff, ConfLine{"+", line})
		}
	}
	return diff
}

// like tells whether two looks at a Sentinel show the same but for what grows by itself.
func (s *SentinelView) like(o *SentinelView) bool {
	return reflect.DeepEqual(s.still(), o.still())
}

// still is a Sentinel without its timers.
func (s *SentinelView) still() SentinelView {
	c := *s
	c.Watches = slices.Clone(s.Watches)
	for i := range c.Watches {
		w := &c.Watches[i]
		w.Instances = slices.Clone(w.Instances)
		for j := range w.Instances {
			o := &w.Instances[j]
			o.Silent, o.PingDue, o.HelloDue, o.InfoDue, o.Offset = 0, 0, 0, 0, 0
		}
	}
	return c
}
