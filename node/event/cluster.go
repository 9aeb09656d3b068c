package event

import (
	"fmt"
	"strings"
	"time"
)

// Node names a node in an event: its id, and its announced address when that is known.
type Node struct {
	ID   string `json:"id"`
	Addr string `json:"addr,omitempty"`
}

// String is the address, or the id where there is none.
func (n Node) String() string {
	if n.Addr != "" {
		return n.Addr
	}
	return n.ID
}

// Nodes is a list of nodes that reads as one.
type Nodes []Node

// String joins the nodes with commas.
func (nodes Nodes) String() string {
	names := make([]string, len(nodes))
	for i, n := range nodes {
		names[i] = n.String()
	}
	return strings.Join(names, ", ")
}

// Millis is a duration that reads and travels as whole milliseconds.
type Millis int64

// MillisOf rounds d down to milliseconds.
func MillisOf(d time.Duration) Millis { return Millis(d / time.Millisecond) }

// String is the duration with its unit: "1500 ms".
func (m Millis) String() string { return fmt.Sprintf("%d ms", int64(m)) }

// orNobody is the node, or "nobody".
func orNobody(n Node) string {
	if n.ID == "" {
		return "nobody"
	}
	return n.String()
}
