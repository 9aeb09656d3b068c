package server

import (
	"cmp"
	"maps"
	"slices"

	"clusterplay/node/command"
	"clusterplay/node/resp"
)

// subscriptions is the set of names one client listens to; the number is the order of subscribing.
type subscriptions map[string]uint64

// inOrder lists the names in the order of subscribing.
func (s subscriptions) inOrder() []string {
	names := slices.Collect(maps.Keys(s))
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(s[a], s[b]) })
	return names
}

// audience is everybody who listens to something, by name, each list in the order of subscribing.
type audience map[string][]*client

// join adds c to a name unless it is there already.
func (a audience) join(set *subscriptions, name string, c *client, order uint64) {
	if _, has := (*set)[name]; has {
		return
	}
	if *set == nil {
		*set = subscriptions{}
	}
	(*set)[name] = order
	a[name] = append(a[name], c)
}

// leave removes c from a name and reports whether it was there.
func (a audience) leave(set subscriptions, name string, c *client) bool {
	if _, has := set[name]; !has {
		return false
	}
	delete(set, name)
	list := a[name]
	if len(list) == 1 {
		delete(a, name)
		return true
	}
	i := slices.Index(list, c)
	a[name] = slices.Delete(list, i, i+1)
	return true
}

// matching lists the names that fit a pattern, sorted; an empty pattern fits all.
func (a audience) matching(pattern []byte) []string {
	var names []string
	glob := command.ReadGlob(pattern, false)
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if pattern == nil || command.Match(glob, name) {
			names = append(names, name)
		}
	}
	return names
}

// pubsub is who listens to what. Shard channels live in a namespace of their own.
type pubsub struct {
	channels audience
	patterns audience
	shard    audience
	order    uint64
	byAge    []listened // patterns in the order of their first subscription
}

// listened is a pattern somebody listens to.
type listened struct {
	pattern string
	glob    *command.Glob
}

func newPubsub() pubsub {
	return pubsub{channels: audience{}, patterns: audience{}, shard: audience{}}
}

func (p *pubsub) next() uint64 { p.order++; return p.order }

func (p *pubsub) addPattern(c *client, pattern string) {
	if len(p.patterns[pattern]) == 0 {
		p.byAge = append(p.byAge, listened{pattern, command.ReadGlob([]byte(pattern), false)})
	}
	p.patterns.join(&c.patterns, pattern, c, p.next())
}

func (p *pubsub) removePattern(c *client, pattern string) bool {
	removed := p.patterns.leave(c.patterns, pattern, c)
	if removed && len(p.patterns[pattern]) == 0 {
		p.byAge = slices.DeleteFunc(p.byAge, func(l listened) bool { return l.pattern == pattern })
	}
	return removed
}

// forget removes a client that is gone from every list.
func (p *pubsub) forget(c *client) {
	for _, name := range c.channels.inOrder() {
		p.channels.leave(c.channels, name, c)
	}
	for _, name := range c.patterns.inOrder() {
		p.removePattern(c, name)
	}
	for _, name := range c.shardChannels.inOrder() {
		p.shard.leave(c.shardChannels, name, c)
	}
}

// publish hands a message to every local listener and returns their number: first those of the
// channel, then those of each matching pattern (pubsubPublishMessageInternal).
func (s *Server) publish(channel, message []byte) int {
	receivers := 0
	for _, c := range s.pubsub.channels[string(channel)] {
		writeMessage(s.to(c), "message", channel, message)
		receivers++
	}
	for _, l := range s.pubsub.byAge {
		if !command.Match(l.glob, channel) {
			continue
		}
		for _, c := range s.pubsub.patterns[l.pattern] {
			w := s.to(c)
			w.Push(4)
			w.BulkString("pmessage")
			w.BulkString(l.pattern)
			w.Bulk(channel)
			w.Bulk(message)
			receivers++
		}
	}
	return receivers
}

// publishShard hands a message to the local listeners of a shard channel.
func (s *Server) publishShard(channel, message []byte) int {
	listeners := s.pubsub.shard[string(channel)]
	for _, c := range listeners {
		writeMessage(s.to(c), "smessage", channel, message)
	}
	return len(listeners)
}

func writeMessage(w *resp.Writer, kind string, channel, message []byte) {
	w.Push(3)
	w.BulkString(kind)
	w.Bulk(channel)
	w.Bulk(message)
}

// writeSubscription answers one (un)subscription; a nil channel means there was none.
func writeSubscription(w *resp.Writer, kind string, channel []byte, count int) {
	w.Push(3)
	w.BulkString(kind)
	if channel == nil {
		w.Null()
	} else {
		w.Bulk(channel)
	}
	w.Int(int64(count))
}

// dropShardChannels tells the listeners of a slot's channels that the slot went elsewhere
// (removeChannelsInSlot).
func (s *Server) dropShardChannels(inSlot func(channel string) bool) {
	for _, channel := range s.pubsub.shard.matching(nil) {
		if !inSlot(channel) {
			continue
		}
		for _, c := range slices.Clone(s.pubsub.shard[channel]) {
			s.pubsub.shard.leave(c.shardChannels, channel, c)
			writeSubscription(s.to(c), "sunsubscribe", []byte(channel), len(c.shardChannels))
		}
	}
}
