package sentinel

import (
	"time"

	"clusterplay/node/event"
	"clusterplay/node/resp"
)

// judge decides whether we ourselves hold an instance for down, and gives up connections that
// only look alive (sentinelCheckSubjectivelyDown).
func (s *Sentinel) judge(m *master, i *instance) {
	l := i.link
	silent := s.silence(l)
	if c := l.cmd; c != nil && c.open && s.now.Sub(c.since) > s.periods.MinLinkReconnect && !l.ping.IsZero() &&
		s.now.Sub(l.ping) > m.downAfter/2 && s.now.Sub(l.ponged) > m.downAfter/2 {
		s.close(c)
	}
	if c := l.sub; c != nil && c.open && s.now.Sub(c.since) > s.periods.MinLinkReconnect &&
		s.now.Sub(c.heard) > 3*s.periods.Publish {
		s.close(c)
	}
	if silent > m.downAfter || i.kind == kindMaster && s.unmasterly(m) {
		s.markSDown(i)
	} else {
		s.clearSDown(i)
	}
}

// silence is for how long a process has not shown that it is available.
func (s *Sentinel) silence(l *link) time.Duration {
	switch {
	case !l.ping.IsZero():
		return s.now.Sub(l.ping)
	case !l.whole():
		return s.now.Sub(l.answered)
	}
	return 0
}

// unmasterly reports whether a master that answers is none all the same: it has called itself a
// replica for too long, or it was restarted and is still not ready.
func (s *Sentinel) unmasterly(m *master) bool {
	demoted := !m.info.master && s.now.Sub(m.info.since) > m.downAfter+2*s.periods.Info
	return demoted || m.flags.is(flagReboot) && s.now.Sub(m.info.reboot) > m.rebootDownAfter
}

func (s *Sentinel) markSDown(i *instance) {
	if i.flags.is(flagSDown) {
		return
	}
	i.flags.set(flagSDown)
	i.sDownSince = s.now
	s.tell(i.master, event.SDown{Monitored: s.monitored(i)})
}

func (s *Sentinel) clearSDown(i *instance) {
	if !i.flags.is(flagSDown) {
		return
	}
	i.flags.clear(flagSDown | flagScriptKill)
	s.tell(i.master, event.SDownCleared{Monitored: s.monitored(i)})
}

// judgeTogether decides whether as many Sentinels as the quorum hold a master for down
// (sentinelCheckObjectivelyDown).
func (s *Sentinel) judgeTogether(m *master) {
	s.expireAnswers(m)
	agree := 0
	if m.flags.is(flagSDown) {
		agree = 1
		for _, o := range m.sentinels {
			if o.flags.is(flagMasterDown) {
				agree++
			}
		}
	}
	down := agree > 0 && agree >= m.quorum
	switch {
	case down && !m.flags.is(flagODown):
		m.flags.set(flagODown)
		m.oDownSince = s.now
		s.tell(m, event.ODown{Monitored: s.monitored(&m.instance), Agree: agree, Quorum: m.quorum})
	case !down && m.flags.is(flagODown):
		m.flags.clear(flagODown)
		s.tell(m, event.ODownCleared{Monitored: s.monitored(&m.instance)})
	}
}

// answerLife is how many asking periods the word of another Sentinel is worth something.
const answerLife = 5

// expireAnswers forgets what Sentinels said that have long said nothing. Redis does it when it asks, which
// is after it has judged: at the end of a TILT it judges by what was said before.
func (s *Sentinel) expireAnswers(m *master) {
	for _, o := range m.sentinels {
		if s.now.Sub(o.answer) > answerLife*s.periods.Ask && !s.cfg.Mutants.ODownForever {
			o.flags.clear(flagMasterDown)
			o.vote.leader = ""
		}
	}
}

// askOthers asks the other Sentinels whether they hold a master for down too and, once a failover
// has begun, for their votes. forced asks those at once that were asked a moment ago.
func (s *Sentinel) askOthers(m *master, forced bool) {
	for _, o := range m.sentinels {
		recent := s.now.Sub(o.answer) < s.periods.Ask || s.now.Sub(o.asked) < s.periods.Ask
		if !m.flags.is(flagSDown) || !o.link.whole() || recent && !forced {
			continue
		}
		candidate, epoch := "*", s.currentEpoch
		if m.failover.state != stateNone {
			candidate, epoch = s.id, m.failover.epoch
		}
		o.asked = s.now
		s.command(o.link.cmd, o, awaitAnswer, "SENTINEL", "is-master-down-by-addr",
			s.hostOf(m.addr), itoa(int64(m.addr.port)), utoa(epoch), candidate)
	}
}

// disregard forgets what a Sentinel said of a master's former address, and will say.
func (i *instance) disregard() {
	i.flags.clear(flagMasterDown)
	if i.link.cmd == nil {
		return
	}
	for n, w := range i.link.cmd.waits {
		if w.whose == i && w.kind == awaitAnswer {
			i.link.cmd.waits[n].kind = awaitNothing
		}
	}
}

// receiveAnswer takes another Sentinel's word on our master, and its vote.
func (s *Sentinel) receiveAnswer(o *instance, v resp.Value) {
	if len(v.List) != 3 || v.List[0].Kind != resp.KindInt || v.List[2].Kind != resp.KindInt || v.List[2].Int < 0 {
		return
	}
	o.answer = s.now
	if v.List[0].Int == 1 {
		o.flags.set(flagMasterDown)
	} else {
		o.flags.clear(flagMasterDown)
	}
	if leader := v.List[1].Text; leader != "*" {
		o.vote = vote{leader, uint64(v.List[2].Int)}
	}
}
