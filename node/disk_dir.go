package node

import (
	"errors"
	"io/fs"
	"os"
	"path"

	"clusterplay/node/machine"
)

// dirDisk keeps files in one directory and cannot leave it.
type dirDisk struct {
	root  *os.Root
	tails map[string]*tail // files being appended to
}

// tail is a file being appended to, and how long it is.
type tail struct {
	*os.File
	size int64
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
	return &dirDisk{root: root, tails: map[string]*tail{}}, nil
}

// Read returns a file of the directory.
func (d *dirDisk) Read(name string) ([]byte, error) { return d.root.ReadFile(name) }

// Apply performs one file operation in the directory.
func (d *dirDisk) Apply(op machine.Save) error {
	switch op.Op {
	case machine.Replace:
		d.close(op.Name)
		return d.replace(op)
	case machine.Append:
		return d.append(op)
	case machine.Rename, machine.Remove:
		return d.Later(op)()
	case machine.Truncate:
		return d.truncate(op)
	}
	return errors.ErrUnsupported
}

// makeDir makes the directory that a name begins with.
func (d *dirDisk) makeDir(name string) error {
	dir := path.Dir(name)
	if dir == "." {
		return nil
	}
	err := d.root.Mkdir(dir, dirMode)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.syncDir(".")
}

// replace writes a new file beside the old one and moves it over: a reader, and a crash, see one
// of the two and never a half.
func (d *dirDisk) replace(op machine.Save) error {
	temp := op.Name + tempSuffix
	if err := d.makeDir(op.Name); err != nil {
		return err
	}
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
	return d.syncNames(op)
}

// append adds to a file that stays open between calls.
func (d *dirDisk) append(op machine.Save) error {
	t, fresh, err := d.tailOf(op.Name)
	if err != nil {
		return err
	}
	return d.appendTo(t, fresh, op)
}

// tailOf is the end of a file, opened if need be.
func (d *dirDisk) tailOf(name string) (t *tail, fresh bool, err error) {
	if t, open := d.tails[name]; open {
		return t, false, nil
	}
	t, err = d.openTail(name)
	return t, true, err
}

// appendTo is the part of append that may take long: the system makes those wait who write more than a disk takes.
func (d *dirDisk) appendTo(t *tail, fresh bool, op machine.Save) error {
	n, err := t.Write(op.Data)
	t.size += int64(n)
	if err != nil {
		return t.takeBack(n, err)
	}
	if !op.Sync {
		return nil
	}
	if err := t.Sync(); err != nil || !fresh {
		return err
	}
	return d.syncDir(path.Dir(op.Name))
}

// openTail opens a file to append to it.
func (d *dirDisk) openTail(name string) (*tail, error) {
	if err := d.makeDir(name); err != nil {
		return nil, err
	}
	f, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, fileMode)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	t := &tail{File: f, size: info.Size()}
	d.tails[name] = t
	return t, nil
}

// takeBack removes the part of a write that reached the file before an error, so that the whole can
// be tried again.
func (t *tail) takeBack(n int, err error) error {
	if n == 0 {
		return err
	}
	if t.Truncate(t.size-int64(n)) != nil {
		return &machine.ShortWrite{Written: n, Err: err}
	}
	t.size -= int64(n)
	return err
}

// Later returns the slow part of an operation. What is appended to is closed at once.
func (d *dirDisk) Later(op machine.Save) func() error {
	switch op.Op {
	case machine.Sync:
		return d.sync(op.Name)
	case machine.Append:
		t, fresh, err := d.tailOf(op.Name)
		if err != nil {
			return func() error { return err }
		}
		return func() error { return d.appendTo(t, fresh, op) }
	case machine.Replace:
		d.close(op.Name)
		return func() error { return d.replace(op) }
	case machine.Rename:
		t := d.tails[op.Name]
		delete(d.tails, op.Name)
		d.close(op.To)
		return func() error { return d.move(op, t) }
	case machine.Remove:
		d.close(op.Name)
		return func() error { return d.remove(op) }
	}
	err := d.Apply(op)
	return func() error { return err }
}

// sync opens nothing that is not open already: a file nobody appends to any more was closed.
func (d *dirDisk) sync(name string) func() error {
	if t, open := d.tails[name]; open {
		return t.Sync
	}
	return func() error {
		f, err := d.root.OpenFile(name, os.O_WRONLY, fileMode)
		if err != nil {
			return err
		}
		return errors.Join(f.Sync(), f.Close())
	}
}

// truncate cuts a file.
func (d *dirDisk) truncate(op machine.Save) error {
	d.close(op.Name)
	f, err := d.root.OpenFile(op.Name, os.O_WRONLY, fileMode)
	if err != nil {
		return err
	}
	err = f.Truncate(op.Size)
	if err == nil && op.Sync {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// move moves a file, t when it is open; with Sync its content is durable before its new name is.
func (d *dirDisk) move(op machine.Save, t *tail) error {
	if t != nil {
		var err error
		if op.Sync {
			err = t.Sync()
		}
		if err := errors.Join(err, t.Close()); err != nil {
			return err
		}
	}
	if err := d.makeDir(op.To); err != nil {
		return err
	}
	if err := d.root.Rename(op.Name, op.To); err != nil {
		return err
	}
	return d.syncNames(op)
}

func (d *dirDisk) remove(op machine.Save) error {
	if err := d.root.Remove(op.Name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return d.syncNames(op)
}

// syncNames makes the names durable that an operation has changed.
func (d *dirDisk) syncNames(op machine.Save) error {
	if !op.Sync {
		return nil
	}
	dir := path.Dir(op.Name)
	if err := d.syncDir(dir); err != nil || op.Op != machine.Rename || path.Dir(op.To) == dir {
		return err
	}
	return d.syncDir(path.Dir(op.To))
}

// syncDir makes the names in a directory durable.
func (d *dirDisk) syncDir(name string) error {
	dir, err := d.root.Open(name)
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
