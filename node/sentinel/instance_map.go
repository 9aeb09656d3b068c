package sentinel

import (
	"strings"
	"time"

	"clusterplay/node/resp"
)

// fields is a map that is written when all of it is known.
type fields struct{ pairs []string }

func (f *fields) text(name, value string)   { f.pairs = append(f.pairs, name, value) }
func (f *fields) number(name string, n int) { f.text(name, itoa(int64(n))) }
func (f *fields) millis(name string, d time.Duration) {
	f.text(name, itoa(d.Milliseconds()))
}

// since adds how long ago something was; what never was is 0.
func (f *fields) since(name string, now, then time.Time) {
	if then.IsZero() {
		f.text(name, "0")
		return
	}
	f.millis(name, now.Sub(then))
}

// write answers a map of bulk strings.
func (f *fields) write(w *resp.Writer) {
	w.Map(len(f.pairs) / 2)
	for _, text := range f.pairs {
		w.BulkString(text)
	}
}

// writeInstance answers an instance as SENTINEL MASTER and its like show it
// (addReplySentinelRedisInstance).
func (s *Sentinel) writeInstance(w *resp.Writer, i *instance) {
	var f fields
	s.commonFields(&f, i)
	switch i.kind {
	case kindMaster:
		s.nodeFields(&f, i)
		s.masterFields(&f, i.master)
	case kindReplica:
		s.nodeFields(&f, i)
		s.replicaFields(&f, i)
	case kindSentinel:
		s.sentinelFields(&f, i)
	}
	f.write(w)
}

func (s *Sentinel) commonFields(f *fields, i *instance) {
	f.text("name", i.name)
	f.text("ip", s.hostOf(i.addr))
	f.number("port", i.addr.port)
	f.text("runid", i.runID)
	f.text("flags", strings.Join(i.flagNames(), ","))
	f.number("link-pending-commands", i.link.pending())
	f.number("link-refcount", i.link.users)
	if i.flags.is(flagFailover) {
		f.text("failover-state", i.master.failover.state.String())
	}
	f.since("last-ping-sent", s.now, i.link.ping)
	f.since("last-ok-ping-reply", s.now, i.link.answered)
	f.since("last-ping-reply", s.now, i.link.ponged)
	if i.flags.is(flagSDown) {
		f.since("s-down-time", s.now, i.sDownSince)
	}
	if i.flags.is(flagODown) {
		f.since("o-down-time", s.now, i.oDownSince)
	}
	f.millis("down-after-milliseconds", i.master.downAfter)
}

func (s *Sentinel) nodeFields(f *fields, i *instance) {
	f.since("info-refresh", s.now, i.info.at)
	f.text("role-reported", i.info.roleName())
	f.since("role-reported-time", s.now, i.info.since)
}

func (s *Sentinel) masterFields(f *fields, m *master) {
	f.text("config-epoch", utoa(m.configEpoch))
	f.number("num-slaves", len(m.replicas))
	f.number("num-other-sentinels", len(m.sentinels))
	f.number("quorum", m.quorum)
	f.millis("failover-timeout", m.failoverTimeout)
	f.number("parallel-syncs", m.parallelSyncs)
	if m.notifyScript != "" {
		f.text("notification-script", m.notifyScript)
	}
	if m.reconfigScript != "" {
		f.text("client-reconfig-script", m.reconfigScript)
	}
}

func (s *Sentinel) replicaFields(f *fields, i *instance) {
	r := &i.info
	f.millis("master-link-down-time", r.linkDown)
	if r.linkUp {
		f.text("master-link-status", "ok")
	} else {
		f.text("master-link-status", "err")
	}
	if r.masterHost == "" {
		f.text("master-host", "?")
	} else {
		f.text("master-host", r.masterHost)
	}
	f.number("master-port", r.masterPort)
	f.number("slave-priority", r.priority)
	f.text("slave-repl-offset", itoa(r.offset))
	if r.hidden {
		f.text("replica-announced", "0")
	} else {
		f.text("replica-announced", "1")
	}
}

func (s *Sentinel) sentinelFields(f *fields, i *instance) {
	f.since("last-hello-message", s.now, i.heard)
	if i.vote.leader == "" {
		f.text("voted-leader", "?")
	} else {
		f.text("voted-leader", i.vote.leader)
	}
	f.text("voted-leader-epoch", utoa(i.vote.epoch))
}
