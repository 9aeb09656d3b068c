package server

import (
	"clusterplay/node/cluster"
	"clusterplay/node/resp"
)

// clusterMyID: CLUSTER MYID
func (s *Server) clusterMyID(c *client) { c.ctx.BulkString(s.cluster.Myself().String()) }

// clusterInfo: CLUSTER INFO
func (s *Server) clusterInfo(c *client) { c.ctx.Verbatim("txt", string(s.cluster.InfoText())) }

// clusterNodes: CLUSTER NODES
func (s *Server) clusterNodes(c *client) { c.ctx.Verbatim("txt", string(s.cluster.NodesText())) }

// clusterReplicas: CLUSTER REPLICAS node-id
func (s *Server) clusterReplicas(c *client) {
	lines, err := s.cluster.ReplicaLines(string(c.ctx.Args[2]))
	if err != nil {
		c.ctx.Error(err.Error())
		return
	}
	writeStrings(&c.ctx.Writer, lines)
}

// clusterSlots: CLUSTER SLOTS
func (s *Server) clusterSlots(c *client) {
	rows := s.cluster.ServedSlots()
	w := &c.ctx.Writer
	w.Array(len(rows))
	for _, row := range rows {
		w.Array(2 + len(row.Nodes))
		w.Int(int64(row.First))
		w.Int(int64(row.Last))
		for _, m := range row.Nodes {
			s.writeMember(w, m)
		}
	}
}

// writeMember answers one node of CLUSTER SLOTS: the preferred endpoint, the port, the id, and
// what else it is called (addNodeToNodeReply).
func (s *Server) writeMember(w *resp.Writer, m cluster.Member) {
	w.Array(4)
	host, told := s.cluster.Endpoint(m)
	if told {
		w.BulkString(host)
	} else {
		w.Null()
	}
	w.Int(int64(m.Port))
	w.BulkString(m.ID)
	preferred := s.cluster.Config().PreferredEndpoint
	withIP := preferred != cluster.EndpointIP
	withName := preferred != cluster.EndpointHostname && m.Hostname != ""
	w.Map(count(withIP, withName))
	if withIP {
		w.BulkString("ip")
		w.BulkString(m.IP)
	}
	if withName {
		w.BulkString("hostname")
		w.BulkString(m.Hostname)
	}
}

// count returns how many of the conditions hold.
func count(conditions ...bool) int {
	n := 0
	for _, holds := range conditions {
		if holds {
			n++
		}
	}
	return n
}

// clusterShards: CLUSTER SHARDS
func (s *Server) clusterShards(c *client) {
	shards := s.cluster.Shards()
	w := &c.ctx.Writer
	w.Array(len(shards))
	for _, shard := range shards {
		w.Map(2)
		w.BulkString("slots")
		w.Array(2 * len(shard.Slots))
		for _, r := range shard.Slots {
			w.Int(int64(r.First))
			w.Int(int64(r.Last))
		}
		w.BulkString("nodes")
		w.Array(len(shard.Nodes))
		for _, m := range shard.Nodes {
			s.writeShardNode(w, m)
		}
	}
}

func (s *Server) writeShardNode(w *resp.Writer, m cluster.Member) {
	text := func(name, value string) { w.BulkString(name); w.BulkString(value) }
	w.Map(6 + count(m.Port != 0, m.Hostname != ""))
	text("id", m.ID)
	if m.Port != 0 {
		w.BulkString("port")
		w.Int(int64(m.Port))
	}
	text("ip", m.IP)
	w.BulkString("endpoint")
	if host, told := s.cluster.Endpoint(m); told {
		w.BulkString(host)
	} else {
		w.Null()
	}
	if m.Hostname != "" {
		text("hostname", m.Hostname)
	}
	role := "master"
	if m.Replica {
		role = "replica"
	}
	text("role", role)
	w.BulkString("replication-offset")
	w.Int(m.Offset)
	text("health", m.Health())
}

// clusterLinks: CLUSTER LINKS
func (s *Server) clusterLinks(c *client) {
	rows := s.cluster.LinkTable()
	w := &c.ctx.Writer
	w.Array(len(rows))
	for _, l := range rows {
		direction, events := "to", "r"
		if l.Inbound {
			direction = "from"
		}
		if l.Queued > 0 {
			events = "rw"
		}
		w.Map(6)
		w.BulkString("direction")
		w.BulkString(direction)
		w.BulkString("node")
		w.BulkString(l.Node)
		w.BulkString("create-time")
		w.Int(l.Created.UnixMilli())
		w.BulkString("events")
		w.BulkString(events)
		w.BulkString("send-buffer-allocated")
		w.Int(int64(l.Queued))
		w.BulkString("send-buffer-used")
		w.Int(int64(l.Queued))
	}
}
