package sentinel

import "fmt"

// check panics when what must always hold does not.
func (s *Sentinel) check() {
	for _, m := range s.masters {
		f := &m.failover
		broken := func(what string) {
			panic(fmt.Sprintf("sentinel %s, master %s: %s (state %v, flags %b, epoch %d, config %d, vote %v)",
				s.id, m.name, what, f.state, m.flags, s.currentEpoch, m.configEpoch, m.vote))
		}
		switch {
		case m.flags.is(flagFailover) != (f.state != stateNone):
			broken("a failover's state and its flag disagree")
		case (f.promoted != nil) != (f.state >= stateSendNoOne):
			broken("a replica is chosen in a state that has none, or the reverse")
		case f.promoted != nil && f.promoted.gone:
			broken("the chosen replica was forgotten")
		case m.configEpoch > s.currentEpoch || m.vote.epoch > s.currentEpoch:
			broken("an epoch is larger than the group's")
		}
		for i := range m.all() {
			if i.link.users < 1 || i.gone {
				broken("a forgotten instance is listed")
			}
		}
	}
}
