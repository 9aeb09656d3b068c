package invariant

import (
	"slices"
	"strings"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/sentinel"
)

// guards is what is known of a world's Sentinels.
type guards struct {
	hosts  []guardMemory
	votes  map[guardVote]string   // 43: who voted where and when, for whom
	chosen map[election]leader    // 44: who was elected by votes
	forced map[election]bool      // 44, 47: epochs in which somebody acted without votes
	places map[election]placement // 47: where a master is by the configuration of an epoch
	newest placement              // 49: the newest configuration, and since when it has been
}

// guardVote is one Sentinel's vote in one epoch for the failover of one master.
type guardVote struct {
	id, master string
	epoch      uint64
}

// election is one epoch of one master.
type election struct {
	master string
	epoch  uint64
}

// leader is who was elected, and by which Sentinels it counted.
type leader struct {
	id    string
	known string
}

// placement is where a master is by a configuration.
type placement struct {
	at    string
	epoch uint64
	since time.Time
}

// guardMemory is what is remembered of one Sentinel's process.
type guardMemory struct {
	last    time.Time            // its clock at its last door
	tilt    time.Time            // until when it must trust no timer
	attempt map[string]time.Time // 46: master, when it last began a failover or voted for another's
	refused map[string]time.Time // 48: replica, when it was last said not to be fit
	doubt   map[string]time.Time // 46: master, since when too few have said that it is down
	epoch   map[string]uint64    // 47: master, its configuration
}

func newGuards(hosts int) guards {
	return guards{
		hosts: make([]guardMemory, hosts), votes: map[guardVote]string{}, chosen: map[election]leader{},
		forced: map[election]bool{}, places: map[election]placement{},
	}
}

// GuardBorn tells that a Sentinel's process began.
func (c *Checker) GuardBorn(host int) {
	before := c.guards.hosts[host].epoch
	if c.hosts[host].disk == Blank || before == nil {
		before = map[string]uint64{}
	}
	c.guards.hosts[host] = guardMemory{
		attempt: map[string]time.Time{}, refused: map[string]time.Time{}, doubt: map[string]time.Time{}, epoch: before,
	}
}

// GuardEvent tells of an event of a Sentinel. clock is its own time, v its view after the step.
func (c *Checker) GuardEvent(now, clock time.Time, host int, e event.Event, v *sentinel.View) {
	c.Ticked(clock, host)
	switch e := e.(type) {
	case event.VoteForLeader:
		c.guardVote(now, clock, host, e, v.ID)
	case event.ElectedLeader:
		c.guardElected(now, clock, host, e, v)
	case event.SDown:
		c.inTilt(now, clock, host, e)
	case event.ODown:
		c.inTilt(now, clock, host, e)
		c.checkODown(now, clock, host, v, 0)
	case event.TryFailover:
		c.guardTries(now, clock, host, e, v)
	case event.ReplicaNotSelectable:
		c.guards.hosts[host].refused[e.Replica.Label] = clock
	case event.ReplicaSelected:
		c.inTilt(now, clock, host, e)
		c.guardSelects(now, clock, host, e, v)
	case event.ReplicaConverted, event.ReplicaFixed:
		c.inTilt(now, clock, host, e)
	case event.SwitchMaster:
		delete(c.guards.hosts[host].attempt, e.Label)
	case event.MasterReset:
		delete(c.guards.hosts[host].attempt, e.Label)
	case event.ConfigWithdrawn:
		delete(c.guards.hosts[host].epoch, e.Master.Label)
	}
}

// masterIn finds a master in a view.
func masterIn(v *sentinel.View, name string) *sentinel.MasterView {
	for i := range v.Masters {
		if v.Masters[i].Name == name {
			return &v.Masters[i]
		}
	}
	return nil
}

// guardVote keeps promise 43: one vote of each Sentinel for each master and epoch, in the file before
// anybody hears of it.
func (c *Checker) guardVote(now, clock time.Time, host int, e event.VoteForLeader, id string) {
	key := guardVote{id, e.Master, e.Epoch}
	if first, voted := c.guards.votes[key]; voted {
		c.fail(43, now, host, "voted twice in epoch %d: for %s and for %s", e.Epoch, short(first), short(e.Leader))
	}
	c.guards.votes[key] = e.Leader
	if e.Leader != id {
		c.guards.hosts[host].attempt[e.Master] = clock
	}
	if c.cfg.Durable == nil {
		return
	}
	conf, err := sentinel.ParseConf(c.cfg.Durable(host, c.cfg.ConfigFile))
	at := slices.IndexFunc(conf.Masters, func(m sentinel.ConfMaster) bool { return m.Name == e.Master })
	if err != nil || at < 0 || conf.Masters[at].LeaderEpoch < e.Epoch {
		c.fail(43, now, host, "voted in epoch %d before that was in its file", e.Epoch)
	}
}

// guardElected keeps promises 44 and 45: a leader has the quorum and a majority of all it knows, of
// distinct Sentinels, and is the only one of its epoch if all know the same.
func (c *Checker) guardElected(now, clock time.Time, host int, e event.ElectedLeader, v *sentinel.View) {
	m := masterIn(v, e.Label)
	if m == nil {
		return
	}
	which := election{m.Name, m.Failover.Epoch}
	if e.Forced {
		c.guards.forced[which] = true
		return
	}
	c.inTilt(now, clock, host, e)
	need, got := max(m.Quorum, (len(m.Sentinels)+1)/2+1), 0
	for vote, candidate := range c.guards.votes {
		if vote.master == which.master && vote.epoch == which.epoch && candidate == v.ID {
			got++
		}
	}
	if e.Votes < need || got < need {
		c.fail(45, now, host, "was elected in epoch %d with %d votes, %d of them given; %d are needed", which.epoch, e.Votes, got, need)
	}
	mine := leader{v.ID, known(v.ID, m)}
	if first, elected := c.guards.chosen[which]; elected && first.id != v.ID {
		if first.known == mine.known {
			c.fail(44, now, host, "epoch %d elected %s and %s", which.epoch, short(first.id), short(v.ID))
		} else {
			c.Counted[44]++
		}
	}
	c.guards.chosen[which] = mine
}

// known is everybody whom a Sentinel counts for a master.
func known(id string, m *sentinel.MasterView) string {
	ids := []string{id}
	for _, o := range m.Sentinels {
		ids = append(ids, o.RunID)
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}
