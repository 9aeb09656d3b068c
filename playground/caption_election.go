package playground

import "clusterplay/node/event"

// captionElection tells how a replica takes its master's place.
func (l *Lab) captionElection(me string, e event.Event) (Saying, string) {
	switch v := e.(type) {
	case event.ElectionScheduled:
		return say("election-scheduled", "me", me, "time", seconds(v.Delay), "rank", itoa(v.Rank)), Info
	case event.ElectionDelayed:
		return say("election-delayed", "me", me, "time", seconds(v.Added), "rank", itoa(v.Rank)), Info
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
		if v.Reason == "waiting" || v.Reason == "waiting-votes" { // it does stand, and the events of its election tell how
			return say("election-waits", "me", me, "why", because(v.Reason)), Detail
		}
		return say("no-election", "me", me, "why", because(v.Reason)), Warn
	}
	return l.captionSuccession(me, e)
}

// captionSuccession tells who has become whose master.
func (l *Lab) captionSuccession(me string, e event.Event) (Saying, string) {
	switch v := e.(type) {
	case event.Promoted:
		return say("promoted", "me", me, "node", l.nameOf(v.Primary), "epoch", number(v.Epoch)), Good
	case event.Demoted:
		return say("demoted", "me", me, "node", l.nameOf(v.Primary)), Info
	case event.ReplicaMigration:
		return say("replica-migration", "me", me, "node", l.nameOf(v.To)), Info
	case event.ManualFailover:
		return say("manual-failover", "me", me, "why", because(v.Step)), Info
	case event.RoleSeen:
		if v.Role == "master" {
			return say("role-master", "me", me, "node", l.nameOf(v.Node)), Detail
		}
		return say("role-replica", "me", me, "node", l.nameOf(v.Node), "master", l.nameOf(v.Primary)), Detail
	}
	return nothing, Detail
}
