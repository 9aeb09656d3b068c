package sentinel

import (
	"slices"
	"time"

	"clusterplay/node/event"
)

// View is plain data about a Sentinel, for screens and invariants.
type View struct {
	ID        string
	Epoch     uint64
	TiltUntil time.Time // zero: not in TILT
	Masters   []MasterView
	Conf      ConfView
}

// ConfView is the file and what its last rewrite changed.
type ConfView struct {
	Text, Before []byte
	At           time.Time // zero: not rewritten in this life
}

// MasterView is a watched master with all that is known about it.
type MasterView struct {
	InstanceView
	Current                    string // the address clients are told, ip:port
	Quorum, Voters, Needed     int    // a leader needs max(quorum, majority of voters)
	ParallelSyncs              int
	DownAfter, FailoverTimeout time.Duration
	ConfigEpoch                uint64
	Failover                   FailoverView
	Replicas, Sentinels        []InstanceView
}

// FailoverView is how far a failover is, as its leader lives it.
type FailoverView struct {
	State     string // as in SENTINEL MASTER: none, wait_start, …
	Epoch     uint64 // in which votes are asked for
	Changed   time.Time
	Until     time.Time      // when the state is given up; zero where it is not
	NotBefore time.Time      // no other attempt before that; zero when nothing stands in its way
	Votes     map[string]int // of Epoch, by candidate, while votes are counted
	Promoted  string         // the chosen replica
}

// InstanceView is a master, a replica or another Sentinel as this one sees it.
type InstanceView struct {
	Kind, Name, RunID, Addr string
	Flags                   []string // as in SENTINEL MASTER
	Linked                  bool
	SDownSince, ODownSince  time.Time // zero: not down
	Silent                  time.Duration
	PingDue, HelloDue       time.Time
	InfoDue                 time.Time // zero for a Sentinel, and while a reply is awaited

	Role     string // masters and replicas: as INFO said
	LinkUp   bool   // replicas: to their master
	Priority int
	Offset   int64
	Follows  string       // replicas: the master they name, ip:port
	Unfit    event.Reason // replicas: why they may not be promoted; empty: they may

	SaysDown  bool      // Sentinels: hold the master for down
	Answered  time.Time // Sentinels: when they last said whether
	Heard     time.Time
	Leader    string // Sentinels: whom they voted for; masters: whom we did
	LeadEpoch uint64
}

// View returns the state of now.
func (s *Sentinel) View(now time.Time) View {
	var v View
	s.ViewInto(now, &v)
	return v
}

// ViewInto writes the state of now over an older one, whose memory is used again.
func (s *Sentinel) ViewInto(now time.Time, v *View) {
	masters := slices.Grow(v.Masters[:0], len(s.masters))[:len(s.masters)]
	*v = View{ID: s.id, Epoch: s.currentEpoch, Masters: masters, Conf: s.promises.rewrite}
	if s.tilt.on {
		v.TiltUntil = s.tilt.since.Add(s.periods.Tilt)
	}
	for i, m := range s.masters {
		s.viewMaster(m, now, &masters[i])
	}
}

func (s *Sentinel) viewMaster(m *master, now time.Time, v *MasterView) {
	*v = MasterView{
		InstanceView: s.viewInstance(m, &m.instance, now), Current: s.replicaName(m.current()),
		Quorum: m.quorum, Voters: s.voters(m), Needed: max(m.quorum, s.voters(m)/2+1),
		ParallelSyncs: m.parallelSyncs, DownAfter: m.downAfter, FailoverTimeout: m.failoverTimeout,
		ConfigEpoch: m.configEpoch, Failover: s.viewFailover(m),
		Replicas: slices.Grow(v.Replicas[:0], len(m.replicas)), Sentinels: slices.Grow(v.Sentinels[:0], len(m.sentinels)),
	}
	for _, r := range m.replicas {
		v.Replicas = append(v.Replicas, s.viewInstance(m, r, now))
	}
	for _, o := range m.sentinels {
		v.Sentinels = append(v.Sentinels, s.viewInstance(m, o, now))
	}
}

// viewFailover tells of a failover under way, or of what keeps the next one waiting.
func (s *Sentinel) viewFailover(m *master) FailoverView {
	f := &m.failover
	v := FailoverView{State: f.state.String(), Epoch: f.epoch, Changed: f.changed}
	if f.promoted != nil {
		v.Promoted = f.promoted.name
	}
	switch f.state {
	case stateNone:
		if next := f.started.Add(2 * m.failoverTimeout); !f.started.IsZero() && next.After(s.now) {
			v.NotBefore = next
		}
	case stateWaitStart:
		v.Until = f.started.Add(min(s.periods.ElectionTimeout, m.failoverTimeout))
		v.Votes = s.votesOf(m)
	case stateSendNoOne, stateWaitPromotion, stateReconfSlaves:
		v.Until = f.changed.Add(m.failoverTimeout)
	}
	return v
}

// votesOf is the votes of a failover's epoch as far as we have heard; nothing is voted by looking.
func (s *Sentinel) votesOf(m *master) map[string]int {
	votes := map[string]int{}
	given := []vote{m.vote}
	for _, o := range m.sentinels {
		given = append(given, o.vote)
	}
	for _, g := range given {
		if g.leader != "" && g.epoch == m.failover.epoch {
			votes[g.leader]++
		}
	}
	return votes
}

func (s *Sentinel) viewInstance(m *master, i *instance, now time.Time) InstanceView {
	l := i.link
	v := InstanceView{
		Kind: i.kind.String(), Name: i.name, RunID: i.runID, Addr: s.replicaName(i.addr),
		Flags: i.flagNames(), Linked: l.whole(), Silent: max(s.silenceAt(l, now), 0),
		HelloDue: i.published.Add(s.periods.Publish), Leader: i.vote.leader, LeadEpoch: i.vote.epoch,
	}
	period := min(m.downAfter, s.periods.Ping)
	v.PingDue = l.ponged.Add(period)
	if other := l.pinged.Add(period / 2); other.After(v.PingDue) {
		v.PingDue = other
	}
	if i.flags.is(flagSDown) {
		v.SDownSince = i.sDownSince
	}
	if i.flags.is(flagODown) {
		v.ODownSince = i.oDownSince
	}
	if i.kind == kindSentinel {
		v.SaysDown, v.Answered, v.Heard = i.flags.is(flagMasterDown), i.answer, i.heard
		return v
	}
	if i.info.asked.IsZero() {
		v.InfoDue = i.info.at.Add(s.infoPeriod(m, i))
	}
	v.Role, v.LinkUp, v.Priority, v.Offset = i.info.roleName(), i.info.linkUp, i.info.priority, i.info.offset
	if i.info.masterHost != "" {
		v.Follows = s.replicaName(s.addressOf(i.info.masterHost, i.info.masterPort))
	}
	if i.kind == kindReplica {
		v.Unfit, _ = s.unfit(m, i)
	}
	return v
}

// silenceAt is silence at another moment than that of the last door.
func (s *Sentinel) silenceAt(l *link, now time.Time) time.Duration {
	if l.ping.IsZero() && l.whole() {
		return 0
	}
	return now.Sub(s.now) + s.silence(l)
}
