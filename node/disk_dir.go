package node

import (
	"errors"
	"io/fs"
	"os"

	"clusterplay/node/machine"
)

// dirDisk keeps files in one directory and cannot leave it.
type dirDisk struct {
	root  *os.Root
	tails map[string]*os.File // files being appended to
}

// The rights of what a node writes: a password may be in it.
const (
	dirMode  fs.FileMode = 0o700
	fileMode fs.FileMode = 0o600
)

// tempSuffix marks a file that is being written; its name is never one a machine uses.
const tempSuffix = ".part"

// OpenDir is the Disk that keeps files in a directory, which is made if it is missing.
func OpenDir(dir string) (Disk, error) {
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &dirDisk{root: root, tails: map[string]*os.File{}}, nil
}

// Read returns a file of the directory.
func (d *dirDisk) Read(name string) ([]byte, error) { return d.root.ReadFile(name) }

// Apply performs one file operation in the directory.
func (d *dirDisk) Apply(op machine.Save) error {
	switch op.Op {
	case machine.Replace:
		return d.replace(op)
	case machine.Append:
		return d.append(op)
	case machine.Rename:
		return d.rename(op)
	case machine.Remove:
		return d.remove(op)
	}
	return errors.ErrUnsupported
}

// replace writes a new file beside the old one and moves it over: a reader, and a crash, see one
// of the two and never a half.
func (d *dirDisk) replace(op machine.Save) error {
	d.close(op.Name)
	temp := op.Name + tempSuffix
	f, err := d.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, fileMode)
	if err != nil {
		return err
	}
	_, err = f.Write(op.Data)
	if err == nil && op.Sync {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, d.root.Remove(temp))
	}
	if err := d.root.Rename(temp, op.Name); err != nil {
		return errors.Join(err, d.root.Remove(temp))
	}
	return d.syncDir(op.Sync)
}

// append adds to a file that stays open between calls.
func (d *dirDisk) append(op machine.Save) error {
	f, open := d.tails[op.Name]
	if !open {
		var err error
		if f, err = d.root.OpenFile(op.Name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, fileMode); err != nil {
			return err
		}
		d.tails[op.Name] = f
	}
	if _, err := f.Write(op.Data); err != nil {
		return err
	}
	if !op.Sync {
		return nil
	}
	return errors.Join(f.Sync(), d.syncDir(!open))
}

// rename moves a file; with Sync its content is durable before its new name is.
func (d *dirDisk) rename(op machine.Save) error {
	if f, open := d.tails[op.Name]; open && op.Sync {
		if err := f.Sync(); err != nil {
			return err
		}
	}
	d.close(op.Name)
	d.close(op.To)
	if err := d.root.Rename(op.Name, op.To); err != nil {
		return err
	}
	return d.syncDir(op.Sync)
}

func (d *dirDisk) remove(op machine.Save) error {
	d.close(op.Name)
	if err := d.root.Remove(op.Name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return d.syncDir(op.Sync)
}

// syncDir makes names durable.
func (d *dirDisk) syncDir(wanted bool) error {
	if !wanted {
		return nil
	}
	dir, err := d.root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// close ends the appending to a file.
func (d *dirDisk) close(name string) {
	if f, open := d.tails[name]; open {
		_ = f.Close()
		delete(d.tails, name)
	}
}

// Rest closes the files that are being appended to.
func (d *dirDisk) Rest() {
	for name := range d.tails {
		d.close(name)
	}
}
