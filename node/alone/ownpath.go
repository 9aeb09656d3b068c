package alone

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// startedAs is the name of this process' program when it began: its directory may be another one later.
var startedAs = ownPath(os.Args[0])

// ownPath is the absolute path of a program that was started by a name, which may be a symbolic link: redis-server is
// one (getAbsolutePath). Redis takes a name that was found in PATH for one of its directory.
func ownPath(name string) string {
	if !strings.Contains(name, "/") {
		if found, err := exec.LookPath(name); err == nil {
			name = found
		}
	}
	path, err := filepath.Abs(name)
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		path, _ = os.Executable()
	}
	return path
}
