//go:build !unix

package alone

import (
	"net"
	"os"
	"os/exec"
	"time"
)

// queue would set how many connections may wait to be accepted; the system decides here.
func queue(*net.TCPListener, int) {}

// descriptors is how many files this process may have open.
func descriptors() uint64 { return 1 << 20 }

// cpuTime is what this process has used of the processor so far.
func cpuTime() (user, system time.Duration, known bool) { return 0, 0, false }

// detach would put a command into a session of its own.
func detach(*exec.Cmd) {}

// lockFile would keep another process from using a file.
func lockFile(*os.File) error { return nil }
