package alone

import (
	"fmt"
	"net"

	"clusterplay/node/event"
)

// clusterLine is what Redis writes to its log when something happened in a cluster; false for what it keeps to
// itself, or says with another event.
func clusterLine(e event.Event) (mark byte, line string, said bool) {
	switch e := e.(type) {
	case event.PFail, event.Fail, event.FailCleared, event.FailReported, event.FailReportWithdrawn, event.ClusterState:
		return failureLine(e)
	case event.Vote, event.VoteRefused, event.ElectionScheduled, event.ElectionDelayed, event.ElectionStarted, event.ElectionExpired, event.NoElection:
		return electionLine(e)
	case event.ManualFailover:
		return manualLine(e)
	case event.Demoted, event.ReplicaMigration, event.AddressChanged, event.LinkDown, event.UpdateSent:
		return nodeLine(e)
	case event.Epoch, event.EpochCollision:
		return epochLine(e)
	}
	return 0, "", false
}

// failureLine is about who is alive.
func failureLine(e event.Event) (byte, string, bool) {
	switch e := e.(type) {
	case event.PFail:
		return markDebug, fmt.Sprintf("*** NODE %s possibly failing", e.Node.ID), true
	case event.Fail:
		if e.From.ID != "" {
			return markNotice, fmt.Sprintf("FAIL message received from %s about %s", e.From.ID, e.Node.ID), true
		}
		return markNotice, fmt.Sprintf("Marking node %s as failing (quorum reached).", e.Node.ID), true
	case event.FailCleared:
		why, known := map[event.Reason]string{
			"replica": "replica is reachable again.", "no-slots": "master without slots is reachable again.",
			"still-owner": "is reachable again and nobody is serving its slots after some time.",
		}[e.Reason]
		return markNotice, fmt.Sprintf("Clear FAIL state for node %s: %s", e.Node.ID, why), known
	case event.FailReported:
		return markVerbose, fmt.Sprintf("Node %s reported node %s as not reachable.", e.By.ID, e.Node.ID), true
	case event.FailReportWithdrawn:
		return markVerbose, fmt.Sprintf("Node %s reported node %s is back online.", e.By.ID, e.Node.ID), true
	case event.ClusterState:
		return markWarning, "Cluster state changed: " + e.State, true
	}
	return 0, "", false
}

// whyDenied says why a vote was not given; Redis keeps the other reasons to itself.
var whyDenied = map[event.Reason]string{
	"old-epoch": "its epoch is not the current one", "already-voted": "already voted for epoch %d",
	"not-a-replica": "it is a master node", "unknown-master": "I don't know its master", "master-up": "its master is up",
	"voted-recently": "can't vote about this master again so soon", "stale-slots": "a slot has a newer epoch than its request",
}

// whyStalled says why a replica does not replace its master; Redis keeps the other reasons to itself.
var whyStalled = map[event.Reason]string{
	"data-too-old": "Disconnected from master for longer than allowed. Please check the 'cluster-replica-validity-factor' configuration option.",
	"expired":      "Failover attempt expired.",
}

// electionLine is about who may replace a master.
func electionLine(e event.Event) (byte, string, bool) {
	switch e := e.(type) {
	case event.Vote:
		return markWarning, fmt.Sprintf("Failover auth granted to %s for epoch %d", e.For.ID, e.Epoch), true
	case event.VoteRefused:
		why, told := whyDenied[e.Reason]
		if e.Reason == "already-voted" {
			why = fmt.Sprintf(why, e.Epoch)
		}
		return markWarning, fmt.Sprintf("Failover auth denied to %s: %s", e.For.ID, why), told
	case event.ElectionScheduled:
		return markWarning, fmt.Sprintf("Start of election delayed for %d milliseconds (rank #%d, offset %d).", e.Delay, e.Rank, e.Offset), true
	case event.ElectionDelayed:
		return markWarning, fmt.Sprintf("Replica rank updated to #%d, added %d milliseconds of delay.", e.Rank, e.Added), true
	case event.ElectionStarted:
		return markWarning, fmt.Sprintf("Starting a failover election for epoch %d.", e.Epoch), true
	case event.ElectionExpired:
		return markWarning, "Currently unable to failover: " + whyStalled["expired"], true
	case event.NoElection:
		why, told := whyStalled[e.Reason]
		return markWarning, "Currently unable to failover: " + why, told
	}
	return 0, "", false
}

// manualLine is a step of CLUSTER FAILOVER.
func manualLine(e event.ManualFailover) (byte, string, bool) {
	line, told := map[event.Reason]string{
		"started": "Manual failover user request accepted.", "forced": "Forced failover user request accepted.",
		"takeover":     "Taking over the master (user request).",
		"paused":       fmt.Sprintf("Manual failover requested by replica %s.", e.With.ID),
		"offset-known": fmt.Sprintf("Received replication offset for paused master manual failover: %d", e.Offset),
		"ready":        "All master replication stream processed, manual failover can start.",
		"timeout":      "Manual failover timed out.",
	}[e.Step]
	return markWarning, line, told
}

// nodeLine is about whom this node follows and how it reaches others.
func nodeLine(e event.Event) (byte, string, bool) {
	switch e := e.(type) {
	case event.Demoted:
		switch e.Reason {
		case "lost-slots":
			return markWarning, fmt.Sprintf("Configuration change detected. Reconfiguring myself as a replica of %s", e.Primary.ID), true
		case "grand-master":
			return markWarning, fmt.Sprintf("I'm a sub-replica! Reconfiguring myself as a replica of grandmaster %s", e.Primary.ID), true
		}
	case event.ReplicaMigration:
		return markWarning, fmt.Sprintf("Migrating to orphaned master %s", e.To.ID), true
	case event.AddressChanged:
		if _, _, err := net.SplitHostPort(e.Node.Addr); err == nil {
			return markWarning, fmt.Sprintf("Address updated for node %s, now %s", e.Node.ID, e.Node.Addr), true
		}
	case event.LinkDown:
		if e.Reason == "buffer-limit" {
			return markWarning, fmt.Sprintf("Freeing cluster link(to node %s) due to exceeding send buffer memory limit.", e.Node.ID), true
		}
	case event.UpdateSent:
		return markVerbose, fmt.Sprintf("Node %s has old slots configuration, sending an UPDATE message about %s", e.To.ID, e.About.ID), true
	}
	return 0, "", false
}

// epochLine is about the version of this node's claims. The one that an election gives says that it was won.
func epochLine(e event.Event) (byte, string, bool) {
	if c, is := e.(event.EpochCollision); is {
		return markVerbose, fmt.Sprintf("WARNING: configEpoch collision with node %s. configEpoch set to %d", c.With.ID, c.New), true
	}
	epoch, is := e.(event.Epoch)
	if !is || epoch.Kind != "config" {
		return 0, "", false
	}
	form, told := map[event.Reason]string{
		"elected": "configEpoch set to %d after successful failover", "bump": "New configEpoch set to %d",
		"assigned": "configEpoch set to %d via CLUSTER SET-CONFIG-EPOCH",
	}[epoch.Reason]
	if !told {
		return 0, "", false
	}
	return markWarning, fmt.Sprintf(form, epoch.Epoch), true
}
