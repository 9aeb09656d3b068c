package cluster

import (
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/event"
	"clusterplay/node/slot"
)

// claim is one node's word on the slots it owns, being compared with our table.
type claim struct {
	by     *node
	epoch  Epoch
	slots  *slot.Set
	reason event.Reason // claim, update

	primary *node               // we, or our master, before the claim
	claimed int                 // slots it claims
	lost    int                 // slots that were our primary's
	dirty   []slot.Slot         // slots that were ours and hold keys
	moved   map[*node]*slot.Set // what changed hands, by previous owner
	order   []*node             // the keys of moved, in order of appearance
}

// receiveSlots compares the slots in a heartbeat with our table: a master's claims are applied,
// and a sender that claims what others own with newer epochs is told so.
func (s *State) receiveSlots(now time.Time, in *inbox) {
	n, claimed := in.sender, (*slot.Set)(in.packet.Slots)
	primary := n
	if !n.master() {
		primary = n.primary
	}
	if primary == nil || primary.slots.Equal(claimed) {
		return
	}
	if n.master() {
		s.applyClaim(now, &claim{by: n, epoch: in.packet.ConfigEpoch, slots: claimed, reason: "claim"})
	}
	s.correct(n, in.packet.ConfigEpoch, claimed)
}

// applyClaim moves slots to a claimant that is newer than their owners, and then does what follows
// for ourselves (clusterUpdateSlotsConfigWith).
func (s *State) applyClaim(now time.Time, c *claim) {
	if c.by == s.myself {
		return
	}
	c.primary = s.myPrimary()
	had := c.by.slots.Set()
	concerned := c.slots.Union(&had)
	for sl := range concerned.All() {
		if c.slots.Has(sl) {
			c.claimed++
			s.considerSlot(now, c, sl)
		} else {
			s.slots.notClaiming.Add(sl)
		}
	}
	s.reportMoves(c)
	s.settle(now, c)
}

// considerSlot decides about one claimed slot. A slot that we are importing is left alone, unless the
// claim is that of its owner's successor: only CLUSTER SETSLOT ends an import.
func (s *State) considerSlot(now time.Time, c *claim, sl slot.Slot) {
	owner := s.slots.of(sl)
	if owner == c.by {
		s.slots.notClaiming.Remove(sl)
		return
	}
	if s.Importing(sl) && !s.claimsForSource(c.by, sl) && !s.cfg.Mutants.ClaimWhileImporting {
		return
	}
	if !s.slots.unclaimed(sl) && owner.configEpoch >= c.epoch {
		return
	}
	if owner == s.myself && s.host.KeysInSlot(sl) > 0 {
		c.dirty = append(c.dirty, sl)
	}
	if owner == c.primary {
		c.lost++
	}
	c.note(owner, sl)
	s.rebind(now, c.by, sl)
	s.want.state = true
	if owner == s.myself || owner == c.primary {
		s.saveSync()
	} else {
		s.heardSync()
	}
}

// note remembers that a slot left an owner.
func (c *claim) note(owner *node, sl slot.Slot) {
	if c.moved == nil {
		c.moved = make(map[*node]*slot.Set)
	}
	set := c.moved[owner]
	if set == nil {
		set = new(slot.Set)
		c.moved[owner] = set
		c.order = append(c.order, owner)
	}
	set.Add(sl)
}

// reportMoves emits one event for each owner that lost slots.
func (s *State) reportMoves(c *claim) {
	for _, from := range c.order {
		s.emit(event.SlotOwner{
			Slots: c.moved[from].String(), From: ref(from), To: ref(c.by), Epoch: c.epoch, Reason: c.reason,
		})
	}
}

// settle draws the consequences of a claim for ourselves: a master that lost its last slot, and a
// replica whose master did, follow the winner; a replica of a replica follows the master of both;
// and keys of slots that we lost are deleted.
func (s *State) settle(now time.Time, c *claim) {
	me := s.myself
	grand := me.primary != nil && me.primary.primary != nil && me.primary.primary != me
	switch {
	case c.lost > 0 && c.primary.numSlots == 0 && (!s.cfg.NoReplicaMigration || c.claimed == c.lost):
		s.follow(now, c.by, "lost-slots")
	case grand:
		s.follow(now, me.primary.primary, "grand-master")
	case len(c.dirty) > 0 && !s.cfg.Mutants.DirtyKept:
		s.dropDirty(now, c.dirty)
	}
}

// dropDirty deletes the keys of slots that now belong to somebody else.
func (s *State) dropDirty(now time.Time, dirty []slot.Slot) {
	var set slot.Set
	keys := 0
	for _, sl := range dirty {
		set.Add(sl)
		keys += s.host.DropSlot(now, sl)
	}
	s.emit(event.SlotsDropped{Slots: set.String(), Keys: keys})
}

// follow makes this node, which must not own any slot, a replica of n (clusterSetMaster).
func (s *State) follow(now time.Time, n *node, why event.Reason) {
	me, before := s.myself, s.myself.primary
	related := s.myPrimary().sameShard(n)
	if me.master() {
		s.setFlags(me, bus.Master|bus.MigrateTo, false)
		s.setFlags(me, bus.Replica, true)
	} else if before != nil {
		s.removeReplica(before, me)
	}
	if !related || s.cfg.Switches.LocalOpenSlots {
		s.closeAllSlots()
	}
	s.setPrimary(me, n)
	s.addReplica(n, me)
	s.want.state = true
	s.saveSync()
	s.resetManual(now)
	s.resetElection()
	if addr, ok := n.clientAddr(); ok {
		s.host.Follow(now, addr)
	}
	if !related && !s.cfg.Switches.KeepForeignOffset {
		s.host.ForgetHistory(now)
	}
	s.emit(event.Demoted{Primary: ref(n), From: ref(before), Reason: why})
}

// correct tells a node that claims a slot whose owner has a newer epoch about that owner: one
// UPDATE for each heartbeat is enough, for the next will show whether more are needed.
func (s *State) correct(to *node, epoch Epoch, claimed *slot.Set) {
	for sl := range claimed.All() {
		owner := s.slots.of(sl)
		if owner == to || s.slots.unclaimed(sl) || owner.configEpoch <= epoch {
			continue
		}
		s.sendUpdate(to, owner)
		s.emit(event.UpdateSent{To: ref(to), About: ref(owner), Epoch: owner.configEpoch, Slot: uint16(sl)})
		return
	}
}

// sendUpdate tells a node what another owns, without what that one no longer claims.
func (s *State) sendUpdate(to, about *node) {
	slots := about.slots.Set()
	for i := range slots {
		slots[i] &^= s.slots.notClaiming[i]
	}
	m := s.begin(bus.Update)
	m.Subject, m.SubjectEpoch, m.SubjectSlots = about.id, about.configEpoch, (*bus.Slots)(&slots)
	s.sendTo(to, m)
}

// receiveUpdate believes a known node that knows a newer epoch of a third one. What it says of
// ourselves is not believed: we know best what we claim.
func (s *State) receiveUpdate(now time.Time, in *inbox) {
	epoch, id, slots := in.packet.Updated()
	n := s.nodes.lookup(id)
	if n == nil || n == s.myself || n.configEpoch >= epoch || s.cfg.Mutants.UpdateIgnored {
		return
	}
	if !s.mergeEpochs(n, 0, epoch) {
		return
	}
	s.emit(event.UpdateReceived{From: ref(in.sender), About: ref(n), Epoch: epoch})
	s.becomesPrimary(n)
	s.applyClaim(now, &claim{by: n, epoch: epoch, slots: (*slot.Set)(slots), reason: "update"})
}
