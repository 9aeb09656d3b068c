package sentinel

import (
	"clusterplay/node/command"
	"clusterplay/node/event"
	"clusterplay/node/resp"
)

// mastersCommand: SENTINEL MASTERS
func (s *Sentinel) mastersCommand(c *client, _ [][]byte) {
	c.Array(len(s.masters))
	for _, m := range s.masters {
		s.writeInstance(&c.Writer, &m.instance)
	}
}

// masterCommand: SENTINEL MASTER name
func (s *Sentinel) masterCommand(c *client, m *master, _ [][]byte) {
	s.writeInstance(&c.Writer, &m.instance)
}

// replicasCommand: SENTINEL REPLICAS name. Those that do not want to be announced are left out.
func (s *Sentinel) replicasCommand(c *client, m *master, _ [][]byte) {
	var shown []*instance
	for _, r := range m.replicas {
		if !r.info.hidden {
			shown = append(shown, r)
		}
	}
	s.writeInstances(c, shown)
}

// sentinelsCommand: SENTINEL SENTINELS name
func (s *Sentinel) sentinelsCommand(c *client, m *master, _ [][]byte) {
	s.writeInstances(c, m.sentinels)
}

func (s *Sentinel) writeInstances(c *client, list []*instance) {
	c.Array(len(list))
	for _, i := range list {
		s.writeInstance(&c.Writer, i)
	}
}

// getMasterAddr: SENTINEL GET-MASTER-ADDR-BY-NAME name. This is what clients come for.
func (s *Sentinel) getMasterAddr(c *client, args [][]byte) {
	m := s.find(string(args[2]))
	if m == nil {
		c.NullArray()
		return
	}
	at := m.current()
	c.Array(2)
	c.BulkString(s.hostOf(at))
	c.BulkInt(int64(at.port))
}

// isMasterDownCommand: SENTINEL IS-MASTER-DOWN-BY-ADDR ip port epoch runid. With a run id the caller
// wants a vote.
func (s *Sentinel) isMasterDownCommand(c *client, args [][]byte) {
	port, okPort := resp.ParseInt(args[3])
	epoch, okEpoch := resp.ParseInt(args[4])
	if !okPort || !okEpoch {
		c.Error(resp.ErrNotInteger)
		return
	}
	candidate := string(args[5])
	if epoch < 0 || !s.credible(uint64(epoch)) || !isRunID(candidate) { // Redis would give its vote away
		candidate = "*"
	}
	down, v := s.isMasterDown(s.addressOf(string(args[2]), int(port)), uint64(max(epoch, 0)), candidate)
	c.Array(3)
	if down {
		c.Int(1)
	} else {
		c.Int(0)
	}
	if v.leader == "" {
		c.BulkString("*")
	} else {
		c.BulkString(v.leader)
	}
	c.Int(int64(v.epoch))
}

// myID: SENTINEL MYID
func (s *Sentinel) myID(c *client, _ [][]byte) { c.BulkString(s.id) }

// ckquorum: SENTINEL CKQUORUM name
func (s *Sentinel) ckquorum(c *client, m *master, _ [][]byte) {
	usable, voters := 1, len(m.sentinels)+1
	for _, o := range m.sentinels {
		if !o.flags.is(flagSDown) {
			usable++
		}
	}
	const noQuorum = "Not enough available Sentinels to reach the specified quorum for this master"
	const noMajority = "Not enough available Sentinels to reach the majority and authorize a failover"
	text := itoa(int64(usable)) + " usable Sentinels. "
	few, minority := usable < m.quorum, usable < voters/2+1
	switch {
	case few && minority:
		c.Error("NOQUORUM " + text + noQuorum + ". " + noMajority)
	case few:
		c.Error("NOQUORUM " + text + noQuorum)
	case minority:
		c.Error("NOQUORUM " + text + noMajority)
	default:
		c.Status("OK " + text + "Quorum and failover authorization can be reached")
	}
}

// infoCache: SENTINEL INFO-CACHE name [name ...]. Names nobody knows are left out.
func (s *Sentinel) infoCache(c *client, args [][]byte) {
	var shown []*master
	for _, m := range s.masters {
		for _, name := range args[2:] {
			if string(name) == m.name {
				shown = append(shown, m)
				break
			}
		}
	}
	c.Array(2 * len(shown))
	for _, m := range shown {
		c.BulkString(m.name)
		c.Array(1 + len(m.replicas))
		s.writeCached(c, &m.instance)
		for _, r := range m.replicas {
			s.writeCached(c, r)
		}
	}
}

func (s *Sentinel) writeCached(c *client, i *instance) {
	c.Array(2)
	if i.info.at.IsZero() {
		c.Int(0)
		c.Null()
		return
	}
	c.Int(since(s.now, i.info.at))
	c.BulkString(i.info.text)
}

// resetCommand: SENTINEL RESET pattern
func (s *Sentinel) resetCommand(c *client, args [][]byte) {
	glob, n := command.ReadGlob(args[2], false), 0
	for _, m := range s.masters {
		if command.Match(glob, m.name) {
			s.reset(m)
			n++
		}
	}
	c.Int(int64(n))
}

// failoverCommand: SENTINEL FAILOVER name
func (s *Sentinel) failoverCommand(c *client, m *master, _ [][]byte) {
	switch s.forceFailover(m) {
	case "":
		c.OK()
	case event.FailoverRuns:
		c.Error("INPROG Failover already in progress")
	default:
		c.Error("NOGOODSLAVE No suitable replica to promote")
	}
}

// flushConfig: SENTINEL FLUSHCONFIG
func (s *Sentinel) flushConfig(c *client, _ [][]byte) {
	s.saveAndAnswer(c)
}

// simulateFailure: SENTINEL SIMULATE-FAILURE mode [mode ...]. Each call says anew where to crash.
func (s *Sentinel) simulateFailure(c *client, args [][]byte) {
	s.crash = 0
	for _, arg := range args[2:] {
		switch word(arg) {
		case "crash-after-election":
			s.crash |= crashAfterElection
		case "crash-after-promotion":
			s.crash |= crashAfterPromotion
		case "help":
			c.Array(2)
			c.BulkString("crash-after-election")
			c.BulkString("crash-after-promotion")
			return
		default:
			c.Error("ERR Unknown failure simulation specified")
			return
		}
	}
	c.OK()
}
