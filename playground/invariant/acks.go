package invariant

import (
	"time"

	"clusterplay/node/event"
	"clusterplay/node/replication"
)

// durable is a write that every replica of the world has acknowledged, as WAIT said.
type durable struct {
	id     string
	offset replication.Offset
}

// Waited keeps promises 36 and 37: WAIT counts replicas that are connected and have acknowledged the
// caller's last write. acked is how many have, all how many replicas there are.
func (c *Checker) Waited(now time.Time, host, said, acked, all int, id string, offset replication.Offset) {
	if said > acked {
		c.fail(36, now, host, "WAIT says that %d replicas have byte %d, and %d have", said, offset, acked)
	}
	if said >= all && all > 0 && (c.durable.id != id || offset > c.durable.offset) {
		c.durable = durable{id, offset}
	}
}

// Disturbed tells that a replica was restarted, pointed elsewhere or given all data anew: what WAIT
// promised before may be gone.
func (c *Checker) Disturbed() { c.durable = durable{} }

// promoted keeps promise 37: what every replica had acknowledged, the next master has, if nothing else
// happened in between.
func (c *Checker) promoted(now time.Time, host int, e event.MasterMode) {
	if d := c.durable; d.id != "" && (e.ReplID2 != d.id || e.Second-1 < int64(d.offset)) {
		c.fail(37, now, host, "became master behind byte %d of %s although every replica had acknowledged byte %d of %s",
			e.Second-1, short(e.ReplID2), d.offset, short(d.id))
	}
	c.durable = durable{}
}

// HeardReplica tells that a master heard of a replica, at its own clock.
func (c *Checker) HeardReplica(clock time.Time, host, replica int) {
	c.hosts[host].replicas[replica] = clock
}

// lagGrace is what a master may add to min-replicas-max-lag: it counts whole seconds, once a second, and
// its timer is a tenth of a second wide.
const lagGrace = 2*time.Second + 200*time.Millisecond

// Accepted keeps promise 40: a master that wants replicas takes no write when it has not heard of as
// many lately. It may not have counted yet when it has just been thawed.
func (c *Checker) Accepted(now, clock time.Time, host, least int, maxLag time.Duration) {
	h := &c.hosts[host]
	if least == 0 || maxLag == 0 || now.Sub(h.ran) < lagGrace {
		return
	}
	good := 0
	for _, heard := range h.replicas {
		if clock.Sub(heard) <= maxLag+lagGrace {
			good++
		}
	}
	if good < least {
		c.fail(40, now, host, "took a write although it wants %d replicas no more than %v behind and has heard of %d", least, maxLag, good)
	}
}

// Buffered keeps promise 41: what a master keeps for a replica is within its limit, and so is what it
// keeps for replicas to come.
func (c *Checker) Buffered(now time.Time, host int, waiting, limit, kept, backlog int64) {
	if waiting > limit {
		c.fail(41, now, host, "keeps %d bytes for a replica and may keep %d", waiting, limit)
	}
	if kept > max(backlog, waiting)+backlogBlock {
		c.fail(41, now, host, "keeps a backlog of %d bytes and may keep %d", kept, backlog)
	}
}

// backlogBlock is the piece in which a backlog is thrown away.
const backlogBlock = 16 << 10
