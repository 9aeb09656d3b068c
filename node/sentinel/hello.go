package sentinel

import (
	"slices"
	"strings"

	"clusterplay/node/event"
)

// helloChannel is where Sentinels meet.
const helloChannel = "__sentinel__:hello"

// sendHello tells an instance's listeners who we are and what we think of the master.
func (s *Sentinel) sendHello(i *instance) {
	c := i.link.cmd
	if c == nil || !c.open || s.holdsBack(i.master) {
		return
	}
	i.published = s.now
	s.command(c, i, awaitHello, "PUBLISH", helloChannel, s.helloFor(i).String())
}

// helloFor is what we say to an instance.
func (s *Sentinel) helloFor(i *instance) hello {
	m, at := i.master, i.master.current()
	h := hello{
		IP: s.announceIP, Port: s.announcePort, RunID: s.id, Epoch: s.currentEpoch,
		Master: m.name, MasterIP: s.hostOf(at), MasterPort: at.port, ConfigEpoch: m.configEpoch,
	}
	if h.IP == "" {
		h.IP = i.link.cmd.local.Addr().Unmap().String()
	}
	if h.Port == 0 {
		h.Port = s.cfg.Port
	}
	return h
}

// helloAll says hello to everybody who knows a master, now.
func (s *Sentinel) helloAll(m *master) {
	for i := range m.all() {
		s.sendHello(i)
	}
}

// overhear takes a hello that came through a node. Our own come back and say that the way is open.
func (s *Sentinel) overhear(payload string) {
	if !strings.Contains(payload, s.id) {
		s.receiveHello(payload)
	}
}

// receiveHello takes another Sentinel's word on who it is, which epoch it knows, and where a master
// is (sentinelProcessHelloMessage).
func (s *Sentinel) receiveHello(payload string) {
	h, ok := parseHello(payload)
	if !ok || h.RunID == s.id {
		return
	}
	m := s.find(h.Master)
	if m == nil || !s.credible(max(h.Epoch, h.ConfigEpoch)) {
		return
	}
	from := s.introduce(m, h)
	s.raiseEpoch(m, h.Epoch)
	if h.ConfigEpoch > m.configEpoch || s.cfg.Mutants.ConfigEpochUnchecked {
		s.adopt(m, from, h)
	}
	if from != nil && !from.gone {
		from.heard, from.claim = s.now, claim{s.addressOf(h.MasterIP, h.MasterPort), h.ConfigEpoch}
	}
}

// introduce finds the Sentinel that a hello is from, or makes its acquaintance. It returns nil where
// there is no room for another, and where nobody could connect to it: the file must not name an
// address that keeps the next start from succeeding.
func (s *Sentinel) introduce(m *master, h hello) *instance {
	at := s.addressOf(h.IP, h.Port)
	for _, o := range m.sentinels {
		if o.runID == h.RunID && o.addr.same(at) {
			return o
		}
	}
	if !at.known() {
		return nil
	}
	moved := s.forgetSentinel(m, h.RunID)
	if moved {
		s.emit(event.SentinelMoved{Monitored: s.monitored(&m.instance), NewIP: h.IP, NewPort: h.Port, RunID: h.RunID})
	} else if old := m.sentinelAt(at); old != nil {
		s.emit(event.SentinelAddressInvalid{Monitored: s.monitored(old)})
		for _, other := range s.masters {
			s.forgetSentinel(other, old.runID)
		}
	}
	i := s.addSentinel(m, at, h.RunID)
	if i == nil {
		return nil
	}
	if !moved {
		s.emit(event.SentinelFound{Monitored: s.monitored(i)})
	}
	s.share(i)
	if moved {
		s.moveEverywhere(i)
	}
	s.save()
	return i
}

// addSentinel lists a Sentinel.
func (s *Sentinel) addSentinel(m *master, at address, runID string) *instance {
	if len(m.sentinels) >= maxSentinels {
		return nil
	}
	i := s.newInstance(kindSentinel, runID, at, m)
	i.runID = runID
	m.sentinels = append(m.sentinels, &i)
	return &i
}

func (m *master) sentinelAt(at address) *instance {
	for _, o := range m.sentinels {
		if o.addr.same(at) {
			return o
		}
	}
	return nil
}

// forgetSentinel forgets the Sentinel of that run id and reports whether there was one.
func (s *Sentinel) forgetSentinel(m *master, runID string) bool {
	before := len(m.sentinels)
	m.sentinels = slices.DeleteFunc(m.sentinels, func(o *instance) bool {
		if o.runID == runID {
			s.forget(o)
		}
		return o.runID == runID
	})
	return len(m.sentinels) < before
}

// moveEverywhere gives a Sentinel its new address for every master it watches.
func (s *Sentinel) moveEverywhere(i *instance) {
	s.closeLink(i.link)
	others := 0
	for _, m := range s.masters {
		for _, o := range m.sentinels {
			if o.runID == i.runID && o != i {
				s.closeLink(o.link)
				o.addr = i.addr
				others++
			}
		}
	}
	if others > 0 {
		s.emit(event.SentinelAddressUpdated{Monitored: s.monitored(i), Others: others})
	}
}

// maxEpochJump bounds how far one message may raise the epoch. No honest group sees four billion
// failovers between two hellos, and from the last epoch there is no failover any more.
const maxEpochJump = 1 << 32

// credible reports whether the group could have come to an epoch by counting.
func (s *Sentinel) credible(epoch uint64) bool {
	return epoch <= s.currentEpoch || epoch-s.currentEpoch <= maxEpochJump
}

// raiseEpoch takes over a larger epoch of the group, which somebody named for a master.
func (s *Sentinel) raiseEpoch(m *master, epoch uint64) {
	if epoch > s.currentEpoch {
		s.currentEpoch = epoch
		s.save()
		s.tell(m, event.NewEpoch{Epoch: epoch})
	}
}

// adopt takes over a newer configuration of a master, and with it the address if that is another.
// It ends a failover of our own: somebody else's is newer.
func (s *Sentinel) adopt(m *master, teller *instance, h hello) {
	at := s.addressOf(h.MasterIP, h.MasterPort)
	if !at.known() {
		return
	}
	s.raiseEpoch(m, h.ConfigEpoch) // every configuration was an epoch's once
	m.configEpoch, m.doubted = max(h.ConfigEpoch, m.configEpoch), false
	s.save()
	if m.addr.same(at) {
		return
	}
	if teller != nil {
		s.tell(m, event.ConfigUpdateFrom{Monitored: s.monitored(teller)})
	}
	from := m.addr
	s.switchTo(m, at)
	s.reconfigured(m, observer, from, at)
}
