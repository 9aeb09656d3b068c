package invariant

import (
	"time"

	"clusterplay/node/event"
	"clusterplay/node/sentinel"
)

// watching is the view of a Sentinel that knows two others and has begun a failover in an epoch.
func watching(id string, epoch uint64, change func(*sentinel.MasterView)) *sentinel.View {
	m := sentinel.MasterView{Quorum: 2, DownAfter: nt, FailoverTimeout: 5 * nt, Current: "127.0.0.1:7000"}
	m.Name = "mymaster"
	m.Failover.Epoch = epoch
	for _, other := range []string{"s1", "s2", "s3"} {
		if other != id {
			m.Sentinels = append(m.Sentinels, sentinel.InstanceView{RunID: other})
		}
	}
	for _, port := range []string{"7001", "7002"} {
		m.Replicas = append(m.Replicas, sentinel.InstanceView{
			Name: "127.0.0.1:" + port, Addr: "127.0.0.1:" + port, RunID: port, Priority: 100, Offset: 5, Linked: true,
		})
	}
	if change != nil {
		change(&m)
	}
	return &sentinel.View{ID: id, Epoch: epoch, Masters: []sentinel.MasterView{m}}
}

// tells hands a Sentinel's event to the checker, with a clock that agrees with the world's.
func tells(c *Checker, d time.Duration, host int, e event.Event, v *sentinel.View) {
	c.GuardEvent(after(d), after(d), host, e, v)
}

// theMaster and its first replica, as events name them.
var (
	theMaster  = event.Monitored{Kind: "master", Label: "mymaster", IP: "127.0.0.1", Port: 7000}
	theReplica = event.Monitored{Kind: "slave", Label: "127.0.0.1:7001", Of: &event.Master{Label: "mymaster"}}
)

// voteIn lets Sentinels s1, s2 … of hosts 0, 1 … vote for somebody.
func voteIn(c *Checker, epoch uint64, leader string, voters ...int) {
	for _, i := range voters {
		id := []string{"s1", "s2", "s3"}[i]
		tells(c, nt, i, event.VoteForLeader{Leader: leader, Epoch: epoch, Master: "mymaster"}, watching(id, epoch, nil))
	}
}

// elected lets a Sentinel say that it was elected.
func elected(c *Checker, host int, id string, epoch uint64, votes int, change func(*sentinel.MasterView)) {
	tells(c, nt, host, event.ElectedLeader{Monitored: theMaster, Votes: votes, Needed: 2}, watching(id, epoch, change))
}

// guardCrimes is what may go wrong with Sentinels.
var guardCrimes = []crime{
	{"a Sentinel votes twice in an epoch", 43, func(c *Checker) { voteIn(c, 1, "s1", 0); voteIn(c, 1, "s2", 0) }},
	{"a Sentinel votes in two epochs", 0, func(c *Checker) { voteIn(c, 1, "s1", 0); voteIn(c, 2, "s2", 0) }},
	{"a vote is told before it is in the file", 43, func(c *Checker) {
		c.cfg.Durable = func(int, string) []byte { return sentinelFile(0) }
		voteIn(c, 1, "s1", 0)
	}},
	{"a vote is told once it is in the file", 0, func(c *Checker) {
		c.cfg.Durable = func(int, string) []byte { return sentinelFile(1) }
		voteIn(c, 1, "s1", 0)
	}},
	{"an epoch has two leaders", 44, func(c *Checker) {
		voteIn(c, 1, "s1", 0, 1)
		elected(c, 0, "s1", 1, 2, nil)
		c.guards.votes = map[guardVote]string{}
		voteIn(c, 1, "s3", 1, 2)
		elected(c, 2, "s3", 1, 2, nil)
	}},
	{"an epoch has two leaders that do not know each other", 0, func(c *Checker) {
		voteIn(c, 1, "s1", 0, 1)
		elected(c, 0, "s1", 1, 2, nil)
		c.guards.votes = map[guardVote]string{}
		voteIn(c, 1, "s3", 1, 2)
		elected(c, 2, "s3", 1, 2, func(m *sentinel.MasterView) { m.Sentinels = m.Sentinels[1:] })
	}},
	{"a leader has too few votes", 45, func(c *Checker) { voteIn(c, 1, "s1", 0); elected(c, 0, "s1", 1, 1, nil) }},
	{"a leader counts a vote that nobody gave", 45, func(c *Checker) { voteIn(c, 1, "s1", 0); elected(c, 0, "s1", 1, 2, nil) }},
	{"a leader has enough votes", 0, func(c *Checker) { voteIn(c, 1, "s1", 0, 2); elected(c, 0, "s1", 1, 2, nil) }},
	{"a master is down by an agreement that is none", 46, func(c *Checker) {
		tells(c, nt, 0, event.ODown{Monitored: theMaster}, watching("s1", 1, agreement(after(nt-6*time.Second))))
	}},
	{"a master is down by agreement", 0, func(c *Checker) {
		tells(c, nt, 0, event.ODown{Monitored: theMaster}, watching("s1", 1, agreement(after(nt-time.Second))))
	}},
	{"a Sentinel concludes from a clock that jumped", 46, func(c *Checker) {
		c.Ticked(after(0), 0)
		tells(c, 3*time.Second, 0, event.SDown{Monitored: theMaster}, watching("s1", 1, nil))
	}},
	{"a Sentinel concludes when its clock is trusted again", 0, func(c *Checker) {
		c.Ticked(after(0), 0)
		for d := 3 * time.Second; d < 33*time.Second; d += time.Second {
			c.Ticked(after(d), 0)
		}
		tells(c, 33*time.Second, 0, event.SDown{Monitored: theMaster}, watching("s1", 1, nil))
	}},
	{"a failover follows another too soon", 46, func(c *Checker) { tryTwice(c, 10*nt-time.Second, nil) }},
	{"a failover follows another in time", 0, func(c *Checker) { tryTwice(c, 10*nt, nil) }},
	{"people want another failover at once", 0, func(c *Checker) {
		tryTwice(c, time.Second, func(m *sentinel.MasterView) { m.Flags = []string{"force_failover"} })
	}},
	{"a configuration goes back", 47, func(c *Checker) { configured(c, 0, 2, "7000"); configured(c, 0, 1, "7001") }},
	{"an epoch names two masters", 47, func(c *Checker) { configured(c, 0, 2, "7000"); configured(c, 1, 2, "7001") }},
	{"a newer epoch names another master", 0, func(c *Checker) { configured(c, 0, 2, "7000"); configured(c, 1, 3, "7001") }},
	{"an epoch that somebody forced names two masters", 0, func(c *Checker) {
		tells(c, nt, 0, event.ElectedLeader{Monitored: theMaster, Forced: true}, watching("s1", 2, nil))
		configured(c, 0, 2, "7000")
		configured(c, 1, 2, "7001")
	}},
	{"a replica without priority is chosen", 48, func(c *Checker) { choose(c, func(m *sentinel.MasterView) { m.Replicas[0].Priority = 0 }) }},
	{"a replica with less data is chosen", 48, func(c *Checker) { choose(c, func(m *sentinel.MasterView) { m.Replicas[1].Offset = 6 }) }},
	{"a replica of less priority is chosen", 48, func(c *Checker) { choose(c, func(m *sentinel.MasterView) { m.Replicas[1].Priority = 1 }) }},
	{"a replica that is down is chosen", 48, func(c *Checker) {
		choose(c, func(m *sentinel.MasterView) { m.Replicas[0].SDownSince = after(0) })
	}},
	{"a better replica was not fit when another was chosen", 0, func(c *Checker) {
		tells(c, nt, 0, event.ReplicaNotSelectable{Replica: event.Monitored{Label: "127.0.0.1:7002"}, Why: event.IsSDown}, watching("s1", 1, nil))
		choose(c, func(m *sentinel.MasterView) { m.Replicas[1].Offset = 6 })
	}},
	{"the best replica is chosen", 0, func(c *Checker) { choose(c, func(m *sentinel.MasterView) { m.Replicas[1].Offset = 4 }) }},
	{"news does not reach a Sentinel that hears the others", 49, func(c *Checker) { lag(c, after(0), 10*time.Second) }},
	{"news is on its way", 0, func(c *Checker) { lag(c, after(0), 5*time.Second) }},
	{"news does not reach a Sentinel that is cut off", 0, func(c *Checker) { lag(c, time.Time{}, 10*time.Second) }},
}

// sentinelFile is a file with a vote.
func sentinelFile(epoch byte) []byte {
	return []byte("sentinel monitor mymaster 127.0.0.1 7000 2\nsentinel leader-epoch mymaster " + string('0'+epoch) + "\n")
}

// agreement lets the master be down with the word of one other Sentinel.
func agreement(said time.Time) func(*sentinel.MasterView) {
	return func(m *sentinel.MasterView) {
		m.ODownSince = said
		m.Sentinels[0].SaysDown, m.Sentinels[0].Answered = true, said
	}
}

// tryTwice begins two failovers, some time apart.
func tryTwice(c *Checker, apart time.Duration, change func(*sentinel.MasterView)) {
	for d := time.Duration(0); d <= apart; d += time.Second {
		c.Ticked(after(d), 0)
		if d == 0 {
			tells(c, d, 0, event.TryFailover{Monitored: theMaster}, watching("s1", 1, nil))
		}
	}
	tells(c, apart, 0, event.TryFailover{Monitored: theMaster}, watching("s1", 2, change))
}

// configured looks at a Sentinel with a configuration.
func configured(c *Checker, host int, epoch uint64, port string) {
	v := watching("s1", epoch, func(m *sentinel.MasterView) { m.ConfigEpoch, m.Current = epoch, "127.0.0.1:"+port })
	c.GuardStep(after(nt), after(nt), host, v, time.Time{})
}

// choose lets a Sentinel choose the first replica.
func choose(c *Checker, change func(*sentinel.MasterView)) {
	tells(c, nt, 0, event.ReplicaSelected{Monitored: theReplica}, watching("s1", 1, change))
}

// lag looks at a Sentinel some time after another had a newer configuration.
func lag(c *Checker, whole time.Time, d time.Duration) {
	newer := watching("s1", 2, func(m *sentinel.MasterView) { m.ConfigEpoch = 2 })
	c.GuardStep(after(0), after(0), 0, newer, whole)
	c.GuardStep(after(d), after(d), 1, watching("s2", 1, nil), whole)
}
