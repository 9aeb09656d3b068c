package playground

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// lockFile is the file in a data directory that a running lab holds.
const lockFile = "lock"

// errOccupied says that another process holds a lock.
var errOccupied = errors.New("the file is locked")

// occupy takes a data directory for this process, until the file is closed or the process ends:
// two labs would write the same nodes.conf.
func occupy(dir string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock data directory: %w", err)
	}
	switch err = lock(file); {
	case errors.Is(err, errOccupied):
		err = wrong("data-dir", "end that one, or choose another directory", "another playground is using %s", dir)
	case err != nil:
		err = fmt.Errorf("lock data directory: %w", err)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}
