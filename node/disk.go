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
	// Later returns what performs an operation, which is called without the node's lock.
	Later(op machine.Save) func() error
	// Rest closes what a life left open.
	Rest()
}

// save performs one file operation.
func save(d Disk, op machine.Save) error {
	if err := checkOp(op); err != nil {
		return err
	}
	if err := d.Apply(op); err != nil {
		return fmt.Errorf("save %s: %w", op.Name, err)
	}
	return nil
}

// checkOp refuses names that are none.
func checkOp(op machine.Save) error {
	if err := checkName(op.Name); err != nil || op.Op != machine.Rename {
		return err
	}
	return checkName(op.To)
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

// Later performs the operation at once: it takes no time.
func (d *memoryDisk) Later(op machine.Save) func() error {
	err := d.Apply(op)
	return func() error { return err }
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

// Rest does nothing: nothing is open.
func (d *memoryDisk) Rest() {}
