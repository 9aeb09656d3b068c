package event

import "fmt"

// SlotOwner: in this node's view slots changed hands.
type SlotOwner struct {
	Slots  string `json:"slots"` // "0-5460 7000"
	From   Node   `json:"from,omitzero"`
	To     Node   `json:"to,omitzero"`
	Epoch  uint64 `json:"epoch"`
	Reason Reason `json:"reason"` // claim, update, assigned, setslot, failover, removed, reset, adopted
}

// Name is "+slot-owner".
func (SlotOwner) Name() string { return "+slot-owner" }

// Describe is the event's canonical line.
func (e SlotOwner) Describe() string {
	return fmt.Sprintf("+slot-owner %s from %s to %s, epoch %d (%s)", e.Slots, orNobody(e.From), orNobody(e.To), e.Epoch, e.Reason)
}

// SlotsDropped: this node deleted keys of slots that it lost.
type SlotsDropped struct {
	Slots string `json:"slots"`
	Keys  int    `json:"keys"`
}

// Name is "+slots-dropped".
func (SlotsDropped) Name() string { return "+slots-dropped" }

// Describe is the event's canonical line.
func (e SlotsDropped) Describe() string {
	return fmt.Sprintf("+slots-dropped %s: deleted %d keys that are no longer ours", e.Slots, e.Keys)
}

// OpenSlot: slots began or ceased to be on their way between two nodes. State is one of
// migrating, importing, stable.
type OpenSlot struct {
	Slots string `json:"slots"` // "42" or, of a pipeline, "42-57"
	State Reason `json:"state"`
	With  Node   `json:"with,omitzero"`
}

// Name is "+open-slot", or "-open-slot" for one that is stable again.
func (e OpenSlot) Name() string {
	if e.State == "stable" {
		return "-open-slot"
	}
	return "+open-slot"
}

// Describe is the event's canonical line.
func (e OpenSlot) Describe() string {
	switch e.State {
	case "migrating":
		return fmt.Sprintf("+open-slot %s migrating to %v", e.Slots, e.With)
	case "importing":
		return fmt.Sprintf("+open-slot %s importing from %v", e.Slots, e.With)
	default:
		return fmt.Sprintf("-open-slot %s stable", e.Slots)
	}
}

// Epoch: an epoch of this node rose. Kind is current or config.
type Epoch struct {
	Kind   string `json:"kind"`
	Epoch  uint64 `json:"epoch"`
	From   Node   `json:"from,omitzero"` // whose packet brought it
	Reason Reason `json:"reason"`        // heard, election, elected, bump, collision, assigned
}

// Name is "+epoch".
func (Epoch) Name() string { return "+epoch" }

// Describe is the event's canonical line.
func (e Epoch) Describe() string {
	if e.From.ID != "" {
		return fmt.Sprintf("+epoch %s %d, heard from %v", e.Kind, e.Epoch, e.From)
	}
	return fmt.Sprintf("+epoch %s %d (%s)", e.Kind, e.Epoch, e.Reason)
}

// EpochCollision: two masters carried the same configEpoch and this one took a new one.
type EpochCollision struct {
	With   Node   `json:"with"`
	Epoch  uint64 `json:"epoch"`
	New    uint64 `json:"new"`
	Rivals bool   `json:"rivals,omitempty"` // both claim the same slots: the longer history moves
}

// Name is "+epoch-collision".
func (EpochCollision) Name() string { return "+epoch-collision" }

// Describe is the event's canonical line.
func (e EpochCollision) Describe() string {
	why := "our id is smaller"
	if e.Rivals {
		why = "we keep the shard"
	}
	return fmt.Sprintf("+epoch-collision with %v at %d: %s, we move to %d", e.With, e.Epoch, why, e.New)
}

// UpdateSent: a node claimed a slot with an old epoch and was told who owns it.
type UpdateSent struct {
	To    Node   `json:"to"`
	About Node   `json:"about"`
	Epoch uint64 `json:"epoch"`
	Slot  uint16 `json:"slot"`
}

// Name is "+update-sent".
func (UpdateSent) Name() string { return "+update-sent" }

// Describe is the event's canonical line.
func (e UpdateSent) Describe() string {
	return fmt.Sprintf("+update-sent to %v: slot %d belongs to %v, epoch %d", e.To, e.Slot, e.About, e.Epoch)
}

// UpdateReceived: somebody told this node that its view of another's slots is old.
type UpdateReceived struct {
	From  Node   `json:"from"`
	About Node   `json:"about"`
	Epoch uint64 `json:"epoch"`
}

// Name is "+update-received".
func (UpdateReceived) Name() string { return "+update-received" }

// Describe is the event's canonical line.
func (e UpdateReceived) Describe() string {
	return fmt.Sprintf("+update-received from %v: %v has epoch %d", e.From, e.About, e.Epoch)
}
