package sentinel

import (
	"strings"
	"time"

	"clusterplay/node/resp"
)

// sendPeriodic sends what is due to an instance: INFO, PING and hello (sentinelSendPeriodicCommands).
func (s *Sentinel) sendPeriodic(m *master, i *instance) {
	l := i.link
	if !l.whole() || l.pending() >= maxPending*l.users {
		return
	}
	if i.kind != kindSentinel && i.info.asked.IsZero() && s.due(i.info.at, s.infoPeriod(m, i)) {
		i.info.asked = s.now
		s.command(l.cmd, i, awaitInfo, "INFO")
	}
	period := min(m.downAfter, s.periods.Ping)
	if s.now.Sub(l.ponged) > period && s.now.Sub(l.pinged) > period/2 {
		s.sendPing(i)
	}
	if s.due(i.published, s.periods.Publish) {
		s.sendHello(i)
	}
}

// due reports whether something last done at that time must be done again.
func (s *Sentinel) due(last time.Time, period time.Duration) bool {
	return last.IsZero() || s.now.Sub(last) > period
}

// eagerInfo is how often INFO is asked where every second counts.
const eagerInfo = time.Second

// infoPeriod is how often INFO is asked: more often while a failover is near, or while a replica
// has lost its master.
func (s *Sentinel) infoPeriod(m *master, i *instance) time.Duration {
	if i.kind == kindReplica && (m.flags.is(flagODown|flagFailover) || i.info.linkDown != 0) {
		return min(eagerInfo, s.periods.Info)
	}
	return s.periods.Info
}

func (s *Sentinel) sendPing(i *instance) {
	l := i.link
	s.command(l.cmd, i, awaitPing, "PING")
	l.pinged = s.now
	if l.ping.IsZero() {
		l.ping = s.now
	}
}

// pingReply takes a reply to PING. An instance that loads its data, or has lost its master, is
// available; one that says anything else is only not mute.
func (s *Sentinel) pingReply(i *instance, l *link, v resp.Value) {
	l.ponged = s.now
	pong := v.Kind == resp.KindStatus && v.Text == "PONG"
	if pong || v.IsError() && (strings.HasPrefix(v.Text, "LOADING") || strings.HasPrefix(v.Text, "MASTERDOWN")) {
		l.answered, l.ping = s.now, time.Time{}
		if pong {
			i.flags.clear(flagReboot)
		}
		return
	}
	if v.IsError() && strings.HasPrefix(v.Text, "BUSY") && i.flags.is(flagSDown) && !i.flags.is(flagScriptKill) && !i.gone {
		i.flags.set(flagScriptKill)
		s.command(l.cmd, i, awaitNothing, "SCRIPT", "KILL")
	}
}
