package invariant

import (
	"time"

	"clusterplay/node/event"
	"clusterplay/node/replication"
)

// streamCrimes is what may go wrong with replication where nobody needs a cluster.
var streamCrimes = []crime{
	{"a process comes back further than it was", 30, func(c *Checker) {
		c.Ended(0, replication.History{ReplID: "one", Offset: 5})
		c.Born(after(nt), 0, Kept)
		c.Revived(after(nt), 0, replication.History{ReplID: "one", Offset: 6})
	}},
	{"a process comes back with the history of another", 30, func(c *Checker) {
		c.Renamed(after(nt), 1, event.ReplIDChanged{Old: "x", New: "one", Why: event.BecameMaster})
		c.Born(after(nt), 0, Kept)
		c.Revived(after(nt), 0, replication.History{ReplID: "one"})
	}},
	{"a process with an empty disk comes back with its history", 30, func(c *Checker) {
		c.Renamed(after(nt), 0, event.ReplIDChanged{Old: "x", New: "one", Why: event.FirstReplica})
		c.Ended(0, replication.History{ReplID: "one", Offset: 5})
		c.Born(after(nt), 0, Blank)
		c.Revived(after(nt), 0, replication.History{ReplID: "one", Offset: 5})
	}},
	{"a process continues what it never had", 30, func(c *Checker) {
		c.Ended(0, replication.History{ReplID: "one", Offset: 5})
		c.Born(after(nt), 0, Kept)
		c.Revived(after(nt), 0, replication.History{ReplID: "two", ReplID2: "one", SecondOffset: 8, Offset: 7})
	}},
	{"a process comes back where it saved", 0, func(c *Checker) {
		c.Ended(0, replication.History{ReplID: "one", Offset: 5})
		c.Born(after(nt), 0, Kept)
		c.Revived(after(nt), 0, replication.History{ReplID: "two", ReplID2: "one", SecondOffset: 4, Offset: 3})
	}},
	{"a master behind its replica gives it all data", 0, func(c *Checker) {
		remember(c, 0, replication.History{ReplID: "one", Offset: 5}, 1, "abcde")
		c.Loaded(0)
		remember(c, 0, replication.History{ReplID: "one", Offset: 4}, 1, "abcd")
	}},
	{"what a process acknowledged before it died arrives later", 0, func(c *Checker) {
		c.Ended(1, replication.History{ReplID: "one", Offset: 9})
		c.Born(after(nt), 1, Kept)
		c.Acknowledged(after(nt), 0, 1, "one", 9, replication.History{ReplID: "one", Offset: 5})
	}},
	{"a replica continues behind what is shared", 32, func(c *Checker) {
		c.Renamed(after(nt), 0, event.ReplIDChanged{Old: "one", New: "two", Offset: 5, Why: event.BecameMaster})
		c.Continued(after(nt), 0, event.PsyncPartial{ReplID: "one", Offset: 7}, replication.History{ReplID: "two", ReplID2: "one", SecondOffset: 7, Offset: 9}, 1)
	}},
	{"a replica continues where the names part", 0, func(c *Checker) {
		c.Renamed(after(nt), 0, event.ReplIDChanged{Old: "one", New: "two", Offset: 5, Why: event.BecameMaster})
		c.Continued(after(nt), 0, event.PsyncPartial{ReplID: "one", Offset: 6}, replication.History{ReplID: "two", ReplID2: "one", SecondOffset: 6, Offset: 9}, 1)
	}},
	{"a replica continues with bytes that are gone", 32, func(c *Checker) {
		c.Continued(after(nt), 0, event.PsyncPartial{ReplID: "one", Offset: 3}, replication.History{ReplID: "one", Offset: 9}, 4)
	}},
	{"a replica continues with bytes to come", 32, func(c *Checker) {
		c.Continued(after(nt), 0, event.PsyncPartial{ReplID: "one", Offset: 11}, replication.History{ReplID: "one", Offset: 9}, 4)
	}},
	{"a name is used for two histories", 33, func(c *Checker) {
		c.Renamed(after(nt), 0, event.ReplIDChanged{Old: "one", New: "two", Why: event.BecameMaster})
		c.Renamed(after(nt), 1, event.ReplIDChanged{Old: "one", New: "two", Why: event.BecameMaster})
	}},
	{"a replica becomes master under its master's name", 33, func(c *Checker) {
		c.Ruling(after(nt), 0, event.MasterMode{ReplID: "one"})
	}},
	{"a replica becomes master and claims a byte too many", 33, func(c *Checker) { promote(c, 5, 7) }},
	{"a replica becomes master", 0, func(c *Checker) { promote(c, 5, 6) }},
	{"the same byte means other data", 34, func(c *Checker) {
		c.AlikeData(after(nt), 0, 1, Summary{Elements: 1}, Summary{Elements: 2})
	}},
	{"a replica rests with other data than its master", 34, func(c *Checker) {
		c.FollowersAtRest(after(nt), []Resting{{Digest: "a"}, {Digest: "b"}}, 0)
	}},
	{"a replica rests in another history than its master", 34, func(c *Checker) {
		c.FollowersAtRest(after(nt), []Resting{{}, {History: replication.History{ReplID: "one"}}}, 0)
	}},
	{"a replica rests a PING behind its master", 0, func(c *Checker) {
		c.FollowersAtRest(after(nt), []Resting{{Digest: "a"}, {Digest: "a", History: replication.History{Offset: 14}}}, 0)
	}},
	{"a replica's data change and its history does not", 35, func(c *Checker) { c.change(true, 5, 0) }},
	{"a master's data change and its history does not, for nobody follows", 0, func(c *Checker) { c.change(false, 5, 0) }},
	{"a replica's data change with its history", 0, func(c *Checker) { c.change(true, 6, 0) }},
	{"a replica's data change with a load", 0, func(c *Checker) { c.change(true, 5, 1) }},
	{"a client reads while data are loaded", 35, func(c *Checker) { c.ReadWhileLoading(after(nt), 0) }},
	{"a replica takes a write", 35, func(c *Checker) { c.WroteToReplica(after(nt), 0) }},
	{"WAIT counts too many", 36, func(c *Checker) { c.Waited(after(nt), 0, 2, 1, 3, "one", 5) }},
	{"what all had acknowledged is not in the next master", 37, func(c *Checker) {
		c.Waited(after(nt), 0, 2, 2, 2, "one", 6)
		promote(c, 5, 6)
	}},
	{"what all had acknowledged is in the next master", 0, func(c *Checker) {
		c.Waited(after(nt), 0, 2, 2, 2, "one", 5)
		promote(c, 5, 6)
	}},
	{"what all had acknowledged is gone with a restart", 0, func(c *Checker) {
		c.Waited(after(nt), 0, 2, 2, 2, "one", 6)
		c.Disturbed()
		promote(c, 5, 6)
	}},
	{"a value is shown after its end", 39, func(c *Checker) {
		c.Fleeting("v", after(nt))
		c.ReadFleeting(after(nt), after(nt), 1, "v")
	}},
	{"a value is shown before its end", 0, func(c *Checker) {
		c.Fleeting("v", after(nt))
		c.ReadFleeting(after(2*nt), after(nt-time.Millisecond), 1, "v") // its clock is behind
	}},
	{"a master alone takes a write and wants a replica", 40, func(c *Checker) {
		c.HeardReplica(after(10*time.Second), 0, 1)
		c.Accepted(after(20*time.Second), after(20*time.Second), 0, 1, 2*time.Second)
	}},
	{"a master takes a write that heard of its replica", 0, func(c *Checker) {
		c.HeardReplica(after(18*time.Second), 0, 1)
		c.Accepted(after(20*time.Second), after(20*time.Second), 0, 1, 2*time.Second)
	}},
	{"a master takes a write just after it was stopped", 0, func(c *Checker) {
		c.Thawed(after(19*time.Second), 0)
		c.Accepted(after(20*time.Second), after(20*time.Second), 0, 1, 2*time.Second)
	}},
	{"too much waits for a replica", 41, func(c *Checker) { c.Buffered(after(nt), 0, 101, 100, 50, 50) }},
	{"a backlog is too long", 41, func(c *Checker) { c.Buffered(after(nt), 0, 10, 100, 50+backlogBlock+1, 50) }},
	{"half a transaction is seen", 42, func(c *Checker) {
		c.Data(after(nt), 0, replication.History{ReplID: "one"}, true, 0, Summary{Left: 2, Right: 1})
	}},
}

// promote lets host 0, at an offset of one, become master with a second offset.
func promote(c *Checker, offset, second int64) {
	c.Renamed(after(nt), 0, event.ReplIDChanged{Old: "one", New: "two", Offset: offset, Why: event.BecameMaster})
	c.Ruling(after(nt), 0, event.MasterMode{ReplID: "two", ReplID2: "one", Second: second})
}

// change looks twice at host 0, whose data are other ones the second time.
func (c *Checker) change(replica bool, offset replication.Offset, loads int) {
	c.Data(after(nt), 0, replication.History{ReplID: "one", Offset: 5}, replica, 0, Summary{Elements: 1})
	c.Data(after(2*nt), 0, replication.History{ReplID: "one", Offset: offset}, replica, loads, Summary{Elements: 2})
}
