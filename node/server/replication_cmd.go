package server

import (
	"bytes"
	"strconv"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/replication"
	"clusterplay/node/resp"
)

// replicaofCommand: REPLICAOF host port | NO ONE
func (s *Server) replicaofCommand(c *client) {
	if s.cluster != nil {
		c.ctx.Error("ERR REPLICAOF not allowed in cluster mode.")
		return
	}
	s.repl.ReplicaOf(s.now, c.conn, c.ctx.Args, &c.ctx.Writer)
	s.setExpiry()
}

// failoverCommand: FAILOVER [TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds]
func (s *Server) failoverCommand(c *client) {
	if s.cluster != nil {
		c.ctx.Error("ERR FAILOVER not allowed in cluster mode.")
		return
	}
	s.repl.Failover(s.now, c.ctx.Args, &c.ctx.Writer)
	s.setExpiry()
}

// roleCommand: ROLE
func (s *Server) roleCommand(c *client) { s.repl.Role(&c.ctx.Writer) }

// psyncCommand: PSYNC replicationid offset
func (s *Server) psyncCommand(c *client) {
	if c.monitor {
		return
	}
	before := len(c.ctx.Buf)
	s.repl.Psync(s.now, c.conn, c.ctx.Args, &c.ctx.Writer)
	if bytes.HasPrefix(c.ctx.Buf[before:], []byte("-"+resp.ErrNotInteger)) {
		s.log(event.Warning, "Replica %s asks for synchronization but with a wrong offset", c.conn.Addr)
	}
	c.replica = s.repl.IsReplica(c.conn)
	s.setExpiry()
}

// syncCommand: SYNC
func (s *Server) syncCommand(c *client) { s.psyncCommand(c) }

// replconfCommand: REPLCONF option value [option value ...]
func (s *Server) replconfCommand(c *client) {
	s.repl.Replconf(s.now, c.conn, c.ctx.Args, &c.ctx.Writer)
}

// replicaofText is what CONFIG GET replicaof shows.
func (s *Server) replicaofText() string {
	master := s.repl.View(s.now).Master
	if master == nil || s.cluster != nil {
		return ""
	}
	return master.Host + " " + strconv.Itoa(master.Port)
}

// replicationConfig is what the settings mean for replication.
func (s *Server) replicationConfig() replication.Config {
	seconds := func(name string) time.Duration { return time.Duration(s.settings.number(name)) * time.Second }
	port := int(s.settings.number("replica-announce-port"))
	if port == 0 {
		port = s.config.Port
	}
	config := replication.DefaultConfig()
	config.NewLink = s.links.nextLink
	config.Port = port
	config.AnnounceIP = s.settings.text("replica-announce-ip")
	config.MasterUser = s.settings.text("masteruser")
	config.MasterAuth = s.settings.text("masterauth")
	config.Timeout = seconds("repl-timeout")
	config.PingPeriod = seconds("repl-ping-replica-period")
	config.BacklogSize = s.settings.number("repl-backlog-size")
	config.BacklogTTL = seconds("repl-backlog-ttl")
	config.MinReplicas = int(s.settings.number("min-replicas-to-write"))
	config.MaxLag = seconds("min-replicas-max-lag")
	if config.Diskless = s.settings.yes("repl-diskless-sync"); config.Diskless {
		config.SyncDelay = seconds("repl-diskless-sync-delay")
		config.SyncEnough = int(s.settings.number("repl-diskless-sync-max-replicas"))
	}
	config.OutputLimit, config.SoftLimit, config.SoftFor = s.replicaLimit(config.OutputLimit)
	config.Priority = int(s.settings.number("replica-priority"))
	config.ReadOnly = s.settings.yes("replica-read-only")
	config.Announced = s.settings.yes("replica-announced")
	config.OpenSlots = s.config.ClusterEnabled && !s.config.ClusterSwitches.LocalOpenSlots
	config.Mutants = s.config.Mutants
	return config
}
