package node

import (
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"

	"clusterplay/node/machine"
)

// DiskFault is what a node's disk does instead of obeying.
type DiskFault uint32

// The faults of a disk.
const (
	DiskOK       DiskFault = iota
	DiskFull               // nothing more can be written: ENOSPC
	DiskReadOnly           // nothing can be changed: EROFS
	DiskError              // every change fails: EIO
)

var diskFaults = [...]string{"ok", "full", "readonly", "error"}

// String is the fault's word.
func (f DiskFault) String() string { return diskFaults[f] }

// ParseDiskFault reads a fault's word.
func ParseDiskFault(word string) (DiskFault, error) {
	for i, name := range diskFaults {
		if name == word {
			return DiskFault(i), nil
		}
	}
	return DiskOK, fmt.Errorf("a disk is ok, full, readonly or error, not %q", word)
}

// refuse is the error that an operation gets from a disk with the fault, or nil.
func (f DiskFault) refuse(op machine.Save) error {
	switch {
	case f == DiskFull && (op.Op == machine.Append && len(op.Data) > 0 || op.Op == machine.Replace):
		return syscall.ENOSPC
	case f == DiskReadOnly:
		return syscall.EROFS
	case f == DiskError:
		return syscall.EIO
	}
	return nil
}

// frailDisk is a disk that a lab can make fail. What is on it can still be read.
type frailDisk struct {
	Disk
	fault atomic.Uint32
	busy  sync.Mutex // held while something is done beside a life's work: the next life waits for it
}

// Apply performs one operation, unless the disk fails.
func (d *frailDisk) Apply(op machine.Save) error {
	if err := DiskFault(d.fault.Load()).refuse(op); err != nil {
		return err
	}
	return d.Disk.Apply(op)
}

// Later returns what performs one operation, unless the disk fails.
func (d *frailDisk) Later(op machine.Save) func() error {
	if err := DiskFault(d.fault.Load()).refuse(op); err != nil {
		return func() error { return err }
	}
	return d.Disk.Later(op)
}

// BreakDisk has the node's disk fail from now on, or obey again. It lasts longer than a life.
func (n *Node) BreakDisk(f DiskFault) { n.disk.fault.Store(uint32(f)) }

// DiskFault is what the node's disk does instead of obeying.
func (n *Node) DiskFault() DiskFault { return DiskFault(n.disk.fault.Load()) }
