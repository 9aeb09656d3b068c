package playground

import (
	"strings"

	"clusterplay/node/event"
)

// captionNodes tells who knows whom.
func (l *Lab) captionNodes(me string, e event.Event) (Saying, string) {
	switch v := e.(type) {
	case event.Met:
		if v.Self {
			return say("meets", "me", me, "node", l.nameAt(v.Addr)), Note
		}
		return say("met", "me", me, "node", l.nameAt(v.Addr)), Note
	case event.HandshakeTimeout:
		return say("handshake-timeout", "me", me, "node", l.nameAt(v.Addr)), Info
	case event.NodeAdded:
		if v.By.ID != "" {
			return say("node-heard", "me", me, "node", l.nameOf(v.Node), "by", l.nameOf(v.By)), Detail
		}
		return say("node-added", "me", me, "node", l.nameOf(v.Node)), Detail
	case event.NodeRemoved:
		return say("forgets", "me", me, "node", l.nameOf(v.Node)), Info
	case event.AddressChanged:
		return say("address", "me", me, "node", l.nameOf(v.Node), "addr", v.From), Note
	case event.LinkUp:
		return say("link-up", "me", me, "node", l.nameOf(v.Node)), Detail
	case event.LinkDown:
		if v.Reason == "" {
			return say("link-closed", "me", me, "node", l.nameOf(v.Node)), Detail
		}
		return say("link-down", "me", me, "node", l.nameOf(v.Node), "why", because(v.Reason)), Detail
	case event.PacketRefused:
		return say("packet-refused", "me", me, "from", l.nameAt(v.From), "why", because(v.Reason)), Detail
	}
	return nothing, Detail
}

// captionSlots tells of slots and of the epochs that decide about them.
func (l *Lab) captionSlots(me string, e event.Event) (Saying, string) {
	switch v := e.(type) {
	case event.SlotOwner:
		if v.Reason == "setslot" || !strings.ContainsAny(v.Slots, "- ") {
			return l.slotOwner(me, v), Detail // a move tells of its slots, not each node
		}
		return l.slotOwner(me, v), Note
	case event.SlotsDropped:
		return say("drops-keys", "me", me, "keys", number(v.Keys)), Warn
	case event.OpenSlot:
		if v.State == "stable" {
			return say("slot-stable", "me", me, "slot", shortSlots(v.Slots)), Detail
		}
		return say("slot-open", "me", me, "slot", shortSlots(v.Slots), "node", l.nameOf(v.With), "state", "@slotstate."+string(v.State)), Detail
	case event.Epoch:
		if v.From.ID != "" {
			return say("epoch-heard", "me", me, "epoch", number(v.Epoch), "from", l.nameOf(v.From)), Detail
		}
		return say("epoch", "me", me, "kind", "@epochkind."+v.Kind, "epoch", number(v.Epoch), "why", because(v.Reason)), Detail
	case event.EpochCollision:
		return say("collision", "me", me, "node", l.nameOf(v.With), "epoch", number(v.Epoch)), Warn
	case event.UpdateSent:
		return say("update-sent", "me", me, "node", l.nameOf(v.To), "slot", number(v.Slot), "owner", l.nameOf(v.About)), Detail
	case event.UpdateReceived:
		return say("update-received", "me", me, "from", l.nameOf(v.From), "owner", l.nameOf(v.About), "epoch", number(v.Epoch)), Detail
	}
	return nothing, Detail
}

// slotOwner says whose slots some are in a node's eyes.
func (l *Lab) slotOwner(me string, v event.SlotOwner) Saying {
	slots := shortSlots(v.Slots)
	switch {
	case v.To.ID == "":
		return say("slots-nobody", "me", me, "slots", slots)
	case v.From.ID == "":
		return say("slots-owner", "me", me, "slots", slots, "node", l.nameOf(v.To))
	}
	return say("slots-moved", "me", me, "slots", slots, "from", l.nameOf(v.From), "node", l.nameOf(v.To))
}

// longestSlots is how much of a list of slots a sentence repeats, in bytes.
const longestSlots = 60

// shortSlots is a list of slots that fits into a sentence: its first ranges when there are many.
func shortSlots(slots string) string {
	if len(slots) <= longestSlots {
		return slots
	}
	return slots[:strings.LastIndexByte(slots[:longestSlots], ' ')+1] + "…"
}
