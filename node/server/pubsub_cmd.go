package server

import (
	"clusterplay/node/pubsub"
	"clusterplay/node/resp"
)

// Listens is what the client listens to.
func (c *client) Listens() *pubsub.Listener { return &c.listener }

// inPubsub reports whether the client listens to anything at all.
func (c *client) inPubsub() bool { return c.listener.Any() }

// subscribe: SUBSCRIBE channel [channel ...]
func (s *Server) subscribe(c *client) { s.pubsub.Subscribe(c, c.ctx.Args[1:]) }

// unsubscribe: UNSUBSCRIBE [channel ...]
func (s *Server) unsubscribe(c *client) { s.pubsub.Unsubscribe(c, c.ctx.Args[1:]) }

// psubscribe: PSUBSCRIBE pattern [pattern ...]
func (s *Server) psubscribe(c *client) { s.pubsub.PSubscribe(c, c.ctx.Args[1:]) }

// punsubscribe: PUNSUBSCRIBE [pattern ...]
func (s *Server) punsubscribe(c *client) { s.pubsub.PUnsubscribe(c, c.ctx.Args[1:]) }

// ssubscribe: SSUBSCRIBE shardchannel [shardchannel ...]
func (s *Server) ssubscribe(c *client) { s.pubsub.SSubscribe(c, c.ctx.Args[1:]) }

// sunsubscribe: SUNSUBSCRIBE [shardchannel ...]
func (s *Server) sunsubscribe(c *client) { s.pubsub.SUnsubscribe(c, c.ctx.Args[1:]) }

// publishCommand: PUBLISH channel message. In a cluster every node hears it over the bus; outside
// one, replicas hear it in the replication stream.
func (s *Server) publishCommand(c *client) {
	channel, message := c.ctx.Args[1], c.ctx.Args[2]
	receivers := s.pubsub.Publish(channel, message)
	if s.forked {
		c.ctx.Int(int64(receivers))
		return
	}
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
	receivers := s.pubsub.PublishShard(channel, message)
	if s.forked {
		c.ctx.Int(int64(receivers))
		return
	}
	if s.cluster != nil {
		s.cluster.Publish(s.now, channel, message, true)
	} else {
		s.force(c)
	}
	c.ctx.Int(int64(receivers))
}

// pubsubChannels: PUBSUB CHANNELS [pattern]
func (s *Server) pubsubChannels(c *client) { listAudience(c, s.pubsub.ChannelsLike) }

// pubsubShardChannels: PUBSUB SHARDCHANNELS [pattern]
func (s *Server) pubsubShardChannels(c *client) { listAudience(c, s.pubsub.ShardChannelsLike) }

func listAudience(c *client, like func(pattern []byte) []string) {
	var pattern []byte
	switch len(c.ctx.Args) {
	case 2:
	case 3:
		pattern = c.ctx.Args[2]
	default:
		c.ctx.Error(unknownOrArity(c.ctx.Args[0], c.ctx.Args[1]))
		return
	}
	writeStrings(&c.ctx.Writer, like(pattern))
}

// pubsubNumsub: PUBSUB NUMSUB [channel ...]
func (s *Server) pubsubNumsub(c *client) { countAudience(c, s.pubsub.Listeners) }

// pubsubShardNumsub: PUBSUB SHARDNUMSUB [shardchannel ...]
func (s *Server) pubsubShardNumsub(c *client) { countAudience(c, s.pubsub.ShardListeners) }

func countAudience(c *client, listeners func(channel []byte) int) {
	names := c.ctx.Args[2:]
	c.ctx.Array(2 * len(names))
	for _, name := range names {
		c.ctx.Bulk(name)
		c.ctx.Int(int64(listeners(name)))
	}
}

// pubsubNumpat: PUBSUB NUMPAT
func (s *Server) pubsubNumpat(c *client) { c.ctx.Int(int64(s.pubsub.Patterns())) }

// writeStrings answers an array of bulk strings.
func writeStrings(w *resp.Writer, list []string) {
	w.Array(len(list))
	for _, text := range list {
		w.BulkString(text)
	}
}
