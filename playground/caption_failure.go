package playground

import "clusterplay/node/event"

// captionFailure tells who suspects whom, and whether a node serves.
func (l *Lab) captionFailure(me string, e event.Event) (Saying, string) {
	switch v := e.(type) {
	case event.PFail:
		return say("pfail", "me", me, "node", l.nameOf(v.Node), "time", seconds(v.Silent)), Warn
	case event.PFailCleared:
		return say("pfail-cleared", "me", me, "node", l.nameOf(v.Node)), Good
	case event.FailReported:
		return say("report", "me", me, "by", l.nameOf(v.By), "node", l.nameOf(v.Node)), Detail
	case event.FailReportWithdrawn:
		return say("report-withdrawn", "me", me, "by", l.nameOf(v.By), "node", l.nameOf(v.Node)), Detail
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
	case "slot-failed":
		return say("stops-slot-failed", "me", me)
	case "slot-unassigned":
		return say("stops-slot-unassigned", "me", me)
	}
	return say("stops", "me", me, "why", because(v.Reason))
}
