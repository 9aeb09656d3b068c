package sentinel

import (
	"fmt"
	"maps"
	"strings"
)

// load takes the state from the file. A Sentinel without a name chooses one and writes it down.
func (s *Sentinel) load() error {
	c, err := ParseConf(WithOptions(s.cfg.Conf, s.cfg.Options))
	if err != nil {
		return err
	}
	s.server = c.Server
	if s.users, err = s.server.makeUsers(userHost{s}); err != nil {
		return err
	}
	if s.cfg.Port != 0 {
		s.server.Port = s.cfg.Port
	}
	if s.cfg.Dir != "" {
		s.server.Dir = s.cfg.Dir
	}
	s.cfg.Port = s.server.Port
	s.id, s.currentEpoch = c.MyID, c.CurrentEpoch
	s.allowScripts = c.AllowScripts
	s.resolveHostnames, s.announceHostnames = c.ResolveHostnames, c.AnnounceHostnames
	s.announceIP, s.announcePort = c.AnnounceIP, c.AnnouncePort
	s.peerUser, s.peerPass, s.password = c.PeerUser, c.PeerPass, c.Server.Password
	for i := range c.Masters {
		s.loadMaster(&c.Masters[i])
	}
	if s.id == "" {
		s.id = s.newID()
		s.save()
	}
	return nil
}

// loadMaster lists a master with all that the file knows about it.
func (s *Sentinel) loadMaster(c *ConfMaster) {
	m := s.newMaster(c.Name, s.addressOf(c.Host, c.Port), c.Quorum)
	m.downAfter, m.failoverTimeout, m.parallelSyncs = c.DownAfter, c.FailoverTimeout, c.ParallelSyncs
	m.rebootDownAfter = c.RebootDownAfter
	m.authUser, m.authPass = c.AuthUser, c.AuthPass
	m.notifyScript, m.reconfigScript = c.NotifyScript, c.ReconfigScript
	maps.Copy(m.renamed, c.Renamed)
	m.configEpoch, m.vote.epoch = c.ConfigEpoch, c.LeaderEpoch
	m.doubted = m.configEpoch > 0
	s.currentEpoch = max(s.currentEpoch, c.ConfigEpoch, c.LeaderEpoch) // whatever a hand wrote there
	s.masters = append(s.masters, m)
	for _, r := range c.Replicas {
		s.addReplica(m, s.addressOf(r.Host, r.Port))
	}
	for _, p := range c.Sentinels {
		if i := s.addSentinel(m, s.addressOf(p.Host, p.Port), p.RunID); i != nil {
			s.share(i)
		}
	}
}

// file is the state as the file keeps it. Lines that people wrote keep their places.
func (s *Sentinel) file() []byte {
	c := s.conf()
	return c.Rewrite(s.promises.rewrite.Text)
}

// conf is the state as a file would say it.
func (s *Sentinel) conf() Conf {
	c := Conf{
		Server: s.server, MyID: s.id, CurrentEpoch: s.currentEpoch, AllowScripts: s.allowScripts,
		ResolveHostnames: s.resolveHostnames, AnnounceHostnames: s.announceHostnames,
		AnnounceIP: s.announceIP, AnnouncePort: s.announcePort, PeerUser: s.peerUser, PeerPass: s.peerPass,
	}
	c.Server.Users = s.users.Lines()
	for _, m := range s.masters {
		c.Masters = append(c.Masters, s.confOf(m))
	}
	return c
}

// confOf is what the file says about a master. From a promotion on it has the new address, and the
// old one is a replica's: after a crash the old master is one to be converted.
func (s *Sentinel) confOf(m *master) ConfMaster {
	at := m.current()
	c := ConfMaster{
		Name: m.name, Host: s.inFile(at), Port: at.port, Quorum: m.quorum,
		DownAfter: m.downAfter, FailoverTimeout: m.failoverTimeout, ParallelSyncs: m.parallelSyncs,
		RebootDownAfter: m.rebootDownAfter, AuthUser: m.authUser, AuthPass: m.authPass,
		NotifyScript: m.notifyScript, ReconfigScript: m.reconfigScript, Renamed: maps.Clone(m.renamed),
		ConfigEpoch: m.configEpoch, LeaderEpoch: m.vote.epoch,
	}
	for _, r := range m.replicas {
		as := r.addr
		if as.same(at) {
			as = m.addr
		}
		c.Replicas = append(c.Replicas, ConfAddr{s.inFile(as), as.port})
	}
	for _, o := range m.sentinels {
		c.Sentinels = append(c.Sentinels, ConfPeer{ConfAddr{s.inFile(o.addr), o.addr.port}, o.runID})
	}
	return c
}

// inFile is how the file calls a host: as everybody else, but never by nothing, and never by a name
// that the next start would refuse.
func (s *Sentinel) inFile(a address) string {
	if !s.resolveHostnames && a.ip.IsValid() {
		return a.ip.String()
	}
	if host := s.hostOf(a); host != "" {
		return host
	}
	return a.host
}

// newID draws the name by which the group knows us for ever.
func (s *Sentinel) newID() string {
	return fmt.Sprintf("%016x%016x%08x", s.rng.Uint64(), s.rng.Uint64(), s.rng.Uint32())
}

// randomHex returns n random hexadecimal digits.
func (s *Sentinel) randomHex(n int) string {
	var b strings.Builder
	for b.Len() < n {
		fmt.Fprintf(&b, "%016x", s.rng.Uint64())
	}
	return b.String()[:n]
}

// ID is the Sentinel's name in its group, 40 hex digits.
func (s *Sentinel) ID() string { return s.id }
