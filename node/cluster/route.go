package cluster

import (
	"strconv"

	"clusterplay/node/bus"
	"clusterplay/node/slot"
)

// Presence looks which keys of the command being routed exist. Keys that have logically expired
// do not; looking has no side effects.
type Presence interface {
	// Count returns how many of the command's keys exist and how many do not.
	Count() (present, missing int)
}

// Query is everything about a command that decides which node serves it.
type Query struct {
	Slot        slot.Slot // of the first key
	CrossSlot   bool      // a later key falls into another slot
	Multiple    bool      // there are at least two different keys
	Write       bool      // the command, or one of the queued commands of EXEC, writes
	ReadOnly    bool      // the client said READONLY
	Asking      bool      // the client said ASKING, or the command implies it
	Migrate     bool      // the command is MIGRATE
	ShardPubsub bool      // SSUBSCRIBE, SUNSUBSCRIBE, SPUBLISH
	Keys        Presence  // asked only for slots that are on their way
}

// Verdict is what becomes of a command.
type Verdict uint8

// The verdicts. Serve is the zero value; for all others Route.Error is the reply.
const (
	Serve Verdict = iota
	Unserved
	CrossSlot
	Down
	DownForWrites
	TryAgain
	Ask
	Moved
)

// Route is a verdict and, for Ask and Moved, where the client should go.
type Route struct {
	Verdict Verdict
	Slot    slot.Slot
	Host    string
	Port    uint16
}

// Error is the text of the error reply.
func (r Route) Error() string {
	switch r.Verdict {
	case Unserved:
		return "CLUSTERDOWN Hash slot not served"
	case CrossSlot:
		return "CROSSSLOT Keys in request don't hash to the same slot"
	case Down:
		return "CLUSTERDOWN The cluster is down"
	case DownForWrites:
		return "CLUSTERDOWN The cluster is down and only accepts read commands"
	case TryAgain:
		return "TRYAGAIN Multiple keys request during rehashing of slot"
	case Ask:
		return r.redirect("ASK ")
	case Moved:
		return r.redirect("MOVED ")
	default:
		return ""
	}
}

func (r Route) redirect(word string) string {
	text := strconv.AppendUint([]byte(word), uint64(r.Slot), 10)
	text = append(text, ' ')
	text = append(text, r.Host...)
	text = append(text, ':')
	return string(strconv.AppendUint(text, uint64(r.Port), 10))
}

// Route decides who serves a command (getNodeByQuery). It changes nothing, and allocates nothing.
func (s *State) Route(q *Query) Route {
	owner := s.slots.of(q.Slot)
	if owner == nil {
		return Route{Verdict: Unserved}
	}
	if q.CrossSlot {
		return Route{Verdict: CrossSlot}
	}
	if !s.health.ok {
		if v := s.downVerdict(q); v != Serve {
			return Route{Verdict: v}
		}
	}
	if len(s.slots.migrating)+len(s.slots.importing) > 0 && s.myself.master() {
		if r, decided := s.routeOpen(q, owner); decided {
			return r
		}
	}
	if owner == s.myself || s.servesAsReplica(q, owner) {
		return Route{}
	}
	return s.redirect(Moved, q.Slot, owner)
}

// downVerdict says what a cluster that is down still does.
func (s *State) downVerdict(q *Query) Verdict {
	switch {
	case q.ShardPubsub && s.cfg.NoPubsubShardWhenDown:
		return Down
	case q.ShardPubsub:
		return Serve
	case !s.cfg.AllowReadsWhenDown:
		return Down
	case q.Write:
		return DownForWrites
	}
	return Serve
}

// routeOpen decides about a slot that is on its way; decided is false when it is not, or when
// its being on its way makes no difference.
func (s *State) routeOpen(q *Query, owner *node) (r Route, decided bool) {
	target := s.slots.migrating[q.Slot]
	migrating := owner == s.myself && target != nil
	importing := !migrating && s.slots.importing[q.Slot] != nil
	if !migrating && !importing {
		return Route{}, false
	}
	if q.Migrate {
		return Route{}, true
	}
	present, missing := 0, 0
	if !q.ShardPubsub && q.Keys != nil {
		present, missing = q.Keys.Count()
	}
	switch {
	case migrating && missing > 0 && present > 0:
		return Route{Verdict: TryAgain}, true
	case migrating && missing > 0 && s.cfg.Mutants.AskAsMoved:
		return s.redirect(Moved, q.Slot, target), true
	case migrating && missing > 0:
		return s.redirect(Ask, q.Slot, target), true
	case importing && q.Asking && q.Multiple && missing > 0:
		return Route{Verdict: TryAgain}, true
	case importing && q.Asking:
		return Route{}, true
	}
	return Route{}, false
}

// servesAsReplica reports whether this node may answer in its master's place.
func (s *State) servesAsReplica(q *Query, owner *node) bool {
	return s.myself.is(bus.Replica) && owner == s.myself.primary && !q.Write && (q.ReadOnly || q.ShardPubsub)
}

// redirect points a client to a node in the way it is configured to be named.
func (s *State) redirect(v Verdict, sl slot.Slot, n *node) Route {
	return Route{Verdict: v, Slot: sl, Host: s.endpoint(n), Port: n.port}
}

// endpoint is what clients connect to: the address, the host name ("?" if there is none), or
// nothing, which means the address that the client is already connected to.
func (s *State) endpoint(n *node) string {
	switch s.cfg.PreferredEndpoint {
	case EndpointHostname:
		if n.hostname == (shared{}) {
			return "?"
		}
		return n.hostname.String()
	case EndpointUnknown:
		return ""
	default:
		return n.ip.String()
	}
}

// RouteBlocked decides whether a client that is blocked on a key may go on waiting here
// (clusterRedirectBlockedClientIfNeeded). read is true for a READONLY client blocked on a command
// that only reads.
func (s *State) RouteBlocked(sl slot.Slot, read bool) Route {
	owner := s.slots.of(sl)
	switch {
	case !s.health.ok:
		return Route{Verdict: Down}
	case owner == nil:
		return Route{Verdict: Unserved}
	case owner == s.myself || s.Importing(sl):
		return Route{}
	case read && s.myself.is(bus.Replica) && owner == s.myself.primary:
		return Route{}
	}
	return s.redirect(Moved, sl, owner)
}
