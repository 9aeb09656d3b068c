package server

import (
	"fmt"
	"math/rand/v2"
	"time"

	"clusterplay/node/cluster"
	"clusterplay/node/command"
	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/replication"
)

// nodesConf is the file in which the cluster state keeps its table.
const nodesConf = cluster.ConfFile

// stream is a source of chance of its own, so that one protocol's draws do not shift another's.
func (s *Server) stream() *rand.Rand { return rand.New(rand.NewPCG(s.rng.Uint64(), s.rng.Uint64())) }

// newProtocols makes replication and, if it is enabled, the cluster state.
func (s *Server) newProtocols() error {
	s.repl = replication.New(s.replicationConfig(), replicationHost{s}, s.stream())
	s.master = &client{conn: &machine.Client{}, authenticated: true}
	s.master.ctx = command.Context{Space: s.space, DB: s.space.DB(0), Host: s, Room: &s.unit.room, Master: true}
	if !s.config.ClusterEnabled {
		return nil
	}
	conf, _, err := s.readFile(nodesConf)
	if err != nil {
		return fmt.Errorf("read %s: %w", nodesConf, err)
	}
	config := cluster.Config{
		Conf: conf, NextLink: s.links.nextLink, Buffered: s.unwritten,
		Switches: s.config.ClusterSwitches, Mutants: s.config.ClusterMutants, Packet: s.config.Packet,
	}
	s.clusterConfig(&config)
	if s.cluster, err = cluster.New(config, clusterHost{s}, s.stream()); err != nil {
		return err
	}
	if len(conf) == 0 {
		s.log(event.Notice, "No cluster configuration found, I'm %s", s.cluster.Myself())
		return nil
	}
	s.log(event.Notice, "Node configuration loaded, I'm %s", s.cluster.Myself())
	return nil
}

// clusterConfig writes what the settings mean for the cluster into c.
func (s *Server) clusterConfig(c *cluster.Config) {
	v := s.settings
	c.NodeTimeout = time.Duration(v.number("cluster-node-timeout")) * time.Millisecond
	c.NoFullCoverage = !v.yes("cluster-require-full-coverage")
	c.NoReplicaMigration = !v.yes("cluster-allow-replica-migration")
	c.MigrationBarrier = int(v.number("cluster-migration-barrier"))
	c.BarrierZero = c.MigrationBarrier == 0
	c.ValidityFactor = int(v.number("cluster-replica-validity-factor"))
	if c.ValidityFactor == 0 {
		c.ValidityFactor = -1
	}
	c.NoFailover = v.yes("cluster-replica-no-failover")
	c.AllowReadsWhenDown = v.yes("cluster-allow-reads-when-down")
	c.NoPubsubShardWhenDown = !v.yes("cluster-allow-pubsubshard-when-down")
	c.AnnounceIP = v.text("cluster-announce-ip")
	c.Port = portOr(v.number("cluster-announce-port"), s.config.Port)
	c.BusPort = portOr(v.number("cluster-announce-bus-port"), s.config.BusPort)
	c.Hostname = v.text("cluster-announce-hostname")
	c.PreferredEndpoint = cluster.Endpoint(v.number("cluster-preferred-endpoint-type"))
	c.LinkSendbufLimit = int(v.number("cluster-link-sendbuf-limit"))
	c.ReplPingPeriod = time.Duration(v.number("repl-ping-replica-period")) * time.Second
}

func portOr(announced int64, own int) uint16 {
	if announced != 0 {
		return uint16(announced)
	}
	return uint16(own)
}

// configureProtocols hands changed settings to replication and the cluster state.
func (s *Server) configureProtocols() {
	s.repl.Configure(s.replicationConfig())
	s.repl.Reconfigured(s.now)
	s.aof.Configure(s.aofConfig())
	if s.cluster != nil {
		s.clusterConfig(s.cluster.Config())
		s.cluster.Reconfigured(s.now)
	}
}
