package pubsub

import (
	"slices"

	"clusterplay/node/command"
	"clusterplay/node/resp"
)

// Client is a connection that may listen.
type Client interface {
	comparable
	// Listens is the client's own part of what the Hub knows.
	Listens() *Listener
}

// Hub is who listens to what. Shard channels live in a namespace of their own.
type Hub[C Client] struct {
	to       func(C) *resp.Writer // where a client's messages are written
	channels audience[C]
	patterns audience[C]
	shard    audience[C]
	order    uint64
	byAge    []listened // patterns in the order of their first subscription
}

// listened is a pattern somebody listens to.
type listened struct {
	pattern string
	glob    *command.Glob
}

// New makes a Hub that writes a client's messages where to says.
func New[C Client](to func(C) *resp.Writer) Hub[C] {
	return Hub[C]{to: to, channels: audience[C]{}, patterns: audience[C]{}, shard: audience[C]{}}
}

func (h *Hub[C]) next() uint64 { h.order++; return h.order }

// Channels is the number of channels somebody listens to.
func (h *Hub[C]) Channels() int { return len(h.channels) }

// Patterns is the number of patterns somebody listens to.
func (h *Hub[C]) Patterns() int { return len(h.byAge) }

// ShardChannels is the number of shard channels somebody listens to.
func (h *Hub[C]) ShardChannels() int { return len(h.shard) }

// Publish hands a message to every listener and returns their number: first those of the channel,
// then those of each matching pattern (pubsubPublishMessageInternal).
func (h *Hub[C]) Publish(channel, message []byte) int {
	receivers := 0
	for _, c := range h.channels[string(channel)] {
		writeMessage(h.to(c), "message", channel, message)
		receivers++
	}
	for _, l := range h.byAge {
		if !command.Match(l.glob, channel) {
			continue
		}
		for _, c := range h.patterns[l.pattern] {
			w := h.to(c)
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

// PublishShard hands a message to the listeners of a shard channel and returns their number.
func (h *Hub[C]) PublishShard(channel, message []byte) int {
	listeners := h.shard[string(channel)]
	for _, c := range listeners {
		writeMessage(h.to(c), "smessage", channel, message)
	}
	return len(listeners)
}

// Forget removes a client that is gone from every list.
func (h *Hub[C]) Forget(c C) {
	l := c.Listens()
	for _, name := range l.channels.inOrder() {
		h.channels.leave(l.channels, name, c)
	}
	for _, name := range l.patterns.inOrder() {
		h.removePattern(c, name)
	}
	for _, name := range l.shard.inOrder() {
		h.shard.leave(l.shard, name, c)
	}
}

// DropShard tells the listeners of some shard channels that the channels went elsewhere
// (removeChannelsInSlot).
func (h *Hub[C]) DropShard(gone func(channel string) bool) {
	for _, channel := range h.shard.matching(nil) {
		if !gone(channel) {
			continue
		}
		for _, c := range slices.Clone(h.shard[channel]) {
			l := c.Listens()
			h.shard.leave(l.shard, channel, c)
			writeSubscription(h.to(c), "sunsubscribe", []byte(channel), len(l.shard))
		}
	}
}

func (h *Hub[C]) addPattern(c C, pattern string) {
	if len(h.patterns[pattern]) == 0 {
		h.byAge = append(h.byAge, listened{pattern, command.ReadGlob([]byte(pattern), false)})
	}
	h.patterns.join(&c.Listens().patterns, pattern, c, h.next())
}

func (h *Hub[C]) removePattern(c C, pattern string) {
	removed := h.patterns.leave(c.Listens().patterns, pattern, c)
	if removed && len(h.patterns[pattern]) == 0 {
		h.byAge = slices.DeleteFunc(h.byAge, func(l listened) bool { return l.pattern == pattern })
	}
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
