package playground

import (
	"fmt"
	"strings"
	"time"

	"clusterplay/node/event"
)

// The levels of a line, by how much a watcher should care.
const (
	Detail = "debug" // not in the story
	Info   = "info"
	Good   = "good"
	Warn   = "warn"
	Bad    = "bad"
)

// Line is an event as people read it. Times are the lab's, in milliseconds since 1970.
type Line struct {
	Seq     uint64 `json:"seq"`
	T       int64  `json:"t"`
	Node    string `json:"node"`
	Name    string `json:"name"`
	Line    string `json:"line"`
	Caption string `json:"caption"`
	Level   string `json:"level"`
}

// Line is the event as people read it: its canonical line, a sentence for a class when there is
// something to teach, and a level.
func (l *Lab) Line(e Stamped) Line {
	caption, level := l.caption(e)
	return Line{
		Seq: e.Seq, T: e.T.UnixMilli(), Node: e.Node,
		Name: e.Event.Name(), Line: e.Event.Describe(), Caption: caption, Level: level,
	}
}

// caption finds the sentence and the level for an event.
func (l *Lab) caption(e Stamped) (string, string) {
	switch v := e.Event.(type) {
	case event.PFail, event.PFailCleared, event.Fail, event.FailCleared, event.ClusterState, event.RejoinDelay:
		return l.captionFailure(e.Node, v)
	case event.ElectionScheduled, event.ElectionStarted, event.ElectionExpired, event.Vote, event.VoteRefused,
		event.GotVote, event.NoElection, event.Promoted, event.Demoted, event.ReplicaMigration, event.ManualFailover:
		return l.captionElection(e.Node, v)
	case event.PsyncFull, event.PsyncPartial:
		return l.captionReplication(e.Node, v)
	case event.SlotOwner, event.EpochCollision, event.Met, event.NodeRemoved, event.OpenSlot, event.SlotsDropped:
		return l.captionCluster(e.Node, v)
	case Input, Refused, NodeState, Formed, Mark, SlotMoved, MoveEnded, Stalled:
		return captionLab(e.Node, v)
	}
	return "", Detail
}

func (l *Lab) captionFailure(me string, e event.Event) (string, string) {
	switch v := e.(type) {
	case event.PFail:
		return fmt.Sprintf("%s has not heard from %s for %s: it suspects it (PFAIL).", me, l.nameOf(v.Node), seconds(v.Silent)), Warn
	case event.PFailCleared:
		return fmt.Sprintf("%s hears from %s again and drops its suspicion.", me, l.nameOf(v.Node)), Good
	case event.Fail:
		if v.From.ID != "" {
			return fmt.Sprintf("%s is told by %s that %s has failed (FAIL).", me, l.nameOf(v.From), l.nameOf(v.Node)), Bad
		}
		return fmt.Sprintf("%s knows that %d of %d needed masters suspect %s: it declares it failed (FAIL) and tells everybody.",
			me, v.Votes, v.Needed, l.nameOf(v.Node)), Bad
	case event.FailCleared:
		return fmt.Sprintf("%s sees that %s is back and takes its failure mark away.", me, l.nameOf(v.Node)), Good
	case event.ClusterState:
		if v.State == "ok" {
			return fmt.Sprintf("%s serves clients: the cluster is ok in its eyes.", me), Good
		}
		return fmt.Sprintf("%s stops serving clients: %s.", me, failReason(v)), Bad
	case event.RejoinDelay:
		return fmt.Sprintf("%s is back among the majority and waits %s before it serves clients.", me, seconds(v.Wait)), Info
	}
	return "", Detail
}

func failReason(v event.ClusterState) string {
	switch v.Reason {
	case "minority":
		return fmt.Sprintf("it reaches %d masters, and a majority is %d", v.Reachable, v.Needed)
	case "slot-failed":
		return "the owner of some slots has failed"
	case "slot-unassigned":
		return "some slots belong to nobody"
	}
	return string(v.Reason)
}

func (l *Lab) captionElection(me string, e event.Event) (string, string) {
	switch v := e.(type) {
	case event.ElectionScheduled:
		return fmt.Sprintf("%s wants to replace its master; it will ask for votes in %s (rank %d).", me, seconds(v.Delay), v.Rank), Info
	case event.ElectionStarted:
		return fmt.Sprintf("%s asks for votes in epoch %d; it needs %d.", me, v.Epoch, v.Needed), Warn
	case event.ElectionExpired:
		return fmt.Sprintf("The election of %s in epoch %d expired with %d of %d votes.", me, v.Epoch, v.Votes, v.Needed), Bad
	case event.Vote:
		return fmt.Sprintf("%s votes for %s in epoch %d.", me, l.nameOf(v.For), v.Epoch), Info
	case event.VoteRefused:
		return fmt.Sprintf("%s refuses its vote to %s in epoch %d: %s.", me, l.nameOf(v.For), v.Epoch, words(v.Reason)), Warn
	case event.GotVote:
		return fmt.Sprintf("%s has %d of %d votes, the last from %s.", me, v.Votes, v.Needed, l.nameOf(v.From)), Info
	case event.NoElection:
		if v.Reason == "waiting" || v.Reason == "waiting-votes" {
			return "", Detail // it does stand, and the events of its election tell how
		}
		return fmt.Sprintf("%s does not stand for election: %s.", me, words(v.Reason)), Warn
	case event.Promoted:
		return fmt.Sprintf("%s is master now: it took the slots of %s in epoch %d.", me, l.nameOf(v.Primary), v.Epoch), Good
	case event.Demoted:
		return fmt.Sprintf("%s is now a replica of %s.", me, l.nameOf(v.Primary)), Info
	case event.ReplicaMigration:
		return fmt.Sprintf("%s moves to %s, which had no replica left.", me, l.nameOf(v.To)), Info
	case event.ManualFailover:
		return fmt.Sprintf("Manual failover at %s: %s.", me, words(v.Step)), Info
	}
	return "", Detail
}

func (l *Lab) captionReplication(me string, e event.Event) (string, string) {
	switch v := e.(type) {
	case event.PsyncFull:
		if v.Why == event.Forced {
			return fmt.Sprintf("%s sends a replica everything: it asked for a full copy.", me), Info
		}
		return fmt.Sprintf("%s sends a replica everything: %s.", me, words(v.Why)), Warn
	case event.PsyncPartial:
		return fmt.Sprintf("A replica of %s missed %d bytes and gets just these.", me, v.Bytes), Good
	}
	return "", Detail
}

func (l *Lab) captionCluster(me string, e event.Event) (string, string) {
	switch v := e.(type) {
	case event.SlotOwner:
		if !strings.ContainsAny(v.Slots, "- ") {
			return "", Detail // one slot: a move tells of it once, not once a node
		}
		return "", Info
	case event.EpochCollision:
		return fmt.Sprintf("%s and %s have the same epoch %d; the smaller id, %s, takes a new one.", me, l.nameOf(v.With), v.Epoch, me), Warn
	case event.Met:
		return "", Info
	case event.NodeRemoved:
		return fmt.Sprintf("%s no longer knows %s.", me, l.nameOf(v.Node)), Info
	case event.OpenSlot:
		return "", Detail
	case event.SlotsDropped:
		return fmt.Sprintf("%s deletes %d keys of slots that it lost.", me, v.Keys), Warn
	}
	return "", Detail
}

func captionLab(me string, e event.Event) (string, string) {
	switch v := e.(type) {
	case Input:
		if v.Verb == (Step{}).Verb() {
			return "", Detail // hundreds of these would push the story out
		}
		return "", Info
	case Refused:
		return v.Reason + ".", Warn
	case NodeState:
		return captionState(me, v)
	case Formed:
		return fmt.Sprintf("The lab is ready: %d nodes.", v.Nodes), Good
	case Mark:
		return v.Text, Info
	case MoveEnded:
		return fmt.Sprintf("Moving slots is %s: %d of %d.", v.State, v.Done, v.Of), Info
	case Stalled:
		return "This computer was asleep; the lab's clock left that out.", Warn
	}
	return "", Detail
}

func captionState(me string, s NodeState) (string, string) {
	switch s.State {
	case "killed":
		return fmt.Sprintf("%s is killed: its sockets close without a goodbye.", me), Bad
	case "frozen":
		return fmt.Sprintf("%s is frozen: its sockets stay open and nothing answers.", me), Warn
	case "up":
		return fmt.Sprintf("%s runs.", me), Good
	case "crashed":
		return fmt.Sprintf("%s crashed: %s.", me, s.Why), Bad
	case "stopped":
		return fmt.Sprintf("%s has stopped.", me), Info
	}
	return "", Detail
}

// words turns a reason code into words: "voted-recently" is "voted recently".
func words(r event.Reason) string { return strings.ReplaceAll(string(r), "-", " ") }

// seconds writes a time as a person says it: 5 s, 0.7 s.
func seconds(m event.Millis) string {
	d := time.Duration(m) * time.Millisecond
	if d%time.Second == 0 || d >= 10*time.Second {
		return fmt.Sprintf("%d s", d/time.Second)
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
