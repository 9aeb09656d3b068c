package server

import (
	"clusterplay/node/resp"
)

// subscribe: SUBSCRIBE channel [channel ...]
func (s *Server) subscribe(c *client) {
	for _, name := range c.ctx.Args[1:] {
		s.pubsub.channels.join(&c.channels, string(name), c, s.pubsub.next())
		writeSubscription(&c.ctx.Writer, "subscribe", name, c.listening())
	}
}

// unsubscribe: UNSUBSCRIBE [channel ...]
func (s *Server) unsubscribe(c *client) {
	names := c.ctx.Args[1:]
	if len(names) == 0 {
		names = asBytes(c.channels.inOrder())
	}
	for _, name := range names {
		s.pubsub.channels.leave(c.channels, string(name), c)
		writeSubscription(&c.ctx.Writer, "unsubscribe", name, c.listening())
	}
	if len(names) == 0 {
		writeSubscription(&c.ctx.Writer, "unsubscribe", nil, c.listening())
	}
}

// psubscribe: PSUBSCRIBE pattern [pattern ...]
func (s *Server) psubscribe(c *client) {
	for _, name := range c.ctx.Args[1:] {
		s.pubsub.addPattern(c, string(name))
		writeSubscription(&c.ctx.Writer, "psubscribe", name, c.listening())
	}
}

// punsubscribe: PUNSUBSCRIBE [pattern ...]
func (s *Server) punsubscribe(c *client) {
	names := c.ctx.Args[1:]
	if len(names) == 0 {
		names = asBytes(c.patterns.inOrder())
	}
	for _, name := range names {
		s.pubsub.removePattern(c, string(name))
		writeSubscription(&c.ctx.Writer, "punsubscribe", name, c.listening())
	}
	if len(names) == 0 {
		writeSubscription(&c.ctx.Writer, "punsubscribe", nil, c.listening())
	}
}

// ssubscribe: SSUBSCRIBE shardchannel [shardchannel ...]
func (s *Server) ssubscribe(c *client) {
	for _, name := range c.ctx.Args[1:] {
		s.pubsub.shard.join(&c.shardChannels, string(name), c, s.pubsub.next())
		writeSubscription(&c.ctx.Writer, "ssubscribe", name, len(c.shardChannels))
	}
}

// sunsubscribe: SUNSUBSCRIBE [shardchannel ...]
func (s *Server) sunsubscribe(c *client) {
	names := c.ctx.Args[1:]
	if len(names) == 0 {
		names = asBytes(c.shardChannels.inOrder())
	}
	for _, name := range names {
		s.pubsub.shard.leave(c.shardChannels, string(name), c)
		writeSubscription(&c.ctx.Writer, "sunsubscribe", name, len(c.shardChannels))
	}
	if len(names) == 0 {
		writeSubscription(&c.ctx.Writer, "sunsubscribe", nil, len(c.shardChannels))
	}
}

// publishCommand: PUBLISH channel message. In a cluster every node hears it over the bus; outside
// one, replicas hear it in the replication stream.
func (s *Server) publishCommand(c *client) {
	channel, message := c.ctx.Args[1], c.ctx.Args[2]
	receivers := s.publish(channel, message)
	if s.cluster != nil {
		s.cluster.Publish(s.now, channel, message, false)
	} else {
		s.force(c)
	}
	c.ctx.Int(int64(receivers))
}

// spublish: SPUBLISH shardchannel message
func (s *Server) spublish(c *client) {
	channel, message := c.ctx.Args[1], c.ctx.Args[2]
	receivers := s.publishShard(channel, message)
	if s.cluster != nil {
		s.cluster.Publish(s.now, channel, message, true)
	} else {
		s.force(c)
	}
	c.ctx.Int(int64(receivers))
}

// pubsubChannels: PUBSUB CHANNELS [pattern]
func (s *Server) pubsubChannels(c *client) { s.listAudience(c, s.pubsub.channels) }

// pubsubShardChannels: PUBSUB SHARDCHANNELS [pattern]
func (s *Server) pubsubShardChannels(c *client) { s.listAudience(c, s.pubsub.shard) }

func (s *Server) listAudience(c *client, a audience) {
	var pattern []byte
	switch len(c.ctx.Args) {
	case 2:
	case 3:
		pattern = c.ctx.Args[2]
	default:
		c.ctx.Error(unknownOrArity(c.ctx.Args[0], c.ctx.Args[1]))
		return
	}
	writeStrings(&c.ctx.Writer, a.matching(pattern))
}

// pubsubNumsub: PUBSUB NUMSUB [channel ...]
func (s *Server) pubsubNumsub(c *client) { countAudience(c, s.pubsub.channels) }

// pubsubShardNumsub: PUBSUB SHARDNUMSUB [shardchannel ...]
func (s *Server) pubsubShardNumsub(c *client) { countAudience(c, s.pubsub.shard) }

func countAudience(c *client, a audience) {
	names := c.ctx.Args[2:]
	c.ctx.Array(2 * len(names))
	for _, name := range names {
		c.ctx.Bulk(name)
		c.ctx.Int(int64(len(a[string(name)])))
	}
}

// pubsubNumpat: PUBSUB NUMPAT
func (s *Server) pubsubNumpat(c *client) { c.ctx.Int(int64(len(s.pubsub.byAge))) }

// writeStrings answers an array of bulk strings.
func writeStrings(w *resp.Writer, list []string) {
	w.Array(len(list))
	for _, text := range list {
		w.BulkString(text)
	}
}

// asBytes turns names back into arguments. The result is never nil.
func asBytes(names []string) [][]byte {
	out := make([][]byte, len(names))
	for i, name := range names {
		out[i] = []byte(name)
	}
	return out
}
