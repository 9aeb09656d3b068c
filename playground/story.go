package playground

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

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
	Caption string `json:"caption"` // in English
	Say     Saying `json:"say"`     // the same for every language
	Level   string `json:"level"`
}

// Line is the event as people read it: its canonical line, a sentence for a class when there is
// something to teach, and a level.
func (l *Lab) Line(e Stamped) Line {
	saying, level := l.caption(e)
	return Line{
		Seq: e.Seq, T: e.T.UnixMilli(), Node: e.Node,
		Name: e.Event.Name(), Line: oneLine(e.Event.Describe()), Caption: saying.English(), Say: saying, Level: level,
	}
}

// oneLine spells out what would break a line, turn it around or hide in it: one event is one line,
// whatever somebody called a client or wrote into a mark.
func oneLine(text string) string {
	if strings.IndexFunc(text, outOfLine) < 0 {
		return text
	}
	var b strings.Builder
	for _, c := range text {
		if outOfLine(c) {
			quoted := strconv.QuoteRuneToASCII(c)
			b.WriteString(quoted[1 : len(quoted)-1])
		} else {
			b.WriteRune(c)
		}
	}
	return b.String()
}

func outOfLine(c rune) bool { return unicode.In(c, unicode.C, unicode.Zl, unicode.Zp) }

// caption finds the sentence and the level for an event.
func (l *Lab) caption(e Stamped) (Saying, string) {
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
	return l.captionSentinel(e.Node, e.Event)
}

func (l *Lab) captionFailure(me string, e event.Event) (Saying, string) {
	switch v := e.(type) {
	case event.PFail:
		return say("pfail", "me", me, "node", l.nameOf(v.Node), "time", seconds(v.Silent)), Warn
	case event.PFailCleared:
		return say("pfail-cleared", "me", me, "node", l.nameOf(v.Node)), Good
	case event.Fail:
		if v.From.ID != "" {
			return say("fail-told", "me", me, "from", l.nameOf(v.From), "node", l.nameOf(v.Node)), Bad
		}
		return say("fail", "me", me, "votes", itoa(v.Votes), "needed", itoa(v.Needed), "node", l.nameOf(v.Node)), Bad
	case event.FailCleared:
		return say("fail-cleared", "me", me, "node", l.nameOf(v.Node)), Good
	case event.ClusterState:
		if v.State == "ok" {
			return say("serves", "me", me), Good
		}
		return stopsServing(me, v), Bad
	case event.RejoinDelay:
		return say("rejoin", "me", me, "time", seconds(v.Wait)), Info
	}
	return nothing, Detail
}

// stopsServing says why a node stops serving clients.
func stopsServing(me string, v event.ClusterState) Saying {
	switch v.Reason {
	case "minority":
		return say("stops-minority", "me", me, "reachable", itoa(v.Reachable), "needed", itoa(v.Needed))
	case "slot-failed", "slot-unassigned":
		return say("stops-"+string(v.Reason), "me", me)
	}
	return say("stops", "me", me, "why", because(v.Reason))
}

func (l *Lab) captionElection(me string, e event.Event) (Saying, string) {
	switch v := e.(type) {
	case event.ElectionScheduled:
		return say("election-scheduled", "me", me, "time", seconds(v.Delay), "rank", itoa(v.Rank)), Info
	case event.ElectionStarted:
		return say("election-started", "me", me, "epoch", number(v.Epoch), "needed", itoa(v.Needed)), Warn
	case event.ElectionExpired:
		return say("election-expired", "me", me, "epoch", number(v.Epoch), "votes", itoa(v.Votes), "needed", itoa(v.Needed)), Bad
	case event.Vote:
		return say("vote", "me", me, "node", l.nameOf(v.For), "epoch", number(v.Epoch)), Info
	case event.VoteRefused:
		return say("vote-refused", "me", me, "node", l.nameOf(v.For), "epoch", number(v.Epoch), "why", because(v.Reason)), Warn
	case event.GotVote:
		return say("got-vote", "me", me, "votes", itoa(v.Votes), "needed", itoa(v.Needed), "from", l.nameOf(v.From)), Info
	case event.NoElection:
		if v.Reason == "waiting" || v.Reason == "waiting-votes" {
			return nothing, Detail // it does stand, and the events of its election tell how
		}
		return say("no-election", "me", me, "why", because(v.Reason)), Warn
	case event.Promoted:
		return say("promoted", "me", me, "node", l.nameOf(v.Primary), "epoch", number(v.Epoch)), Good
	case event.Demoted:
		return say("demoted", "me", me, "node", l.nameOf(v.Primary)), Info
	case event.ReplicaMigration:
		return say("replica-migration", "me", me, "node", l.nameOf(v.To)), Info
	case event.ManualFailover:
		return say("manual-failover", "me", me, "why", because(v.Step)), Info
	}
	return nothing, Detail
}

func (l *Lab) captionReplication(me string, e event.Event) (Saying, string) {
	switch v := e.(type) {
	case event.PsyncFull:
		if v.Why == event.Forced {
			return say("full-asked", "me", me), Info
		}
		return say("full", "me", me, "why", because(v.Why)), Warn
	case event.PsyncPartial:
		return say("partial", "me", me, "bytes", number(v.Bytes)), Good
	}
	return nothing, Detail
}

func (l *Lab) captionCluster(me string, e event.Event) (Saying, string) {
	switch v := e.(type) {
	case event.SlotOwner:
		if !strings.ContainsAny(v.Slots, "- ") {
			return nothing, Detail // one slot: a move tells of it once, not once a node
		}
		return nothing, Info
	case event.EpochCollision:
		return say("collision", "me", me, "node", l.nameOf(v.With), "epoch", number(v.Epoch)), Warn
	case event.Met:
		return nothing, Info
	case event.NodeRemoved:
		return say("forgets", "me", me, "node", l.nameOf(v.Node)), Info
	case event.OpenSlot:
		return nothing, Detail
	case event.SlotsDropped:
		return say("drops-keys", "me", me, "keys", number(v.Keys)), Warn
	}
	return nothing, Detail
}

func captionLab(me string, e event.Event) (Saying, string) {
	switch v := e.(type) {
	case Input:
		if v.Verb == (Step{}).Verb() {
			return nothing, Detail // hundreds of these would push the story out
		}
		return nothing, Info
	case Refused:
		return say("refused", "why", v.Reason), Warn
	case NodeState:
		return captionState(me, v)
	case Formed:
		return say("formed", "nodes", itoa(v.Nodes)), Good
	case Mark:
		return say("mark", "text", v.Text), Info
	case MoveEnded:
		return say("move-ended", "state", "@move."+v.State, "done", itoa(v.Done), "of", itoa(v.Of)), Info
	case Stalled:
		return say("stalled"), Warn
	}
	return nothing, Detail
}

func captionState(me string, s NodeState) (Saying, string) {
	switch s.State {
	case "killed":
		return say("killed", "me", me), Bad
	case "frozen":
		return say("frozen", "me", me), Warn
	case "up":
		return say("runs", "me", me), Good
	case "crashed":
		return say("crashed", "me", me, "why", s.Why), Bad
	case "stopped":
		return say("stopped", "me", me), Info
	}
	return nothing, Detail
}

// seconds writes a time as a person says it: 5 s, 0.7 s.
func seconds(m event.Millis) string {
	d := time.Duration(m) * time.Millisecond
	if d%time.Second == 0 || d >= 10*time.Second {
		return fmt.Sprintf("%d s", d/time.Second)
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
