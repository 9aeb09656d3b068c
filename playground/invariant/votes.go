package invariant

import (
	"bytes"
	"strconv"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/cluster"
	"clusterplay/node/event"
)

// voteKey is one voter's vote of one epoch.
type voteKey struct {
	voter string
	epoch uint64
}

// winnerEntry is who won an epoch and by how many masters it counted.
type winnerEntry struct {
	id   string
	size int
}

// checkVote keeps promises 1 and 5: one vote per voter and epoch over its whole life, and only
// for a replica of a master that has failed or that asked for a manual failover.
func (c *Checker) checkVote(now time.Time, host int, e event.Vote, view *cluster.View) {
	key := voteKey{view.ID, e.Epoch}
	if first, voted := c.votes[key]; voted {
		c.fail(1, now, host, "%s voted twice in epoch %d: for %s and for %s", short(view.ID), e.Epoch, short(first), short(e.For.ID))
	}
	c.votes[key] = e.For.ID
	me, requester := node(view, view.ID), node(view, e.For.ID)
	if me.NumSlots == 0 || !me.Flags.Has(bus.Master) {
		c.fail(3, now, host, "a node that owns no slot voted in epoch %d", e.Epoch)
	}
	if requester == nil || !requester.Flags.Has(bus.Replica) {
		c.fail(5, now, host, "voted for %s, which it does not know as a replica", short(e.For.ID))
		return
	}
	primary := node(view, requester.Primary)
	forced := c.hosts[host].forced[e.For.ID] == e.Epoch
	if primary == nil || !primary.Flags.Has(bus.Failed) && !forced {
		c.fail(5, now, host, "voted for a replica of %s, which has not failed in its view", short(requester.Primary))
	}
}

// checkGotVote keeps promise 4: what is counted carries exactly the election's epoch.
func (c *Checker) checkGotVote(now time.Time, host int, e event.GotVote) {
	if !c.hosts[host].acks[e.Epoch][e.From.ID] {
		c.fail(4, now, host, "counted a vote of %s in epoch %d that it never gave in that epoch", short(e.From.ID), e.Epoch)
	}
}

// checkPromotion keeps promises 2 and 3: one winner per epoch, by a majority of distinct masters.
func (c *Checker) checkPromotion(now time.Time, host int, e event.Promoted, view *cluster.View) {
	if e.Reason != "elected" && e.Reason != "manual" {
		return
	}
	got, need := len(c.hosts[host].acks[e.Epoch]), view.Size/2+1
	if got < need {
		c.fail(3, now, host, "won epoch %d with %d votes of distinct masters; %d are needed", e.Epoch, got, need)
	}
	if first, won := c.winner[e.Epoch]; won && first.id != view.ID {
		if first.size == view.Size {
			c.fail(2, now, host, "epoch %d was won by %s and by %s", e.Epoch, short(first.id), short(view.ID))
		} else {
			c.Counted[2]++
		}
	}
	c.winner[e.Epoch] = winnerEntry{view.ID, view.Size}
}

// checkSchedule keeps promise 17's delays: half a second at least and one more for each rank.
func (c *Checker) checkSchedule(now time.Time, host int, e event.ElectionScheduled) {
	c.hosts[host].scheduled = e
	least := 500*time.Millisecond + time.Duration(e.Rank)*time.Second
	if delay := time.Duration(e.Delay) * time.Millisecond; !e.Manual && delay < least {
		c.fail(17, now, host, "an election is due in %v; with rank %d it must wait %v", delay, e.Rank, least)
	}
	h := &c.hosts[host]
	if e.Manual || h.view == nil {
		return
	}
	ahead := 0
	me := node(h.view, h.view.ID)
	for i := range h.view.Nodes {
		n := &h.view.Nodes[i]
		if me != nil && n.ID != me.ID && n.Flags.Has(bus.Replica) && n.Primary == me.Primary &&
			!n.Flags.Has(bus.NoFailover) && n.Offset > e.Offset {
			ahead++
		}
	}
	if e.Rank < ahead {
		c.fail(17, now, host, "scheduled with rank %d although %d siblings have more data", e.Rank, ahead)
	}
}

// checkElection keeps the rest of promise 17: votes are asked for only when the master has failed
// in this node's view, or by hand, and in a new epoch.
func (c *Checker) checkElection(now time.Time, host int, e event.ElectionStarted, view *cluster.View) {
	h := &c.hosts[host]
	primary := node(view, e.Primary.ID)
	failed := primary != nil && primary.Flags.Has(bus.Failed)
	if !failed && view.Manual.End.IsZero() && !h.manual {
		c.fail(17, now, host, "asked for votes although its master %s has not failed", short(e.Primary.ID))
	}
	if h.view != nil && e.Epoch <= h.view.CurrentEpoch {
		c.fail(17, now, host, "asked for votes in epoch %d, which is not new (%d)", e.Epoch, h.view.CurrentEpoch)
	}
}

// checkDurable keeps the promise behind 1 and 17: a vote and a request are on disk before they
// are on the wire.
func (c *Checker) checkDurable(now time.Time, host int, p *bus.Packet) {
	if c.cfg.Durable == nil {
		return
	}
	vars := c.cfg.Durable(host, c.cfg.ConfigFile)
	name, number := "currentEpoch", 17
	if p.Type == bus.AuthAck {
		name, number = "lastVoteEpoch", 1
	}
	if saved, ok := variable(vars, name); !ok || saved < p.CurrentEpoch {
		c.fail(number, now, host, "sent %s for epoch %d while the disk says %s %d", p.Type, p.CurrentEpoch, name, saved)
	}
}

// variable reads one number of the vars line of nodes.conf.
func variable(conf []byte, name string) (uint64, bool) {
	at := bytes.LastIndex(conf, []byte("vars "))
	if at < 0 {
		return 0, false
	}
	words := bytes.Fields(conf[at:])
	for i := 0; i+1 < len(words); i++ {
		if string(words[i]) == name {
			n, err := strconv.ParseUint(string(words[i+1]), 10, 64)
			return n, err == nil
		}
	}
	return 0, false
}
