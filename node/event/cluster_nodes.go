package event

import "fmt"

// Met: a handshake with an address began.
type Met struct {
	Addr string `json:"addr"`
	Self bool   `json:"self"` // true: we were told to; false: the other side said MEET
}

// Name is "+meet".
func (Met) Name() string { return "+meet" }

// Describe is the event's canonical line.
func (e Met) Describe() string {
	if e.Self {
		return fmt.Sprintf("+meet %s: we introduce ourselves", e.Addr)
	}
	return fmt.Sprintf("+meet %s: it introduced itself", e.Addr)
}

// HandshakeTimeout: nobody answered a handshake in time.
type HandshakeTimeout struct {
	Addr string `json:"addr"`
}

// Name is "+handshake-timeout".
func (HandshakeTimeout) Name() string { return "+handshake-timeout" }

// Describe is the event's canonical line.
func (e HandshakeTimeout) Describe() string {
	return fmt.Sprintf("+handshake-timeout %s: nobody answered", e.Addr)
}

// NodeAdded: a node entered this node's table.
type NodeAdded struct {
	Node   Node   `json:"node"`
	Reason Reason `json:"reason"` // handshake, gossip
	By     Node   `json:"by,omitzero"`
}

// Name is "+node".
func (NodeAdded) Name() string { return "+node" }

// Describe is the event's canonical line.
func (e NodeAdded) Describe() string {
	if e.By.ID != "" {
		return fmt.Sprintf("+node %v: heard of from %v", e.Node, e.By)
	}
	return fmt.Sprintf("+node %v (%s)", e.Node, e.Reason)
}

// NodeRemoved: a node left this node's table.
type NodeRemoved struct {
	Node   Node   `json:"node"`
	Reason Reason `json:"reason"` // forgotten, reset
}

// Name is "-node".
func (NodeRemoved) Name() string { return "-node" }

// Describe is the event's canonical line.
func (e NodeRemoved) Describe() string { return fmt.Sprintf("-node %v (%s)", e.Node, e.Reason) }

// RoleSeen: this node learnt that another changed its role or its master.
type RoleSeen struct {
	Node    Node   `json:"node"`
	Role    string `json:"role"` // master, replica
	Primary Node   `json:"primary,omitzero"`
}

// Name is "+role".
func (RoleSeen) Name() string { return "+role" }

// Describe is the event's canonical line.
func (e RoleSeen) Describe() string {
	if e.Role == "master" {
		return fmt.Sprintf("+role %v: is a master", e.Node)
	}
	return fmt.Sprintf("+role %v: is a replica of %s", e.Node, orNobody(e.Primary))
}

// AddressChanged: a node is now found at another address, or at none.
type AddressChanged struct {
	Node Node   `json:"node"`
	From string `json:"from"`
}

// Name is "+address".
func (AddressChanged) Name() string { return "+address" }

// Describe is the event's canonical line.
func (e AddressChanged) Describe() string {
	return fmt.Sprintf("+address %v: was at %s", e.Node, e.From)
}

// LinkUp: our outbound link to a node opened.
type LinkUp struct {
	Node Node `json:"node"`
}

// Name is "+link".
func (LinkUp) Name() string { return "+link" }

// Describe is the event's canonical line.
func (e LinkUp) Describe() string { return fmt.Sprintf("+link %v: connected", e.Node) }

// LinkDown: our outbound link to a node is gone.
type LinkDown struct {
	Node   Node   `json:"node"`
	Reason Reason `json:"reason"` // hangup, silent, moved, wrong-id, buffer-limit
	Error  string `json:"error,omitempty"`
}

// Name is "-link".
func (LinkDown) Name() string { return "-link" }

// Describe is the event's canonical line.
func (e LinkDown) Describe() string {
	if e.Error != "" {
		return fmt.Sprintf("-link %v (%s): %s", e.Node, e.Reason, e.Error)
	}
	return fmt.Sprintf("-link %v (%s)", e.Node, e.Reason)
}

// PacketRefused: a packet was ignored or its link closed because of what it held.
type PacketRefused struct {
	From   string `json:"from"`
	Reason Reason `json:"reason"`
}

// Name is "-packet".
func (PacketRefused) Name() string { return "-packet" }

// Describe is the event's canonical line.
func (e PacketRefused) Describe() string {
	return fmt.Sprintf("-packet from %s (%s)", e.From, e.Reason)
}
