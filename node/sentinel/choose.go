package sentinel

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"clusterplay/node/event"
)

// staleInfo is how many INFO periods old a report may be while the master is well.
const staleInfo = 3

// staleWhenDown is how old a PING's reply, and INFO while the master is down, may be.
const staleWhenDown = 5

// linkDownFactor is for how many down-after times, besides the master's own absence, a replica may
// have been without its master.
const linkDownFactor = 10

// choose picks the replica to promote: the lowest priority, then the most data, then the smallest
// run id (sentinelSelectSlave). tell, if not nil, hears of everyone who may not be promoted.
func (s *Sentinel) choose(m *master, tell func(*instance, event.Reason, string)) *instance {
	var fit []*instance
	for _, r := range m.replicas {
		why, detail := s.unfit(m, r)
		if why == "" {
			fit = append(fit, r)
		} else if tell != nil {
			tell(r, why, detail)
		}
	}
	if len(fit) == 0 {
		return nil
	}
	return slices.MinFunc(fit, s.better)
}

// tellUnfit says why a replica may not be promoted.
func (s *Sentinel) tellUnfit(r *instance, why event.Reason, detail string) {
	s.emit(event.ReplicaNotSelectable{Replica: s.monitored(r), Why: why, Detail: detail})
}

// unfit says why a replica may not be promoted; "" means that it may.
func (s *Sentinel) unfit(m *master, r *instance) (why event.Reason, detail string) {
	infoLimit, downFor := staleInfo*s.periods.Info, time.Duration(0)
	if m.flags.is(flagSDown) {
		infoLimit, downFor = staleWhenDown*s.periods.Ping, s.now.Sub(m.sDownSince)
	}
	pingAge, infoAge := s.now.Sub(r.link.answered), s.now.Sub(r.info.at)
	linkLimit := downFor + linkDownFactor*m.downAfter
	switch {
	case r.flags.is(flagSDown | flagODown):
		return event.IsSDown, ""
	case !r.link.whole():
		return event.IsDisconnected, ""
	case pingAge > staleWhenDown*s.periods.Ask:
		return event.PingTooOld, atMost(pingAge, staleWhenDown*s.periods.Ask)
	case r.info.priority == 0 && !s.cfg.Mutants.PriorityZeroEligible:
		return event.PriorityZero, ""
	case r.info.at.IsZero():
		return event.InfoTooOld, "no INFO yet"
	case infoAge > infoLimit:
		return event.InfoTooOld, atMost(infoAge, infoLimit)
	case r.info.linkDown > linkLimit:
		return event.LinkDownLong, atMost(r.info.linkDown, linkLimit)
	}
	return "", ""
}

func atMost(is, limit time.Duration) string {
	return fmt.Sprintf("%d ms, limit %d ms", is.Milliseconds(), limit.Milliseconds())
}

// better orders replicas, the best first.
func (s *Sentinel) better(a, b *instance) int {
	data := -cmp.Compare(a.info.offset, b.info.offset)
	if s.cfg.Mutants.OffsetIgnored {
		data = 0
	}
	return cmp.Or(
		cmp.Compare(a.info.priority, b.info.priority),
		data,
		cmp.Compare(strings.ToLower(a.orderID()), strings.ToLower(b.orderID())),
	)
}

// orderID is the run id, or what comes after every run id where none is known.
func (i *instance) orderID() string {
	if i.runID == "" {
		return "~"
	}
	return i.runID
}
