package alone

import (
	"os"
	"path/filepath"
	"sync"

	"clusterplay/node"
	"clusterplay/node/machine"
)

// The names under which a server asks for files that need not be in its directory.
const (
	confName  = "*redis.conf" // no file that a setting names: * is not in it by accident
	nodesName = "nodes.conf"
)

// files are where a server's files are: its directory, which CONFIG SET dir changes, and some
// that are elsewhere.
type files struct {
	mu    sync.Mutex
	dir   string
	disk  node.Disk
	named map[string]string    // the path of what is elsewhere
	other map[string]node.Disk // by name, once it has been written
}

// openFiles opens the directory.
func openFiles(dir string, named map[string]string) (*files, error) {
	f := &files{named: named, other: map[string]node.Disk{}}
	return f, f.move(dir)
}

// move goes to another directory.
func (f *files) move(dir string) error {
	path, err := directory(dir)
	if err != nil {
		return err
	}
	disk, err := node.OpenDir(path)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.disk != nil {
		f.disk.Rest()
	}
	f.dir, f.disk = path, disk
	return nil
}

// Read returns a file.
func (f *files) Read(name string) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if path, elsewhere := f.named[name]; elsewhere {
		return os.ReadFile(path)
	}
	return f.disk.Read(name)
}

// Apply performs one file operation.
func (f *files) Apply(op machine.Save) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	path, elsewhere := f.named[op.Name]
	if !elsewhere {
		return f.disk.Apply(op)
	}
	disk, open := f.other[op.Name]
	if !open {
		var err error
		if disk, err = node.OpenDir(filepath.Dir(path)); err != nil {
			return err
		}
		f.other[op.Name] = disk
	}
	op.Name = filepath.Base(path)
	return disk.Apply(op)
}

// Later returns what performs one operation. What is elsewhere is small and is done at once.
func (f *files) Later(op machine.Save) func() error {
	if _, elsewhere := f.named[op.Name]; elsewhere {
		err := f.Apply(op)
		return func() error { return err }
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.disk.Later(op)
}

// Rest closes what a life left open.
func (f *files) Rest() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.disk.Rest()
}
