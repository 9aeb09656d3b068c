package pubsub

import "clusterplay/node/resp"

// Subscribe answers SUBSCRIBE channel [channel ...].
func (h *Hub[C]) Subscribe(c C, channels [][]byte) {
	l := c.Listens()
	for _, name := range channels {
		h.channels.join(&l.channels, string(name), c, h.next())
		writeSubscription(h.to(c), "subscribe", name, l.Count())
	}
}

// Unsubscribe answers UNSUBSCRIBE [channel ...]; no channel means all.
func (h *Hub[C]) Unsubscribe(c C, channels [][]byte) {
	l := c.Listens()
	leave := func(name string) { h.channels.leave(l.channels, name, c) }
	leaveEach(h.to(c), "unsubscribe", channels, l.channels, leave, l.Count)
}

// PSubscribe answers PSUBSCRIBE pattern [pattern ...].
func (h *Hub[C]) PSubscribe(c C, patterns [][]byte) {
	for _, name := range patterns {
		h.addPattern(c, string(name))
		writeSubscription(h.to(c), "psubscribe", name, c.Listens().Count())
	}
}

// PUnsubscribe answers PUNSUBSCRIBE [pattern ...]; no pattern means all.
func (h *Hub[C]) PUnsubscribe(c C, patterns [][]byte) {
	l := c.Listens()
	leave := func(name string) { h.removePattern(c, name) }
	leaveEach(h.to(c), "punsubscribe", patterns, l.patterns, leave, l.Count)
}

// SSubscribe answers SSUBSCRIBE shardchannel [shardchannel ...].
func (h *Hub[C]) SSubscribe(c C, channels [][]byte) {
	l := c.Listens()
	for _, name := range channels {
		h.shard.join(&l.shard, string(name), c, h.next())
		writeSubscription(h.to(c), "ssubscribe", name, len(l.shard))
	}
}

// SUnsubscribe answers SUNSUBSCRIBE [shardchannel ...]; no channel means all.
func (h *Hub[C]) SUnsubscribe(c C, channels [][]byte) {
	l := c.Listens()
	leave := func(name string) { h.shard.leave(l.shard, name, c) }
	leaveEach(h.to(c), "sunsubscribe", channels, l.shard, leave, l.ShardChannels)
}

// leaveEach leaves the named ones, or all there are, and answers each; when there is none at all
// it answers that.
func leaveEach(w *resp.Writer, kind string, asked [][]byte, all names, leave func(string), left func() int) {
	if len(asked) == 0 {
		for _, name := range all.inOrder() {
			asked = append(asked, []byte(name))
		}
	}
	for _, name := range asked {
		leave(string(name))
		writeSubscription(w, kind, name, left())
	}
	if len(asked) == 0 {
		writeSubscription(w, kind, nil, left())
	}
}

// ChannelsLike lists the channels that fit a pattern, sorted; a nil pattern fits all.
func (h *Hub[C]) ChannelsLike(pattern []byte) []string { return h.channels.matching(pattern) }

// ShardChannelsLike is ChannelsLike for shard channels.
func (h *Hub[C]) ShardChannelsLike(pattern []byte) []string { return h.shard.matching(pattern) }

// Listeners is how many clients listen to a channel itself.
func (h *Hub[C]) Listeners(channel []byte) int { return len(h.channels[string(channel)]) }

// ShardListeners is how many clients listen to a shard channel.
func (h *Hub[C]) ShardListeners(channel []byte) int { return len(h.shard[string(channel)]) }
