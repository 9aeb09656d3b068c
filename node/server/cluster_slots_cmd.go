package server

import (
	"strconv"
	"strings"

	"clusterplay/node/cluster"
	"clusterplay/node/resp"
	"clusterplay/node/slot"
)

// clusterAddSlots: CLUSTER ADDSLOTS slot [slot ...] and CLUSTER ADDSLOTSRANGE start end [start end ...]
func (s *Server) clusterAddSlots(c *client) {
	if ranges, ok := slotArguments(c); ok {
		okOr(c, s.cluster.AddSlots(s.now, ranges))
	}
}

// clusterDelSlots: CLUSTER DELSLOTS slot [slot ...] and CLUSTER DELSLOTSRANGE start end [start end ...]
func (s *Server) clusterDelSlots(c *client) {
	if ranges, ok := slotArguments(c); ok {
		okOr(c, s.cluster.DelSlots(s.now, ranges))
	}
}

// slotArguments reads slots, or pairs of them for the …RANGE forms; not ok means that the error is
// written.
func slotArguments(c *client) ([]slot.Range, bool) {
	words := c.ctx.Args[2:]
	pairs := strings.HasSuffix(c.ctx.Cmd.Name, "range")
	if pairs && len(words)%2 != 0 {
		c.ctx.Error(resp.WrongArgs(c.ctx.Cmd.Full))
		return nil, false
	}
	numbers := make([]slot.Slot, len(words))
	for i, word := range words {
		sl, ok := parseSlot(word)
		if !ok {
			c.ctx.Error(cluster.ErrSlot.Error())
			return nil, false
		}
		numbers[i] = sl
	}
	var ranges []slot.Range
	for i := 0; i < len(numbers); i++ {
		first := numbers[i]
		if pairs {
			i++
		}
		ranges = append(ranges, slot.Range{First: first, Last: numbers[i]})
	}
	return ranges, true
}

func parseSlot(word []byte) (slot.Slot, bool) {
	n, err := strconv.ParseInt(string(word), 10, 64)
	return slot.Slot(n), err == nil && n >= 0 && n < slot.Count
}

// clusterFlushSlots: CLUSTER FLUSHSLOTS
func (s *Server) clusterFlushSlots(c *client) { okOr(c, s.cluster.FlushSlots(s.now)) }

// clusterSetSlot: CLUSTER SETSLOT slot IMPORTING node-id | MIGRATING node-id | NODE node-id | STABLE
func (s *Server) clusterSetSlot(c *client) {
	args := c.ctx.Args
	if c == s.master {
		s.setSlotOfMaster(c)
		return
	}
	if !s.cluster.IsPrimary() {
		c.ctx.Error(cluster.ErrSetSlotOnReplica.Error())
		return
	}
	sl, ok := parseSlot(args[2])
	if !ok {
		c.ctx.Error(cluster.ErrSlot.Error())
		return
	}
	action, id := strings.ToLower(string(args[3])), ""
	if len(args) == 5 {
		id = string(args[4])
	}
	var err error
	switch {
	case action == "migrating" && len(args) == 5:
		err = s.cluster.SetSlotMigrating(s.now, sl, id)
	case action == "importing" && len(args) == 5:
		err = s.cluster.SetSlotImporting(s.now, sl, id)
	case action == "stable" && len(args) == 4:
		err = s.cluster.SetSlotStable(s.now, sl)
	case action == "node" && len(args) == 5:
		s.setSlotNode(c, sl, id)
		return
	default:
		c.ctx.Error("ERR Invalid CLUSTER SETSLOT action or number of arguments. Try CLUSTER HELP")
		return
	}
	if err == nil {
		s.mirrorOpening(args)
	}
	okOr(c, err)
}

// setSlotNode: CLUSTER SETSLOT slot NODE node-id
func (s *Server) setSlotNode(c *client, sl slot.Slot, id string) {
	if err := s.cluster.SetSlotNode(s.now, sl, id); err != nil {
		okOr(c, err)
		return
	}
	s.setExpiry()
	s.mirrorTaking(c, sl)
}
