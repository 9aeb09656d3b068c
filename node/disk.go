package node

import (
	"fmt"
	"io/fs"
	"strings"

	"clusterplay/node/machine"
)

// Disk is where a node's files are. It outlives the node's lives. Its methods are called under the
// node's lock, with plain file names.
type Disk interface {
	// Read returns a whole file, or an error that is fs.ErrNotExist.
	Read(name string) ([]byte, error)
	// Apply performs one file operation.
	Apply(op machine.Save) error
	// Sync returns what makes a file durable, which is called without the node's lock.
	Sync(name string) func() error
	// Rest closes what a life left open.
	Rest()
}

// save performs one file operation.
func save(d Disk, op machine.Save) error {
	if err := checkName(op.Name); err != nil {
		return err
	}
	if op.Op == machine.Rename {
		if err := checkName(op.To); err != nil {
			return err
		}
	}
	if err := d.Apply(op); err != nil {
		return fmt.Errorf("save %s: %w", op.Name, err)
	}
	return nil
}

// maxName is the longest file name common file systems take.
const maxName = 255

// checkName refuses whatever is not a plain file name, or one in a directory with a plain name.
func checkName(name string) error {
	dir, base, nested := strings.Cut(name, "/")
	if nested {
		if err := checkPlain(base); err != nil {
			return err
		}
	}
	return checkPlain(dir)
}

func checkPlain(name string) error {
	if name == "" || name == "." || name == ".." || len(name) > maxName || strings.ContainsAny(name, "/\\\x00") {
		return fmt.Errorf("%q is not a plain file name", name)
	}
	return nil
}

// memoryDisk keeps files in memory.
type memoryDisk struct{ files map[string][]byte }

func newMemoryDisk() *memoryDisk { return &memoryDisk{files: map[string][]byte{}} }

// Read returns a file.
func (d *memoryDisk) Read(name string) ([]byte, error) {
	data, ok := d.files[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return append([]byte(nil), data...), nil
}

// Apply changes the files.
func (d *memoryDisk) Apply(op machine.Save) error {
	switch op.Op {
	case machine.Replace:
		d.files[op.Name] = append([]byte(nil), op.Data...)
	case machine.Append:
		d.files[op.Name] = append(d.files[op.Name], op.Data...)
	case machine.Rename:
		return d.rename(op.Name, op.To)
	case machine.Remove:
		delete(d.files, op.Name)
	case machine.Truncate:
		d.files[op.Name] = d.files[op.Name][:min(op.Size, int64(len(d.files[op.Name])))]
	}
	return nil
}

// Sync has nothing to do.
func (d *memoryDisk) Sync(string) func() error { return func() error { return nil } }

func (d *memoryDisk) rename(from, to string) error {
	data, ok := d.files[from]
	if !ok {
		return &fs.PathError{Op: "rename", Path: from, Err: fs.ErrNotExist}
	}
	delete(d.files, from)
	d.files[to] = data
	return nil
}

// Rest does nothing: nothing is open.
func (d *memoryDisk) Rest() {}
