package playground

import (
	"context"

	"clusterplay/node"
)

// Disk makes a node's disk fail, or obey again.
type Disk struct {
	Node  string `json:"node"`
	State string `json:"state"`
}

// Verb is "disk".
func (Disk) Verb() string { return "disk" }

// Do breaks or repairs the disk. The node notices when it writes.
func (a Disk) Do(_ context.Context, l *Lab) (Result, error) {
	m, err := l.find("node", a.Node)
	if err != nil {
		return Result{}, err
	}
	fault, err := node.ParseDiskFault(a.State)
	if err != nil {
		return Result{}, wrong("state", "disk "+m.Name()+" full", "%v", err)
	}
	m.BreakDisk(fault)
	return said(map[node.DiskFault]string{
		node.DiskOK:       "The disk of " + m.Name() + " obeys again.",
		node.DiskFull:     "The disk of " + m.Name() + " is full.",
		node.DiskReadOnly: "The disk of " + m.Name() + " can only be read.",
		node.DiskError:    "The disk of " + m.Name() + " fails at every write.",
	}[fault]), nil
}
