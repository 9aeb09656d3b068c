//go:build unix

package alone

import (
	"net"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// queue sets how many connections may wait to be accepted (tcp-backlog): a second listen(2) does.
func queue(l *net.TCPListener, backlog int) {
	raw, err := l.SyscallConn()
	if err != nil || backlog <= 0 {
		return
	}
	_ = raw.Control(func(fd uintptr) { _ = syscall.Listen(int(fd), backlog) })
}

// descriptors is how many files this process may have open.
func descriptors() uint64 {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
		return 1 << 20
	}
	return uint64(limit.Cur)
}

// cpuTime is what this process has used of the processor so far.
func cpuTime() (user, system time.Duration, known bool) {
	var use syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &use)
	return time.Duration(use.Utime.Nano()), time.Duration(use.Stime.Nano()), err == nil
}

// detach puts a command into a session of its own, without a terminal.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

// lockFile keeps another process from using a file; the lock ends with the process.
func lockFile(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }
