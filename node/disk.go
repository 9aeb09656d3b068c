package node

import (
	"fmt"
	"io/fs"
	"strings"

	"clusterplay/node/machine"
)

// disk is where a node's files are. It outlives the node's lives.
type disk interface {
	read(name string) ([]byte, error)
	apply(op machine.Save) error
	// rest closes what a life left open.
	rest()
}

// save performs one file operation.
func save(d disk, op machine.Save) error {
	if err := checkName(op.Name); err != nil {
		return err
	}
	if op.Op == machine.Rename {
		if err := checkName(op.To); err != nil {
			return err
		}
	}
	if err := d.apply(op); err != nil {
		return fmt.Errorf("save %s: %w", op.Name, err)
	}
	return nil
}

// maxName is the longest file name common file systems take.
const maxName = 255

// checkName refuses whatever is not a plain file name.
func checkName(name string) error {
	if name == "" || name == "." || name == ".." || len(name) > maxName || strings.ContainsAny(name, "/\\\x00") {
		return fmt.Errorf("%q is not a plain file name", name)
	}
	return nil
}

// memoryDisk keeps files in memory.
type memoryDisk struct{ files map[string][]byte }

func newMemoryDisk() *memoryDisk { return &memoryDisk{files: map[string][]byte{}} }

func (d *memoryDisk) read(name string) ([]byte, error) {
	data, ok := d.files[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return append([]byte(nil), data...), nil
}

func (d *memoryDisk) apply(op machine.Save) error {
	switch op.Op {
	case machine.Replace:
		d.files[op.Name] = append([]byte(nil), op.Data...)
	case machine.Append:
		d.files[op.Name] = append(d.files[op.Name], op.Data...)
	case machine.Rename:
		return d.rename(op.Name, op.To)
	case machine.Remove:
		delete(d.files, op.Name)
	}
	return nil
}

func (d *memoryDisk) rename(from, to string) error {
	data, ok := d.files[from]
	if !ok {
		return &fs.PathError{Op: "rename", Path: from, Err: fs.ErrNotExist}
	}
	delete(d.files, from)
	d.files[to] = data
	return nil
}

func (d *memoryDisk) rest() {}
