package server

import (
	"clusterplay/node/event"
	"strconv"
	"strings"

	"clusterplay/node/cluster"
	"clusterplay/node/resp"
	"clusterplay/node/slot"
)

// clusterHandlers are the subcommands of CLUSTER. Each is refused when cluster support is off.
var clusterHandlers = []struct {
	name string
	run  handler
}{
	{"addslots", (*Server).clusterAddSlots},
	{"addslotsrange", (*Server).clusterAddSlots},
	{"bumpepoch", (*Server).clusterBumpEpoch},
	{"count-failure-reports", (*Server).clusterCountReports},
	{"countkeysinslot", (*Server).clusterCountKeys},
	{"delslots", (*Server).clusterDelSlots},
	{"delslotsrange", (*Server).clusterDelSlots},
	{"failover", (*Server).clusterFailover},
	{"flushslots", (*Server).clusterFlushSlots},
	{"forget", (*Server).clusterForget},
	{"getkeysinslot", (*Server).clusterGetKeys},
	{"help", (*Server).help},
	{"info", (*Server).clusterInfo},
	{"keyslot", (*Server).clusterKeySlot},
	{"links", (*Server).clusterLinks},
	{"meet", (*Server).clusterMeet},
	{"myid", (*Server).clusterMyID},
	{"nodes", (*Server).clusterNodes},
	{"replicas", (*Server).clusterReplicas},
	{"replicate", (*Server).clusterReplicate},
	{"reset", (*Server).clusterReset},
	{"saveconfig", (*Server).clusterSaveConfig},
	{"set-config-epoch", (*Server).clusterSetConfigEpoch},
	{"setslot", (*Server).clusterSetSlot},
	{"shards", (*Server).clusterShards},
	{"slaves", (*Server).clusterReplicas},
	{"slots", (*Server).clusterSlots},
}

// inCluster guards a CLUSTER subcommand.
func inCluster(run handler) handler {
	return func(s *Server, c *client) {
		if s.cluster == nil {
			c.ctx.Error(resp.ErrClusterDisabled)
			return
		}
		run(s, c)
	}
}

// okOr answers +OK or the error.
func okOr(c *client, err error) {
	if err != nil {
		c.ctx.Error(err.Error())
		return
	}
	c.ctx.OK()
}

// clusterMeet: CLUSTER MEET ip port [cluster-bus-port]
func (s *Server) clusterMeet(c *client) {
	args := c.ctx.Args
	if len(args) > 5 {
		c.ctx.Error(unknownOrArity(args[0], args[1]))
		return
	}
	port, err := strconv.ParseInt(string(args[3]), 10, 32)
	if err != nil {
		c.ctx.Error("ERR Invalid TCP base port specified: " + string(args[3]))
		return
	}
	busPort := port + 10000
	if len(args) == 5 {
		if busPort, err = strconv.ParseInt(string(args[4]), 10, 32); err != nil {
			c.ctx.Error("ERR Invalid TCP bus port specified: " + string(args[4]))
			return
		}
	}
	okOr(c, s.cluster.Meet(s.now, string(args[2]), int(port), int(busPort)))
}

// unknownOrArity is the reply to a subcommand called with too many words.
func unknownOrArity(name, sub []byte) string {
	return "ERR unknown subcommand or wrong number of arguments for '" + string(sub[:min(len(sub), 128)]) +
		"'. Try " + strings.ToUpper(string(name)) + " HELP."
}

// clusterForget: CLUSTER FORGET node-id
func (s *Server) clusterForget(c *client) { okOr(c, s.cluster.Forget(s.now, string(c.ctx.Args[2]))) }

// clusterReplicate: CLUSTER REPLICATE node-id
func (s *Server) clusterReplicate(c *client) {
	okOr(c, s.cluster.Replicate(s.now, string(c.ctx.Args[2])))
	s.setExpiry()
}

// clusterBumpEpoch: CLUSTER BUMPEPOCH
func (s *Server) clusterBumpEpoch(c *client) {
	epoch, bumped := s.cluster.BumpEpoch(s.now)
	word := "STILL "
	if bumped {
		word = "BUMPED "
	}
	c.ctx.Status(word + strconv.FormatUint(epoch, 10))
}

// clusterSetConfigEpoch: CLUSTER SET-CONFIG-EPOCH config-epoch
func (s *Server) clusterSetConfigEpoch(c *client) {
	epoch, err := strconv.ParseInt(string(c.ctx.Args[2]), 10, 64)
	if err != nil {
		c.ctx.Error(resp.ErrNotInteger)
		return
	}
	okOr(c, s.cluster.SetConfigEpoch(s.now, epoch))
}

// clusterFailover: CLUSTER FAILOVER [FORCE|TAKEOVER]
func (s *Server) clusterFailover(c *client) {
	mode := cluster.FailoverDefault
	switch args := c.ctx.Args; {
	case len(args) > 3:
		c.ctx.Error(unknownOrArity(args[0], args[1]))
		return
	case len(args) == 2:
	case strings.EqualFold(string(args[2]), "force"):
		mode = cluster.FailoverForce
	case strings.EqualFold(string(args[2]), "takeover"):
		mode = cluster.FailoverTakeover
	default:
		c.ctx.Error(resp.ErrSyntax)
		return
	}
	okOr(c, s.cluster.Failover(s.now, mode))
	s.setExpiry()
}

// clusterReset: CLUSTER RESET [HARD|SOFT]
func (s *Server) clusterReset(c *client) {
	hard := false
	switch args := c.ctx.Args; {
	case len(args) > 3:
		c.ctx.Error(unknownOrArity(args[0], args[1]))
		return
	case len(args) == 2, strings.EqualFold(string(args[2]), "soft"):
	case strings.EqualFold(string(args[2]), "hard"):
		hard = true
	default:
		c.ctx.Error(resp.ErrSyntax)
		return
	}
	err := s.cluster.Reset(s.now, hard)
	if err == nil && hard {
		s.log(event.Warning, "configEpoch set to 0 via CLUSTER RESET HARD")
		s.log(event.Notice, "Node hard reset, now I'm %s", s.cluster.Myself())
	}
	okOr(c, err)
	s.setExpiry()
}

// clusterSaveConfig: CLUSTER SAVECONFIG
func (s *Server) clusterSaveConfig(c *client) {
	s.cluster.SaveConfig(s.now)
	c.ctx.OK()
}

// clusterCountReports: CLUSTER COUNT-FAILURE-REPORTS node-id
func (s *Server) clusterCountReports(c *client) {
	n, err := s.cluster.CountFailureReports(s.now, string(c.ctx.Args[2]))
	if err != nil {
		c.ctx.Error(err.Error())
		return
	}
	c.ctx.Int(int64(n))
}

// clusterCountKeys: CLUSTER COUNTKEYSINSLOT slot
func (s *Server) clusterCountKeys(c *client) {
	n, err := strconv.ParseInt(string(c.ctx.Args[2]), 10, 64)
	switch {
	case err != nil:
		c.ctx.Error(resp.ErrNotInteger)
	case n < 0 || n >= slot.Count:
		c.ctx.Error("ERR Invalid slot")
	default:
		c.ctx.Int(int64(s.space.DB(0).CountInSlot(slot.Slot(n))))
	}
}

// clusterGetKeys: CLUSTER GETKEYSINSLOT slot count
func (s *Server) clusterGetKeys(c *client) {
	sl, errSlot := strconv.ParseInt(string(c.ctx.Args[2]), 10, 64)
	count, errCount := strconv.ParseInt(string(c.ctx.Args[3]), 10, 64)
	switch {
	case errSlot != nil || errCount != nil:
		c.ctx.Error(resp.ErrNotInteger)
	case sl < 0 || sl >= slot.Count || count < 0:
		c.ctx.Error("ERR Invalid slot or number of keys")
	default:
		writeStrings(&c.ctx.Writer, s.space.DB(0).KeysInSlot(slot.Slot(sl), int(min(count, 1<<31))))
	}
}

// clusterKeySlot: CLUSTER KEYSLOT key
func (s *Server) clusterKeySlot(c *client) { c.ctx.Int(int64(slot.Of(c.ctx.Args[2]))) }
