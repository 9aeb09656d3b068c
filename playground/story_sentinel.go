package playground

import (
	"strings"

	"clusterplay/node/event"
)

// captionSentinel finds the sentence and the level for what a Sentinel tells.
func (l *Lab) captionSentinel(me string, e event.Event) (Saying, string) {
	for _, find := range []func(string, event.Event) (Saying, string, bool){
		l.captionWatch, l.captionDown, l.captionLeader, l.captionSwitch,
	} {
		if saying, level, found := find(me, e); found {
			return saying, level
		}
	}
	return nothing, Detail
}

// monitored is how people call an instance: a master by its name, anything else by its port.
func (l *Lab) monitored(m event.Monitored) string {
	if m.Of == nil {
		return m.Label
	}
	return l.nameOf(event.Node{ID: m.Label, Addr: address(m.IP, m.Port)})
}

// sentinelCalled is how people call a Sentinel of which only the run id is known.
func (l *Lab) sentinelCalled(runID string) string { return l.nameOf(event.Node{ID: runID}) }

func address(ip string, port int) string { return ip + ":" + itoa(port) }

// captionWatch tells whom a Sentinel watches and what it learns about them.
func (l *Lab) captionWatch(me string, e event.Event) (s Saying, level string, found bool) {
	switch v := e.(type) {
	case event.MonitorStarted:
		s, level = say("sn-monitor", "me", me, "master", v.Label, "addr", address(v.IP, v.Port), "quorum", itoa(v.Quorum)), Info
	case event.MonitorEnded:
		s, level = say("sn-monitor-end", "me", me, "master", v.Label), Info
	case event.MasterReset:
		s, level = say("sn-reset", "me", me, "master", v.Label), Warn
	case event.MonitorSet:
		s, level = say("sn-set", "me", me, "master", v.Label, "option", v.Option, "value", strings.Join(v.Values, " ")), Info
	case event.ReplicaFound:
		s, level = say("sn-replica", "me", me, "node", l.monitored(v.Monitored), "master", v.Of.Label), Info
	case event.SentinelFound:
		s, level = say("sn-sentinel", "me", me, "node", l.monitored(v.Monitored), "master", v.Of.Label), Info
	case event.SentinelMoved:
		s, level = say("sn-moved", "me", me, "node", l.sentinelCalled(v.RunID), "addr", address(v.NewIP, v.NewPort)), Info
	case event.SentinelAddressUpdated:
		s, level = say("sn-updated", "me", me, "node", l.monitored(v.Monitored), "others", itoa(v.Others)), Info
	case event.SentinelAddressInvalid:
		s, level = say("sn-invalid", "me", me, "node", l.monitored(v.Monitored)), Warn
	case event.Rebooted:
		s, level = say("sn-reboot", "me", me, "node", l.monitored(v.Monitored)), Warn
	case event.RoleReported:
		s, level = say("sn-role", "me", me, "node", l.monitored(v.Monitored), "role", v.Role), Info
		if !v.Expected {
			level = Warn
		}
	case event.ConfigNotSaved:
		s, level = say("sn-not-saved", "me", me, "why", v.Why), Bad
	case event.ConfigSaved:
		s, level = say("sn-saved", "me", me), Good
	case event.ScriptError:
		s, level = say("sn-script-error", "me", me, "path", v.Path, "exit", itoa(v.Exit)), Warn
	case event.ScriptTimeout:
		s, level = say("sn-script-timeout", "me", me, "path", v.Path), Warn
	}
	return s, level, level != ""
}

// captionDown tells of failure detection.
func (l *Lab) captionDown(me string, e event.Event) (s Saying, level string, found bool) {
	switch v := e.(type) {
	case event.SDown:
		s, level = say("sn-sdown", "me", me, "node", l.monitored(v.Monitored)), Warn
	case event.SDownCleared:
		s, level = say("sn-sdown-cleared", "me", me, "node", l.monitored(v.Monitored)), Good
	case event.ODown:
		s, level = say("sn-odown", "me", me, "master", v.Label, "agree", itoa(v.Agree), "quorum", itoa(v.Quorum)), Bad
	case event.ODownCleared:
		s, level = say("sn-odown-cleared", "me", me, "master", v.Label), Good
	case event.Tilt:
		s, level = say("sn-tilt", "me", me), Bad
	case event.TiltEnded:
		s, level = say("sn-tilt-end", "me", me), Good
	}
	return s, level, level != ""
}

// captionLeader tells of epochs, votes and why a failover does or does not begin.
func (l *Lab) captionLeader(me string, e event.Event) (s Saying, level string, found bool) {
	switch v := e.(type) {
	case event.NewEpoch:
		s, level = say("sn-epoch", "me", me, "epoch", number(v.Epoch)), Info
	case event.VoteForLeader:
		s, level = say("sn-vote", "me", me, "node", l.sentinelCalled(v.Leader), "epoch", number(v.Epoch), "master", v.Master), Info
	case event.LeaderVoteRefused:
		s, level = say("vote-refused", "me", me, "node", l.sentinelCalled(v.Candidate), "epoch", number(v.Epoch), "why", because(v.Why)), Warn
	case event.TryFailover:
		s, level = say("sn-try", "me", me, "master", v.Label), Warn
	case event.NoFailoverYet:
		s, level = say("sn-not-yet", "me", me, "master", v.Master.Label, "why", because(v.Why)), Warn
		if v.Wait > 0 {
			s = say("sn-not-for", "me", me, "master", v.Master.Label, "why", because(v.Why), "time", seconds(v.Wait))
		}
	case event.ElectedLeader:
		s, level = say("sn-elected", "me", me, "master", v.Label, "votes", itoa(v.Votes), "needed", itoa(v.Needed)), Good
		if v.Forced {
			s = say("sn-forced", "me", me, "master", v.Label)
		}
	case event.FailoverGivenUp:
		s, level = say("sn-abort", "me", me, "master", v.Label, "why", because(v.Why)), Bad
		if v.Needed > 0 {
			s = say("sn-abort-votes", "me", me, "master", v.Label, "votes", itoa(v.Votes), "needed", itoa(v.Needed))
		}
	}
	return s, level, level != ""
}

// captionSwitch tells how a failover is carried out and how a configuration spreads.
func (l *Lab) captionSwitch(me string, e event.Event) (s Saying, level string, found bool) {
	switch v := e.(type) {
	case event.FailoverState:
		// the sentences of what happens in the states tell it as well
		s, level = say("sn-state", "me", me, "node", l.monitored(v.Monitored), "step", "@failover."+v.State), Detail
	case event.ReplicaNotSelectable:
		s, level = say("sn-not-selectable", "me", me, "node", l.monitored(v.Replica), "why", because(v.Why)), Warn
	case event.ReplicaSelected:
		s, level = say("sn-selected", "me", me, "node", l.monitored(v.Monitored), "master", v.Of.Label), Info
	case event.ReplicaPromoted:
		s, level = say("sn-promoted", "me", me, "node", l.monitored(v.Monitored), "master", v.Of.Label), Good
	case event.ReplicaReconf:
		s, level = say("sn-reconf-"+v.Step, "me", me, "node", l.monitored(v.Monitored)), Info
	case event.ReplicaReconfTimeout:
		s, level = say("sn-reconf-timeout", "me", me, "node", l.monitored(v.Monitored)), Warn
	case event.FailoverEnd:
		s, level = say("sn-end", "me", me, "master", v.Label), Good
	case event.FailoverEndForTimeout:
		s, level = say("sn-end-timeout", "me", me, "master", v.Label), Warn
	case event.ConfigUpdateFrom:
		s, level = say("sn-update", "me", me, "node", l.monitored(v.Monitored), "master", v.Of.Label), Info
	case event.ConfigWithdrawn:
		s, level = say("sn-withdrawn", "me", me, "node", l.monitored(v.Master), "master", v.Master.Label, "epoch", number(v.Epoch)), Warn
	case event.SwitchMaster:
		s, level = say("sn-switch", "me", me, "master", v.Label,
			"old", address(v.OldIP, v.OldPort), "new", address(v.NewIP, v.NewPort)), Good
	case event.ReplicaConverted:
		s, level = say("sn-convert", "me", me, "node", l.monitored(v.Monitored), "master", v.Of.Label), Warn
	case event.ReplicaFixed:
		s, level = say("sn-fix", "me", me, "node", l.monitored(v.Monitored), "master", v.Of.Label), Warn
	}
	return s, level, level != ""
}
