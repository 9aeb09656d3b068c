package server

import (
	"clusterplay/node/cluster"
	"clusterplay/node/resp"
	"clusterplay/node/slot"
)

// mirrorPatience is how long, in milliseconds, CLUSTER SETSLOT … NODE waits for the replicas to know
// that the slot is ours. It succeeds in any case: without them it is as safe as in 7.0.
const mirrorPatience = 1000

// mirrors reports whether replicas are told of open slots (see cluster.Mirror).
func (s *Server) mirrors() bool {
	return !s.config.ClusterSwitches.LocalOpenSlots && s.repl.TakesOpenSlots()
}

// setSlotOfMaster executes a CLUSTER SETSLOT of the replication stream.
func (s *Server) setSlotOfMaster(c *client) {
	sl, ok := parseSlot(c.ctx.Args[2])
	if !ok || !s.cluster.Mirror(s.now, sl, c.ctx.Args[3:]) {
		c.ctx.Error(cluster.ErrSlot.Error())
	}
}

// mirrorOpening tells replicas of a slot that was opened or closed, in the words of the command.
func (s *Server) mirrorOpening(args [][]byte) {
	if s.mirrors() {
		s.repl.FeedOne(0, args)
	}
}

// mirrorTaking tells replicas who owns a slot now. If it is us, the reply waits until they know: the
// source of the migration forgets the slot when it sees our reply, and then nobody else would know.
func (s *Server) mirrorTaking(c *client, sl slot.Slot) {
	words := s.cluster.SlotTaken(sl)
	if words == nil || !s.mirrors() {
		c.ctx.OK()
		return
	}
	s.repl.FeedOne(0, words)
	replicas := s.repl.Attentive(s.now)
	if c.ctx.NoBlock || replicas == 0 || !s.cluster.Mine(sl) {
		c.ctx.OK()
		return
	}
	ok := func(w *resp.Writer) { w.OK() }
	p := &parked{client: c, reason: waitsForReplicas, deadline: s.nowMs + mirrorPatience, offset: s.repl.Offset(), timeout: ok}
	p.replicas, p.acked = replicas, ok
	s.park(p)
	s.waiters = append(s.waiters, c)
	s.repl.RequestAcks()
}

// mirrorAll tells a replica whose full synchronisation begins of every open slot.
func (s *Server) mirrorAll() {
	if s.cluster == nil || !s.mirrors() {
		return
	}
	for _, words := range s.cluster.OpenSlotCommands() {
		s.repl.FeedOne(0, words)
	}
}
